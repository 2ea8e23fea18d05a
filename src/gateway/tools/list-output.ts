import type { Endpoint } from '../../catalog/index.ts';
import { findMember } from '../../connectwise/query-members.ts';
import { isRecord } from '../../core/json.ts';
import { describeGaps } from '../../results/describe-table.ts';
import { fitRows } from '../../results/fit-rows.ts';
import { hideColumns } from '../../results/hide-columns.ts';
import { showLocalDates } from '../../results/local-dates.ts';
import { profileRecords } from '../../results/profile.ts';
import { tidyRecord } from '../../results/record-text.ts';
import { fitTable } from '../../results/table.ts';
import { asksForInfo, type CallOutput } from './call-output.ts';
import { adviseNext, describeOutcome, describeRemarks } from './describe-reading.ts';
import type { ReadRequest } from './read-endpoint.ts';
import type { ListReading } from './read-list.ts';
import type { ToolContext } from './tool.ts';

export interface ListParts {
  context: ToolContext;
  endpoint: Endpoint | undefined;
  request: ReadRequest;
  reading: ListReading;
  /** Tokens that the whole reply may take, as text and as JSON. */
  maxTokens: number;
  /** One SELECT over `it`, the rows that were read, in place of the rows themselves. */
  sql?: string;
  signal: AbortSignal;
}

/** Bytes of the lines around the rows: outcome, notes, names of columns, the next step. */
export const aroundBytes = 1_400;

/** A list: COMPLETE or PARTIAL first, then as many whole rows as fit. */
export async function listOutput(parts: ListParts): Promise<CallOutput> {
  const { request, reading, maxTokens, sql } = parts;
  if (sql !== undefined && reading.table) return queryOutput(parts, sql, reading.table.name);
  const asked = namesIn(findMember(request.query, 'fields') ?? findMember(request.query, 'columns') ?? '');
  const maxBytes = maxTokens * 4 - aroundBytes;
  const records = await readable(parts, reading.first.slice(0, glance));
  let whole = fitTable(records, { asked, maxBytes });
  // A long text that was asked for is shown whole where there is room: it may be all that is wanted.
  if (asked.length > 0 && reading.rows <= glance) {
    const roomy = textSteps.map((maxCellLength) => fitTable(records, { asked, maxBytes, maxCellLength }));
    whole = roomy.find(({ rows }) => rows.length === records.length && fitsIn(rows, maxBytes)) ?? whole;
  }
  // Only short rows get here: most lists are seen not to fit by their first rows.
  if (whole.rows.length === glance && reading.rows > glance) {
    whole = fitTable(await readable(parts, reading.first.slice(0, maxBytes / leastRowBytes)), { asked, maxBytes });
  }
  const all = whole.rows.length >= reading.rows;
  const { columns, rows, moreColumns } = all
    ? whole
    : fitTable(records, { asked, maxBytes: maxBytes * rowShare, maxRows });
  const notes = describeRemarks(reading);
  if (all && moreColumns.length > 0) notes.push(`More columns, for params fields: ${listNames(moreColumns)}.`);
  const next = adviseNext(reading, rows.length);
  return {
    outcome: describeOutcome(reading),
    ...(notes.length > 0 ? { notes } : {}),
    ...(all ? {} : await profileOf(parts, maxBytes * (1 - rowShare))),
    ...(all ? {} : { shown: `the first ${rows.length} of ${reading.rows} rows` }),
    ...(rows.length > 0 ? { table: { columns, rows } } : {}),
    ...(next === undefined ? {} : { next }),
  };
}

/** Longest text of a cell, from gentle to harsh. */
const textSteps = [Number.POSITIVE_INFINITY, 4_000, 1_000, 400];

const fitsIn = (rows: readonly unknown[], maxBytes: number) => Buffer.byteLength(JSON.stringify(rows)) <= maxBytes;

/** Rows that are made readable at first; and what even the shortest row takes. */
const glance = 60;
const leastRowBytes = 8;

/** Records as they are shown: dates in the user's zone, without what is empty, hidden what is secret. */
async function readable(
  { context, endpoint, request }: ListParts,
  rows: readonly unknown[],
): Promise<Record<string, unknown>[]> {
  const shown = await showDates(context, endpoint, rows);
  const tidy = tidyRecord(shown, { keepEmpty: asksForInfo(request) }) as unknown[];
  return tidy.map((row) => (isRecord(row) ? row : { value: row }));
}

/** Where not all rows fit, some show what they look like; what they hold is told by the profile. */
const maxRows = 15;
const rowShare = 0.4;

/** What the columns of the rows hold, in the names that SQL uses. */
async function profileOf({ context, endpoint, reading }: ListParts, maxBytes: number): Promise<Partial<CallOutput>> {
  const catalog = await context.catalog();
  const name = endpoint?.response?.schema;
  const { columns, rows, rowsRead } = profileRecords(tidyRecord(reading.first, { keepEmpty: true }) as unknown[], {
    schema: name === undefined ? undefined : catalog.findSchema(name),
    findSchema: (wanted) => catalog.findSchema(wanted),
    maxBytes,
  });
  const of = rowsRead < reading.rows ? ` of the first ${rowsRead} rows` : '';
  return { profile: { columns, rows }, ...(of === '' ? {} : { profile_of: of.trim() }) };
}

/** The answer of a statement over the rows that were read; whether they are all stands first. */
async function queryOutput(
  { context, reading, maxTokens, signal }: ListParts,
  sql: string,
  name: string,
): Promise<CallOutput> {
  const store = await context.results();
  const result = await store.query(sql, { maxRows: queryRows, it: name, signal });
  const table = fitRows(hideColumns(result, sql), maxTokens * 4 - aroundBytes);
  const isCut = table.rows.length < result.rows.length || !result.complete || table.moreColumns > 0;
  // What this very call read speaks for itself; a joined table that is not whole makes the answer partial all the same.
  const gaps = describeGaps(result.tables.filter((one) => one.name !== name));
  const count = `${table.rows.length} ${table.rows.length === 1 ? 'row' : 'rows'}`;
  const notes = describeRemarks(reading);
  if (table.cut) notes.push('Long texts are cut at …; max_tokens up to 8,000, or fewer rows, show more of them.');
  if (table.moreColumns > 0) notes.push(`${table.moreColumns} more columns do not fit: name those that matter.`);
  const said = `${describeOutcome(reading)} The statement answered ${isCut ? `more than the ${count} shown` : count}.`;
  return {
    outcome: gaps === undefined ? said : `${gaps} ${said}`,
    ...(notes.length > 0 ? { notes } : {}),
    table: { columns: table.columns, rows: table.rows },
    ...(isCut ? { next: `query_results over ${name} with max_rows, or with export, gives them all.` } : {}),
  };
}

/** Rows of a statement at most; the budget of the reply cuts first in most cases. */
const queryRows = 200;

const namesIn = (list: string) => list.split(',').flatMap((name) => name.trim() || []);

const listNames = (names: readonly string[]) => `${names.slice(0, 30).join(', ')}${names.length > 30 ? ', …' : ''}`;

/** Dates as the user reads them. */
async function showDates(
  context: ToolContext,
  endpoint: Endpoint | undefined,
  rows: readonly unknown[],
): Promise<unknown> {
  const catalog = await context.catalog();
  const name = endpoint?.response?.schema;
  const schema = name === undefined ? undefined : catalog.findSchema(name);
  return showLocalDates(rows, {
    schema,
    findSchema: (wanted) => catalog.findSchema(wanted),
    zone: await context.zone(),
  });
}
