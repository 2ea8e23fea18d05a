import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../errors.ts';

export type Database = DatabaseSync;

export interface OpenOptions {
  /** Refuses every write, and a file that does not exist. */
  readOnly?: boolean;
}

/**
 * Opens an SQLite file, made private to its owner together with its folder when it is new.
 * `node:sqlite` is loaded here and not at start: a listing of the tools needs no database.
 * @throws GatewayError `storage_failed`
 */
export async function openDatabase(file: string, { readOnly = false }: OpenOptions = {}): Promise<Database> {
  const { DatabaseSync } = await import('node:sqlite');
  try {
    if (!readOnly && file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(file, { readOnly });
    // Another process may hold the lock for a moment; only waiting in vain is an error.
    database.exec('PRAGMA busy_timeout = 5000');
    return database;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('storage_failed', `The database ${file} cannot be opened: ${reason}.`, { cause });
  }
}

/** Runs `work` in one transaction: all of it, or nothing when it throws. */
export function transaction<T>(database: Database, work: () => T): T {
  // IMMEDIATE takes the write lock at once: a later upgrade from reading would fail without waiting.
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Brings a database to the newest layout: statement `n` of `migrations` leads from version `n` to `n + 1`,
 * kept in `user_version`.
 * @throws GatewayError `storage_failed` for a file that a newer program wrote
 */
export function migrate(database: Database, file: string, migrations: readonly string[]): void {
  const version = () => Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version() > migrations.length) {
    throw new GatewayError('storage_failed', `The database ${file} was written by a newer version of this program.`, {
      hint: 'Install that version again, or set the file aside.',
    });
  }
  if (version() === migrations.length) return;
  transaction(database, () => {
    // Read again inside the lock: another process may have migrated meanwhile.
    for (let next = version(); next < migrations.length; next++) {
      database.exec(migrations[next] ?? '');
      database.exec(`PRAGMA user_version = ${next + 1}`);
    }
  });
}
