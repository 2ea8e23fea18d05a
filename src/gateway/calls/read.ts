import {
  type ConnectWiseAnswer,
  type ConnectWiseRequest,
  findCount,
  findFilter,
  findQueryMember,
  findRecordLink,
  readByIds,
  shortenRequest,
  unexpectedAnswer,
  withFilter,
  withQuery,
} from '../../connectwise/index.ts';
import { fitRecord, shorten } from '../../core/budget.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import { findReportRecords, tidyRecord } from '../../results/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import { saveAnsweredFile } from './answered-file.ts';
import type { Call, Target } from './call.ts';
import { type CheckedQuery, checkQuery } from './check-query.ts';
import { answersFile, keepRows, readList } from './read-list.ts';
import type { CallResult } from './result.ts';
import { findSavedFilter } from './saved-query.ts';
import {
  asksForInfo,
  isConversation,
  type ListParts,
  showConversation,
  showDates,
  showList,
  wholeConversation,
} from './show-list.ts';

/** Sends a read: its query is checked first, and its answer comes as a list, a record or a file. */
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
  const paged = settlePaging(filter?.request ?? asked, call);
  const { request, notes, parsed } = await checkRead(context, call, paged.request);
  const found = await read(context, call, request, signal);
  const link = findRecordLink(context.site(), request.path);
  const lost = context.takeFallback();
  const result = {
    ...found,
    notes: [...paged.notes, ...notes, ...found.notes, ...(lost === undefined ? [] : [lost])],
    ...(link !== undefined && { link }),
  };
  if (filter) {
    const { id, description } = filter.saved;
    await countUse(context, id);
    return { ...result, filter: { id, description } };
  }
  const { method, path, query: params = {}, body: data } = request;
  const made = { method, path, params, ...(data !== undefined && { data }) };
  const offer = await context.learning.offerFor({ call: made, endpoint: call.target.endpoint, parsed });
  return offer === undefined ? result : { ...result, offer };
}

/**
 * Pages by the last id read have a header of their own, without which ConnectWise answers the first page again, and
 * take neither a page nor an order (CW 3.4).
 * @throws GatewayError `invalid_argument` for a `pageId` that is no id
 */
function settlePaging(request: ConnectWiseRequest, { scope }: Call): { request: ConnectWiseRequest; notes: string[] } {
  const pageId = findQueryMember(request.query ?? {}, 'pageId')?.trim();
  if (pageId === undefined) return { request, notes: [] };
  if (scope?.parents !== undefined) {
    const note = 'pageId was left out: with for_each each list is read from its beginning.';
    return { request: withQuery(request, { pageId: undefined }), notes: [note] };
  }
  if (!/^\d{1,15}$/.test(pageId)) {
    const message = `params/pageId ${JSON.stringify(pageId.slice(0, 40))} is not an id.`;
    throw new GatewayError('invalid_argument', message, {
      details: { field: 'params/pageId' },
      hint: 'Give the last id that was read; 0 begins.',
    });
  }
  const left = ['page', 'orderBy'].filter((name) => findFilter(request, name) !== undefined);
  const plain = withQuery(withFilter(request, 'orderBy', undefined), { page: undefined, pageId });
  const words = `${left.join(' and ')} ${left.length === 1 ? 'was' : 'were'}`;
  const note = `${words} left out: with pageId the rows after that id come in the order of their ids.`;
  return { request: { ...plain, paging: 'forward-only' }, notes: left.length > 0 ? [note] : [] };
}

/** Counting is no reason to fail a read: the disk may be full. */
async function countUse(context: ToolContext, id: number): Promise<void> {
  try {
    (await context.remembered()).countUse(id);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'storage_failed') throw error;
  }
}

interface CheckedRead extends Pick<CheckedQuery, 'notes'> {
  request: ConnectWiseRequest;
  /** Absent where nothing was checked. */
  parsed: CheckedQuery['parsed'] | undefined;
}

/** Checks the query, and the filters that a POST search has in its body. */
async function checkRead(
  context: ToolContext,
  { target: { endpoint }, strict }: Call,
  request: ConnectWiseRequest,
): Promise<CheckedRead> {
  if (!strict) return { request, notes: [], parsed: undefined };
  const catalog = await context.catalog();
  const clock = { zone: await context.zone(), now: context.now() };
  const { query, notes, parsed } = checkQuery(catalog, endpoint, request.query ?? {}, clock);
  const { path, body } = request;
  if (!path.endsWith('/search') || !isRecord(body)) return { request: { ...request, query }, notes, parsed };
  const texts = Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  // The body's members are filters, not parameters of the endpoint (CW 2.6).
  const inBody = checkQuery(catalog, endpoint, Object.fromEntries(texts), clock);
  return {
    request: { ...request, query, body: { ...body, ...inBody.query } },
    notes: [...notes, ...inBody.notes],
    parsed: new Map([...parsed, ...inBody.parsed]),
  };
}

/** Replies to lists stay below this unless more is asked for. */
const defaultMaxTokens = 1_500;

