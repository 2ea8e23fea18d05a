import { defined } from '../src/core/json.ts';
import type { Collections, FindTarget, Schemas } from './definitions.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Role } from './roles.ts';
import type { Stamps, Store, StoredRecord } from './store.ts';

/** What every part of the sandbox works on. */
export interface World {
  schemas: Schemas;
  collections: Collections;
  targetOf: FindTarget;
  store: Store;
  now(): Date;
  /** Rows of the custom fields that are defined for a collection, without values, by collection key. */
  customFields: ReadonlyMap<string, readonly JsonObject[]>;
  /** Identifier of the member whose keys the caller uses; it stands in `_info`. */
  caller: string;
  /** What the caller may do and see. */
  role: Role;
  /** PATCH of a reference's sub-path changes nothing, with 200 (CW 5.2.3). */
  strictReferencePaths: boolean;
  /** Lists of more records time out on searches of text alone; undefined for never. */
  slowTextRows(): number | undefined;
}

/** ConnectWise keeps and answers UTC in whole seconds (CW 5.6). */
export function toStamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** `_info` of a record that is made now. */
export function newStamps(world: World): Stamps {
  const time = toStamp(world.now());
  return { lastUpdated: time, updatedBy: world.caller, dateEntered: time, enteredBy: world.caller };
}

/** Notes in `_info` that a record changed just now. */
export function touch(world: World, record: StoredRecord): void {
  record.stamps = { ...record.stamps, lastUpdated: toStamp(world.now()), updatedBy: world.caller };
}

/** Stores a record that the sandbox makes itself, without the checks of a POST. Members that are undefined are left out. */
export function addRecord(
  world: World,
  key: string,
  parents: readonly number[],
  members: Readonly<Record<string, JsonValue | undefined>>,
): StoredRecord {
  const id = world.store.nextId(key);
  const value = defined<JsonObject>({ ...members, id });
  const record: StoredRecord = { id, parents, value, stamps: newStamps(world) };
  world.store.insert(key, record);
  return record;
}
