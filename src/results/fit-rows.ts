import type { Cell, Table } from './table.ts';

export interface FittedRows extends Table {
  /** Whether texts were cut. */
  cut: boolean;
  /** Columns that did not fit. */
  moreColumns: number;
}

/** Longest text of a cell, from gentle to harsh. */
const steps: readonly number[] = [Number.POSITIVE_INFINITY, 4000, 1000, 400, 200, 120, 60];
/** Below this a text says too little: then rows go. */
const shortestText = 120;

/**
 * As many whole rows as fit into a size in bytes of the larger of their JSON and their text. Texts are cut before rows
 * are left out, down to `shortest` characters; a single row is always there. Columns are left out only where their names
 * alone take half of the room.
 */
export function fitRows(table: Table, maxBytes: number, { shortest = shortestText } = {}): FittedRows {
  const count = countFitting(table.columns, maxBytes / 2);
  const moreColumns = table.columns.length - count;
  if (moreColumns === 0) return { ...fitWhole(table, maxBytes, shortest), moreColumns };
  const kept = { columns: table.columns.slice(0, count), rows: table.rows.map((row) => row.slice(0, count)) };
  return { ...fitWhole(kept, maxBytes, shortest), moreColumns };
}

function countFitting(columns: readonly string[], maxBytes: number): number {
  let bytes = 0;
  const beyond = columns.findIndex((name) => {
    bytes += sizeOfRow([name]);
    return bytes > maxBytes;
  });
  return beyond < 0 ? columns.length : Math.max(beyond, 1);
}

function fitWhole({ columns, rows }: Table, maxBytes: number, shortest: number): Omit<FittedRows, 'moreColumns'> {
  const fitsAt = steps.find((length) => length >= shortest && sizeOf(columns, cutRows(rows, length)) <= maxBytes);
  if (fitsAt !== undefined) {
    const cut = cutRows(rows, fitsAt);
    return { columns, rows: cut, cut: isCut(rows, cut) };
  }
  const cut = cutRows(rows, shortest);
  const kept: Cell[][] = [];
  let bytes = sizeOfRow(columns);
  for (const row of cut) {
    bytes += sizeOfRow(row);
    if (bytes > maxBytes) break;
    kept.push(row);
  }
  if (kept.length === 0) kept.push(...shrinkFirst(columns, rows, maxBytes));
  return { columns, rows: kept, cut: isCut(rows, kept) };
}

function shrinkFirst(columns: readonly string[], rows: readonly Cell[][], maxBytes: number): Cell[][] {
  const first = rows.slice(0, 1);
  const length =
    [1000, 400, 200, 60, 20, 5].find((candidate) => sizeOf(columns, cutRows(first, candidate)) <= maxBytes) ?? 5;
  return cutRows(first, length);
}

function cutRows(rows: readonly Cell[][], maxLength: number): Cell[][] {
  const cut = (cell: Cell): Cell =>
    typeof cell === 'string' && cell.length > maxLength ? `${cell.slice(0, maxLength - 1).toWellFormed()}…` : cell;
  return rows.map((row) => row.map(cut));
}

const isCut = (all: readonly Cell[][], kept: readonly Cell[][]) =>
  kept.some((row, index) => row.some((cell, column) => cell !== all[index]?.[column]));

const sizeOf = (columns: readonly string[], rows: readonly Cell[][]) =>
  rows.reduce((sum, row) => sum + sizeOfRow(row), sizeOfRow(columns));

/** In text a cell ends with ` | ` and nothing stands for null; in JSON texts have quotes and what needs it a backslash. */
function sizeOfRow(row: readonly Cell[]): number {
  const json = Buffer.byteLength(JSON.stringify(row)) + 1;
  const text = row.reduce<number>((sum, cell) => sum + (cell === null ? 0 : Buffer.byteLength(String(cell))) + 3, 1);
  return Math.max(json, text);
}
