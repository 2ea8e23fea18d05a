import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { GatewayError } from './errors.ts';

export type Database = DatabaseSync;

export interface OpenOptions {
  /** Refuses every write, and a file that does not exist. */
  readOnly?: boolean;
  /** For a file that several processes write: readers and a writer do not block each other. */
  wal?: boolean;
}

/** Result codes of SQLite: the low byte of `errcode`; the high bytes are more exact. */
const resultCode = { busy: 5, corrupt: 11, notADatabase: 26 } as const;

/**
 * Opens an SQLite file, made private to its owner together with its folder when it is new.
 * `node:sqlite` is loaded here and not at start: a listing of the tools needs no database.
 * @throws GatewayError `storage_failed`
 */
export async function openDatabase(
  file: string,
  { readOnly = false, wal = false }: OpenOptions = {},
): Promise<Database> {
  const { DatabaseSync } = await import('node:sqlite');
  if (!readOnly && file !== ':memory:') withStorageErrors(file, () => createPrivately(file));
  const database = withStorageErrors(file, () => new DatabaseSync(file, { readOnly }));
  try {
    // The switch needs exclusive access for a moment, and SQLite does not apply its busy time-out to it.
    if (wal && !readOnly) await retryWhileBusy(file, () => database.exec('PRAGMA journal_mode = WAL'));
    // Another process may hold the lock for a moment: only after this time is it an error.
    withStorageErrors(file, () => database.exec('PRAGMA busy_timeout = 5000'));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite gives its `-wal` and `-shm` files the mode of the file they belong to. */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    // `wx` leaves an existing file alone: closing a second handle of it would drop this process's locks on it.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Retries `work` while another connection holds the lock, for about five seconds. Unlike SQLite's own waiting it does
 * not block this process, which may be the one that holds the lock.
 */
export async function retryWhileBusy(file: string, work: () => void): Promise<void> {
  for (let attemptsLeft = 100; ; attemptsLeft--) {
    try {
      work();
      return;
    } catch (error) {
      if (sqliteCode(error) !== resultCode.busy || attemptsLeft === 0) throw storageFailure(file, error);
      await setTimeout(50);
    }
  }
}

/** Runs `work` in one transaction: all of it, or nothing when it throws. */
export function transaction<T>(database: Database, work: () => T): T {
  // IMMEDIATE takes the write lock now: a later upgrade from reading would fail without waiting.
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // A full disk makes SQLite roll back by itself; the first error is the one to report.
  }
}

/**
 * Brings a database to the newest layout: statement `n` of `migrations` leads from version `n` to `n + 1`, which
 * `user_version` records.
 * @throws GatewayError `storage_failed` for a file of a newer version or of another program
 */
export function migrate(database: Database, file: string, migrations: readonly string[]): void {
  const version = () => Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version() > migrations.length) {
    throw new GatewayError('storage_failed', `The database ${file} was written by a newer version of this program.`, {
      hint: 'Install that version again, or move the file elsewhere.',
    });
  }
  if (version() === migrations.length) return;
  transaction(database, () => {
    // Read again inside the lock: another process may have migrated meanwhile.
    const from = version();
    if (from === 0 && database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) {
      throw new GatewayError('storage_failed', `The database ${file} was made by another program.`, {
        hint: 'Move the file elsewhere; a new one will be created.',
      });
    }
    for (let next = from; next < migrations.length; next++) {
      database.exec(migrations[next] ?? '');
      database.exec(`PRAGMA user_version = ${next + 1}`);
    }
  });
}

/** Throws the errors of SQLite and the file system as `storage_failed`, with the name of the file. */
export function withStorageErrors<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    throw storageFailure(file, error);
  }
}

function storageFailure(file: string, cause: unknown): GatewayError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GatewayError('storage_failed', `The database ${file} cannot be used: ${reason}.`, { cause });
}

/** What the system says of files that cannot be used, in words. Not a defect of the program: its surroundings. */
const systemReasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'this user may not use it',
  EPERM: 'this user may not use it',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this computer',
};

