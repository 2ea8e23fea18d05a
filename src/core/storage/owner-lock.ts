import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, withStorageErrors } from './database.ts';

/** A lock that the system takes from a process that dies, however it does: SQLite's own, on a file of that name. */
export interface OwnerLock {
  readonly owner: string;
  close(): void;
}

const fileOf = (folder: string, owner: string) => join(folder, `${owner}.lock`);

/** @throws GatewayError `storage_failed`, also where somebody holds it */
export async function takeOwnerLock(folder: string, owner: string): Promise<OwnerLock> {
  const file = fileOf(folder, owner);
  withStorageErrors(file, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  const lock = await openDatabase(file);
  withStorageErrors(file, () => lock.exec('BEGIN EXCLUSIVE'));
  return {
    owner,
    close() {
      lock.close();
      rmSync(file, { force: true });
    },
  };
}

/** Whether the process that took this lock still lives; the file of a dead one is removed. */
export async function isOwnerAlive(folder: string, owner: string): Promise<boolean> {
  const file = fileOf(folder, owner);
  if (!existsSync(file)) return false;
  const lock = await openDatabase(file);
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch {
    return true;
  } finally {
    lock.close();
  }
  rmSync(file, { force: true });
  return false;
}
