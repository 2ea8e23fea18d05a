import { predicatesOf, type Value, valuesOf } from '../../conditions/index.ts';
import {
  type ConnectWiseAnswer,
  type ConnectWiseRequest,
  type EmptyList,
  filterNames,
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
import { fitRecord, shorten, weightOf } from '../../core/budget.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import { unlessStorageFails } from '../../core/storage.ts';
import { findReportRecords, tidyRecord } from '../../results/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import { saveAnsweredFile } from './answered-file.ts';
import { type Call, parseParams, type Target } from './call.ts';
import { type CheckedQuery, checkQuery, isQueryOfSearch, offerStatusIds, type QueryClock } from './check-query.ts';
import { explainMissing } from './explain-missing.ts';
import { answersFile, keepRows, type ListReading, readList } from './read-list.ts';
import type { CallResult } from './result.ts';
import { fillReserved, findSavedFilter } from './saved-query.ts';
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
  const wanted = paged.request;
  const { request, sent, notes, parsed } = await checkRead(context, call, wanted, signal).catch(
    async (error: unknown) => {
      const filtered = { path: wanted.path, conditions: findFilter(wanted, 'conditions') };
      throw await offerStatusIds(await context.client(), error, filtered, signal);
    },
  );
  let found: CallResult;
  try {
    found = await read(context, call, sent, signal);
  } catch (error) {
    return readTwin(context, call, { asked, error, signal });
  }
  const link = findRecordLink(context.site(), request.path);
  const lost = [context.takeFallback() ?? []].flat();
  // What is said of the question may be said of the answer too.
  const allNotes = [...new Set([...(filter?.notes ?? []), ...paged.notes, ...notes, ...found.notes, ...lost])];
  const result = { ...found, notes: allNotes, ...(link !== undefined && { link }) };
  if (filter) {
    const { id, description } = filter.saved;
    // Counting is no reason to fail a read: the disk may be full.
    await unlessStorageFails(async () => (await context.remembered()).countUse(id), undefined);
    return { ...result, filter: { id, description } };
  }
  const { method, path, query: params = {}, body: data } = request;
  const made = { method, path, params, ...(data !== undefined && { data }) };
  if (call.saved) return result;
  const offer = await context.learning.offerFor({
    call: made,
    endpoint: call.target.endpoint,
    parsed,
    found: foundAny(found),
  });
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

/**
 * What is missing here and at the twin is read there: one thing to a person, two lists to ConnectWise (CW 5.5.11).
 * @throws what reading met, naming the twin where the same call is not possible there
 */
async function readTwin(
  context: ToolContext,
  call: Call,
  { asked, error, signal }: { asked: ConnectWiseRequest; error: unknown; signal: AbortSignal },
): Promise<CallResult> {
  const explained = await explainMissing(context, error, { target: call.target, request: asked, signal });
  const { twin } = explained;
  if (twin === undefined || asked.method !== 'GET') throw explained.error;
  const moved = { ...asked, path: twin.path };
  try {
    const found = await readEndpoint(context, { ...call, target: await targetOf(context, moved) }, moved, signal);
    return { ...found, notes: [`${twin.number} is a ${twin.noun}: this is ${twin.path}.`, ...found.notes] };
  } catch (failure) {
    // Members or parts that the twin does not have: what it is, is the better answer.
    if (failure instanceof GatewayError && failure.code !== 'cancelled') throw explained.error;
    throw failure;
  }
}

/** Whether an answer holds anything, as rows or as a number. */
function foundAny(result: CallResult): boolean {
  if (result.what === 'count') return result.count > 0;
  if (result.what !== 'rows') return true;
  return result.rows > 0 && (result.shown?.as !== 'query' || result.shown.table.rows.length > 0);
}

interface CheckedRead extends Pick<CheckedQuery, 'notes'> {
  request: ConnectWiseRequest;
  /** The request with whole values asked for. */
  sent: ConnectWiseRequest;
  /** Absent where nothing was checked. */
  parsed: CheckedQuery['parsed'] | undefined;
}

/** Checks the query, and the filters that a POST search has in its body. */
async function checkRead(
  context: ToolContext,
  { target: { endpoint }, strict, saved }: Call,
  given: ConnectWiseRequest,
  signal: AbortSignal,
): Promise<CheckedRead> {
  if (!strict) return { request: given, sent: given, notes: [], parsed: undefined };
  const catalog = await context.catalog();
  const clock = { zone: await context.zone(), now: context.now() };
  const { request, notes: filled } = await fillReserved(context, moveToQuery(given), signal);
  const inQuery = checkQuery(catalog, endpoint, request.query ?? {}, clock);
  const { query, parsed } = inQuery;
  // Who saved a query knows what it asks for; of a typed condition this is said.
  const notesOf = (checked: CheckedQuery) => [...checked.notes, ...(saved ? [] : checked.sentNotes)];
  const notes = [...filled, ...notesOf(inQuery)];
  const { path, body } = request;
  const plain = { ...request, query };
  const sent = { ...request, query: inQuery.sent };
  if (!path.endsWith('/search') || !isRecord(body))
    return { request: plain, sent, notes: [...aboutZone(clock, parsed), ...notes], parsed };
  const texts = Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  // The body's members are filters, not parameters of the endpoint (CW 2.6).
  const inBody = checkQuery(catalog, endpoint, Object.fromEntries(texts), clock);
  const all = new Map([...parsed, ...inBody.parsed]);
  return {
    request: { ...plain, body: { ...body, ...inBody.query } },
    sent: { ...sent, body: { ...body, ...inBody.sent } },
    notes: [...aboutZone(clock, all), ...notes, ...notesOf(inBody)],
    parsed: all,
  };
}

/** That the zone may be another than the user's, where dates are compared. */
function aboutZone({ zone }: QueryClock, parsed: CheckedQuery['parsed']): string[] {
  const isDate = ({ kind }: Value) => kind === 'datetime';
  const hasDate = [...parsed.values()].some((one) => predicatesOf(one).some((each) => valuesOf(each).some(isDate)));
  return zone.problem !== undefined && hasDate ? [zone.problem] : [];
}

/** The request with the page and the fields of a search by POST in its query. */
function moveToQuery(request: ConnectWiseRequest): ConnectWiseRequest {
  const { path, body, query } = request;
  if (!path.endsWith('/search') || !isRecord(body)) return request;
  const isMoved = ([name]: [string, unknown]) => isQueryOfSearch(name);
  const moved = Object.entries(body).filter(isMoved);
  if (moved.length === 0) return request;
  const kept = Object.entries(body).filter((entry) => !isMoved(entry));
  return { ...request, query: { ...parseParams(Object.fromEntries(moved)), ...query }, body: Object.fromEntries(kept) };
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

/** The target of a request that is sent in place of the one that was asked for. */
async function targetOf(context: ToolContext, { method, path, query = {} }: ConnectWiseRequest): Promise<Target> {
  const match = (await context.catalog()).findEndpoint(method, path);
  return defined<Target>({ method, path, query, pathValues: match?.pathValues ?? {}, endpoint: match?.endpoint });
}

type AnswerParts = Omit<ListParts, 'reading'>;

async function readAsList(parts: AnswerParts, { scope, whole }: Call): Promise<CallResult> {
  const { context, endpoint, request, sql, maxTokens, signal } = parts;
  if (scope?.parents !== undefined && answersFile(request) && !context.keeps()) throw filesNotSaved(request);
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
  const doubts = await describeDoubts(parts, reading);
  return doubts.length === 0 ? result : { ...result, notes: [...doubts, ...result.notes] };
}

/** Many files are of no use unless they are saved, so none is read. */
const filesNotSaved = ({ path }: ConnectWiseRequest) =>
  new GatewayError('invalid_argument', `${path} answers files, and nothing was read: this tool saves none.`, {
    details: { field: 'path' },
    hint: `save_file with path ${JSON.stringify(path)} and the same for_each saves them on this computer.`,
  });

/** What may be behind an answer that is complete as it is: notes and not advice. */
async function describeDoubts(
  { context, request, endpoint, signal }: AnswerParts,
  { rows, first }: Pick<ListReading, 'rows' | 'first'>,
): Promise<string[]> {
  const catalog = await context.catalog();
  const [explained, own] = await Promise.all([
    rows === 0 ? explainEmpty(context, request, signal) : undefined,
    context.ownRecords.describe({ catalog, endpoint, request, rows: first, signal }),
  ]);
  const named = explained && `${explained} Call again with what is meant.`;
  return [named, own].filter((note) => note !== undefined);
}

/** No rows under an equality on a name may mean that the name does not exist: the nearest names are offered. */
async function explainEmpty(
  context: ToolContext,
  request: ConnectWiseRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const filters = filterNames.map((name) => [name, findFilter(request, name)] as const);
  const list = (await context.catalog()).findEndpoint('GET', request.path.replace(/\/(count|search)\/*$/i, ''));
  if (!list?.endpoint.response?.array || filters.every(([, filter]) => filter === undefined)) return undefined;
  const empty = defined<EmptyList>({ ...Object.fromEntries(filters), ...list });
  return (await context.lookups()).explainEmpty(empty, signal);
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
  const maxBytes = maxTokens === undefined ? Number.POSITIVE_INFINITY : maxTokens * 4 - aroundBytes;
  // What could not be shown is not looked at either.
  const bounded = weightOf(body, heavy) > heavy ? shorten(body, { characters: maxBytes, items: maxBytes / 26 }) : body;
  const shown = isRecord(bounded) ? await showDates(context, endpoint, bounded) : undefined;
  const result = showValue(request, shown?.value ?? bounded, maxBytes);
  const doubts = result.what === 'count' ? await describeDoubts(parts, { rows: result.count, first: [] }) : [];
  return { ...result, notes: [...(shown?.problem === undefined ? [] : [shown.problem]), ...doubts, ...result.notes] };
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

/** More than any record weighs. */
const heavy = 30_000;

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