/** Of SQLite: a full disk, a read-only file, an input or output error, a file that cannot be opened. */
const sqliteReasons: Readonly<Record<number, string>> = {
  8: 'it is read-only',
  10: 'the disk failed',
  13: 'the disk is full',
  14: 'it cannot be opened',
};

/** The `storage_failed` for an error of the file system or of SQLite, anywhere among its causes; undefined for others. */
export function findStorageFailure(error: unknown): GatewayError | undefined {
  // A chain of causes is short; the bound is for one that points at itself.
  for (let [current, seen] = [error, 0]; current instanceof Error && seen < 10; seen += 1) {
    const { code = '', path } = current as NodeJS.ErrnoException;
    const reason = systemReasons[code] ?? sqliteReasons[sqliteCode(current) ?? -1];
    // Of a connection the same codes mean something else.
    const isOfNetwork = 'syscall' in current && /^(connect|bind|listen|getaddrinfo)$/.test(String(current.syscall));
    if (reason !== undefined && !isOfNetwork) {
      const what = path === undefined ? 'A file of the gateway' : `The file ${path}`;
      return new GatewayError('storage_failed', `${what} cannot be used: ${reason}.`, { cause: error });
    }
    current = current.cause;
  }
  return undefined;
}

/** Whether an error means that the file itself is damaged, and not a lock, a missing right or a full disk. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error) ?? sqliteCode(error instanceof Error ? error.cause : undefined);
  return code === resultCode.corrupt || code === resultCode.notADatabase;
}

function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

interface OpenedFile {
  database: Database;
  /** New name of the damaged file that was replaced by a new one. */
  setAside?: string;
}

/**
 * Opens a file that several processes write, and brings it to its newest layout. A damaged file is renamed, never
 * deleted, and a new one created.
 * @throws GatewayError `storage_failed`
 */
export async function openOrReplace(file: string, migrations: readonly string[], now: () => Date): Promise<OpenedFile> {
  try {
    return { database: await openSound(file, migrations) };
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  // An SQLite lock and not a lock file, since the system releases it when the process dies.
  const lock = await openDatabase(`${file}.lock`);
  try {
    lock.exec('PRAGMA busy_timeout = 0');
    await retryWhileBusy(file, () => lock.exec('BEGIN EXCLUSIVE'));
    return await replaceDamaged(file, migrations, now);
  } finally {
    lock.close();
  }
}

async function replaceDamaged(file: string, migrations: readonly string[], now: () => Date): Promise<OpenedFile> {
  try {
    // Another process that found the same damage may have created the new file meanwhile.
    return { database: await openSound(file, migrations) };
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  const setAside = freeName(file, now());
  withStorageErrors(file, () => {
    // The write-ahead log first: left beside the new file, SQLite would apply it to that one.
    for (const suffix of ['-wal', '-shm', '']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, setAside + suffix);
    }
  });
  return { database: await openSound(file, migrations), setAside };
}

async function openSound(file: string, migrations: readonly string[]): Promise<Database> {
  const database = await openDatabase(file, { wal: true });
  try {
    withStorageErrors(file, () => {
      const found = String(database.prepare('PRAGMA quick_check(1)').get()?.quick_check);
      if (found !== 'ok') throw damage(file, found);
      migrate(database, file, migrations);
    });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What `quick_check` found, in the form in which SQLite itself reports damage. */
function damage(file: string, found: string): GatewayError {
  const cause = Object.assign(new Error(found), { errcode: 11 });
  return new GatewayError('storage_failed', `The database ${file} is damaged: ${found}.`, { cause });
}

function freeName(file: string, at: Date): string {
  const extension = extname(file);
  const stem = basename(file, extension);
  const stamp = at.toISOString().slice(0, 19).replaceAll(':', '-');
  for (let count = 1; ; count++) {
    const name = join(dirname(file), `${stem}.damaged-${stamp}${count === 1 ? '' : `-${count}`}${extension}`);
    if (!existsSync(name)) return name;
  }
}

/** What a call can do without: the result of the work, or `instead` where the storage fails it. */
export async function unlessStorageFails<T>(work: () => Promise<T> | T, instead: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'storage_failed') return instead;
    throw error;
  }
}
