import type { JsonObject } from './json.ts';

/** Stamps that every record carries in `_info` (CW 5.14). */
export interface Stamps {
  lastUpdated: string;
  updatedBy: string;
  dateEntered: string;
  enteredBy: string;
}

/** One record as kept: references are `{ id }` only, members without a value are absent. */
export interface StoredRecord {
  readonly id: number;
  /** Ids of the parents named in the path, outermost first; empty for a top-level collection. */
  readonly parents: readonly number[];
  value: JsonObject;
  stamps: Stamps;
}

/** All records of all collections, by collection key such as `/service/boards/{}/statuses`. */
export interface Store {
  /** In the order of ids. */
  records(key: string, parents?: readonly number[]): Iterable<StoredRecord>;
  find(key: string, id: number, parents?: readonly number[]): StoredRecord | undefined;
  insert(key: string, record: StoredRecord): void;
  remove(key: string, record: StoredRecord): void;
  /** A new id, larger than every id used so far. */
  nextId(key: string): number;
  keys(): Iterable<string>;
}

interface Shelf {
  byId: Map<number, StoredRecord>;
  byParents: Map<string, Map<number, StoredRecord>>;
}

/** Service and project tickets share their numbers, as in ConnectWise, where one table holds both (CW 5.5). */
const sharedNumbers: Readonly<Record<string, string>> = { '/project/tickets': '/service/tickets' };

export function createStore(): Store {
  const shelves = new Map<string, Shelf>();
  const largestIds = new Map<string, number>();
  const numbering = (key: string) => sharedNumbers[key] ?? key;

  const shelf = (key: string): Shelf => {
    let found = shelves.get(key);
    if (found === undefined) {
      found = { byId: new Map(), byParents: new Map() };
      shelves.set(key, found);
    }
    return found;
  };

  return {
    records(key, parents) {
      const { byId, byParents } = shelf(key);
      return parents === undefined ? byId.values() : (byParents.get(parents.join('/'))?.values() ?? []);
    },
    find(key, id, parents) {
      const { byId, byParents } = shelf(key);
      return parents === undefined ? byId.get(id) : byParents.get(parents.join('/'))?.get(id);
    },
    insert(key, record) {
      const { byId, byParents } = shelf(key);
      byId.set(record.id, record);
      const family = record.parents.join('/');
      const siblings = byParents.get(family) ?? new Map<number, StoredRecord>();
      siblings.set(record.id, record);
      byParents.set(family, siblings);
      largestIds.set(numbering(key), Math.max(record.id, largestIds.get(numbering(key)) ?? 0));
    },
    remove(key, record) {
      const { byId, byParents } = shelf(key);
      byId.delete(record.id);
      byParents.get(record.parents.join('/'))?.delete(record.id);
    },
    nextId: (key) => (largestIds.get(numbering(key)) ?? 0) + 1,
    keys: () => shelves.keys(),
  };
}
