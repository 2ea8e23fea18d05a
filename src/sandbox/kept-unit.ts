import { type Database, transaction } from '../storage/database.ts';
import type { KeptRecords } from './kept-records.ts';
import type { Stamps, Store, StoredRecord } from './store.ts';

/** The store as one request sees it, which notes what the request may have changed. */
export interface KeptUnit extends Store {
  /** Writes it to the file. */
  keep(): void;
}

/**
 * Records change in place, so what to write is found by how they were reached: what was put in or taken out, what was
 * found by its number, and, of what was gone through, whatever has new stamps since (`touch`). Only requests that
 * may change something need a unit: for a list of thousands of rows the notes would cost more than the list.
 */
export function openUnit(store: Store, database: Database, records: KeptRecords): KeptUnit {
  const written = new Map<StoredRecord, string>();
  const removed: { key: string; record: StoredRecord }[] = [];
  const walked = new Map<string, readonly (readonly [StoredRecord, Stamps])[]>();

  return {
    ...store,
    find(key, id, parents) {
      const found = store.find(key, id, parents);
      if (found !== undefined) written.set(found, key);
      return found;
    },
    records(key, parents) {
      const place = `${key} ${parents?.join('/') ?? ''}`;
      if (!walked.has(place)) {
        const seen = [...store.records(key, parents)].map((record) => [record, record.stamps] as const);
        walked.set(place, seen);
      }
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
      for (const [place, seen] of walked) {
        const key = place.slice(0, place.indexOf(' '));
        for (const [record, stamps] of seen) {
          const isStillThere = store.find(key, record.id, record.parents) === record;
          if (record.stamps !== stamps && isStillThere) written.set(record, key);
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
