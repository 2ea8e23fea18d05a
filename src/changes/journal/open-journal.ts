import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Tenant } from '../../connectwise/index.ts';
import { openDatabase, openOrReplace, withStorageErrors } from '../../core/storage.ts';
import { createJournal } from './create-journal.ts';
import type { Journal } from './journal.ts';
import { migrations } from './migrations.ts';

export interface OpenJournalOptions {
  /** Folder of the journal and of the locks of those who write it. */
  folder: string;
  tenant: Tenant;
  now(): Date;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Gets the same as JSON lines. */
  auditFile?: string;
}

/**
 * Opens the journal, which several processes may have open. Each holds a lock, so that what a dead one was sending is
 * known to be of unknown end.
 * @throws GatewayError `storage_failed`
 */
export async function openJournal({ folder, tenant, now, random, auditFile }: OpenJournalOptions): Promise<Journal> {
  const file = join(folder, 'changes.db');
  const locks = join(folder, 'locks');
  const { database, setAside } = await openOrReplace(file, migrations, now);
  const owner = `changes-${Array.from({ length: 12 }, () => Math.floor(random() * 36).toString(36)).join('')}`;
  const lock = await takeOwnerLock(locks, owner).catch((error: unknown) => {
    database.close();
    throw error;
  });
  const audit = auditFile === undefined ? undefined : createAudit(auditFile);
  const journal = createJournal(database, {
    ...{ file, tenant, owner, now },
    isAlive: (other) => isOwnerAlive(locks, other),
    ...(audit && { audit }),
  });
  const notice = `The journal was damaged and begins anew; the old file is kept as ${setAside}.`;
  return {
    ...journal,
    ...(setAside === undefined ? {} : { notice }),
    close() {
      journal.close();
      lock.close();
    },
  };
}

/** Synchronous: a line is there before the request that it tells of. */
function createAudit(file: string): (event: Record<string, unknown>) => void {
  return (event) => withStorageErrors(file, () => appendFileSync(file, `${JSON.stringify(event)}\n`, { mode: 0o600 }));
}

/** SQLite's lock on a file of that name, which the system releases when the process dies, however it does. */
interface OwnerLock {
  readonly owner: string;
  close(): void;
}

const fileOf = (folder: string, owner: string) => join(folder, `${owner}.lock`);

/** @throws GatewayError `storage_failed`, also where another process holds it */
async function takeOwnerLock(folder: string, owner: string): Promise<OwnerLock> {
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

/** Whether the process that took this lock is still running; the file of a dead one is removed. */
async function isOwnerAlive(folder: string, owner: string): Promise<boolean> {
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
