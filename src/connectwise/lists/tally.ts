import type { ListProgress } from './list-end.ts';

/** Of the rows of a page, those that are handed on. */
export type Take = (rows: readonly unknown[]) => readonly unknown[];

/** What has been read so far. Ids are kept, rows are not. */
export interface Tally {
  readonly progress: ListProgress;
  /** Rows were left out because there were more than wanted. */
  readonly isCut: boolean;
  setTotal(total: number): void;
  /** The rows that are new and within the number wanted. */
  take: Take;
}

export function createTally(maxRecords: number, onProgress?: (progress: ListProgress) => void): Tally {
  const seen = new Set<number>();
  const isNew = (row: unknown) => {
    const id = idOf(row);
    if (id === undefined) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  };
  let progress: ListProgress = { pages: 0, rows: 0 };
  let isCut = false;
  return {
    get isCut() {
      return isCut;
    },
    get progress() {
      return progress;
    },
    setTotal(total) {
      progress = { ...progress, total };
    },
    take(rows) {
      const fresh = rows.filter(isNew);
      const taken = fresh.slice(0, maxRecords - progress.rows);
      isCut ||= taken.length < fresh.length;
      progress = { ...progress, pages: progress.pages + 1, rows: progress.rows + taken.length };
      onProgress?.(progress);
      return taken;
    },
  };
}

export function idOf(row: unknown): number | undefined {
  const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}
