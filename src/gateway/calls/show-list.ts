import type { Catalog, Endpoint } from '../../catalog/index.ts';
import { type ConnectWiseRequest, findQueryMember } from '../../connectwise/index.ts';
import { fitInto, jsonBytes, keepFirst, weightOf } from '../../core/budget.ts';
import { GatewayError } from '../../core/errors.ts';
import { localTime } from '../../core/iso-time.ts';
import { asArray, defined, isRecord } from '../../core/json.ts';
import {
  type Conversation,
  findArrays,
  findEmptyMembers,
  fitRows,
  fitTable,
  hideColumns,
  type LocalDates,
  type Profile,
  profileRecords,
  readConversation,
  showLocalDates,
  tidyRecord,
  usualCellLength,
} from '../../results/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { ListScope } from './call.ts';
import { askedFields, type ListReading } from './read-list.ts';
import type { Advice, CallResult, ShownRows } from './result.ts';

export interface ListParts {
  context: ToolContext;
  endpoint: Endpoint | undefined;
  request: ConnectWiseRequest;
  reading: ListReading;
  /** Tokens that the whole reply may take, as text and as JSON; absent for a reader that queries the table itself. */
  maxTokens?: number;
  /** One SELECT over `it`, the rows that were read: its rows are shown instead of them. */
  sql?: string;
  signal: AbortSignal;
}

/** A list with as many whole rows as a reply has room for, or the rows of a query over it. */
export async function showList(parts: ListParts): Promise<CallResult> {
  const { reading, maxTokens, sql } = parts;
  if (maxTokens === undefined) return { ...(await rowsResult(parts)), advice: adviseOnRows(reading, reading.rows) };
  if (sql !== undefined && reading.table) return showQuery({ ...parts, maxTokens }, sql, reading.table.name);
  return showRows(parts, maxTokens * 4 - aroundBytes);
}

/** Bytes of the lines around the rows: outcome, notes, names of columns, the next step. */
const aroundBytes = 1_400;

/** Records that are made readable at first; and the bytes that even the shortest row takes. */
const glance = 60;
const leastRowBytes = 8;

/** Rows that are made readable in one go: of more weight than any real ones, and then only the first. */
const readableWeight = 20_000;

function takeLight(rows: readonly unknown[], most: number): readonly unknown[] {
  return keepFirst(rows.slice(0, most), readableWeight, (row) => weightOf(row, readableWeight));
}

/** Longest text of a cell, from gentle to that of any list. */
const textLengths = [Number.POSITIVE_INFINITY, 4_000, 1_000, 400, usualCellLength] as const;

/** Where not all rows fit, some show what they look like, and the profile shows what they hold. */
const maxRows = 15;
const rowShare = 0.4;

async function showRows(parts: ListParts, maxBytes: number): Promise<CallResult> {
  const { request, reading } = parts;
  const asked = askedFields(request) ?? [];
  let { records, days, problem } = await readable(parts, takeLight(reading.first, glance));
  let whole = fitTable(records, { asked, maxBytes });
  // A long text that was asked for is shown whole where there is room: it may be all that is wanted.
  if (asked.length > 0 && reading.rows <= glance) {
    whole = fitInto(records, maxBytes, {
      steps: textLengths,
      apply: (all, maxCellLength) => fitTable(all, { asked, maxBytes, maxCellLength }),
      sizeOf: ({ rows }) => (rows.length === records.length ? jsonBytes(rows) : Number.POSITIVE_INFINITY),
    });
  }
  // Only lists of short rows get here: for most lists the first rows show already that not all fit.
  if (whole.rows.length === glance && reading.rows > glance) {
    ({ records, days, problem } = await readable(parts, takeLight(reading.first, maxBytes / leastRowBytes)));
    whole = fitTable(records, { asked, maxBytes });
  }
  const all = whole.rows.length >= reading.rows;
  const { columns, rows, moreColumns } = all
    ? whole
    : fitTable(records, { asked, maxBytes: maxBytes * rowShare, maxRows });
  const profile = all ? undefined : await profileOf(parts, maxBytes * (1 - rowShare));
  const about = await aboutColumns(parts, asked, all);
  const shown = defined<ShownRows>({ as: 'rows', table: { columns, rows }, moreColumns, ...about, profile });
  const result = await rowsResult(parts);
  const notes = [...(problem === undefined ? [] : [problem]), ...describeDays(columns, days), ...result.notes];
  return { ...result, notes, shown, advice: adviseOnRows(reading, rows.length) };
}

/** One note for all columns that hold days: beside local times a day could be taken for one. */
function describeDays(columns: readonly string[], days: ReadonlySet<string>): string[] {
  const shown = columns.filter((name) => days.has(name));
  return shown.length === 0 ? [] : [`Calendar days, which no zone shifts: ${shown.join(', ')}.`];
}

