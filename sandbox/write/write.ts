import type { Collection } from '../definitions.ts';
import type { JsonObject } from '../json.ts';
import { kindOf, resourceOf } from '../kinds.ts';
import { findVisible } from '../roles.ts';
import type { Change, Draft } from '../rules/rule.ts';
import { ruleOf } from '../rules/rules.ts';
import { parseBody, readRecordBody } from '../server/read-body.ts';
import { invalidObject, recordNotFound, refusal } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';
import { findUses } from '../uses.ts';
import { newStamps, touch, type World } from '../world.ts';
import { accept } from './accept.ts';
import { createOnlyErrors, type Origin } from './check-record.ts';
import { logChange, recordAudit } from './history.ts';
import { applyPatch, mergeRows, PatchError, type PatchOperation, readPatch } from './patch.ts';

/** POST: a new record from a body (CW 5.1). @throws GatewayError 400, 404 for a parent that does not exist */
export function createRecord(
  world: World,
  collection: Collection,
  parents: readonly number[],
  text: string,
): StoredRecord {
  requireParent(world, collection, parents);
  return createFrom(world, collection, parents, readRecordBody(world.schemas, collection.schema, text));
}

/** The same from members that are known to exist: for what the sandbox makes by itself. */
export function createFrom(
  world: World,
  collection: Collection,
  parents: readonly number[],
  members: JsonObject,
): StoredRecord {
  const draft: Draft = { collection, id: world.store.nextId(collection.key), parents, value: members, aside: {} };
  delete draft.value._info;
  // An id in the body is ignored (CW 5.1).
  draft.value.id = draft.id;
  const rows = world.customFields.get(collection.key);
  if (rows !== undefined) draft.value.customFields = mergeRows([...rows], members.customFields ?? []);
  accept(world, draft, { kind: 'post' });
  const record: StoredRecord = { id: draft.id, parents, value: draft.value, stamps: newStamps(world) };
  world.store.insert(collection.key, record);
  follow(world, collection, record, { kind: 'create', aside: draft.aside });
  return record;
}

/** PUT: what is not given falls back to its default or to nothing; custom fields stay if absent (CW 5.3). */
export function replaceRecord(world: World, collection: Collection, record: StoredRecord, text: string): StoredRecord {
  const body = readRecordBody(world.schemas, collection.schema, text);
  refuseCreateOnly(world, collection, Object.keys(body));
  const value: JsonObject = { ...body };
  const { customFields } = record.value;
  if (customFields !== undefined) value.customFields = mergeRows(customFields, body.customFields ?? []);
  return update(world, collection, record, { value, origin: { kind: 'put' } });
}

/** PATCH: operations on the record as it stands, then the whole record is checked again (CW 5.2). */
export function patchRecord(world: World, collection: Collection, record: StoredRecord, text: string): StoredRecord {
  const resource = resourceOf(collection.schema);
  const refuse = ({ message, field }: PatchError) =>
    invalidObject(resource, [{ code: 'InvalidField', message, field }]);
  const operations = readPatch(parseBody(text));
  if (operations instanceof PatchError) throw refuse(operations);
  const unknown = findUnknownPath(world, collection, operations);
  if (unknown !== undefined) throw refuse(unknown);
  refuseCreateOnly(
    world,
    collection,
    operations.map(({ path }) => path[0] ?? ''),
  );
  const patched = applyPatch(record.value, effectiveOperations(world, collection, operations));
  if (patched instanceof PatchError) throw refuse(patched);
  return update(world, collection, record, { value: patched, origin: { kind: 'patch', before: record.value } });
}

/** DELETE (CW 5.3). @throws GatewayError 409 while other records refer to it */
export function deleteRecord(world: World, collection: Collection, record: StoredRecord): void {
  const reason = ruleOf(collection.key).refuseDelete?.(world, record);
  if (reason !== undefined) throw refusal(409, { code: 'ConnectWiseApi', message: reason });
  const [use] = findUses(world, collection, record);
  if (use !== undefined) {
    const message = `${kindOf(collection.schema)} ${record.id} cannot be deleted because it is in use by ${use.count} ${use.kind} records.`;
    throw refusal(409, { code: 'ConnectWiseApi', message });
  }
  world.store.remove(collection.key, record);
  for (const child of world.collections.childrenOf(collection.key)) {
    for (const owned of [...world.store.records(child.key, [...record.parents, record.id])])
      world.store.remove(child.key, owned);
  }
  follow(world, collection, record, { kind: 'delete', aside: {}, before: record.value });
}

export function requireParent(world: World, collection: Collection, parents: readonly number[]): void {
  const parent = world.collections.find(collection.parentKey ?? '');
  const id = parents.at(-1);
  if (parent === undefined || id === undefined || findVisible(world, parent.key, id) !== undefined) return;
  throw recordNotFound(kindOf(parent.schema), id);
}

interface Update {
  value: JsonObject;
  origin: Origin;
}

function update(world: World, collection: Collection, record: StoredRecord, { value, origin }: Update): StoredRecord {
  const draft: Draft = { collection, id: record.id, parents: record.parents, value, before: record, aside: {} };
  delete draft.value._info;
  draft.value.id = draft.id;
  accept(world, draft, origin);
  const before = record.value;
  record.value = draft.value;
  touch(world, record);
  follow(world, collection, record, { kind: 'update', aside: draft.aside, before });
  return record;
}

/** With strict references, operations on a part of one answer 200 and do nothing (CW 5.2.3). */
function effectiveOperations(world: World, { schema }: Collection, operations: readonly PatchOperation[]) {
  if (!world.strictReferencePaths) return operations;
  return operations.filter(({ path }) => {
    const member = world.schemas.member(schema, path[0] ?? '');
    return path.length === 1 || member?.type !== 'object' || member.schema?.endsWith('Reference') !== true;
  });
}

function follow(world: World, collection: Collection, record: StoredRecord, change: Change): void {
  recordAudit(world, collection, record, change);
  logChange(world, collection, record, change);
  ruleOf(collection.key).follow?.(world, record, change);
}

/** Sets members of a record that an action is about, without the checks of a PATCH, and notes the change. */
export function changeRecord(world: World, key: string, record: StoredRecord, members: JsonObject): void {
  const before = record.value;
  record.value = { ...before, ...members };
  touch(world, record);
  const collection = world.collections.find(key);
  if (collection === undefined) return;
  recordAudit(world, collection, record, { kind: 'update', aside: {}, before });
  logChange(world, collection, record, { kind: 'update', aside: {}, before });
}

function refuseCreateOnly(world: World, { schema }: Collection, names: readonly string[]): void {
  const errors = createOnlyErrors(world.schemas, schema, new Set(names), resourceOf(schema));
  if (errors.length > 0) throw invalidObject(resourceOf(schema), errors);
}

/** Paths are case-sensitive (CW 5.2). */
function findUnknownPath(
  world: World,
  { schema }: Collection,
  operations: readonly PatchOperation[],
): PatchError | undefined {
  for (const { path, pathText } of operations) {
    const [first = '', ...rest] = path;
    const member = first === '_info' ? undefined : world.schemas.member(schema, first);
    const inner = rest.find((name) => !/^(\d+|-)$/.test(name));
    const isKnown =
      member !== undefined &&
      (inner === undefined || member.schema === undefined || world.schemas.member(member.schema, inner));
    if (!isKnown) return new PatchError(`path ${pathText} is not valid`, pathText);
  }
  return undefined;
}
