import { addRecord, type Context } from '../context.ts';
import { isObject, type JsonObject, type JsonValue, referenceId } from '../json.ts';
import type { FieldError } from '../server/refusal.ts';
import { missing } from '../write/check-record.ts';
import { type Draft, type Rule, referenceToDefault, setDefaults, takeAside } from './rule.ts';

const addressMembers = ['addressLine1', 'addressLine2', 'city', 'state', 'zip'] as const;

/** Least and most year that ConnectWise keeps, checked on old data too (CW 4.2, 5.2). */
const years = { least: 1900, most: 9999 };

/** A new company names its first site, which is then made for it (CW 5.4). */
function completeCompany(context: Context, draft: Draft): void {
  const { value, before } = draft;
  setDefaults(value, {
    status: referenceToDefault(context, '/company/companies/statuses', 'defaultFlag'),
    deletedFlag: false,
    leadFlag: false,
    unsubscribeFlag: false,
    isVendorFlag: false,
  });
  if (before !== undefined) return;
  takeAside(draft, 'site');
  takeAside(draft, 'typeIds');
  const { typeIds } = draft.aside;
  if (Array.isArray(typeIds)) value.types = typeIds.map((id) => ({ id }));
  const isDefault = referenceToDefault(context, '/company/companies/types', 'defaultFlag');
  if (isDefault !== undefined) setDefaults(value, { types: [isDefault] });
}

function checkCompany(context: Context, { id, value, before, aside }: Draft): FieldError[] {
  const errors: FieldError[] = [];
  const { identifier, yearEstablished } = value;
  for (const other of context.store.records('/company/companies')) {
    if (other.id === id || String(other.value.identifier).toLowerCase() !== String(identifier).toLowerCase()) continue;
    errors.push({
      code: 'ObjectExists',
      message: `A company with identifier ${identifier} already exists.`,
      field: 'identifier',
    });
  }
  if (typeof yearEstablished === 'number' && (yearEstablished < years.least || yearEstablished > years.most)) {
    const message = `The field yearEstablished must be between ${years.least} and ${years.most}.`;
    errors.push({ code: 'OutOfRange', message, field: 'yearEstablished' });
  }
  // Site and address are asked for only when a company is made (CW 5.4).
  if (before !== undefined) return errors;
  if (siteName(aside.site) === '')
    errors.push({ code: 'MissingRequiredField', message: 'Company Site name is required.', field: 'site/name' });
  if (!addressMembers.some((name) => value[name] !== undefined)) {
    errors.push({
      code: 'MissingRequiredField',
      message: 'The addressLine1 field is required.',
      field: 'addressLine1',
    });
  }
  return errors;
}

function siteName(site: unknown): string {
  return isObject(site) && typeof site.name === 'string' ? site.name.trim() : '';
}

export const companyRule: Rule = {
  computed: ['dateDeleted', 'deletedBy'],
  complete: completeCompany,
  check: checkCompany,
  follow(context, record, { kind, aside }) {
    if (kind !== 'create') return;
    // Made without the checks of a POST: name and address have passed those of the company.
    const key = '/company/companies/{}/sites';
    const { addressLine1, addressLine2, city, zip, country, phoneNumber } = record.value;
    const { id } = addRecord(context, key, [record.id], {
      name: siteName(aside.site),
      company: { id: record.id },
      primaryAddressFlag: true,
      inactiveFlag: false,
      addressLine1,
      addressLine2,
      city,
      zip,
      country,
      phoneNumber,
    });
    record.value = { ...record.value, site: { id } };
  },
};

type Communication = 'Email' | 'Phone' | 'Fax';

/** Which kind of communication an item is follows from its type's flags (CW 5.2). */
function communicationOf(context: Context, item: JsonObject): Communication {
  const type = context.store.find('/company/communicationtypes', referenceId(item.type) ?? 0)?.value;
  if (type?.emailFlag === true) return 'Email';
  return type?.faxFlag === true ? 'Fax' : 'Phone';
}

