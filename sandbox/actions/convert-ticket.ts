import { jsonAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import { readRecordBody } from '../read-body.ts';
import { resolveReference } from '../references.ts';
import { invalidObject, recordNotFound } from '../refusal.ts';
import { findVisible } from '../roles.ts';
import { referenceToDefault } from '../rules/rule.ts';
import type { StoredRecord } from '../store.ts';
import { touch, type World } from '../world.ts';

const otherKind = { '/service/tickets': '/project/tickets', '/project/tickets': '/service/tickets' } as const;

/** A service ticket becomes one of a project or the other way round, under the same number (CW 5.5). */
export function convertTicket(from: keyof typeof otherKind): (call: Call) => Response {
  return (call) => {
    const { world, endpoint } = call;
    const [id = 0] = numericIds(call);
    const ticket = findVisible(world, from, id);
    if (ticket === undefined) throw recordNotFound('Ticket', id);
    const body = readRecordBody(world.schemas, endpoint.body?.schema ?? '', call.body);
    const isToProject = from === '/service/tickets';
    const place = isToProject ? placeInProject(world, body) : placeOnBoard(world);
    move(world, ticket, { from, to: otherKind[from], place });
    return jsonAnswer(200, { success: true, message: `Ticket ${id} converted.` });
  };
}

/** Project, phase, and the board that comes with them. */
function placeInProject(world: World, body: JsonObject): JsonObject {
  const project = findNamed(world, body, 'project', '/project/projects');
  const phase = findNamed(world, body, 'phase', '/project/projects/{}/phases', project.id);
  const board = project.value.board ?? { id: 3 };
  return { project: { id: project.id }, phase: { id: phase.id }, ...placeOnBoard(world, board) };
}

function findNamed(world: World, body: JsonObject, member: string, key: string, parentId?: number): StoredRecord {
  const given = body[member];
  const resolved = resolveReference(world, key, isObject(given) ? given : {}, parentId);
  const record = 'message' in resolved ? undefined : world.store.find(key, resolved.id);
  if (record !== undefined) return record;
  const message = 'message' in resolved ? resolved.message : `The ${member} is missing.`;
  throw invalidObject('convertItem', [{ code: 'NotFound', message, field: `${member}/id` }]);
}

/** What belongs to a board cannot follow to another one. */
function placeOnBoard(world: World, board: JsonObject[string] = { id: 1 }): JsonObject {
  const boardId = isObject(board) ? Number(board.id) : 1;
  const status = referenceToDefault(world, '/service/boards/{}/statuses', 'defaultFlag', [boardId]);
  return { board: { id: boardId }, ...(status === undefined ? {} : { status }), closedFlag: false };
}

interface Move {
  from: string;
  to: string;
  place: JsonObject;
}

/** Members that belong to the board, the project or the closing that a ticket leaves. */
const leftBehind = new Set(['type', 'subType', 'item', 'team', 'closedDate', 'closedBy', 'project', 'phase']);

function move(world: World, ticket: StoredRecord, { from, to, place }: Move): void {
  const schema = world.collections.find(to)?.schema ?? '';
  const kept = Object.entries(ticket.value).filter(
    ([name]) => world.schemas.member(schema, name) !== undefined && !leftBehind.has(name),
  );
  world.store.remove(from, ticket);
  const recordType = to === '/service/tickets' ? { recordType: 'ServiceTicket' } : {};
  ticket.value = { ...Object.fromEntries(kept), ...place, ...recordType };
  touch(world, ticket);
  world.store.insert(to, ticket);
  for (const note of [...world.store.records(`${from}/{}/notes`, [ticket.id])]) {
    world.store.remove(`${from}/{}/notes`, note);
    world.store.insert(`${to}/{}/notes`, note);
  }
}
