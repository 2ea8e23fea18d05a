import type { Collection } from './definitions.ts';
import { referenceId } from './json.ts';
import { kindOf } from './kinds.ts';
import type { StoredRecord } from './store.ts';
import type { World } from './world.ts';

export interface Use {
  kind: string;
  collection: Collection;
  count: number;
  /** The first of the records. */
  example: StoredRecord;
}

/** Which records refer to this one. Its own children do not count: they go with it. */
export function findUses(world: World, used: Collection, record: StoredRecord): Use[] {
  const uses: Use[] = [];
  for (const key of world.store.keys()) {
    const collection = world.collections.find(key);
    if (collection === undefined || key.startsWith(`${used.key}/{}/`)) continue;
    const names = referenceNames(world, key, used.key);
    if (names.length === 0) continue;
    const users = [...world.store.records(key)].filter(
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
export function moveReferences(world: World, key: string, fromId: number, toId: number): void {
  for (const storedKey of world.store.keys()) {
    const names = referenceNames(world, storedKey, key);
    if (names.length === 0) continue;
    for (const record of world.store.records(storedKey)) {
      const moved = names.filter((name) => referenceId(record.value[name]) === fromId);
      if (moved.length === 0) continue;
      record.value = { ...record.value, ...Object.fromEntries(moved.map((name) => [name, { id: toId }])) };
    }
  }
}

/** Members of a collection's records that refer to records of another. */
export function referenceNames(world: World, ofKey: string, toKey: string): string[] {
  const schema = world.collections.find(ofKey)?.schema ?? '';
  return (world.schemas.find(schema)?.members ?? [])
    .filter((member) => member.schema !== undefined && world.targetOf(member.schema) === toKey)
    .map(({ name }) => name);
}
