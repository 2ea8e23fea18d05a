import { type JsonObject, referenceId } from '../json.ts';
import { getVisible } from '../roles.ts';
import { emptyAnswer, jsonAnswer } from '../server/answer.ts';
import { type Call, numericIds } from '../server/call.ts';
import { readCallBody } from '../server/read-body.ts';
import { invalidObject } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';
import { moveReferences } from '../uses.ts';
import type { World } from '../world.ts';
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

/** Moves everything that belongs to one company to another; the first is marked as deleted (CW 5.7.9). */
export function mergeCompanies(call: Call): Response {
  const { world } = call;
  const [fromId = 0] = numericIds(call);
  const from = getVisible(world, companies, fromId);
  const body = readCallBody(call);
  const to = typeof body.toCompanyId === 'number' ? world.store.find(companies, body.toCompanyId) : undefined;
  if (to === undefined || to === from) {
    const message = `Company ${body.toCompanyId ?? 0} not found`;
    throw invalidObject('companyMerge', [{ code: 'NotFound', message, field: 'toCompanyId' }]);
  }
  changeRecord(world, companies, to, takenMembers(world, from, body));
  moveBelongings(world, from, to, body);
  changeRecord(world, companies, from, { deletedFlag: true });
  return jsonAnswer(200, { success: true, message: `Company ${fromId} was merged into company ${to.id}.` });
}

/** Members with the choice `From` take the value of the company that is deleted. */
function takenMembers({ schemas }: World, from: StoredRecord, body: JsonObject): JsonObject {
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

function moveBelongings(world: World, from: StoredRecord, to: StoredRecord, body: JsonObject): void {
  for (const [ownedKey, member] of Object.entries(sets)) {
    if (body[member] === 'Discard')
      for (const record of ownedBy(world, ownedKey, from.id)) world.store.remove(ownedKey, record);
  }
  moveReferences(world, companies, from.id, to.id);
  for (const { key: childKey } of world.collections.childrenOf(companies)) {
    for (const child of [...world.store.records(childKey, [from.id])]) {
      world.store.remove(childKey, child);
      world.store.insert(childKey, { ...child, parents: [to.id] });
    }
  }
}

function ownedBy({ store }: World, ownedKey: string, companyId: number): StoredRecord[] {
  return [...store.records(ownedKey)].filter(
    ({ parents, value }) => parents[0] === companyId || referenceId(value.company) === companyId,
  );
}

const contacts = '/company/contacts';

/** A contact that records refer to is deleted only with a successor, named in the query (CW 5.3.2). */
export function deleteContact(call: Call): Response {
  const { world, query } = call;
  const [id = 0] = numericIds(call);
  const contact = getVisible(world, contacts, id);
  if (query.transfercontactid !== undefined) {
    const successor = world.store.find(contacts, Number(query.transfercontactid));
    if (successor === undefined || successor === contact) {
      const message = `Contact ${query.transfercontactid} not found`;
      throw invalidObject('contact', [{ code: 'NotFound', message, field: 'transferContactId' }]);
    }
    moveReferences(world, contacts, id, successor.id);
  }
  deleteRecord(world, world.collections.get(contacts), contact);
  return emptyAnswer(204);
}
