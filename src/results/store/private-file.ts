import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase, retryWhileBusy, withStorageErrors } from '../../core/storage.ts';

export interface PrivateFile {
  path: string;
  database: Database;
  /** Closes and deletes. */
  close(): void;
}

const suffixes = ['.db', '.db-wal', '.db-shm', '.db-journal'] as const;
const lockSuffix = '.lock';
/** SQLite's journal of the lock, which a process that was killed leaves; before its own file, or it would be played back. */
const lockSuffixes = ['.lock-journal', lockSuffix] as const;

/**
 * Opens a new file that goes with this process, and deletes what dead processes left. Beside each file lies a second
 * one, locked as long as its process lives: the system takes the lock from a process that dies, however it does.
 * @throws GatewayError `storage_failed`
 */
export async function openPrivateFile(folder: string, random: () => number): Promise<PrivateFile> {
  withStorageErrors(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  // Between making a file and locking it, another process would take it for a left-over: only one at a time.
  const guard = await openDatabase(join(folder, 'opening'));
  try {
    guard.exec('PRAGMA busy_timeout = 0');
    await retryWhileBusy(folder, () => guard.exec('BEGIN EXCLUSIVE'));
    await removeLeftOvers(folder);
    return await makeFile(folder, random);
  } finally {
    guard.close();
  }
}

async function makeFile(folder: string, random: () => number): Promise<PrivateFile> {
  const stem = join(folder, freeStem(readdirSync(folder), random));
  const lock = await openDatabase(stem + lockSuffix);
  lock.exec('BEGIN EXCLUSIVE');
  const path = `${stem}.db`;
  const database = await openDatabase(path, { wal: true });
  // Nothing in this file outlives the process, so no write has to reach the disk.
  database.exec('PRAGMA synchronous = OFF; PRAGMA journal_size_limit = 4000000');
  return {
    path,
    database,
    close() {
      database.close();
      // The lock last: what cannot be deleted now is a left-over for the next process.
      removeFiles(stem, suffixes);
      lock.close();
      removeFiles(stem, lockSuffixes);
    },
  };
}

function freeStem(taken: readonly string[], random: () => number): string {
  for (;;) {
    const stem = `answers-${Math.floor(random() * 36 ** 8)
      .toString(36)
      .padStart(8, '0')}`;
    if (!taken.some((name) => name.startsWith(stem))) return stem;
  }
}

async function removeLeftOvers(folder: string): Promise<void> {
  const stems = new Set(readdirSync(folder).flatMap((name) => /^answers-[0-9a-z]{8}(?=\.)/.exec(name)?.[0] ?? []));
  for (const stem of stems) await removeIfDead(join(folder, stem));
}

async function removeIfDead(stem: string): Promise<void> {
  const lock = await openDatabase(stem + lockSuffix);
  try {
    lock.exec('PRAGMA busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    return;
  }
  removeFiles(stem, suffixes);
  lock.close();
  removeFiles(stem, lockSuffixes);
}

function removeFiles(stem: string, of: readonly string[]): void {
  for (const suffix of of) remove(stem + suffix);
}

/** Windows refuses while a process that was just ended still has the file open; the next process tries again. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true, maxRetries: 3, retryDelay: 20 });
  } catch {
    // Left for the next process.
  }
}
