import { type Database, withStorageErrors } from '../src/core/storage.ts';
import type { Backing, Store, StoredRecord } from './store.ts';

/**
 * A collection is a number and the largest id it ever had; a record is its JSON under the collection, the ids of its
 * parents and its own.
 */
export const keptLayout = [
  `CREATE TABLE origin (seed INTEGER NOT NULL, scale INTEGER NOT NULL, made_at TEXT NOT NULL);
   CREATE TABLE collections (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, largest_id INTEGER NOT NULL);
   CREATE TABLE records (
     collection INTEGER NOT NULL REFERENCES collections,
     parents TEXT NOT NULL,
     id INTEGER NOT NULL,
     record TEXT NOT NULL
   );
   CREATE UNIQUE INDEX records_by_id ON records (collection, parents, id);`,
] as const;

/** The records in a file. Writing belongs into a transaction. */
export interface KeptRecords extends Backing {
  write(key: string, record: StoredRecord): void;
  delete(key: string, record: StoredRecord): void;
  writeAll(store: Store): void;
}

type Row = Readonly<Record<string, unknown>>;

export function openKeptRecords(database: Database, file: string): KeptRecords {
  const numbers = new Map<string, number>();
  const largestIds = new Map<string, number>();
  for (const row of database.prepare('SELECT id, key, largest_id FROM collections').all() as Row[]) {
    numbers.set(String(row.key), Number(row.id));
    largestIds.set(String(row.key), Number(row.largest_id));
  }
  const addCollection = database.prepare('INSERT INTO collections (key, largest_id) VALUES (?, 0)');
  const grow = database.prepare('UPDATE collections SET largest_id = max(largest_id, ?) WHERE id = ?');
  const upsert = database.prepare(
    `INSERT INTO records (collection, parents, id, record) VALUES (?, ?, ?, ?)
     ON CONFLICT (collection, parents, id) DO UPDATE SET record = excluded.record`,
  );
  const remove = database.prepare('DELETE FROM records WHERE collection = ? AND parents = ? AND id = ?');
  const select = database.prepare('SELECT record FROM records WHERE collection = ? ORDER BY rowid');
  const numberOf = (key: string): number => {
    const number = numbers.get(key) ?? Number(addCollection.run(key).lastInsertRowid);
    numbers.set(key, number);
    return number;
  };
  const write = (key: string, record: StoredRecord): void => {
    const number = numberOf(key);
    upsert.run(number, record.parents.join('/'), record.id, JSON.stringify(record));
    if (record.id <= (largestIds.get(key) ?? 0)) return;
    // Kept apart from the records, so that the number of a deleted one is not given again.
    grow.run(record.id, number);
    largestIds.set(key, record.id);
  };
  return {
    keys: () => numbers.keys(),
    largestId: (key) => largestIds.get(key) ?? 0,
    read(key) {
      const found: StoredRecord[] = [];
      withStorageErrors(file, () => {
        // Row by row: the texts of a large collection would take more room than its records.
        for (const row of select.iterate(numbers.get(key) ?? 0)) found.push(JSON.parse(String(row.record)));
      });
      return found;
    },
    write,
    delete(key, record) {
      remove.run(numberOf(key), record.parents.join('/'), record.id);
    },
    writeAll(store) {
      for (const key of store.keys()) for (const record of store.records(key)) write(key, record);
    },
  };
}
