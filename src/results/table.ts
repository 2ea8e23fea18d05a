import { jsonBytes, keepFirst } from '../core/budget.ts';
import { isRecord } from '../core/json.ts';

/** Rows of a list as replies show them. A cell is null where the record has no such member. */
export interface Table {
  columns: string[];
  rows: Cell[][];
}

export type Cell = string | number | boolean | null;

/**
 * The columns of records: one for each scalar, named as `conditions` and `fields` name it (`status/name`), one for each
 * custom field by its caption, and arrays as the names of their elements.
 */
export function flattenRecord(record: Record<string, unknown>): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  const visit = (value: unknown, path: string) => {
    if (path === 'customFields' && Array.isArray(value)) visitCustomFields(value);
    else if (Array.isArray(value)) cells.set(path, value.length === 0 ? null : describeArray(value));
    else if (isRecord(value)) for (const [name, member] of Object.entries(value)) visit(member, `${path}/${name}`);
    else cells.set(path, toCell(value));
  };
  const visitCustomFields = (fields: readonly unknown[]) => {
    for (const { caption, id, value } of fields.filter(isRecord))
      cells.set(`customFields/${String(caption ?? id)}`, toCell(value));
  };
  for (const [name, member] of Object.entries(record)) visit(member, name);
  return cells;
}

const isCell = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const toCell = (value: unknown): Cell => (isCell(value) ? value : null);

/** The names of more elements would be a text that nobody reads. */
const namedAtMost = 1_000;

/** An array in one cell: the names of its elements (`Client, Vendor`), or how many there are, `[2]`. */
export function describeArray(values: readonly unknown[]): string {
  if (values.length > namedAtMost) return `[${values.length}]`;
  const names = values.map(nameOf);
  return names.every((name) => name !== undefined) ? names.join(', ') : `[${values.length}]`;
}

/** What a person calls an element of an array: its name, or a value with what it is, such as `Email: jo@acme.com`. */
function nameOf(element: unknown): string | undefined {
  if (!isRecord(element)) return isCell(element) ? String(element) : undefined;
  const { name, identifier, caption, type, value } = element;
  if (isCell(value) && value !== '') {
    const what = [caption, isRecord(type) ? type.name : undefined, name].find(isCell);
    return what === undefined ? String(value) : `${what}: ${value}`;
  }
  const called = [name, identifier].find((one) => isCell(one) && one !== '');
  return called === undefined ? undefined : String(called);
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
      if (found.length > 0) return found;
      // Conditions take the dates of `_info` without it (CW 2.2.13). Where every row is empty, that is the answer.
      return names.filter((name) => name.toLowerCase() === `_info/${wanted}`)[0] ?? path;
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
  if (/^(customFields|_info)\//.test(name)) return false;
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
  // When a record was entered is offered, and takes no room before it is asked for.
  const plain = candidates.filter((name) => !name.startsWith('_info/'));
  const columns = asked.length > 0 ? candidates : plain.slice(0, maxColumns);
  // Rows are made one after the other: of a long list most are never shown.
  function* toRows(): Generator<Cell[]> {
    for (const record of flat.slice(0, maxRows))
      yield columns.map((name) => clip(record.get(name) ?? null, maxCellLength));
  }
  const rows = keepFirst(toRows(), maxBytes - jsonBytes(columns), (row) => jsonBytes(row) + 1);
  const shown = new Set(columns);
  const more = asked.length > 0 ? [] : candidates.filter((name) => !shown.has(name));
  // `fields` takes custom fields together only.
  const moreColumns = [...new Set(more.map((name) => name.replace(/^customFields\/.*/s, 'customFields')))];
  return { columns, rows, moreColumns };
}

function clip(cell: Cell, maxLength: number): Cell {
  if (typeof cell !== 'string') return cell;
  const line = cell.replace(/\s+/g, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).toWellFormed()}…` : line;
}

export interface HiddenColumns extends Table {
  /** Columns left out because no row has a value there. */
  empty: string[];
}

/**
 * Rows of a query without the columns that `*` returns and the query does not name: the whole record as JSON, the second
 * name of a column of `_info`, and columns that are empty in every row.
 */
export function hideColumns(table: Table, sql: string): HiddenColumns {
  const { columns, rows } = table;
  if (!/\*/.test(sql)) return { columns, rows, empty: [] };
  const isEmpty = (index: number) => rows.length > 0 && rows.every((row) => row[index] === null);
  const whole = shownColumns(columns, sql, (one, other) => rows.every((row) => row[one] === row[other]));
  const kept = whole.filter((index) => !isEmpty(index));
  return {
    columns: kept.map((index) => columns[index] ?? ''),
    rows: rows.map((row) => kept.map((index) => row[index] ?? null)),
    empty: whole.filter(isEmpty).map((index) => columns[index] ?? ''),
  };
}

/**
 * Places of the columns that `hideColumns` leaves, and of those that are empty. A file keeps these: a program that reads
 * it each night finds the same columns each time.
 */
export function shownColumns(
  columns: readonly string[],
  sql: string,
  areSame: (one: number, other: number) => boolean,
): number[] {
  if (!/\*/.test(sql)) return [...columns.keys()];
  const isAgain = (name: string, index: number) => {
    const first = name.startsWith('_info_') && !/_info_/i.test(sql) ? columns.indexOf(name.slice('_info_'.length)) : -1;
    return first >= 0 && areSame(index, first);
  };
  return columns.flatMap((name, index) => {
    if (name === '_record' && !/_record/i.test(sql)) return [];
    return isAgain(name, index) ? [] : [index];
  });
}

/** More names cost more than they say. */
const emptyNamed = 12;

/** One sentence on columns that no row fills; undefined where there are none. */
export function describeEmpty(where: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const more = names.length > emptyNamed ? `, … (${names.length})` : '';
  return `Empty in ${where}: ${names.slice(0, emptyNamed).join(', ')}${more}.`;
}

/** Places of the columns of SQL that `fields` names, in its order: `_` is for `/`, and `cf_` begins custom fields. */
export function findAskedColumns(columns: readonly string[], fields: readonly string[]): number[] {
  const places = fields.flatMap((path) => {
    const wanted = path.trim().replaceAll('/', '_').toLowerCase();
    const inside = wanted === 'customfields' ? 'cf_' : `${wanted}_`;
    const found = columns.flatMap((name, at) => {
      const lower = name.toLowerCase();
      return lower === wanted || lower.startsWith(inside) ? [at] : [];
    });
    return found;
  });
  return [...new Set(places)];
}
