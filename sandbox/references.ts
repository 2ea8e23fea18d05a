import type { Context } from './context.ts';
import type { Collection } from './definitions.ts';
import { kindOf } from './definitions.ts';
import { isObject, type JsonObject, type JsonValue, referenceId } from './json.ts';
import type { StoredRecord } from './store.ts';

/** Members of a reference that have another name in the record. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  name: ['name', 'fullName', 'description', 'identifier', 'summary', 'code'],
  identifier: ['identifier', 'invoiceNumber'],
  sort: ['sortOrder'],
  isClosed: ['closedFlag'],
  invoiceDate: ['date'],
  billingType: ['type'],
};

/** Service and project tickets share their numbers, so a ticket reference may mean either. */
const secondTargets: Readonly<Record<string, string>> = { '/service/tickets': '/project/tickets' };

export function findReferenced(context: Context, key: string, id: number): StoredRecord | undefined {
  const second = secondTargets[key];
  return context.store.find(key, id) ?? (second === undefined ? undefined : context.store.find(second, id));
}

/** One member of a stored reference as an answer would show it; undefined where it has no value. */
export function referenceMember(
  context: Context,
  schema: string,
  stored: JsonValue | undefined,
  name: string,
): JsonValue | undefined {
  if (!isObject(stored)) return undefined;
  const key = context.targetOf(schema);
  const id = referenceId(stored);
  if (key === undefined || id === undefined || name === 'id') return stored[name];
  const target = findReferenced(context, key, id);
  const found = target === undefined ? undefined : targetMember(context, target.value, name);
  // Where the record refers on, its reference shows the name alone: a currency's code.
  const isScalar = context.schemas.member(schema, name)?.type !== 'object';
  return isObject(found) && isScalar ? found.name : found;
}

function targetMember(context: Context, target: JsonObject, name: string): JsonValue | undefined {
  if (name === 'name' && typeof target.firstName === 'string') {
    return [target.firstName, target.lastName].filter((part) => typeof part === 'string').join(' ');
  }
  for (const candidate of otherNames[name] ?? [name]) {
    const value = target[candidate];
    // `agreement.type` is the name of the type, not a reference to it.
    if (name === 'type' && isObject(value)) return referenceMember(context, 'AgreementTypeReference', value, 'name');
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A stored reference with all members of its schema, and the address of its record (CW 5.1, 5.14). */
export function expandReference(
  context: Context,
  schema: string,
  member: string,
  stored: JsonObject,
  root: string,
): JsonObject {
  const expanded: JsonObject = stored.id === undefined ? {} : { id: stored.id };
  for (const { name } of context.schemas.find(schema)?.members ?? []) {
    if (name === '_info') continue;
    const value = referenceMember(context, schema, stored, name);
    if (value !== undefined && value !== null) expanded[name] = value;
  }
  const key = context.targetOf(schema);
  const id = referenceId(stored);
  const target = key === undefined || id === undefined ? undefined : findReferenced(context, key, id);
  if (key !== undefined && target !== undefined) {
    expanded._info = { [`${member}_href`]: root + recordPath(context, key, target) };
  }
  return expanded;
}

/** Path of a record below the API root, with the ids of its parents. */
export function recordPath(context: Context, key: string, record: StoredRecord): string {
  const ids = [...record.parents, record.id];
  const template = `${context.collections.find(key)?.template ?? key}/{id}`;
  return template.replace(/\{[^}]*\}/g, () => String(ids.shift()));
}

/** Why a reference in a body cannot be followed. */
export interface BrokenReference {
  message: string;
  /** Which of its members was looked up: `id`, `identifier` or `name`. */
  by: string;
}

/**
 * What a reference in a body means, as it is stored: `{ id }`. It may be given by id (a numeric string will do),
 * identifier or name (CW 5.1). `parentId` limits it to the records of one parent: to the statuses of a board.
 */
export function resolveReference(
  context: Context,
  key: string,
  given: JsonObject,
  parentId: number | undefined,
): { id: number } | BrokenReference {
  const collection = context.collections.find(key);
  const kind = kindOf(collection?.schema ?? key);
  const parentSchema =
    collection?.parentKey === undefined ? undefined : context.collections.find(collection.parentKey)?.schema;
  const where = parentId === undefined || parentSchema === undefined ? '' : ` for ${kindOf(parentSchema)} ${parentId}`;
  const isWithin = (record: StoredRecord | undefined) =>
    record !== undefined &&
    (parentId === undefined || record.parents.length === 0 || record.parents.at(-1) === parentId);
  if (given.id !== undefined && given.id !== null) {
    const id = Number(given.id);
    const record = findReferenced(context, key, id);
    return isWithin(record) ? { id } : { message: `${kind} ${given.id} not found${where}`, by: 'id' };
  }
  for (const by of ['identifier', 'name']) {
    const wanted = given[by];
    if (typeof wanted !== 'string') continue;
    for (const record of context.store.records(key)) {
      const value = targetMember(context, record.value, by);
      if (isWithin(record) && typeof value === 'string' && value.toLowerCase() === wanted.toLowerCase())
        return { id: record.id };
    }
    return { message: `${kind} ${wanted} not found${where}`, by };
  }
  return { message: `The reference needs an id, an identifier or a name.`, by: 'id' };
}

interface Use {
  kind: string;
  collection: Collection;
  count: number;
  /** The first of the records. */
  example: StoredRecord;
}

/** Which records refer to this one. Its own children do not count: they go with it. */
export function findUses(context: Context, used: Collection, record: StoredRecord): Use[] {
  const uses: Use[] = [];
  for (const key of context.store.keys()) {
    const collection = context.collections.find(key);
    if (collection === undefined || key.startsWith(`${used.key}/{}/`)) continue;
    const names = referenceNames(context, key, used.key);
    if (names.length === 0) continue;
    const users = [...context.store.records(key)].filter(
      (user) => user !== record && names.some((name) => refersTo(user.value[name], record.id)),
    );
    const [example] = users;
    if (example !== undefined) uses.push({ kind: kindOf(collection.schema), collection, count: users.length, example });
  }
  return uses;
}

function refersTo(value: StoredRecord['value'][string] | undefined, id: number): boolean {
  return Array.isArray(value) ? value.some((element) => referenceId(element) === id) : referenceId(value) === id;
}

/** Lets every record that refers to one record refer to another. */
export function moveReferences(context: Context, key: string, fromId: number, toId: number): void {
  for (const storedKey of context.store.keys()) {
    const names = referenceNames(context, storedKey, key);
    if (names.length === 0) continue;
    for (const record of context.store.records(storedKey)) {
      const moved = names.filter((name) => referenceId(record.value[name]) === fromId);
      if (moved.length === 0) continue;
      record.value = { ...record.value, ...Object.fromEntries(moved.map((name) => [name, { id: toId }])) };
    }
  }
}

/** Members of a collection's records that refer to records of another. */
function referenceNames(context: Context, ofKey: string, toKey: string): string[] {
  const schema = context.collections.find(ofKey)?.schema ?? '';
  return (context.schemas.find(schema)?.members ?? [])
    .filter((member) => member.schema !== undefined && context.targetOf(member.schema) === toKey)
    .map(({ name }) => name);
}
