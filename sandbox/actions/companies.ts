import type { Context } from '../context.ts';
import { type JsonObject, referenceId } from '../json.ts';
import { moveReferences } from '../references.ts';
import { getVisible } from '../roles.ts';
import { emptyAnswer, jsonAnswer } from '../server/answer.ts';
import { type Call, numericIds } from '../server/call.ts';
import { readCallBody } from '../server/read-body.ts';
import { invalidObject } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';
import { changeRecord, deleteRecord } from '../write/write.ts';

const companies = '/company/companies';

/** What may be discarded in place of moved, by the member of the body that says so. */
const sets: Readonly<Record<string, string>> = {
  '/company/companies/{}/notes': 'notes',
  '/company/companies/{}/sites': 'sites',
  '/company/contacts': 'contacts',
  '/project/projects': 'projects',
  '/sales/activities': 'activities',
  '/sales/opportunities': 'opportunities',
  '/service/tickets': 'services',
};

/** Members of a company that go by another name in the body of a merge. */
const memberNames: Readonly<Record<string, readonly string[]>> = {
  phone: ['phoneNumber'],
  fax: ['faxNumber'],
  revenue: ['annualRevenue'],
  primaryAddress: ['addressLine1', 'addressLine2', 'city', 'state', 'zip', 'country', 'site'],
  primaryContact: ['defaultContact'],
};

/** Moves everything that belongs to one company to another; the first is marked as deleted, and no more (CW 5.7.9, 5.7.12). */
export function mergeCompanies(call: Call): Response {
  const { context } = call;
  const [fromId = 0] = numericIds(call);
  const from = getVisible(context, companies, fromId);
  const body = readCallBody(call);
  const to = typeof body.toCompanyId === 'number' ? context.store.find(companies, body.toCompanyId) : undefined;
  if (to === undefined || to === from) {
    const message = `Company ${body.toCompanyId ?? 0} not found`;
    throw invalidObject('companyMerge', [{ code: 'NotFound', message, field: 'toCompanyId' }]);
  }
  changeRecord(context, companies, to, takenMembers(context, from, body));
  moveBelongings(context, from, to, body);
  const { stamps } = from;
  changeRecord(context, companies, from, { deletedFlag: true });
  from.stamps = stamps;
  return jsonAnswer(200, { success: true, message: `Company ${fromId} was merged into company ${to.id}.` });
}

/** Members with the choice `From` take the value of the company that is deleted. */
function takenMembers({ schemas }: Context, from: StoredRecord, body: JsonObject): JsonObject {
  const taken: JsonObject = {};
  for (const [name, choice] of Object.entries(body)) {
    if (choice !== 'From') continue;
    for (const member of memberNames[name] ?? [name]) {
      const value = from.value[member];
      if (schemas.member('Company', member) !== undefined && value !== undefined) taken[member] = value;
    }
  }
  return taken;
}

function moveBelongings(context: Context, from: StoredRecord, to: StoredRecord, body: JsonObject): void {
  for (const [ownedKey, member] of Object.entries(sets)) {
    if (body[member] === 'Discard')
      for (const record of ownedBy(context, ownedKey, from.id)) context.store.remove(ownedKey, record);
  }
  moveReferences(context, companies, from.id, to.id);
  for (const { key: childKey } of context.collections.childrenOf(companies)) {
    for (const child of [...context.store.records(childKey, [from.id])]) {
      context.store.remove(childKey, child);
      context.store.insert(childKey, { ...child, parents: [to.id] });
    }
  }
}

function ownedBy({ store }: Context, ownedKey: string, companyId: number): StoredRecord[] {
  return [...store.records(ownedKey)].filter(
    ({ parents, value }) => parents[0] === companyId || referenceId(value.company) === companyId,
  );
}

const contacts = '/company/contacts';

/** A contact that records refer to is deleted only with a successor, named in the query (CW 5.3.2). */
export function deleteContact(call: Call): Response {
  const { context, query } = call;
  const [id = 0] = numericIds(call);
  const contact = getVisible(context, contacts, id);
  if (query.transfercontactid !== undefined) {
    const successor = context.store.find(contacts, Number(query.transfercontactid));
    if (successor === undefined || successor === contact) {
      const message = `Contact ${query.transfercontactid} not found`;
      throw invalidObject('contact', [{ code: 'NotFound', message, field: 'transferContactId' }]);
    }
    moveReferences(context, contacts, id, successor.id);
  }
  deleteRecord(context, context.collections.get(contacts), contact);
  return emptyAnswer(204);
}
