import type { GatewayError } from '../../src/core/errors.ts';
import { defined } from '../../src/core/json.ts';
import { type Context, newStamps, toStamp, touch } from '../context.ts';
import { collectionKey } from '../definitions.ts';
import { isObject, type JsonObject, referenceId } from '../json.ts';
import { answerList, answerRecord } from '../query/list.ts';
import { referenceMember, resolveReference } from '../references.ts';
import { findVisible, getVisible } from '../roles.ts';
import { referenceToDefault } from '../rules/rule.ts';
import { emptyAnswer, jsonAnswer } from '../server/answer.ts';
import type { ListQuery } from '../server/call.ts';
import { type Call, numericIds, shapeAt } from '../server/call.ts';
import { missingMember, parseBody, readCallBody } from '../server/read-body.ts';
import { type FieldError, invalidObject, refusal } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';
import { missing } from '../write/check-record.ts';
import { changeLogKey } from '../write/history.ts';
import { changeRecord, createFrom, requireParent } from '../write/write.ts';

const tickets = '/service/tickets';
const statuses = '/service/boards/{}/statuses';

/** Ticket of the path and body of an action that takes other tickets by id. */
function readAction(call: Call, member: string): { parent: StoredRecord; others: StoredRecord[]; body: JsonObject } {
  const { context } = call;
  const [parentId = 0] = numericIds(call);
  const parent = getVisible(context, tickets, parentId);
  const body = readCallBody(call);
  const given = body[member];
  const ids = Array.isArray(given) ? given : [];
  if (ids.length === 0)
    throw refuse({ code: 'MissingRequiredField', message: `The ${member} field is required.`, field: member });
  const others = ids.map((id) => {
    const other = typeof id === 'number' && id !== parentId ? findVisible(context, tickets, id) : undefined;
    if (other === undefined) throw refuse({ code: 'NotFound', message: `Ticket ${id} not found`, field: member });
    return other;
  });
  return { parent, others, body };
}

function refuse(error: FieldError): GatewayError {
  return invalidObject('ticket', [error]);
}

/** Merged tickets refer to the ticket that remains, and take the status of its board that the body names (CW 5.5.9). */
export function mergeTickets(call: Call): Response {
  const { context } = call;
  const { parent, others, body } = readAction(call, 'mergeTicketIds');
  const board = referenceId(parent.value.board);
  // The definition requires it; some clients send none (CW 5.5.9).
  if (!isObject(body.status)) throw refuse(missing({ name: 'status', schema: 'ServiceStatusReference' }));
  const status = findNamed(context, 'ticket', body, 'status', statuses, board);
  for (const ticket of others) {
    const closing = closingMembers(context, ticket, status);
    changeRecord(context, tickets, ticket, { mergedParentTicket: { id: parent.id }, ...closing });
  }
  changeRecord(context, tickets, parent, { hasMergedChildTicketFlag: true });
  return jsonAnswer(200, { success: true, message: `Tickets merged into ${parent.id}.` });
}

/** A status of another board cannot be set, so such a ticket keeps its own. */
function closingMembers(context: Context, ticket: StoredRecord, status: StoredRecord): JsonObject {
  if (referenceId(ticket.value.board) !== status.parents[0]) return {};
  const closedFlag = status.value.closedStatus === true;
  const closed = closedFlag ? { closedDate: toStamp(context.now()), closedBy: context.caller } : {};
  return { status: { id: status.id }, closedFlag, ...closed };
}

/** Bundles tickets below one (CW 5.5). */
export function attachChildren(call: Call): Response {
  const { parent, others } = readAction(call, 'childTicketIds');
  for (const child of others) changeRecord(call.context, tickets, child, { parentTicketId: parent.id });
  changeRecord(call.context, tickets, parent, { hasChildTicket: true });
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
  const { context } = call;
  const shape = shapeAt(call, tickets);
  const original = getVisible(context, tickets, numericIds(call)[0] ?? 0);
  const members: JsonObject = structuredClone(original.value);
  for (const name of notCopied) delete members[name];
  return answerRecord(call, shape, createFrom(context, shape.collection, [], members));
}

const otherKind = { '/service/tickets': '/project/tickets', '/project/tickets': '/service/tickets' } as const;

