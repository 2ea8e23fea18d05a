import type { Database } from '../../core/storage.ts';

export interface StoreLimits {
  maxRows: number;
  maxBytes: number;
  maxAnswers: number;
}

/**
 * Rows enough for a year of a provider's tickets; more is a question for reports. The process that answers SQL reads
 * the names of all tables whenever there is a new one, so small answers are not kept for ever either.
 */
export const storeLimits: StoreLimits = { maxRows: 200_000, maxBytes: 500_000_000, maxAnswers: 300 };

/** The one unused for longest, so that what was idle for a day goes before what is worked with. */
export function findVictim<T extends { lastUsed: number }>(tables: readonly T[]): T | undefined {
  return tables.reduce<T | undefined>(
    (oldest, table) => (oldest === undefined || table.lastUsed < oldest.lastUsed ? table : oldest),
    undefined,
  );
}

/** Bytes in use: pages of dropped tables stay in the file and are used again. */
export function usedBytes(database: Database): number {
  const read = (pragma: string) => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  return (read('page_count') - read('freelist_count')) * read('page_size');
}