/** Records as they are shown: dates in the user's zone, empty members and all but the dates of `_info` left out, secrets hidden. */
async function readable(
  { context, endpoint, request }: ListParts,
  rows: readonly unknown[],
): Promise<Omit<LocalDates, 'value'> & { records: Record<string, unknown>[] }> {
  const { value, ...about } = await showDates(context, endpoint, rows);
  const keepEmpty = asksForInfo(request);
  const records = asArray(value).map((row) => {
    const tidy = tidyRecord(row, { keepEmpty });
    if (!isRecord(tidy)) return { value: tidy };
    if (keepEmpty || !isRecord(row) || !isRecord(row._info)) return tidy;
    const { lastUpdated, dateEntered } = row._info;
    return { ...tidy, _info: defined({ lastUpdated, dateEntered }) };
  });
  return { ...about, records };
}

/** Arrays that are described at most. */
const arraysAtMost = 3;

/** Members that no row fills, where the table does not show it, and the tables of the arrays that were asked for. */
async function aboutColumns(
  { context, endpoint, request, reading }: ListParts,
  asked: readonly string[],
  all: boolean,
) {
  const { first, table } = reading;
  const schemas = await schemasOf(context, endpoint);
  const mentioned = findQueryMember(request.query ?? {}, 'conditions') ?? '';
  const empty = all && asked.length > 0 ? [] : findEmptyMembers(first, { schema: schemas.schema, asked, mentioned });
  const names = new Set(asked.map((path) => path.split('/')[0]?.toLowerCase()));
  const arrays = all && asked.length === 0 ? [] : findArrays(takeLight(first, glance), schemas);
  return {
    empty,
    emptyOf: first.length,
    arrays: arrays
      .filter(({ part }) => asked.length === 0 || names.has(part.toLowerCase()))
      .slice(0, arraysAtMost)
      .map(({ part, columns }) => ({ member: part, table: `${table?.name}_${part}`, columns })),
  };
}

/** What the columns of the rows hold, in the names that SQL uses. */
async function profileOf({ context, endpoint, reading }: ListParts, maxBytes: number): Promise<Profile> {
  return profileRecords(reading.first, { ...(await schemasOf(context, endpoint)), maxBytes });
}

/** Rows of a query at most; in most cases the budget of the reply is smaller. */
const queryRows = 200;

async function showQuery(parts: ListParts & { maxTokens: number }, sql: string, name: string): Promise<CallResult> {
  const { context, reading, maxTokens, signal } = parts;
  const store = await context.results();
  const result = await store.query(sql, { maxRows: queryRows, it: name, signal }).catch((error: unknown) => {
    throw describeKept(error, reading);
  });
  const { empty, ...shown } = hideColumns(result, sql);
  const { columns, rows, cut, moreColumns } = fitRows(shown, maxTokens * 4 - aroundBytes);
  const hasMore = rows.length < result.rows.length || !result.complete || moreColumns > 0;
  // The state of this list is in the outcome anyway; another table that is incomplete makes the answer partial too.
  const gaps = result.tables.filter((one) => one.name !== name && one.state !== 'complete');
  const whole = await rowsResult(parts);
  return {
    ...whole,
    state: whole.state === 'complete' && gaps.length > 0 ? 'partial' : whole.state,
    notes: [...whole.notes, ...result.notes],
    shown: { as: 'query', of: whole.state, table: { columns, rows }, cut, empty, moreColumns, hasMore, gaps },
    advice: hasMore ? [{ kind: 'query_all', table: name }] : [],
  };
}

/** An error in the SQL costs no second reading: it says where the rows are kept. */
function describeKept(error: unknown, { rows, table }: ListReading): unknown {
  const isOfSql = error instanceof GatewayError && (error.code === 'invalid_sql' || error.code === 'timed_out');
  if (!isOfSql || rows === 0) return error;
  const { code, message, hint, details } = error;
  const kept = rows === 1 ? 'The row is kept' : `The ${rows.toLocaleString('en')} rows are kept`;
  const text = `${message} ${kept} as ${table?.name}: query_results asks it again.`;
  return new GatewayError(code, text, { hint, details, cause: error });
}

type RowsResult = Extract<CallResult, { what: 'rows' }>;

/** A reading as the result of a call, without the rows to show and the next steps. */
async function rowsResult(parts: Omit<ListParts, 'signal'>): Promise<RowsResult> {
  const { rows, end, table } = parts.reading;
  const { state = 'reading', total, reason, notes = [] } = end ?? {};
  const goesOn = end === undefined ? [`DELETE /gateway/readings/${table?.name ?? '{id}'} ends the reading.`] : [];
  const isEmpty =
    rows === 0 && (await mayHideRecords(parts)) ? ['No rows are visible to this login; others may exist.'] : [];
  return defined<RowsResult>({
    what: 'rows',
    state,
    rows,
    total,
    reason,
    table: table?.name,
    notes: [...notes, ...goesOn, ...isEmpty],
    advice: [],
  });
}