/** A service ticket becomes one of a project or the other way round, under the same number (CW 5.5). */
export function convertTicket(from: keyof typeof otherKind): (call: Call) => Response {
  return (call) => {
    const { context } = call;
    const [id = 0] = numericIds(call);
    const ticket = getVisible(context, from, id);
    const body = readCallBody(call);
    const isToProject = from === '/service/tickets';
    const place = isToProject ? placeInProject(context, body) : placeOnBoard(context);
    move(context, ticket, { from, to: otherKind[from], place });
    return jsonAnswer(200, { success: true, message: `Ticket ${id} converted.` });
  };
}

/** Project, phase, and the board that comes with them. */
function placeInProject(context: Context, body: JsonObject): JsonObject {
  const project = findNamed(context, 'convertItem', body, 'project', '/project/projects');
  const phase = findNamed(context, 'convertItem', body, 'phase', '/project/projects/{}/phases', project.id);
  const board = project.value.board ?? { id: 3 };
  return { project: { id: project.id }, phase: { id: phase.id }, ...placeOnBoard(context, board) };
}

/** The record that a member of a body refers to. @throws GatewayError 400 about the kind of body, `resource` */
function findNamed(
  context: Context,
  resource: string,
  body: JsonObject,
  member: string,
  key: string,
  parentId?: number,
): StoredRecord {
  const given = body[member];
  const resolved = resolveReference(context, key, isObject(given) ? given : {}, parentId);
  const record = 'message' in resolved ? undefined : context.store.find(key, resolved.id);
  if (record !== undefined) return record;
  const message = 'message' in resolved ? resolved.message : `The ${member} is missing.`;
  throw invalidObject(resource, [{ code: 'NotFound', message, field: `${member}/id` }]);
}

/** What belongs to a board cannot follow to another one. */
function placeOnBoard(context: Context, board: JsonObject[string] = { id: 1 }): JsonObject {
  const boardId = isObject(board) ? Number(board.id) : 1;
  const status = referenceToDefault(context, statuses, 'defaultFlag', [boardId]);
  return defined<JsonObject>({ board: { id: boardId }, status, closedFlag: false });
}

interface Move {
  from: string;
  to: string;
  place: JsonObject;
}

/** Members that belong to the board, the project or the closing that a ticket leaves. */
const leftBehind = new Set(['type', 'subType', 'item', 'team', 'closedDate', 'closedBy', 'project', 'phase']);

function move(context: Context, ticket: StoredRecord, { from, to, place }: Move): void {
  const schema = context.collections.find(to)?.schema ?? '';
  const kept = Object.entries(ticket.value).filter(
    ([name]) => context.schemas.member(schema, name) !== undefined && !leftBehind.has(name),
  );
  context.store.remove(from, ticket);
  const recordType = to === '/service/tickets' ? { recordType: 'ServiceTicket' } : {};
  ticket.value = { ...Object.fromEntries(kept), ...place, ...recordType };
  touch(context, ticket);
  context.store.insert(to, ticket);
  for (const note of [...context.store.records(`${from}/{}/notes`, [ticket.id])]) {
    context.store.remove(`${from}/{}/notes`, note);
    context.store.insert(`${to}/{}/notes`, note);
  }
}

/** Attaches a configuration that exists to a ticket (CW 5.5). */
export function attachConfiguration(call: Call): Response {
  const { context, endpoint } = call;
  const key = collectionKey(endpoint.path);
  const parents = numericIds(call);
  requireParent(context, context.collections.get(key), parents);
  const configuration = findConfiguration(call);
  const { id } = configuration;
  const deviceIdentifier = configuration.value.deviceIdentifier ?? configuration.value.name ?? '';
  context.store.insert(key, { id, parents, value: { id, deviceIdentifier }, stamps: newStamps(context) });
  return jsonAnswer(201, { id, deviceIdentifier });
}

/** Named by number or by the identifier of the device; one of them is needed (CW 4.2). */
function findConfiguration({ context, body }: Call): StoredRecord {
  const given = parseBody(body);
  const { id, deviceIdentifier } = isObject(given) ? given : {};
  if (id === undefined && deviceIdentifier === undefined) {
    throw invalidObject('configuration', [
      { code: 'MissingRequiredField', message: 'id or deviceIdentifier is required.', field: 'id' },
    ]);
  }
  for (const record of context.store.records('/company/configurations')) {
    if (id === undefined ? record.value.deviceIdentifier === deviceIdentifier : record.id === Number(id)) return record;
  }
  throw invalidObject('configuration', [
    { code: 'NotFound', message: `Configuration ${id ?? deviceIdentifier} not found`, field: 'id' },
  ]);
}

