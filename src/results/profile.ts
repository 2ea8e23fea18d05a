import type { Schema } from '../catalog/index.ts';
import { keepFirst } from '../core/budget.ts';
import { isRecord } from '../core/json.ts';
import { sizeOfRow } from './fit-rows.ts';
import type { Column, SqlValue } from './store/column.ts';
import { createLayout, layOut, recordColumn } from './store/layout.ts';
import type { Cell, Table } from './table.ts';

export interface ProfileOptions {
  schema: Schema | undefined;
  findSchema(name: string): Schema | undefined;
  /** Size of the table that is answered, about 700 tokens unless given. */
  maxBytes?: number;
}

export interface Profile extends Table {
  /** Rows that were looked at. */
  rowsRead: number;
}

/** More would keep the process from other work for longer than it tells more. */
const maxRows = 10_000;
/** Above this a count of different values says nothing more. */
const maxDistinct = 1_000;
const topCount = 5;
const maxValueLength = 30;

/** What a column of records holds. */
interface Tally {
  column: Column;
  filled: number;
  counts: Map<SqlValue, number>;
  least: SqlValue;
  most: SqlValue;
  sum: number;
  length: number;
}

/**
 * What the columns of records hold, in the names of the stored table, columns worth asking about first: type, share of
 * empty cells in percent, and the most frequent values with their counts, or the range.
 */
export function profileRecords(records: readonly unknown[], options: ProfileOptions): Profile {
  const layout = createLayout(options.schema, options.findSchema, [recordColumn]);
  const tallies: Tally[] = [];
  const read = records.slice(0, maxRows);
  for (const record of read) {
    const { values } = layOut(layout, isRecord(record) ? record : { value: record });
    for (const column of layout.columns.slice(tallies.length)) tallies.push(startTally(column));
    for (const tally of tallies) add(tally, values[tally.column.index] ?? null);
  }
  const told = orderTallies(tallies, new Set(layout.columns.map(({ name }) => name)));
  const rows = told.map((tally): Cell[] => [
    tally.column.name,
    typeOf(tally),
    Math.round((1 - tally.filled / read.length) * 100),
    describeValues(tally),
  ]);
  const columns = ['column', 'type', 'empty %', 'values'];
  // Later columns go before values are cut.
  const room = (options.maxBytes ?? 2_800) - sizeOfRow(columns);
  return { columns, rows: keepFirst(rows, room, sizeOfRow), rowsRead: read.length };
}

const startTally = (column: Column): Tally => ({
  column,
  filled: 0,
  counts: new Map(),
  least: null,
  most: null,
  sum: 0,
  length: 0,
});

function add(tally: Tally, value: SqlValue): void {
  if (value === null || value === '') return;
  tally.filled += 1;
  const count = tally.counts.get(value);
  if (count !== undefined || tally.counts.size < maxDistinct) tally.counts.set(value, (count ?? 0) + 1);
  if (tally.least === null || value < tally.least) tally.least = value;
  if (tally.most === null || value > tally.most) tally.most = value;
  if (typeof value === 'string') tally.length += value.length;
  else tally.sum += Number(value);
}

/** Not what is empty throughout, nor an id or identifier that only repeats a name beside it. */
function isWorthAsking({ column: { name }, filled }: Tally, names: ReadonlySet<string>): boolean {
  if (filled === 0) return false;
  if (name.startsWith('info_')) return false;
  const parent = /^(.+)_(id|identifier)$/.exec(name)?.[1];
  return parent === undefined || !names.has(`${parent}_name`);
}

const isDate = ({ column: { kind } }: Tally) => kind === 'instant' || kind === 'day';

/** More columns to group by than this leave no room for dates and amounts. */
const firstGroups = 10;

/** What is worth asking about: what reports group by, then when and how much, then what is different in each row. */
function orderTallies(tallies: readonly Tally[], names: ReadonlySet<string>): Tally[] {
  const told = withoutRepeats(tallies.filter((tally) => isWorthAsking(tally, names)));
  const isFine = ({ counts }: Tally) => (counts.size > 50 ? 1 : 0);
  const groups = told.filter((tally) => rank(tally) === 1).sort((a, b) => isFine(a) - isFine(b));
  const first = new Set(groups.slice(0, firstGroups));
  const place = (tally: Tally) => (first.has(tally) || rank(tally) !== 1 ? rank(tally) : 4);
  return told.sort((a, b) => place(a) - place(b));
}

/** The same values as often as in a column before: the name of a contact beside the contact, say. */
function withoutRepeats(tallies: readonly Tally[]): Tally[] {
  const seen = new Set<string>();
  return tallies.filter((tally) => {
    const key = `${tally.counts.size}/${tally.filled}/${describeValues(tally)}`;
    if (tally.counts.size > 1 && seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function rank(tally: Tally): number {
  const { column, counts, filled } = tally;
  if (column.name === 'id') return 0;
  if (counts.size === 1) return 6;
  if (isDate(tally)) return 2;
  if (typeof tally.least !== 'string') return column.kind === 'flag' ? 2 : isIdOf(column) ? 5 : 3;
  const isGroup = counts.size <= Math.max(12, filled / 3) && counts.size < maxDistinct;
  return isLong(tally) ? 5 : isGroup ? 1 : 4;
}

const isIdOf = ({ name }: Column) => /(^|_)id$|Id$/.test(name);

const isLong = ({ length, filled }: Tally) => length / filled > 60;

function typeOf(tally: Tally): string {
  if (tally.column.kind === 'instant') return 'date-time';
  if (tally.column.kind === 'day') return 'date';
  if (tally.column.kind === 'flag') return '0/1';
  return typeof tally.least === 'string' ? 'text' : 'number';
}

function describeValues(tally: Tally): string {
  const { counts, least, most, sum, filled } = tally;
  const many = counts.size >= maxDistinct ? `${maxDistinct} or more` : String(counts.size);
  if (isDate(tally)) return `${least} … ${most}`;
  if (isLong(tally)) return `${many} different texts`;
  if (isIdOf(tally.column)) return `${least} … ${most}`;
  const isFew = counts.size <= 12 || (typeof least === 'string' && counts.size <= filled / 2);
  if (typeof least !== 'string' && !isFew) return `${least} … ${most}, sum ${round(sum)}`;
  const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, counts.size > 50 ? 3 : topCount);
  // Each value in a row or two of its own: none is the most frequent.
  if ((top[0]?.[1] ?? 0) <= 1 && counts.size > topCount) return `${many} different, such as ${clip(top[0]?.[0] ?? '')}`;
  const shown = top.map(([value, count]) => `${clip(value)}: ${count}`).join(', ');
  return counts.size > top.length ? `${shown}, … (${many} values)` : shown;
}

const round = (value: number) => Math.round(value * 100) / 100;

function clip(value: SqlValue): string {
  const text = String(value).replace(/\s+/g, ' ').trim();
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength - 1).toWellFormed()}…` : text;
}
