import { type Database, transaction } from '../src/core/storage.ts';
import type { KeptRecords } from './kept-records.ts';
import type { Store, StoredRecord } from './store.ts';

/** The store as one request sees it, which notes what the request may have changed. */
export interface KeptUnit extends Store {
  /** Writes it to the file. */
  keep(): void;
}

/**
 * Records change in place, so what to write is found by how they were reached: what was put in or taken out, what was
 * found by its number, and, of what was gone through, whatever has a new value or new stamps since. Only requests that
 * may change something need a unit: for a list of thousands of rows the notes would cost more than the list.
 */
export function openUnit(store: Store, database: Database, records: KeptRecords): KeptUnit {
  const written = new Map<StoredRecord, string>();
  const removed: { key: string; record: StoredRecord }[] = [];
  const walked: Walk[] = [];
  const places = new Set<string>();

  return {
    ...store,
    find(key, id, parents) {
      const found = store.find(key, id, parents);
      if (found !== undefined) written.set(found, key);
      return found;
    },
    records(key, parents) {
      const place = `${key} ${parents?.join('/') ?? ''}`;
      if (!places.has(place)) walked.push(noteWalk(key, [...store.records(key, parents)]));
      places.add(place);
      return store.records(key, parents);
    },
    insert(key, record) {
      store.insert(key, record);
      written.set(record, key);
    },
    remove(key, record) {
      store.remove(key, record);
      written.delete(record);
      removed.push({ key, record });
    },
    keep() {
      for (const { key, records: seen, values, stamps } of walked) {
        for (const [index, record] of seen.entries()) {
          if (record.value === values[index] && record.stamps === stamps[index]) continue;
          if (store.find(key, record.id, record.parents) === record) written.set(record, key);
        }
      }
      transaction(database, () => {
        // First, as a converted ticket is taken out in one place and put in at another.
        for (const { key, record } of removed) records.delete(key, record);
        for (const [record, key] of written) records.write(key, record);
      });
    },
  };
}

/** Records that were gone through, and what they were then. */
interface Walk {
  key: string;
  records: readonly StoredRecord[];
  values: readonly StoredRecord['value'][];
  stamps: readonly StoredRecord['stamps'][];
}

/** Lists side by side: one of pairs would be 200,000 objects for the sum of a ticket's hours. */
function noteWalk(key: string, records: readonly StoredRecord[]): Walk {
  return { key, records, values: records.map(({ value }) => value), stamps: records.map(({ stamps }) => stamps) };
}
