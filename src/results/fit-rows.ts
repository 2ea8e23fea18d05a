import { fitInto, jsonBytes, keepFirst } from '../core/budget.ts';
import type { Cell, Table } from './table.ts';

export interface FittedRows extends Table {
  /** Whether texts were cut. */
  cut: boolean;
  /** Columns that did not fit. */
  moreColumns: number;
}

/** Longest text of a cell, from gentle to harsh. */
const lengths: readonly number[] = [4000, 1000, 400, 200, 120];
/** A shorter text says too little: then rows are left out. */
const shortestText = 120;

/**
 * As many whole rows as fit into `maxBytes`, by the larger of their JSON and their text. Texts are cut before rows are
 * left out, down to `shortest` characters; at least one row is returned. Columns are left out only where their names
 * take half of the bytes.
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
  const kept = fitInto<readonly Cell[][], number, Cell[][]>(rows, maxBytes - sizeOfRow(columns), {
    steps: [Number.POSITIVE_INFINITY, ...lengths.filter((length) => length > shortest), shortest],
    apply: (all, length, room) => (length === shortest ? keepRows(all, length, room) : cutRows(all, length)),
    sizeOf: sizeOfRows,
  });
  return { columns, rows: kept, cut: isCut(rows, kept) };
}

/** The first rows that fit; where not even one does, its texts are cut further. */
function keepRows(rows: readonly Cell[][], length: number, room: number): Cell[][] {
  const kept = keepFirst(cutRows(rows, length), room, sizeOfRow);
  if (kept.length !== 1 || sizeOfRows(kept) <= room) return kept;
  return fitInto<readonly Cell[][], number, Cell[][]>(rows.slice(0, 1), room, {
    steps: [200, 60, 20, 5],
    apply: cutRows,
    sizeOf: sizeOfRows,
  });
}

function cutRows(rows: readonly Cell[][], maxLength: number): Cell[][] {
  const cut = (cell: Cell): Cell =>
    typeof cell === 'string' && cell.length > maxLength ? `${cell.slice(0, maxLength - 1).toWellFormed()}…` : cell;
  return rows.map((row) => row.map(cut));
}

const isCut = (all: readonly Cell[][], kept: readonly Cell[][]) =>
  kept.some((row, index) => row.some((cell, column) => cell !== all[index]?.[column]));

const sizeOfRows = (rows: readonly Cell[][]) => rows.reduce((sum, row) => sum + sizeOfRow(row), 0);

/**
 * Bytes of a row in the larger of its two forms: in text a cell ends with ` | ` and null is empty; in JSON texts have
 * quotes, and backslashes where they need them.
 */
export function sizeOfRow(row: readonly Cell[]): number {
  const json = jsonBytes(row) + 1;
  const text = row.reduce<number>((sum, cell) => sum + (cell === null ? 0 : Buffer.byteLength(String(cell))) + 3, 1);
  return Math.max(json, text);
}
