import type { Cell, Table } from './table.ts';

/** Rows that are read in batches, as often as wanted, so that however many there are, only some are in memory. */
export interface RowSource {
  columns: readonly string[];
  /** How many rows there are. */
  rows: number;
  batches(): AsyncIterable<readonly Cell[][]>;
}

/** The same rows with these of their columns, by index, in this order. */
export function pickColumns(source: RowSource, picked: readonly number[]): RowSource {
  const { columns, rows } = source;
  return {
    columns: picked.map((index) => columns[index] ?? ''),
    rows,
    async *batches() {
      for await (const batch of source.batches()) yield batch.map((row) => picked.map((index) => row[index] ?? null));
    },
  };
}

/** The same rows, each batch changed as it is read. */
export function mapBatches(
  source: RowSource,
  change: (batch: readonly Cell[][]) => readonly Cell[][] | Promise<readonly Cell[][]>,
): RowSource {
  return {
    ...source,
    async *batches() {
      for await (const batch of source.batches()) yield await change(batch);
    },
  };
}

/** The first rows as a table, for a preview. */
export async function firstRows(source: RowSource, count: number): Promise<Table> {
  const rows: Cell[][] = [];
  for await (const batch of source.batches()) {
    rows.push(...batch.slice(0, count - rows.length));
    if (rows.length >= count) break;
  }
  return { columns: [...source.columns], rows };
}