/** Typed notes together with those of time entries, which `/notes` does not hold (CW 5.5). */
export function listAllNotes(key: string, chargeToType: string): (call: Call) => Response {
  return (call) => {
    const [ticketId = 0] = numericIds(call);
    const { context } = call;
    getVisible(context, key, ticketId);
    const notes: StoredRecord[] = [...context.store.records(`${key}/{}/notes`, [ticketId])].map((note) => ({
      ...note,
      value: {
        ...note.value,
        noteType: 'TicketNote',
        ticket: { id: ticketId },
        originalAuthor: note.value.createdBy ?? '',
        isMarkdownFlag: false,
        bundledFlag: false,
        mergedFlag: false,
      },
    }));
    // Numbers of notes and of time entries come from two tables and may be equal.
    for (const entry of context.store.records('/time/entries')) {
      const { value } = entry;
      if (value.chargeToId !== ticketId || value.chargeToType !== chargeToType || typeof value.notes !== 'string')
        continue;
      notes.push({
        ...entry,
        value: timeNote(entry, ticketId, referenceMember(context, 'MemberReference', value.member, 'name')),
      });
    }
    const { collection, schema } = shapeAt(call, `${key}/{}/notes`);
    return answerList(call, { collection, schema: call.endpoint.response?.schema ?? schema }, notes);
  };
}

/** A time entry in the shape of a note: where it shows follows from the flags that copy it to the ticket (CW 5.6). */
function timeNote({ id, value }: StoredRecord, ticketId: number, author: unknown): StoredRecord['value'] {
  const {
    member,
    notes,
    timeStart,
    timeEnd,
    addToDetailDescriptionFlag,
    addToInternalAnalysisFlag,
    addToResolutionFlag,
  } = value;
  return {
    id,
    noteType: 'TimeEntryNote',
    ticket: { id: ticketId },
    text: notes ?? null,
    member: member ?? null,
    timeStart: timeStart ?? null,
    timeEnd: timeEnd ?? null,
    detailDescriptionFlag: addToDetailDescriptionFlag ?? false,
    internalAnalysisFlag: addToInternalAnalysisFlag ?? false,
    resolutionFlag: addToResolutionFlag ?? false,
    originalAuthor: typeof author === 'string' ? author : null,
    isMarkdownFlag: false,
    bundledFlag: false,
    mergedFlag: false,
  };
}

/** Members of `FilterValues`; page, pageSize and fields stay in the query string (CW 2.6). */
const filterMembers = ['conditions', 'orderBy', 'childConditions', 'customFieldConditions'];

/** The list by a body, for filters too long for a URL; an unknown member is refused (CW 2.7). */
export function searchTickets(key: string): (call: Call) => Response {
  return (call) => {
    const body = call.body.trim() === '' ? {} : parseBody(call.body);
    if (!isObject(body))
      throw refusal(400, { code: 'InvalidObject', message: "The body must be an object of type 'FilterValues'." });
    const query = { ...call.query };
    for (const [name, value] of Object.entries(body)) {
      if (!filterMembers.includes(name)) throw missingMember('FilterValues', name, { text: call.body, path: name });
      if (typeof value === 'string') query[name.toLowerCase()] = value;
    }
    return listTickets(call, key, query);
  };
}

/** The same list. SLA times do not change in the sandbox, so there is nothing to calculate (CW 5.5). */
export function calculateSla(call: Call): Response {
  return listTickets(call, '/service/tickets', call.query);
}

function listTickets(call: Call, key: string, query: ListQuery): Response {
  return answerList(call, shapeAt(call, key), call.context.store.records(key), query);
}

/** Empties the feed of changes, once a client has read it (CW 5.5.10). */
export function clearChangeLog({ context }: Call): Response {
  for (const entry of [...context.store.records(changeLogKey)]) context.store.remove(changeLogKey, entry);
  return emptyAnswer(204);
}
