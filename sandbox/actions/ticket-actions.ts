import type { GatewayError } from '../../src/core/errors.ts';
import { jsonAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { isObject, type JsonObject, referenceId } from '../json.ts';
import { show } from '../list.ts';
import { readRecordBody } from '../read-body.ts';
import { resolveReference } from '../references.ts';
import { endpointMissing, type FieldError, invalidObject, recordNotFound } from '../refusal.ts';
import { findVisible } from '../roles.ts';
import type { StoredRecord } from '../store.ts';
import { toStamp, type World } from '../world.ts';
import { changeRecord, createFrom } from '../write.ts';

const tickets = '/service/tickets';

function getTicket(world: World, id: number): StoredRecord {
  const ticket = findVisible(world, tickets, id);
  if (ticket === undefined) throw recordNotFound('Ticket', id);
  return ticket;
}

/** Ticket of the path and body of an action that takes other tickets by id. */
function readAction(call: Call, member: string): { parent: StoredRecord; others: StoredRecord[]; body: JsonObject } {
  const { world, endpoint } = call;
  const [parentId = 0] = numericIds(call);
  const parent = getTicket(world, parentId);
  const schema = endpoint.body?.schema ?? '';
  const body = readRecordBody(world.schemas, schema, call.body);
  const given = body[member];
  const ids = Array.isArray(given) ? given : [];
  if (ids.length === 0)
    throw refuse({ code: 'MissingRequiredField', message: `The ${member} field is required.`, field: member });
  const others = ids.map((id) => {
    const other = typeof id === 'number' && id !== parentId ? findVisible(world, tickets, id) : undefined;
    if (other === undefined) throw refuse({ code: 'NotFound', message: `Ticket ${id} not found`, field: member });
    return other;
  });
  return { parent, others, body };
}

function refuse(error: FieldError): GatewayError {
  return invalidObject('ticket', [error]);
}

/** The merged point at the ticket that stays, and take its board's status where one is given (CW 5.5). */
export function mergeTickets(call: Call): Response {
  const { world } = call;
  const { parent, others, body } = readAction(call, 'mergeTicketIds');
  const status = isObject(body.status) ? readStatus(world, body.status, parent) : undefined;
  for (const ticket of others) {
    const closing = status === undefined ? {} : closingMembers(world, ticket, status);
    changeRecord(world, tickets, ticket, { mergedParentTicket: { id: parent.id }, ...closing });
  }
  changeRecord(world, tickets, parent, { hasMergedChildTicketFlag: true });
  return jsonAnswer(200, { success: true, message: `Tickets merged into ${parent.id}.` });
}

function readStatus(world: World, given: JsonObject, parent: StoredRecord): StoredRecord {
  const key = '/service/boards/{}/statuses';
  const resolved = resolveReference(world, key, given, referenceId(parent.value.board));
  const status = 'message' in resolved ? undefined : world.store.find(key, resolved.id);
  if (status !== undefined) return status;
  throw refuse({
    code: 'NotFound',
    message: 'message' in resolved ? resolved.message : 'Service Status not found',
    field: 'status/id',
  });
}

/** A status of another board cannot be set, so such a ticket keeps its own. */
function closingMembers(world: World, ticket: StoredRecord, status: StoredRecord): JsonObject {
  if (referenceId(ticket.value.board) !== status.parents[0]) return {};
  const closedFlag = status.value.closedStatus === true;
  const closed = closedFlag ? { closedDate: toStamp(world.now()), closedBy: world.caller } : {};
  return { status: { id: status.id }, closedFlag, ...closed };
}

/** Bundles tickets below one (CW 5.5). */
export function attachChildren(call: Call): Response {
  const { parent, others } = readAction(call, 'childTicketIds');
  for (const child of others) changeRecord(call.world, tickets, child, { parentTicketId: parent.id });
  changeRecord(call.world, tickets, parent, { hasChildTicket: true });
  return jsonAnswer(200, { success: true, message: `Tickets attached to ${parent.id}.` });
}

/** Members that belong to the one ticket and not to its copy. */
const notCopied = [
  'id',
  'closedFlag',
  'closedDate',
  'closedBy',
  'actualHours',
  'resources',
  'mergedParentTicket',
  'parentTicketId',
  'status',
];

/** A copy is a new ticket on the same board, open again (CW 5.5). */
export function copyTicket(call: Call): Response {
  const { world } = call;
  const collection = world.collections.find(tickets);
  if (collection === undefined) throw endpointMissing();
  const original = getTicket(world, numericIds(call)[0] ?? 0);
  const members = structuredClone(original.value);
  for (const name of notCopied) delete members[name];
  const copy = createFrom(world, collection, [], members);
  return jsonAnswer(200, show(call, { collection, schema: collection.schema }, copy));
}
