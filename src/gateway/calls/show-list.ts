import type { Endpoint } from '../../catalog/index.ts';
import type { ConnectWiseRequest } from '../../connectwise/client.ts';
import { findMember } from '../../connectwise/query-members.ts';
import { fitInto, jsonBytes } from '../../core/budget.ts';
import { isRecord } from '../../core/json.ts';
import { fitRows } from '../../results/fit-rows.ts';
import { hideColumns } from '../../results/hide-columns.ts';
import { showLocalDates } from '../../results/local-dates.ts';
import { type Profile, profileRecords } from '../../results/profile.ts';
import { tidyRecord } from '../../results/record-text.ts';
import { fitTable, usualCellLength } from '../../results/table.ts';
import type { ToolContext } from '../tools/tool.ts';
import { asksForInfo } from './read.ts';
import type { ListReading } from './read-list.ts';
import type { Advice, CallResult, ShownRows } from './result.ts';

type RowsResult = Extract<CallResult, { what: 'rows' }>;

export interface ListParts {
  context: ToolContext;
  endpoint: Endpoint | undefined;
  request: ConnectWiseRequest;
  reading: ListReading;
  /** Tokens that the whole reply may take, as text and as JSON; absent for a reader that asks the table itself. */
  maxTokens?: number;
  /** One SELECT over `it`, the rows that were read, in place of the rows themselves. */
  sql?: string;
  signal: AbortSignal;
}

/** Bytes of the lines around the rows: outcome, notes, names of columns, the next step. */
export const aroundBytes = 1_400;

/** A list with as many whole rows as a reply has room for, or what a statement over them answers. */
export async function listOutput(parts: ListParts): Promise<CallResult> {
  const { request, reading, maxTokens, sql } = parts;
  const { query = {} } = request;
  if (maxTokens === undefined) return { ...rowsResult(reading), advice: adviseOnRows(reading, reading.rows) };
  if (sql !== undefined && reading.table) return queryOutput({ ...parts, maxTokens }, sql, reading.table.name);
  const asked = namesIn(findMember(query, 'fields') ?? findMember(query, 'columns') ?? '');
  const maxBytes = maxTokens * 4 - aroundBytes;
  const records = await readable(parts, reading.first.slice(0, glance));
  let whole = fitTable(records, { asked, maxBytes });
  // A long text that was asked for is shown whole where there is room: it may be all that is wanted.
  if (asked.length > 0 && reading.rows <= glance) {
    whole = fitInto(records, maxBytes, {
      steps: textLengths,
      apply: (all, maxCellLength) => fitTable(all, { asked, maxBytes, maxCellLength }),
      sizeOf: ({ rows }) => (rows.length === records.length ? jsonBytes(rows) : Number.POSITIVE_INFINITY),
    });
  }
  // Only short rows get here: most lists are seen not to fit by their first rows.
  if (whole.rows.length === glance && reading.rows > glance) {
    whole = fitTable(await readable(parts, reading.first.slice(0, maxBytes / leastRowBytes)), { asked, maxBytes });
  }
  const all = whole.rows.length >= reading.rows;
  const { columns, rows, moreColumns } = all
    ? whole
    : fitTable(records, { asked, maxBytes: maxBytes * rowShare, maxRows });
  const shown: ShownRows = {
    as: 'rows',
    table: { columns, rows },
    moreColumns,
    ...(all ? {} : { profile: await profileOf(parts, maxBytes * (1 - rowShare)) }),
  };
  return { ...rowsResult(reading), shown, advice: adviseOnRows(reading, rows.length) };
}

/** Longest text of a cell, from gentle to that of any list. */
const textLengths = [Number.POSITIVE_INFINITY, 4_000, 1_000, 400, usualCellLength] as const;

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
async function profileOf({ context, endpoint, reading }: ListParts, maxBytes: number): Promise<Profile> {
  const records = tidyRecord(reading.first, { keepEmpty: true }) as unknown[];
  return profileRecords(records, { ...(await schemasOf(context, endpoint)), maxBytes });
}

/** The answer of a statement over the rows that were read. */
async function queryOutput(
  { context, reading, maxTokens, signal }: ListParts & { maxTokens: number },
  sql: string,
  name: string,
): Promise<CallResult> {
  const store = await context.results();
  const result = await store.query(sql, { maxRows: queryRows, it: name, signal });
  const { columns, rows, cut, moreColumns } = fitRows(hideColumns(result, sql), maxTokens * 4 - aroundBytes);
  const hasMore = rows.length < result.rows.length || !result.complete || moreColumns > 0;
  // What this very call read speaks for itself; a joined table that is not whole makes the answer partial all the same.
  const gaps = result.tables.filter((one) => one.name !== name && one.state !== 'complete');
  const whole = rowsResult(reading);
  return {
    ...whole,
    state: whole.state === 'complete' && gaps.length > 0 ? 'partial' : whole.state,
    shown: { as: 'statement', of: whole.state, table: { columns, rows }, cut, moreColumns, hasMore, gaps },
    advice: hasMore ? [{ kind: 'query_all', table: name }] : [],
  };
}

/** Rows of a statement at most; the budget of the reply cuts first in most cases. */
const queryRows = 200;

const namesIn = (list: string) => list.split(',').flatMap((name) => name.trim() || []);

/** A reading as the result of a call; whoever shows rows of it adds them, and what else can be done. */
export function rowsResult({ rows, end, table }: ListReading): RowsResult {
  const { state = 'reading', total, reason } = end ?? {};
  return {
    what: 'rows',
    state,
    rows,
    ...(total === undefined ? {} : { total }),
    ...(reason === undefined ? {} : { reason }),
    ...(table === undefined ? {} : { table: table.name }),
    notes: describeRemarks(rows, end),
    advice: [],
  };
}

/** What reads the rest, or asks the rows that are kept and not shown. */
export function adviseOnRows({ rows, end, table }: ListReading, shown: number): Advice[] {
  if (end === undefined) return [{ kind: 'see_reading', ...(table === undefined ? {} : { table: table.name }) }];
  const isHidden = shown < rows && table !== undefined;
  return [
    ...(end.advice === undefined ? [] : [end.advice]),
    ...(isHidden ? [{ kind: 'query_table', table: table.name, rows } as const] : []),
  ];
}

/** What the reading met, and what an empty list does not prove. */
function describeRemarks(rows: number, end: ListReading['end']): string[] {
  const empty = 'No rows among what this login may see; an empty list does not prove that there are none.';
  return [...(end?.notes ?? []), ...(rows === 0 ? [empty] : [])];
}

/** An answer of an endpoint, or rows of it, with dates as the user reads them. */
export async function showDates(
  context: ToolContext,
  endpoint: Endpoint | undefined,
  answer: unknown,
): Promise<unknown> {
  return showLocalDates(answer, { ...(await schemasOf(context, endpoint)), zone: await context.zone() });
}

/** What an endpoint answers with, and where the schemas are that it refers to. */
async function schemasOf(context: ToolContext, endpoint: Endpoint | undefined) {
  const catalog = await context.catalog();
  const name = endpoint?.response?.schema;
  return {
    schema: name === undefined ? undefined : catalog.findSchema(name),
    findSchema: (wanted: string) => catalog.findSchema(wanted),
  };
}
