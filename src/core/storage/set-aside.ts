import { existsSync, renameSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { GatewayError } from '../errors.ts';
import { type Database, isDamage, migrate, openDatabase, retryWhileBusy, withStorageErrors } from './database.ts';

export interface OpenedFile {
  database: Database;
  /** New name of the damaged file in whose place a new one was begun. */
  setAside?: string;
}

/**
 * Opens a file that several processes write, brought to its newest layout. A damaged file is renamed, never
 * deleted, and a new one begun.
 * @throws GatewayError `storage_failed`
 */
export async function openOrBeginAnew(
  file: string,
  migrations: readonly string[],
  now: () => Date,
): Promise<OpenedFile> {
  try {
    return { database: await openSound(file, migrations) };
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  // An SQLite lock and not a lock file: the system takes it from a process that dies.
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
    // Another process that met the same damage may have begun the new file meanwhile.
    return { database: await openSound(file, migrations) };
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  const setAside = freeName(file, now());
  withStorageErrors(file, () => {
    // The write-ahead log first: left beside the new file it would be taken for that file's own.
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

/** What `quick_check` found, in the form in which SQLite reports damage that it meets by itself. */
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