/** A request as it is sent, or as the shorter one that stands for it where its URL would be too long. */
async function read(
  context: ToolContext,
  call: Call,
  request: ConnectWiseRequest,
  signal: AbortSignal,
): Promise<CallResult> {
  const { strict, sql, whole } = call;
  const way = strict ? shortenRequest(await context.catalog(), request) : ({ kind: 'fits' } as const);
  if (way.kind === 'search') {
    const target = await targetOf(context, way.request);
    return read(context, { ...call, target }, way.request, signal);
  }
  const { endpoint } = call.target;
  const maxTokens = whole ? undefined : (call.maxTokens ?? defaultMaxTokens);
  const parts = defined<AnswerParts>({ context, endpoint, request, sql, maxTokens, signal });
  if (way.kind === 'ids') {
    const { ids, query } = way;
    const { rows } = await readByIds(await context.client(), { path: request.path, ids, query, signal });
    return showRowsOf(parts, rows, { state: 'complete' });
  }
  const isList = (endpoint?.response?.array && !isReport(request)) || call.scope?.parents;
  return isList ? readAsList(parts, call) : showAnswer(parts, await (await context.client()).send(request, signal));
}

/** The same filters sent by POST (CW 2.6). */
async function targetOf(context: ToolContext, { method, path, query = {} }: ConnectWiseRequest): Promise<Target> {
  const endpoint = (await context.catalog()).findEndpoint(method, path)?.endpoint;
  return defined<Target>({ method, path, query, pathValues: {}, endpoint });
}

type AnswerParts = Omit<ListParts, 'reading'>;

async function readAsList(parts: AnswerParts, { scope, target, whole }: Call): Promise<CallResult> {
  const { context, endpoint, request, sql, maxTokens, signal } = parts;
  const asked = sql !== undefined;
  const asConversation =
    !asked && maxTokens !== undefined && !scope?.parents && isConversation(await context.catalog(), endpoint, request);
  const range = asConversation ? wholeConversation(scope, request) : (scope ?? { allPages: false });
  const reading = await readList({ context, endpoint, request, scope: range, asked, signal, toTheEnd: whole === true });
  if (reading.answer) return showAnswer(parts, reading.answer);
  const list = { ...parts, reading };
  const result = await (asConversation ? showConversation({ ...list, maxTokens }) : showList(list));
  const explained = reading.rows === 0 ? await explainEmpty(parts, target) : undefined;
  if (explained === undefined) return result;
  // A note and not advice: where the name is right after all, the answer is complete as it is.
  return { ...result, notes: [`${explained} Call again with the name that is meant.`, ...result.notes] };
}

/** No rows under an equality on a name may mean that the name does not exist: the nearest names are offered. */
async function explainEmpty(
  { context, request: { query = {} }, signal }: AnswerParts,
  { endpoint, pathValues }: Target,
): Promise<string | undefined> {
  const conditions = findQueryMember(query, 'conditions');
  if (!endpoint || conditions === undefined) return undefined;
  return (await context.lookups()).explainEmpty({ endpoint, conditions, pathValues }, signal);
}

/** One answer: a file, rows, or whatever else it holds. */
async function showAnswer(parts: AnswerParts, answer: ConnectWiseAnswer): Promise<CallResult> {
  const { context, endpoint, request, maxTokens } = parts;
  const { body, file, contentType, next } = answer;
  if (file !== undefined) return saveAnsweredFile(context, request, { file, contentType });
  checkKind(parts, answer);
  const rows = reportRows(request, body) ?? (Array.isArray(body) ? body : undefined);
  if (rows !== undefined)
    return showRowsOf(parts, rows, next === undefined ? { state: 'complete' } : { state: 'partial', reason: onePage });
  const shown = isRecord(body) ? await showDates(context, endpoint, body) : body;
  return showValue(request, shown, maxTokens === undefined ? Number.POSITIVE_INFINITY : maxTokens * 4 - aroundBytes);
}

/**
 * A count has a number, a record has members, and a file that is no bytes is a text.
 * @throws GatewayError `unreadable_answer` for an answer of another kind than the definition says
 */
function checkKind({ endpoint, request }: AnswerParts, answer: ConnectWiseAnswer): void {
  const { body } = answer;
  if (endpoint === undefined) return;
  if (/\/count$/.test(endpoint.path)) {
    if (findCount(body) === undefined) throw unexpectedAnswer(request, answer, 'a count');
  } else if (answersFile(request)) {
    if (typeof body !== 'string' && !isRecord(body)) throw unexpectedAnswer(request, answer, 'a file');
  } else if (endpoint.response?.schema !== undefined && !isRecord(body) && !(Array.isArray(body) && body.length > 0)) {
    // One endpoint answers its record in an array, though no definition says so.
    throw unexpectedAnswer(request, answer, 'a record');
  }
}

const onePage = 'one page was read';

async function showRowsOf(
  parts: AnswerParts,
  rows: readonly unknown[],
  end: Parameters<typeof keepRows>[2],
): Promise<CallResult> {
  const reading = await keepRows({ ...parts, asked: parts.sql !== undefined }, rows, end);
  return showList({ ...parts, reading });
}

/** The rows of reports have a form of their own and are not a list of pages (CW 5.11.1). */
const isReport = ({ path }: ConnectWiseRequest) => path.startsWith('/system/reports/');

const reportRows = (request: ConnectWiseRequest, body: unknown) =>
  isReport(request) ? findReportRecords(request.path, body) : undefined;

/** Bytes of the lines around one record. */
const aroundBytes = 800;

/** An answer that is neither a list nor a file; only a record is cut at `maxBytes` by its members. */
function showValue(request: ConnectWiseRequest, body: unknown, maxBytes: number): CallResult {
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