/** Kinds of records that belong to people: those whose records name one as their own, or the client that they are of. */
const owners = /^(Member|Company|Contact)Reference$/;
const ownerNames: ReadonlySet<string> = new Set(['resources', 'enteredBy']);

/**
 * Whether a role can hide records of this list: All and My differ for records that belong to somebody (CW 5.12.1), not
 * for set-up such as statuses and types. Of a list without a schema nothing is known.
 */
async function mayHideRecords({ context, endpoint }: Pick<ListParts, 'context' | 'endpoint'>): Promise<boolean> {
  const { schema } = await schemasOf(context, endpoint);
  if (schema === undefined) return true;
  return schema.members.some((member) => owners.test(member.schema ?? '') || ownerNames.has(member.name));
}

/** How to read the rest, or to query the rows that are stored and not shown. */
function adviseOnRows({ rows, end, table }: ListReading, shown: number): Advice[] {
  if (end === undefined) return [defined<Advice>({ kind: 'see_reading', table: table?.name })];
  const more: Advice[] = end.advice === undefined ? [] : [end.advice];
  if (shown < rows && table !== undefined) more.push({ kind: 'query_table', table: table.name, rows });
  return more;
}

/** Whether a list is shown as a conversation: notes, unless single members of them are asked for. */
export function isConversation(
  catalog: Catalog,
  endpoint: Endpoint | undefined,
  { path, query = {} }: ConnectWiseRequest,
): boolean {
  if (!/\/(?:all)?notes$/i.test(path) || endpoint?.response?.schema === undefined) return false;
  if (['fields', 'columns'].some((name) => findQueryMember(query, name) !== undefined)) return false;
  return catalog.findSchema(endpoint.response.schema)?.members.some(({ name }) => name === 'text') ?? false;
}

/** The newest note matters most and is on the last page, so all pages are read unless a part is asked for. */
export function wholeConversation(scope: ListScope | undefined, { query = {} }: ConnectWiseRequest): ListScope {
  const part = ['page', 'pageSize', 'pageId'].some((name) => findQueryMember(query, name) !== undefined);
  return part || scope?.maxRecords !== undefined ? (scope ?? { allPages: false }) : { ...scope, allPages: true };
}

/** Notes as a conversation: the newest that fit, oldest first. */
export async function showConversation(parts: ListParts & { maxTokens: number }): Promise<CallResult> {
  const { context, reading, maxTokens } = parts;
  const zone = await context.zone();
  const conversation = await readConversation(reading.first, (iso) => localTime(iso, zone));
  const newestFirst = { columns: conversation.columns, rows: conversation.rows.toReversed() };
  const { columns, rows, cut } = fitRows(newestFirst, maxTokens * 4 - aroundBytes, { shortest: 400 });
  const result = await rowsResult(parts);
  const advice = adviseOnRows(reading, reading.rows);
  const hasOthers = rows.length < reading.rows || cut;
  const isAltered = hasOthers || conversation.leftOut.size > 0;
  if (result.table !== undefined && isAltered) advice.push({ kind: 'see_originals', table: result.table, hasOthers });
  return {
    ...result,
    notes: [
      ...(zone.problem === undefined || rows.length === 0 ? [] : [zone.problem]),
      ...result.notes,
      ...describeLeftOut(conversation),
    ],
    shown: { as: 'conversation', table: { columns, rows: rows.toReversed() }, cut },
    advice,
  };
}

/** One sentence for all texts; hidden text names its notes, because someone hid it. */
function describeLeftOut({ leftOut }: Conversation): string[] {
  const counts = (['signature', 'quoted mail'] as const).flatMap((part) => {
    const ids = leftOut.get(part);
    return ids === undefined ? [] : [`${part} in ${ids.length} of the texts`];
  });
  const hidden = leftOut.get('hidden text')?.slice(0, 10).join(', ');
  return [
    ...(counts.length > 0 ? [`Left out: ${counts.join(', ')}.`] : []),
    ...(hidden === undefined ? [] : [`Left out: text that the sender hid from readers, in note ${hidden}.`]),
  ];
}

/** An answer of an endpoint, or rows of it, with dates in the user's zone. */
export async function showDates(
  context: ToolContext,
  endpoint: Endpoint | undefined,
  answer: unknown,
): Promise<LocalDates> {
  return showLocalDates(answer, { ...(await schemasOf(context, endpoint)), zone: await context.zone() });
}

/** The schema of what an endpoint answers, and how to find those that it refers to. */
async function schemasOf(context: ToolContext, endpoint: Endpoint | undefined) {
  const catalog = await context.catalog();
  const name = endpoint?.response?.schema;
  return {
    schema: name === undefined ? undefined : catalog.findSchema(name),
    findSchema: (wanted: string) => catalog.findSchema(wanted),
  };
}

/** `_info` and empty members are shown only where `fields` names `_info`. */
export function asksForInfo({ query = {} }: ConnectWiseRequest): boolean {
  return /(^|,)\s*_info\b/i.test(findQueryMember(query, 'fields') ?? '');
}
