import { isPostOnly, type Member, type Schema } from '../catalog/index.ts';
import { visitInParts } from '../core/async.ts';
import { keepFirst } from '../core/budget.ts';
import { isRecord } from '../core/json.ts';
import { sizeOfRow } from './fit-rows.ts';
import { tidyRecord } from './record-text.ts';
import type { Column, SqlValue } from './store/columns.ts';
import { createLayout, layOut, namedColumns, parentColumn, recordColumn } from './store/columns.ts';
import type { Cell, Table } from './table.ts';

interface RecordSchemas {
  schema: Schema | undefined;
  findSchema(name: string): Schema | undefined;
}

export interface ProfileOptions extends RecordSchemas {
  /** Size of the table that is answered, about 700 tokens unless given. */
  maxBytes?: number;
}

export interface Profile extends Table {
  /** Rows that were read for it. */
  rowsRead: number;
}

/** Reading more rows would hardly change the profile. */
const maxRows = 10_000;
/** More different values are not counted. */
const maxDistinct = 1_000;
const topCount = 5;
const maxValueLength = 30;

/** Counts of one column. */
interface Tally {
  column: Column;
  /** As SQL names the column. */
  name: string;
  filled: number;
  counts: Map<SqlValue, number>;
  least: SqlValue;
  most: SqlValue;
  sum: number;
  length: number;
}

/**
 * A profile of records: for each column, named as in the stored table, its type, the share of empty cells in percent, and
 * the most frequent values with their counts, or the range. Columns that queries are likely to use come first.
 */
export async function profileRecords(records: readonly unknown[], options: ProfileOptions): Promise<Profile> {
  const layout = createLayout(options.schema, options.findSchema, [recordColumn]);
  const tallies: Tally[] = [];
  const read = records.slice(0, maxRows);
  await visitInParts(read, (record) => {
    const { values } = layOut(layout, toRecord(tidyRecord(record, { keepEmpty: true })));
    for (const column of layout.columns.slice(tallies.length)) tallies.push(startTally(column));
    for (const tally of tallies) add(tally, values[tally.column.index] ?? null);
  });
  for (const { name, column, isAgain } of namedColumns(layout)) {
    const tally = tallies[column.index];
    if (tally !== undefined && !isAgain) tally.name = name;
  }
  const ordered = orderTallies(tallies, new Set(tallies.map(({ name }) => name)));
  const rows = ordered.map((tally): Cell[] => [
    tally.name,
    typeOf(tally),
    Math.round((1 - tally.filled / read.length) * 100),
    describeValues(tally),
  ]);
  const columns = ['column', 'type', 'empty %', 'values'];
  // Later columns go before values are cut.
  const room = (options.maxBytes ?? 2_800) - sizeOfRow(columns);
  return { columns, rows: keepFirst(rows, room, sizeOfRow), rowsRead: read.length };
}

/** A scalar as a record of one member. */
const toRecord = (value: unknown) => (isRecord(value) ? value : { value });

