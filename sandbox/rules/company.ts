import { isObject, type JsonObject } from '../json.ts';
import type { FieldError } from '../refusal.ts';
import type { World } from '../world.ts';
import { type Draft, type Rule, referenceToDefault, setDefaults, takeAside } from './rule.ts';

const addressMembers = ['addressLine1', 'addressLine2', 'city', 'state', 'zip'] as const;

/** Least and most year that ConnectWise keeps, checked on old data too (CW 4.2, 5.2). */
const years = { least: 1900, most: 9999 };

/** A new company names its first site, which is then made for it (CW 5.4). */
function complete(world: World, draft: Draft): void {
  const { value, before } = draft;
  setDefaults(value, {
    status: referenceToDefault(world, '/company/companies/statuses', 'defaultFlag'),
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
  const isDefault = referenceToDefault(world, '/company/companies/types', 'defaultFlag');
  if (isDefault !== undefined) setDefaults(value, { types: [isDefault] });
}

function check(world: World, { id, value, before, aside }: Draft): FieldError[] {
  const errors: FieldError[] = [];
  const { identifier, yearEstablished } = value;
  for (const other of world.store.records('/company/companies')) {
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
  complete,
  check,
  follow(world, record, { kind, aside }) {
    if (kind !== 'create') return;
    // Made without the checks of a POST: name and address have passed those of the company.
    const key = '/company/companies/{}/sites';
    const id = world.store.nextId(key);
    const { addressLine1, addressLine2, city, zip, country, phoneNumber } = record.value;
    const value: JsonObject = {
      id,
      name: siteName(aside.site),
      company: { id: record.id },
      primaryAddressFlag: true,
      inactiveFlag: false,
    };
    setDefaults(value, { addressLine1, addressLine2, city, zip, country, phoneNumber });
    world.store.insert(key, { id, parents: [record.id], value, stamps: { ...record.stamps } });
    record.value.site = { id };
  },
};
