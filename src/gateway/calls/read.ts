import type { ConnectWiseAnswer, ConnectWiseRequest } from '../../connectwise/client.ts';
import { readByIds } from '../../connectwise/lists/by-ids.ts';
import { shortenRequest } from '../../connectwise/lists/long-request.ts';
import { findMember } from '../../connectwise/query-members.ts';
import { findRecordLink } from '../../connectwise/record-link.ts';
import { fitRecord, shorten } from '../../core/budget.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import { tidyRecord } from '../../results/record-text.ts';
import { findReportRecords } from '../../results/report-rows.ts';
import type { ToolContext } from '../tools/tool.ts';
import { fileOutput } from './answered-file.ts';
import type { Call } from './call.ts';
import { type CheckedQuery, checkQuery } from './check-query.ts';
import { conversationOutput, isConversation, wholeConversation } from './conversation-output.ts';
import { keepRows, readList } from './read-list.ts';
import type { CallResult } from './result.ts';
import { findSavedFilter } from './saved-query.ts';
import { type ListParts, listOutput, showDates } from './show-list.ts';

/** Sends a read: what it asks is checked first, what it answers comes as a list, a record or a file. */
export async function readEndpoint(
  context: ToolContext,
  call: Call,
  asked: ConnectWiseRequest,
  signal: AbortSignal,
): Promise<CallResult> {
  if (asked.method === 'GET' && asked.body !== undefined) {
    throw new GatewayError('invalid_argument', 'A GET has no body, and data was given.', {
      details: { field: 'data' },
      hint: 'Put filters into params; or name the method that data is for.',
    });
  }
  const filter = await findSavedFilter(context, call, asked, signal);
  const filtered = filter?.request ?? asked;
  const { request, notes, parsed } = call.strict
    ? await checkRead(context, call, filtered)
    : { request: filtered, notes: [], parsed: undefined };
  const found = await read(context, call, request, signal);
  const link = findRecordLink(context.site(), request.path);
  const result = {
    ...found,
    notes: [...notes, ...found.notes],
    ...(link === undefined ? {} : { link }),
  };
  if (filter) {
    const { id, description } = filter.saved;
    (await context.memory()).countUse(id);
    return { ...result, filter: { id, description } };
  }
  const { method, path, query: params = {}, body: data } = request;
  const made = { method, path, params, ...(data === undefined ? {} : { data }) };
  const offer = await context.learning.offerFor({ call: made, endpoint: call.target.endpoint, parsed });
  return offer === undefined ? result : { ...result, offer };
}

/** By what the endpoint answers: a list, the rows of a report, a file, or a record. */
async function read(
  context: ToolContext,
  call: Call,
  request: ConnectWiseRequest,
  signal: AbortSignal,
): Promise<CallResult> {
  const { endpoint } = call.target;
  const { scope, sql, whole = false, maxTokens = defaultMaxTokens } = call;
  const parts = {
    context,
    endpoint,
    request,
    ...(whole ? {} : { maxTokens }),
    ...(sql === undefined ? {} : { sql }),
  };
  const asked = sql !== undefined;
  const way = call.strict ? shortenRequest(await context.catalog(), request) : ({ kind: 'fits' } as const);
  if (way.kind === 'search') return readSearch(context, call, way.request, signal);
  if (way.kind === 'ids') {
    const { path } = request;
    const { rows } = await readByIds(await context.client(), { path, ids: way.ids, query: way.query, signal });
    const reading = await keepRows({ context, endpoint, request, asked }, rows, { state: 'complete' });
    return listOutput({ ...parts, reading, signal });
  }
  if ((endpoint?.response?.array && !isReport(request)) || scope?.parents) {
    const asConversation =
      !asked && !whole && !scope?.parents && isConversation(await context.catalog(), endpoint, request);
    const range = asConversation ? wholeConversation(scope, request) : (scope ?? { allPages: false });
    const reading = await readList({ context, endpoint, request, scope: range, asked, signal, toTheEnd: whole });
    if (reading.answer) return answerOutput(parts, call, reading.answer, signal);
    const list = { ...parts, reading, signal };
    const result = await (asConversation ? conversationOutput({ ...list, maxTokens }) : listOutput(list));
    const explained = reading.rows === 0 ? await explainEmpty(context, call, request, signal) : undefined;
    if (explained === undefined) return result;
    // No advice: where the name is right after all, the answer is complete as it is.
    return { ...result, notes: [`${explained} Call again with the name that is meant.`, ...result.notes] };
  }
  return answerOutput(parts, call, await (await context.client()).send(request, signal), signal);
}

