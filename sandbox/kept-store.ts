import { GatewayError } from '../src/core/errors.ts';
import { type Database, isDamage, migrate, openDatabase, transaction, withStorageErrors } from '../src/core/storage.ts';
import { type KeptRecords, keptLayout, openKeptRecords } from './kept-records.ts';
import { type KeptUnit, openUnit } from './kept-unit.ts';
import { plantSeed } from './seed/seed.ts';
import { createStore, type Store } from './store.ts';
import { toStamp } from './world.ts';

/** A provider that outlives the process: its records lie in an SQLite file, each collection read on first use. */
export interface KeptStore {
  /** For reading. */
  store: Store;
  /** What one request reads and writes; its changes go to the file when it is kept. */
  openUnit(): KeptUnit;
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

export interface KeptOptions {
  /** Of a new file; where a file that exists was made from another one, it is refused. */
  seed?: number | undefined;
  scale?: number | undefined;
  now: Date;
}

/**
 * Opens a file of kept records; a new one is filled from the seed first.
 * @throws GatewayError `storage_failed`, also while another sandbox has the file open; `usage` where seed or scale
 * are not those of the file
 */
export async function openKeptStore(file: string, options: KeptOptions): Promise<KeptStore> {
  const database = await openDatabase(file);
  try {
    return withStorageErrors(file, () => {
      takeAlone(database, file);
      migrate(database, file, keptLayout);
      const records = openKeptRecords(database, file);
      const origin = readOrigin(database) ?? plant(database, records, options);
      requireSame(file, origin, options);
      // Only now: a new file is written faster without a log of what was there before.
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      const store = createStore(records);
      return { store, origin, openUnit: () => openUnit(store, database, records), close: () => database.close() };
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Two processes that each hold the records in memory would overwrite each other's. */
function takeAlone(database: Database, file: string): void {
  try {
    // The lock of the transaction is held until the file is closed.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
  } catch (cause) {
    if (isDamage(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('storage_failed', `${file} cannot be taken: ${reason}.`, {
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

/** All or nothing: a file whose making was interrupted is made again. */
function plant(database: Database, records: KeptRecords, { seed = 1, scale = 1, now }: KeptOptions): Origin {
  const planted = createStore();
  plantSeed(planted, { seed, scale, now });
  const origin: Origin = { seed, scale, madeAt: toStamp(now) };
  transaction(database, () => {
    records.writeAll(planted);
    database.prepare('INSERT INTO origin (seed, scale, made_at) VALUES (?, ?, ?)').run(seed, scale, origin.madeAt);
  });
  return origin;
}

function requireSame(file: string, origin: Origin, wanted: KeptOptions): void {
  for (const name of ['seed', 'scale'] as const) {
    const value = wanted[name];
    if (value === undefined || value === origin[name]) continue;
    throw new GatewayError('usage', `${file} was made with --${name} ${origin[name]}, not with ${value}.`, {
      hint: `Leave --${name} out, or name another file.`,
    });
  }
}
