import { jsonBytes, keepFirst } from '../core/budget.ts';
import { isRecord } from '../core/json.ts';

/** Rows of a list as replies show them. A cell is null where the record has no such member. */
export interface Table {
  columns: string[];
  rows: Cell[][];
}

export type Cell = string | number | boolean | null;

/**
 * The columns of records: one for each scalar, named as `conditions` and `fields` name it (`status/name`).
 * Arrays become their length.
 */
export function flattenRecord(record: Record<string, unknown>): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  const visit = (value: unknown, path: string) => {
    if (Array.isArray(value)) cells.set(path, `[${value.length}]`);
    else if (isRecord(value)) for (const [name, member] of Object.entries(value)) visit(member, `${path}/${name}`);
    else cells.set(path, toCell(value));
  };
  for (const [name, member] of Object.entries(record)) visit(member, name);
  return cells;
}

function toCell(value: unknown): Cell {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** Members that people read first in any list, the most important first. */
export const leadingMembers: readonly string[] = [
  'id',
  'parentId',
  'identifier',
  'name',
  'summary',
  'title',
  'caption',
  'firstName',
  'lastName',
  'text',
  'status/name',
  'company/name',
  'board/name',
  'priority/name',
  'owner/identifier',
  'member/identifier',
  'type/name',
  'contact/name',
  'timeStart',
  'actualHours',
  'dateStart',
  'dateEnd',
  'startDate',
  'endDate',
  'requiredDate',
  'date',
  'dueDate',
  'total',
  'balance',
  'quantity',
  'closedFlag',
  'inactiveFlag',
];

/**
 * The columns that matter among all that the records have, best first: those asked for, else names that people
 * look for, then what the records fill most, without ids and codes that only repeat a name.
 */
export function chooseColumns(rows: readonly ReadonlyMap<string, Cell>[], asked: readonly string[]): string[] {
  const filled = new Map<string, number>();
  for (const row of rows) {
    for (const [name, cell] of row) if (cell !== null && cell !== '') filled.set(name, (filled.get(name) ?? 0) + 1);
  }
  const names = [...filled.keys()];
  if (asked.length > 0) {
    return asked.flatMap((path) => {
      const wanted = path.toLowerCase();
      const found = names.filter(
        (name) => name.toLowerCase() === wanted || name.toLowerCase().startsWith(`${wanted}/`),
      );
      // Asked for and empty in every row: the empty column is the answer.
      return found.length > 0 ? found : [path];
    });
  }
  const plain = names.filter((name) => !repeatsName(name, filled));
  const rank = (name: string) => {
    const position = leadingMembers.indexOf(name);
    return position < 0 ? leadingMembers.length : position;
  };
  return plain
    .map((name, order) => ({ name, order, rank: rank(name), share: filled.get(name) ?? 0 }))
    .sort((a, b) => a.rank - b.rank || b.share - a.share || a.order - b.order)
    .map(({ name }) => name);
}

/** `status/id` beside `status/name`; deeper members are details that `fields` can ask for. */
function repeatsName(name: string, filled: ReadonlyMap<string, number>): boolean {
  const [parent, member, ...deeper] = name.split('/');
  if (member === undefined) return false;
  if (deeper.length > 0) return true;
  if (member === 'name') return false;
  return member === 'identifier' ? filled.has(`${parent}/name`) && parent !== 'owner' && parent !== 'member' : true;
}

/** Longest text of a cell unless more is asked for. */
export const usualCellLength = 120;

export interface FitOptions {
  /** Columns asked for by name, in their order. */
  asked: readonly string[];
  /** Bytes that the rows may take, as JSON or as text. */
  maxBytes: number;
  /** Columns shown at most when none were asked for. */
  maxColumns?: number;
  maxCellLength?: number;
  maxRows?: number;
}

export interface FittedTable extends Table {
  /** Columns the records have and the table does not show. */
  moreColumns: string[];
}

/** As many columns and whole rows as fit; never a part of a row. */
export function fitTable(records: readonly Record<string, unknown>[], options: FitOptions): FittedTable {
  const {
    asked,
    maxBytes,
    maxColumns = 8,
    maxCellLength = usualCellLength,
    maxRows = Number.POSITIVE_INFINITY,
  } = options;
  const flat = records.map(flattenRecord);
  const candidates = chooseColumns(flat, asked);
  const columns = asked.length > 0 ? candidates : candidates.slice(0, maxColumns);
  // Rows are made one after the other: of a long list most are never shown.
  function* toRows(): Generator<Cell[]> {
    for (const record of flat.slice(0, maxRows))
      yield columns.map((name) => clip(record.get(name) ?? null, maxCellLength));
  }
  const rows = keepFirst(toRows(), maxBytes - jsonBytes(columns), (row) => jsonBytes(row) + 1);
  const shown = new Set(columns);
  const moreColumns = asked.length > 0 ? [] : candidates.filter((name) => !shown.has(name));
  return { columns, rows, moreColumns };
}

function clip(cell: Cell, maxLength: number): Cell {
  if (typeof cell !== 'string') return cell;
  const line = cell.replace(/\s+/g, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).toWellFormed()}…` : line;
}

/**
 * Rows of a query without the columns that `*` returns and the query does not name: the whole record as JSON, and
 * columns that are empty in every row.
 */
export function hideColumns({ columns, rows }: Table, sql: string): Table {
  const isEmpty = (index: number) => rows.length > 0 && rows.every((row) => row[index] === null);
  const kept = shownColumns(columns, sql, isEmpty);
  return {
    columns: kept.map((index) => columns[index] ?? ''),
    rows: rows.map((row) => kept.map((index) => row[index] ?? null)),
  };
}

/** The columns that `hideColumns` leaves, by index. */
export function shownColumns(columns: readonly string[], sql: string, isEmpty: (index: number) => boolean): number[] {
  if (!/\*/.test(sql)) return [...columns.keys()];
  const isShown = (name: string, index: number) => (name !== '_record' || /_record/i.test(sql)) && !isEmpty(index);
  return columns.flatMap((name, index) => (isShown(name, index) ? [index] : []));
}
