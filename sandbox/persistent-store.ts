import { GatewayError } from '../src/core/errors.ts';
import { type Database, isDamage, migrate, openDatabase, transaction, withStorageErrors } from '../src/core/storage.ts';
import { toStamp } from './context.ts';
import { seedStore } from './seed/seed.ts';
import { type Backing, createStore, type Store, type StoredRecord } from './store.ts';

/** A store whose records are kept in an SQLite file. Each collection is read on first use. */
export interface PersistentStore {
  /** For reading. */
  store: Store;
  /** What one request reads and writes; `commit` writes its changes to the file. */
  begin(): UnitOfWork;
  /** What the file was made from. */
  origin: Origin;
  close(): void;
}

export interface Origin {
  seed: number;
  scale: number;
  /** The time that its dates are relative to. */
  madeAt: string;
}

export interface PersistentOptions {
  /** Of a new file; where a file that exists was made from another one, it is refused. */
  seed?: number | undefined;
  scale?: number | undefined;
  now: Date;
}

/**
 * Opens the file of a store; a new one is seeded first.
 * @throws GatewayError `storage_failed`, also while another sandbox has the file open; `usage` where seed or scale
 * are not those of the file
 */
export async function openPersistentStore(file: string, options: PersistentOptions): Promise<PersistentStore> {
  const database = await openDatabase(file);
  try {
    return withStorageErrors(file, () => {
      lockFile(database, file);
      migrate(database, file, layout);
      const records = openRecordTable(database, file);
      const origin = readOrigin(database) ?? seedFile(database, records, options);
      refuseOtherOrigin(file, origin, options);
      // Only now: a new file is written faster without a log of what was there before.
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      const store = createStore(records);
      return { store, origin, begin: () => beginUnit(store, database, records), close: () => database.close() };
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Two processes with the same file would overwrite each other's records. */
function lockFile(database: Database, file: string): void {
  try {
    // The lock of the transaction is held until the file is closed.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
  } catch (cause) {
    if (isDamage(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('storage_failed', `${file} cannot be locked: ${reason}.`, {
      hint: 'End the other sandbox that has it open, or name another file.',
      cause,
    });
  }
}

function readOrigin(database: Database): Origin | undefined {
  const row = database.prepare('SELECT seed, scale, made_at FROM origin').get();
  if (row === undefined) return undefined;
  return { seed: Number(row.seed), scale: Number(row.scale), madeAt: String(row.made_at) };
}

/** Seeds a new file atomically: after an interruption it is seeded again. */
function seedFile(database: Database, records: RecordTable, { seed = 1, scale = 1, now }: PersistentOptions): Origin {
  const seeded = createStore();
  seedStore(seeded, { seed, scale, now });
  const origin: Origin = { seed, scale, madeAt: toStamp(now) };
  transaction(database, () => {
    records.writeAll(seeded);
    database.prepare('INSERT INTO origin (seed, scale, made_at) VALUES (?, ?, ?)').run(seed, scale, origin.madeAt);
  });
  return origin;
}

function refuseOtherOrigin(file: string, origin: Origin, wanted: PersistentOptions): void {
  for (const name of ['seed', 'scale'] as const) {
    const value = wanted[name];
    if (value === undefined || value === origin[name]) continue;
    throw new GatewayError('usage', `${file} was made with --${name} ${origin[name]}, not with ${value}.`, {
      hint: `Leave --${name} out, or name another file.`,
    });
  }
}

/** The store as one request sees it; it records what the request may have changed. */
interface UnitOfWork extends Store {
  /** Writes it to the file. */
  commit(): void;
}

/**
 * Records get new values in place, so a unit notes how records were reached: which were inserted or removed, which were
 * found by id, and which of those that were iterated have a new value or new stamps. Only requests that may change
 * something need a unit: for a list of thousands of rows the notes would cost more than the list.
 */
function beginUnit(store: Store, database: Database, records: RecordTable): UnitOfWork {
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
    commit() {
      for (const { key, records: seen, values, stamps } of walked) {
        for (const [index, record] of seen.entries()) {
          if (record.value === values[index] && record.stamps === stamps[index]) continue;
          if (store.find(key, record.id, record.parents) === record) written.set(record, key);
        }
      }
      transaction(database, () => {
        // First, as a converted ticket is removed from one collection and inserted into another.
        for (const { key, record } of removed) records.delete(key, record);
        for (const [record, key] of written) records.write(key, record);
      });
    },
  };
}

/** Records that were iterated, with their values at that time. */
interface Walk {
  key: string;
  records: readonly StoredRecord[];
  values: readonly StoredRecord['value'][];
  stamps: readonly StoredRecord['stamps'][];
}

/** Parallel lists: pairs would be 200,000 objects for the sum of a ticket's hours. */
function noteWalk(key: string, records: readonly StoredRecord[]): Walk {
  return { key, records, values: records.map(({ value }) => value), stamps: records.map(({ stamps }) => stamps) };
}

/**
 * A collection is a number and the largest id it ever had; a record is its JSON under the collection, the ids of its
 * parents and its own.
 */
const layout = [
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

/** The records in a file. Writes need a transaction. */
interface RecordTable extends Backing {
  write(key: string, record: StoredRecord): void;
  delete(key: string, record: StoredRecord): void;
  writeAll(store: Store): void;
}

type Row = Readonly<Record<string, unknown>>;

function openRecordTable(database: Database, file: string): RecordTable {
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
    // Stored apart from the records, so that the id of a deleted record is not used again.
    grow.run(record.id, number);
    largestIds.set(key, record.id);
  };
  return {
    keys: () => numbers.keys(),
    largestId: (key) => largestIds.get(key) ?? 0,
    read(key) {
      const found: StoredRecord[] = [];
      withStorageErrors(file, () => {
        // Row by row: the JSON of a large collection would take more memory than its records.
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
