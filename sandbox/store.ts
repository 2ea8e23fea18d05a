import type { JsonObject } from './json.ts';

/** Stamps that every record carries in `_info` (CW 5.14). */
export interface Stamps {
  lastUpdated: string;
  updatedBy: string;
  dateEntered: string;
  enteredBy: string;
}

/**
 * One stored record: references are `{ id }` only, members without a value are absent. Value and stamps are replaced,
 * never changed in place: other stores may share them.
 */
export interface StoredRecord {
  readonly id: number;
  /** Ids of the parents named in the path, outermost first; empty for a top-level collection. */
  readonly parents: readonly number[];
  value: Readonly<JsonObject>;
  stamps: Readonly<Stamps>;
}

/** All records of all collections, by collection key such as `/service/boards/{}/statuses`. */
export interface Store {
  /** In the order of ids; those of a sub-collection parent by parent. */
  records(key: string, parents?: readonly number[]): Iterable<StoredRecord>;
  find(key: string, id: number, parents?: readonly number[]): StoredRecord | undefined;
  insert(key: string, record: StoredRecord): void;
  remove(key: string, record: StoredRecord): void;
  /** A new id, larger than every id used so far. */
  nextId(key: string): number;
  keys(): Iterable<string>;
}

/** Where records are until their collection is first used. */
export interface Backing {
  keys(): Iterable<string>;
  /** All records of a collection, in the order of ids. */
  read(key: string): Iterable<StoredRecord>;
  /** The largest id ever used in a collection; 0 for none. */
  largestId(key: string): number;
}

/**
 * A copy-on-write fork: a store that begins with the records of another and keeps its changes to itself. Any number of
 * stores may fork the same base, as long as the base does not change.
 */
export function forkStore(base: Store): Store {
  const keys = new Set(base.keys());
  return createStore({
    keys: () => keys,
    largestId: (key) => base.nextId(key) - 1,
    *read(key) {
      if (keys.has(key)) for (const record of base.records(key)) yield { ...record };
    },
  });
}

interface Shelf {
  byId: Map<number, StoredRecord>;
  /** Of sub-collections only. An id may be below several parents: a configuration on several tickets. */
  byParents: Map<string, Map<number, StoredRecord>>;
}

/** Service and project tickets share their numbers, as in ConnectWise, where one table holds both (CW 5.5). */
const sharedNumbers: Readonly<Record<string, string>> = { '/project/tickets': '/service/tickets' };

const nothing: Backing = { keys: () => [], read: () => [], largestId: () => 0 };

export function createStore(backing: Backing = nothing): Store {
  // Collections of the backing are listed from the start; their records are read on first use.
  const shelves = new Map<string, Shelf | undefined>([...backing.keys()].map((key) => [key, undefined]));
  const largestIds = new Map<string, number>();
  const numbering = (key: string) => sharedNumbers[key] ?? key;
  const largestId = (key: string) => largestIds.get(numbering(key)) ?? backing.largestId(numbering(key));

  const shelf = (key: string): Shelf => {
    let found = shelves.get(key);
    if (found === undefined) {
      found = { byId: new Map(), byParents: new Map() };
      for (const record of backing.read(key)) put(found, record);
      shelves.set(key, found);
    }
    return found;
  };

  return {
    records(key, parents) {
      const { byId, byParents } = shelf(key);
      if (parents !== undefined && parents.length > 0) return byParents.get(parents.join('/'))?.values() ?? [];
      return byParents.size === 0 ? byId.values() : everyFamily(byParents.values());
    },
    find(key, id, parents) {
      const { byId, byParents } = shelf(key);
      if (parents === undefined || parents.length === 0) return byId.get(id);
      return byParents.get(parents.join('/'))?.get(id);
    },
    insert(key, record) {
      put(shelf(key), record);
      largestIds.set(numbering(key), Math.max(record.id, largestId(key)));
    },
    remove(key, record) {
      const { byId, byParents } = shelf(key);
      byParents.get(record.parents.join('/'))?.delete(record.id);
      if (byId.get(record.id) === record) byId.delete(record.id);
    },
    nextId: (key) => largestId(key) + 1,
    keys: () => shelves.keys(),
  };
}

function put({ byId, byParents }: Shelf, record: StoredRecord): void {
  byId.set(record.id, record);
  if (record.parents.length === 0) return;
  const family = record.parents.join('/');
  const siblings = byParents.get(family) ?? new Map<number, StoredRecord>();
  siblings.set(record.id, record);
  byParents.set(family, siblings);
}

function* everyFamily(families: Iterable<ReadonlyMap<number, StoredRecord>>): Generator<StoredRecord> {
  for (const siblings of families) yield* siblings.values();
}
