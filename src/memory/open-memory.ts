import { openOrReplace, withStorageErrors } from '../core/storage.ts';
import type { FastMemory } from './memory.ts';
import { createMemoryStore, type MemoryOptions } from './memory-store.ts';
import { migrations } from './migrations.ts';

/**
 * Opens Fast Memory for one tenant. Several processes may have the same file open.
 * @throws GatewayError `storage_failed`, also for a file that a newer version wrote
 */
export async function openMemory(options: MemoryOptions): Promise<FastMemory> {
  const { file, now } = options;
  const { database, setAside } = await openOrReplace(file, migrations, now);
  const store = withStorageErrors(file, () => {
    // SQLite's waiting is not fair: among eight processes that never stop writing one may wait for seconds.
    database.exec('PRAGMA busy_timeout = 30000');
    return createMemoryStore(database, options);
  });
  if (setAside === undefined) return store;
  return { ...store, notice: `Fast Memory was damaged and begins anew; the old file is kept as ${setAside}.` };
}