/** What ConnectWise works out for the ways to reach a contact (CW 5.2). */
function deriveItems(context: Context, { value, before }: Draft): void {
  if (!Array.isArray(value.communicationItems)) return;
  const items = value.communicationItems
    .filter(isObject)
    .map((item) => ({ ...item, communicationType: communicationOf(context, item) }) as JsonObject);
  const stored = Array.isArray(before?.value.communicationItems) ? before.value.communicationItems : [];
  for (const item of items) {
    item.id ??= nextItemId(context, items);
    item.defaultFlag ??= !items.some((other) => other !== item && other.communicationType === item.communicationType);
    const address = String(item.value ?? '');
    if (item.communicationType === 'Email' && address.includes('@'))
      item.domain = address.slice(address.lastIndexOf('@'));
    else delete item.domain;
  }
  for (const item of items) if (item.defaultFlag === true && !wasDefault(stored, item)) switchOffOthers(items, item);
  value.communicationItems = items;
}

/** Only an item that becomes the default switches others off; one that already was leaves a later choice alone. */
function wasDefault(stored: readonly JsonValue[], item: JsonObject): boolean {
  return stored.some((old) => isObject(old) && old.id === item.id && old.defaultFlag === true);
}

/** A new default switches the old one of the same kind off (CW 5.2). */
function switchOffOthers(items: readonly JsonObject[], chosen: JsonObject): void {
  for (const item of items) {
    if (item !== chosen && item.communicationType === chosen.communicationType) item.defaultFlag = false;
  }
}

/** Numbers of communication items are unique over all contacts. */
function nextItemId(context: Context, items: readonly JsonObject[]): number {
  let largest = Math.max(0, ...items.map(({ id }) => Number(id ?? 0)));
  for (const { value } of context.store.records('/company/contacts')) {
    for (const item of Array.isArray(value.communicationItems) ? value.communicationItems : []) {
      if (isObject(item)) largest = Math.max(largest, Number(item.id ?? 0));
    }
  }
  return largest + 1;
}

/** The same person of the same company twice is refused unless the body says otherwise (CW 5.4.4). */
function duplicateErrors(context: Context, { id, value, before, aside }: Draft): FieldError[] {
  const companyId = referenceId(value.company);
  if (before !== undefined || aside.ignoreDuplicates === true || companyId === undefined) return [];
  const nameOf = ({ firstName, lastName }: JsonObject) => `${firstName ?? ''} ${lastName ?? ''}`.toLowerCase();
  for (const other of context.store.records('/company/contacts')) {
    const isSame = referenceId(other.value.company) === companyId && nameOf(other.value) === nameOf(value);
    if (isSame && other.id !== id)
      return [{ code: 'ObjectExists', message: `A contact of this name exists: ${other.id}.`, field: 'firstName' }];
  }
  return [];
}

export const contactRule: Rule = {
  computed: ['defaultPhoneNbr', 'defaultPhoneType'],
  complete(context, draft) {
    takeAside(draft, 'typeIds');
    takeAside(draft, 'ignoreDuplicates');
    const { typeIds } = draft.aside;
    if (Array.isArray(typeIds)) draft.value.types = typeIds.map((id) => ({ id }));
    const company = context.store.find('/company/companies', referenceId(draft.value.company) ?? 0);
    setDefaults(draft.value, { inactiveFlag: false, site: company?.value.site });
  },
  check(context, draft) {
    const { value } = draft;
    // Not in the list of required members, yet enforced (CW 5.4).
    const errors =
      typeof value.firstName === 'string' && value.firstName !== '' ? [] : [missing({ name: 'firstName' })];
    const items = Array.isArray(value.communicationItems) ? value.communicationItems.filter(isObject) : [];
    for (const item of items) {
      if (referenceId(item.type) === undefined)
        errors.push({ ...missing({ name: 'type' }), field: 'communicationItems/type' });
      if (typeof item.value !== 'string' || item.value === '')
        errors.push({ ...missing({ name: 'value' }), field: 'communicationItems/value' });
    }
    return [...errors, ...duplicateErrors(context, draft)];
  },
  derive(context, draft) {
    deriveItems(context, draft);
    const items = Array.isArray(draft.value.communicationItems) ? draft.value.communicationItems.filter(isObject) : [];
    const phone = items.find((item) => item.communicationType === 'Phone' && item.defaultFlag === true);
    if (typeof phone?.value === 'string') draft.value.defaultPhoneNbr = phone.value;
    else delete draft.value.defaultPhoneNbr;
  },
};
