import type { Member } from '../../src/catalog/index.ts';
import { type Context, newStamps, touch } from '../context.ts';
import type { Collection } from '../definitions.ts';
import { kindOf, resourceOf } from '../definitions.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { findUses } from '../references.ts';
import { findVisible } from '../roles.ts';
import type { Change, Draft } from '../rules/rule.ts';
import { ruleOf } from '../rules/rules.ts';
import { parseBody, readRecordBody } from '../server/read-body.ts';
import { invalidObject, invalidPatch, recordNotFound, refusal } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';
import { accept } from './accept.ts';
import { createOnlyErrors, type Origin } from './check-record.ts';
import { logChange, recordAudit } from './history.ts';
import { applyPatch, mergeRows, PatchError, type PatchOperation, readPatch } from './patch.ts';

/** POST: a new record from a body (CW 5.1). @throws GatewayError 400, 404 for a parent that does not exist */
export function createRecord(
  context: Context,
  collection: Collection,
  parents: readonly number[],
  text: string,
): StoredRecord {
  requireParent(context, collection, parents);
  return createFrom(context, collection, parents, readRecordBody(context.schemas, collection.schema, text));
}

/** The same from members that are known to exist, for records that an action makes. */
export function createFrom(
  context: Context,
  collection: Collection,
  parents: readonly number[],
  members: JsonObject,
): StoredRecord {
  const draft: Draft = { collection, id: context.store.nextId(collection.key), parents, value: members, aside: {} };
  delete draft.value._info;
  // An id in the body is ignored (CW 5.1).
  draft.value.id = draft.id;
  const rows = context.customFields.get(collection.key);
  if (rows !== undefined) draft.value.customFields = mergeRows([...rows], members.customFields ?? []);
  accept(context, draft, { kind: 'post' });
  const record: StoredRecord = { id: draft.id, parents, value: draft.value, stamps: newStamps(context) };
  context.store.insert(collection.key, record);
  follow(context, collection, record, { kind: 'create', aside: draft.aside });
  return record;
}

/** PUT: what is not given falls back to its default or to nothing; custom fields stay if absent (CW 5.3). */
export function replaceRecord(
  context: Context,
  collection: Collection,
  record: StoredRecord,
  text: string,
): StoredRecord {
  const body = readRecordBody(context.schemas, collection.schema, text);
  refuseCreateOnly(context, collection, Object.keys(body));
  const value: JsonObject = { ...body };
  const { customFields } = record.value;
  if (customFields !== undefined) value.customFields = mergeRows(customFields, body.customFields ?? []);
  return update(context, collection, record, { value, origin: { kind: 'put' } });
}

/** PATCH: operations on the stored record, then the whole record is checked again (CW 5.2). */
export function patchRecord(
  context: Context,
  collection: Collection,
  record: StoredRecord,
  text: string,
): StoredRecord {
  const resource = resourceOf(collection.schema);
  const refuse = ({ message, field }: PatchError) => invalidPatch(resource, message, field);
  const operations = readPatch(parseBody(text));
  if (operations instanceof PatchError) throw refuse(operations);
  const unfit = findUnfit(context, collection, operations);
  if (unfit !== undefined) throw refuse(unfit);
  refuseCreateOnly(
    context,
    collection,
    operations.map(({ path }) => path[0] ?? ''),
  );
  const patched = applyPatch(record.value, effectiveOperations(context, collection, operations));
  if (patched instanceof PatchError) throw refuse(patched);
  return update(context, collection, record, { value: patched, origin: { kind: 'patch', before: record.value } });
}

/** DELETE (CW 5.3). @throws GatewayError 409 while other records refer to it */
export function deleteRecord(context: Context, collection: Collection, record: StoredRecord): void {
  const reason = ruleOf(collection.key).refuseDelete?.(context, record);
  if (reason !== undefined) throw refusal(409, { code: 'ConnectWiseApi', message: reason });
  const [use] = findUses(context, collection, record);
  if (use !== undefined) {
    const message = `${kindOf(collection.schema)} ${record.id} cannot be deleted because it is in use by ${use.count} ${use.kind} records.`;
    throw refusal(409, { code: 'ConnectWiseApi', message });
  }
  context.store.remove(collection.key, record);
  for (const child of context.collections.childrenOf(collection.key)) {
    for (const owned of [...context.store.records(child.key, [...record.parents, record.id])])
      context.store.remove(child.key, owned);
  }
  follow(context, collection, record, { kind: 'delete', aside: {}, before: record.value });
}

