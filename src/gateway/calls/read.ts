import {
  type ConnectWiseAnswer,
  type ConnectWiseRequest,
  findQueryMember,
  findRecordLink,
  readByIds,
  shortenRequest,
} from '../../connectwise/index.ts';
import { fitRecord, shorten } from '../../core/budget.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import { findReportRecords, tidyRecord } from '../../results/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import { saveAnsweredFile } from './answered-file.ts';
import type { Call, Target } from './call.ts';
import { type CheckedQuery, checkQuery } from './check-query.ts';
import { keepRows, readList } from './read-list.ts';
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
  const { request, notes, parsed } = await checkRead(context, call, filter?.request ?? asked);
  const found = await read(context, call, request, signal);
  const link = findRecordLink(context.site(), request.path);
  const result = { ...found, notes: [...notes, ...found.notes], ...(link !== undefined && { link }) };
  if (filter) {
    const { id, description } = filter.saved;
    (await context.memory()).countUse(id);
    return { ...result, filter: { id, description } };
  }
  const { method, path, query: params = {}, body: data } = request;
  const made = { method, path, params, ...(data !== undefined && { data }) };
  const offer = await context.learning.offerFor({ call: made, endpoint: call.target.endpoint, parsed });
  return offer === undefined ? result : { ...result, offer };
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
  const asConversation =
    sql === undefined &&
    maxTokens !== undefined &&
    !scope?.parents &&
    isConversation(await context.catalog(), endpoint, request);
  const range = asConversation ? wholeConversation(scope, request) : (scope ?? { allPages: false });
  const reading = await readList({ ...defined({ context, endpoint, request, sql, whole }), scope: range, signal });
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
  const rows = reportRows(request, body) ?? (Array.isArray(body) ? body : undefined);
  if (rows !== undefined)
    return showRowsOf(parts, rows, next === undefined ? { state: 'complete' } : { state: 'partial', reason: onePage });
  const shown = isRecord(body) ? await showDates(context, endpoint, body) : body;
  return showValue(request, shown, maxTokens === undefined ? Number.POSITIVE_INFINITY : maxTokens * 4 - aroundBytes);
}

const onePage = 'one page was read';

async function showRowsOf(
  parts: AnswerParts,
  rows: readonly unknown[],
  end: Parameters<typeof keepRows>[2],
): Promise<CallResult> {
  const whole = parts.maxTokens === undefined ? true : undefined;
  const reading = await keepRows({ ...parts, ...defined({ whole }) }, rows, end);
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