/** One answer: a file, rows, or whatever else it holds. */
async function answerOutput(
  parts: Omit<ListParts, 'reading' | 'signal'>,
  { whole, maxTokens = defaultMaxTokens }: Pick<Call, 'whole' | 'maxTokens'>,
  answer: ConnectWiseAnswer,
  signal: AbortSignal,
): Promise<CallResult> {
  const { context, endpoint, request, sql } = parts;
  const { body, file, contentType } = answer;
  if (file !== undefined) return fileOutput(context, request, { file, contentType });
  const rows = reportRows(request, body) ?? (Array.isArray(body) ? body : undefined);
  if (rows === undefined) {
    const shown = isRecord(body) ? await showDates(context, endpoint, body) : body;
    return valueResult(request, shown, whole ? Number.POSITIVE_INFINITY : maxTokens * 4 - aroundRecordBytes);
  }
  const end =
    answer.next === undefined
      ? ({ state: 'complete' } as const)
      : ({ state: 'partial', reason: 'one page was read' } as const);
  const asked = sql !== undefined;
  return listOutput({ ...parts, reading: await keepRows({ context, endpoint, request, asked }, rows, end), signal });
}

/** An answer that is neither a list nor a file; a record takes no more than so many bytes. */
function valueResult(request: ConnectWiseRequest, body: unknown, maxBytes: number): CallResult {
  const plain = { state: 'complete', notes: [], advice: [] } as const;
  if (body === undefined) return { ...plain, what: 'value', value: undefined };
  if (!isRecord(body)) {
    const value = shorten(tidyRecord(body), { characters: maxBytes, items: maxBytes / 26 });
    return { ...plain, what: 'value', value };
  }
  if (typeof body.count === 'number' && Object.keys(body).length === 1)
    return { ...plain, what: 'count', count: body.count };
  const tidy = tidyRecord(body, { keepEmpty: asksForInfo(request) }) as Record<string, unknown>;
  const { record, moreMembers } = fitRecord(tidy, maxBytes);
  if (moreMembers.length === 0) return { ...plain, what: 'record', record, moreMembers };
  return { what: 'record', state: 'partial', record, moreMembers, notes: [], advice: [{ kind: 'name_fields' }] };
}

/** `_info` and nulls are noise unless `fields` names them. */
export function asksForInfo({ query = {} }: ConnectWiseRequest): boolean {
  return /(^|,)\s*_info\b/i.test(findMember(query, 'fields') ?? '');
}

/** A list whose filters are too long for a URL, asked by POST with the same filters. */
async function readSearch(
  context: ToolContext,
  call: Call,
  request: ConnectWiseRequest,
  signal: AbortSignal,
): Promise<CallResult> {
  const match = (await context.catalog()).findEndpoint(request.method, request.path);
  const { path, query = {} } = request;
  const target = {
    method: request.method,
    path,
    query,
    pathValues: {},
    ...(match ? { endpoint: match.endpoint } : {}),
  };
  return read(context, { ...call, target }, request, signal);
}

/** Replies to lists stay below this unless more is asked for. */
const defaultMaxTokens = 1_500;
/** Bytes of the lines around one record. */
const aroundRecordBytes = 800;

/** Reports answer rows in a form of their own, which is no list of pages (CW 5.11.1). */
const isReport = ({ path }: ConnectWiseRequest) => path.startsWith('/system/reports/');

const reportRows = (request: ConnectWiseRequest, body: unknown) =>
  isReport(request) ? findReportRecords(request.path, body) : undefined;

interface CheckedRead extends Pick<CheckedQuery, 'notes' | 'parsed'> {
  request: ConnectWiseRequest;
}

/** Checks the query, and the filters that a POST search carries in its body. */
async function checkRead(context: ToolContext, { target }: Call, request: ConnectWiseRequest): Promise<CheckedRead> {
  const catalog = await context.catalog();
  const clock = { zone: await context.zone(), now: context.now() };
  const { query, notes, parsed } = checkQuery(catalog, target.endpoint, request.query ?? {}, clock);
  const { path, body } = request;
  if (!path.endsWith('/search') || !isRecord(body)) return { request: { ...request, query }, notes, parsed };
  const texts = Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  // The body's members are filters, not parameters of the endpoint (CW 2.6).
  const inBody = checkQuery(catalog, target.endpoint, Object.fromEntries(texts), clock);
  return {
    request: { ...request, query, body: { ...body, ...inBody.query } },
    notes: [...notes, ...inBody.notes],
    parsed: new Map([...parsed, ...inBody.parsed]),
  };
}

/** Zero rows under an equality on a name are no answer where that name does not exist: the nearest are offered. */
async function explainEmpty(
  context: ToolContext,
  { target }: Call,
  { query = {} }: ConnectWiseRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const conditions = findMember(query, 'conditions');
  if (!target.endpoint || conditions === undefined) return undefined;
  const lookups = await context.lookups();
  return lookups.explainEmpty({ endpoint: target.endpoint, conditions, pathValues: target.pathValues }, signal);
}