export function requireParent(context: Context, collection: Collection, parents: readonly number[]): void {
  const parent = context.collections.find(collection.parentKey ?? '');
  const id = parents.at(-1);
  if (parent === undefined || id === undefined || findVisible(context, parent.key, id) !== undefined) return;
  throw recordNotFound(kindOf(parent.schema), id);
}

interface Update {
  value: JsonObject;
  origin: Origin;
}

function update(
  context: Context,
  collection: Collection,
  record: StoredRecord,
  { value, origin }: Update,
): StoredRecord {
  const draft: Draft = { collection, id: record.id, parents: record.parents, value, before: record, aside: {} };
  delete draft.value._info;
  draft.value.id = draft.id;
  accept(context, draft, origin);
  const before = record.value;
  record.value = draft.value;
  touch(context, record);
  follow(context, collection, record, { kind: 'update', aside: draft.aside, before });
  return record;
}

/** With strict references, operations on a part of one answer 200 and do nothing (CW 5.2.3). */
function effectiveOperations(context: Context, { schema }: Collection, operations: readonly PatchOperation[]) {
  if (!context.strictReferencePaths) return operations;
  return operations.filter(({ path }) => {
    const member = context.schemas.member(schema, path[0] ?? '');
    return path.length === 1 || member?.type !== 'object' || member.schema?.endsWith('Reference') !== true;
  });
}

function follow(context: Context, collection: Collection, record: StoredRecord, change: Change): void {
  recordAudit(context, collection, record, change);
  logChange(context, collection, record, change);
  ruleOf(collection.key).follow?.(context, record, change);
}

/** Sets members of a record that an action is about, without the checks of a PATCH, and notes the change. */
export function changeRecord(context: Context, key: string, record: StoredRecord, members: JsonObject): void {
  const before = record.value;
  record.value = { ...before, ...members };
  touch(context, record);
  const collection = context.collections.find(key);
  if (collection === undefined) return;
  recordAudit(context, collection, record, { kind: 'update', aside: {}, before });
  logChange(context, collection, record, { kind: 'update', aside: {}, before });
}

function refuseCreateOnly(context: Context, { schema }: Collection, names: readonly string[]): void {
  const errors = createOnlyErrors(context.schemas, schema, new Set(names), resourceOf(schema));
  if (errors.length > 0) throw invalidObject(resourceOf(schema), errors);
}

/** Paths are case-sensitive, and what is set has the kind of what it replaces (CW 5.2.2, 5.2.8). */
function findUnfit(
  context: Context,
  { schema }: Collection,
  operations: readonly PatchOperation[],
): PatchError | undefined {
  for (const { op, path, pathText, value } of operations) {
    const [first = '', ...rest] = path;
    const member = first === '_info' ? undefined : context.schemas.member(schema, first);
    const inner = rest.find((name) => !/^(\d+|-)$/.test(name));
    const isKnown =
      member !== undefined &&
      (inner === undefined || member.schema === undefined || context.schemas.member(member.schema, inner));
    const isFit = op === 'remove' || rest.length > 0 || member === undefined || fits(member, value ?? null);
    if (!isKnown || !isFit) return new PatchError(`path ${pathText} is not valid`, pathText);
  }
  return undefined;
}

/** Whether a value is an array, an object or plain where its member is. Objects without a schema take anything. */
function fits({ type, schema }: Member, value: JsonValue): boolean {
  if (value === null || (type === 'object' && schema === undefined)) return true;
  if (type === 'array') return Array.isArray(value);
  return isObject(value) === (type === 'object') && !Array.isArray(value);
}
