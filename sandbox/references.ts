import { isObject, type JsonObject, type JsonValue, referenceId } from './json.ts';
import { kindOf } from './kinds.ts';
import type { StoredRecord } from './store.ts';
import type { World } from './world.ts';

/** Members of a reference that stand in the record under another name. */
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

export function findReferenced(world: World, key: string, id: number): StoredRecord | undefined {
  const second = secondTargets[key];
  return world.store.find(key, id) ?? (second === undefined ? undefined : world.store.find(second, id));
}

/** One member of a stored reference as an answer would show it; undefined where it has no value. */
export function referenceMember(
  world: World,
  schema: string,
  stored: JsonValue | undefined,
  name: string,
): JsonValue | undefined {
  if (!isObject(stored)) return undefined;
  const key = world.targetOf(schema);
  const id = referenceId(stored);
  if (key === undefined || id === undefined || name === 'id') return stored[name];
  const target = findReferenced(world, key, id);
  const found = target === undefined ? undefined : targetMember(world, target.value, name);
  // Where the record refers on, its reference shows the name alone: a currency's code.
  const isScalar = world.schemas.member(schema, name)?.type !== 'object';
  return isObject(found) && isScalar ? found.name : found;
}

function targetMember(world: World, target: JsonObject, name: string): JsonValue | undefined {
  if (name === 'name' && typeof target.firstName === 'string') {
    return [target.firstName, target.lastName].filter((part) => typeof part === 'string').join(' ');
  }
  for (const candidate of otherNames[name] ?? [name]) {
    const value = target[candidate];
    // `agreement.type` is the name of the type, not a reference to it.
    if (name === 'type' && isObject(value)) return referenceMember(world, 'AgreementTypeReference', value, 'name');
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A stored reference with all members of its schema, and the address of what it stands for (CW 5.1, 5.14). */
export function expandReference(
  world: World,
  schema: string,
  member: string,
  stored: JsonObject,
  root: string,
): JsonObject {
  const expanded: JsonObject = stored.id === undefined ? {} : { id: stored.id };
  for (const { name } of world.schemas.find(schema)?.members ?? []) {
    if (name === '_info') continue;
    const value = referenceMember(world, schema, stored, name);
    if (value !== undefined && value !== null) expanded[name] = value;
  }
  const key = world.targetOf(schema);
  const id = referenceId(stored);
  const target = key === undefined || id === undefined ? undefined : findReferenced(world, key, id);
  if (key !== undefined && target !== undefined) {
    expanded._info = { [`${member}_href`]: root + recordPath(world, key, target) };
  }
  return expanded;
}

/** Path of a record below the API root, with the ids of its parents. */
export function recordPath(world: World, key: string, record: StoredRecord): string {
  const ids = [...record.parents, record.id];
  const template = `${world.collections.find(key)?.template ?? key}/{id}`;
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
 * identifier or name (CW 5.1). `parentId` confines it to the records of one parent: statuses to those of the board.
 */
export function resolveReference(
  world: World,
  key: string,
  given: JsonObject,
  parentId: number | undefined,
): { id: number } | BrokenReference {
  const collection = world.collections.find(key);
  const kind = kindOf(collection?.schema ?? key);
  const parentSchema =
    collection?.parentKey === undefined ? undefined : world.collections.find(collection.parentKey)?.schema;
  const where = parentId === undefined || parentSchema === undefined ? '' : ` for ${kindOf(parentSchema)} ${parentId}`;
  const isWithin = (record: StoredRecord | undefined) =>
    record !== undefined &&
    (parentId === undefined || record.parents.length === 0 || record.parents.at(-1) === parentId);
  if (given.id !== undefined && given.id !== null) {
    const id = Number(given.id);
    const record = findReferenced(world, key, id);
    return isWithin(record) ? { id } : { message: `${kind} ${given.id} not found${where}`, by: 'id' };
  }
  for (const by of ['identifier', 'name']) {
    const wanted = given[by];
    if (typeof wanted !== 'string') continue;
    for (const record of world.store.records(key)) {
      const value = targetMember(world, record.value, by);
      if (isWithin(record) && typeof value === 'string' && value.toLowerCase() === wanted.toLowerCase())
        return { id: record.id };
    }
    return { message: `${kind} ${wanted} not found${where}`, by };
  }
  return { message: `The reference needs an id, an identifier or a name.`, by: 'id' };
}
