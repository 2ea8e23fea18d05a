import { defined } from '../src/core/json.ts';
import type { Definitions } from './definitions.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Stamps, Store, StoredRecord } from './store.ts';

/** What every part of the sandbox works with to answer one request. */
export interface Context extends Definitions {
  store: Store;
  now(): Date;
  /** Rows of the custom fields that are defined for a collection, without values, by collection key. */
  customFields: ReadonlyMap<string, readonly JsonObject[]>;
  /** Identifier of the member whose keys the caller uses; `_info` names it. */
  caller: string;
  /** What the caller may do and see. */
  role: Role;
  /** PATCH of a reference's sub-path changes nothing, with 200 (CW 5.2.3). */
  strictReferencePaths: boolean;
  /** Lists of more records time out on searches of text alone; undefined for never. */
  slowTextRows(): number | undefined;
}

/** What a security role lets its members do (CW 5.12.1). */
export interface Role {
  /** Which records it sees and changes: all, or only the member's own; the others are left out silently. */
  sees: 'all' | 'mine';
  /** Keys of collections that it may add to and edit; `all` includes deleting. */
  writes: 'all' | readonly string[];
  /** Keys of collections that it may not even read. */
  closed: readonly string[];
  /** Members that its answers leave out. */
  hidden: ReadonlySet<string>;
  /** In place of `writes` and `closed`: rights one by one, by the key of a collection, for it and all below it. */
  rights?: Readonly<Record<string, readonly Right[]>>;
}

export type Right = 'inquire' | 'add' | 'edit' | 'delete';

/** ConnectWise keeps and answers UTC in whole seconds (CW 5.6). */
export function toStamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** `_info` of a record that is made now. */
export function newStamps(context: Context): Stamps {
  const time = toStamp(context.now());
  return { lastUpdated: time, updatedBy: context.caller, dateEntered: time, enteredBy: context.caller };
}

/** Sets who changed a record last, and when, in `_info`. */
export function touch(context: Context, record: StoredRecord): void {
  record.stamps = { ...record.stamps, lastUpdated: toStamp(context.now()), updatedBy: context.caller };
}

/** Stores a record that the sandbox makes itself, without the checks of a POST. Members that are undefined are left out. */
export function addRecord(
  context: Context,
  key: string,
  parents: readonly number[],
  members: Readonly<Record<string, JsonValue | undefined>>,
): StoredRecord {
  const id = context.store.nextId(key);
  const value = defined<JsonObject>({ ...members, id });
  const record: StoredRecord = { id, parents, value, stamps: newStamps(context) };
  context.store.insert(key, record);
  return record;
}

/** The member whose keys the caller uses: many defaults come from its set-up (CW 5.4, 5.6). */
export function findCaller(context: Context): StoredRecord | undefined {
  for (const member of context.store.records('/system/members')) {
    if (member.value.identifier === context.caller) return member;
  }
  return undefined;
}