const startTally = (column: Column): Tally => ({
  column,
  name: column.name,
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
function isUseful({ name, filled }: Tally, names: ReadonlySet<string>): boolean {
  if (filled === 0) return false;
  if (name.startsWith('_info_')) return false;
  const parent = /^(.+)_(id|identifier)$/.exec(name)?.[1];
  return parent === undefined || !names.has(`${parent}_name`);
}

const isFlag = ({ column: { kind } }: Tally) => kind === 'flag' || kind === 'any-flag';

const isDate = ({ column: { kind } }: Tally) => kind === 'instant' || kind === 'day';

/** More columns to group by would leave no room for dates and amounts. */
const firstGroups = 10;

/** In the order of use: columns that reports group by, then dates and amounts, then columns that differ in each row. */
function orderTallies(tallies: readonly Tally[], names: ReadonlySet<string>): Tally[] {
  const useful = withoutRepeats(tallies.filter((tally) => isUseful(tally, names)));
  const isFine = ({ counts }: Tally) => (counts.size > 50 ? 1 : 0);
  const groups = useful.filter((tally) => rank(tally) === 1).sort((a, b) => isFine(a) - isFine(b));
  const first = new Set(groups.slice(0, firstGroups));
  const place = (tally: Tally) => (first.has(tally) || rank(tally) !== 1 ? rank(tally) : 4);
  return useful.sort((a, b) => place(a) - place(b));
}

/** Without columns that repeat the values of an earlier one, such as the name of a contact beside the contact. */
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
  const { column, name, counts, filled } = tally;
  if (name === 'id') return 0;
  if (counts.size === 1) return 6;
  if (isDate(tally)) return 2;
  if (typeof tally.least !== 'string') return isFlag(tally) ? 2 : isIdOf(column) ? 5 : 3;
  const isGroup = counts.size <= Math.max(12, filled / 3) && counts.size < maxDistinct;
  return isLong(tally) ? 5 : isGroup ? 1 : 4;
}

const isIdOf = ({ name }: Column) => /(^|_)id$|Id$/.test(name);

const isLong = ({ length, filled }: Tally) => length / filled > 60;

function typeOf(tally: Tally): string {
  if (tally.column.kind === 'instant') return 'date-time';
  if (tally.column.kind === 'day') return 'date';
  if (isFlag(tally)) return 'true/false';
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
  // No value is frequent.
  if ((top[0]?.[1] ?? 0) <= 1 && counts.size > topCount) return `${many} different, such as ${clip(top[0]?.[0] ?? '')}`;
  const write = (value: SqlValue) => (isFlag(tally) && Number(value) < 2 ? String(Number(value) === 1) : clip(value));
  const shown = top.map(([value, count]) => `${write(value)}: ${count}`).join(', ');
  return counts.size > top.length ? `${shown}, … (${many} values)` : shown;
}

const round = (value: number) => Math.round(value * 100) / 100;

function clip(value: SqlValue): string {
  const text = String(value).replace(/\s+/g, ' ').trim();
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength - 1).toWellFormed()}…` : text;
}

/** An array of records, which is a table beside theirs. */
export interface ArrayTable {
  /** Last part of the table's name, after `_`. */
  part: string;
  columns: readonly string[];
}

/** The tables that the arrays of these records become. */
export function findArrays(records: readonly unknown[], { schema, findSchema }: RecordSchemas): ArrayTable[] {
  const layout = createLayout(schema, findSchema, [recordColumn]);
  for (const record of records.filter(isRecord)) {
    for (const [part, elements] of layOut(layout, record).children) {
      const inner = layout.children.get(part);
      if (inner !== undefined) for (const element of elements) layOut(inner, toRecord(element));
    }
  }
  return [...layout.children].map(([part, inner]) => ({
    part,
    columns: [parentColumn, ...inner.columns.map(({ name }) => name)],
  }));
}

/**
 * Members that no record fills, of those asked for, else of the schema: a filter on one holds for all records or for none.
 * Those that `mentioned` holds come first.
 */
export function findEmptyMembers(
  records: readonly unknown[],
  { schema, asked, mentioned }: { schema: Schema | undefined; asked: readonly string[]; mentioned: string },
): string[] {
  if (records.length === 0) return [];
  // Custom fields have captions.
  const isPromised = (member: Member) => !/^(_info|customFields)$/.test(member.name) && !isPostOnly(member);
  // References, amounts, flags and dates are filtered and added up more than texts are.
  const isText = ({ type, format }: Member) => (type === 'string' && format === undefined ? 1 : 0);
  const promised = schema?.members.filter(isPromised).toSorted((one, other) => isText(one) - isText(other));
  const paths = asked.length > 0 ? asked : (promised ?? []).map(({ name }) => name);
  const known = new Map(schema?.members.map(({ name }) => [name.toLowerCase(), name]));
  const read = records.filter(isRecord);
  // Records may have very many members: those of the schema are looked up, and only for others all are gone through.
  const isFilled = (wanted: string) => {
    const name = known.get(wanted);
    if (name !== undefined) return read.some((record) => !isBlank(record[name]));
    return read.some((record) =>
      Object.keys(record).some((one) => one.toLowerCase() === wanted && !isBlank(record[one])),
    );
  };
  const empty = paths.filter((path) => {
    const [first = '', ...rest] = path.toLowerCase().split('/');
    if (!isFilled(first)) return true;
    return rest.length > 0 && records.every((record) => isBlank(valueAt(record, [first, ...rest])));
  });
  const words = new Set(mentioned.toLowerCase().match(/[a-z_]\w*/g));
  const isMentioned = (path: string) => words.has(path.split('/')[0]?.toLowerCase() ?? '');
  return [...empty.filter(isMentioned), ...empty.filter((path) => !isMentioned(path))];
}

/** @param path in lower case */
function valueAt(value: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined || !isRecord(value)) return first === undefined ? value : undefined;
  const name = Object.keys(value).find((one) => one.toLowerCase() === first);
  // An array is filled where it has elements, whatever they hold.
  const next = name === undefined ? undefined : value[name];
  return Array.isArray(next) ? next : valueAt(next, rest);
}

const isBlank = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
