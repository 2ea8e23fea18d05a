import type { Method } from '../../catalog/index.ts';
import { readByIds } from '../../connectwise/lists/by-ids.ts';
import { findMember } from '../../connectwise/query-members.ts';
import { findRecordLink } from '../../connectwise/record-link.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import { showLocalDates } from '../../results/local-dates.ts';
import { findReportRecords } from '../../results/report-rows.ts';
import type { Call } from './call-endpoint.ts';
import { type CallOutput, renderAnswer } from './call-output.ts';
import { checkQuery } from './check-query.ts';
import { conversationOutput, isConversation, wholeConversation } from './conversation-output.ts';
import { fileOutput } from './file-output.ts';
import { listOutput } from './list-output.ts';
import { shortenRequest } from './long-request.ts';
import { offerToSave } from './offer-to-save.ts';
import { keepRows, readList } from './read-list.ts';
import { describeFilter, findSavedFilter } from './saved-filter.ts';
import type { ToolContext } from './tool.ts';

/** A request below the API root, ready to send. */
export interface ReadRequest {
  method: Method;
  path: string;
  query: Record<string, string>;
  body?: unknown;
}

/** Sends a read: what it asks is checked first, what it answers comes as a list, a record or a file. */
export async function readEndpoint(
  context: ToolContext,
  call: Call,
  asked: ReadRequest,
  signal: AbortSignal,
): Promise<CallOutput> {
  if (asked.method === 'GET' && asked.body !== undefined) {
    throw new GatewayError('invalid_argument', 'A GET has no body, and data was given.', {
      details: { field: 'data' },
      hint: 'Put filters into params; or name the method that data is for.',
    });
  }
  const filter = await findSavedFilter(context, call, asked, signal);
  const filtered = filter?.request ?? asked;
  const { request, notes } = call.strict ? await checkRead(context, call, filtered) : { request: filtered, notes: [] };
  const found = await read(context, call, request, signal);
  const link = findRecordLink(context.site(), request.path);
  const said = [...notes, ...(found.notes ?? [])];
  const output = {
    ...found,
    ...(said.length > 0 ? { notes: said } : {}),
    ...(link === undefined ? {} : { link }),
  };
  if (filter) {
    (await context.memory()).countUse(filter.saved.id);
    return { ...output, outcome: `${describeFilter(filter)} ${output.outcome}` };
  }
  const offer = await offerToSave(context, call, request);
  return offer ? { ...output, notes: [...(output.notes ?? []), offer] } : output;
}

/** By what the endpoint answers: a list, the rows of a report, a file, or a record. */
async function read(context: ToolContext, call: Call, request: ReadRequest, signal: AbortSignal): Promise<CallOutput> {
  const { endpoint } = call.target;
  const { scope, sql, whole = false, maxTokens = whole ? 1e9 : defaultMaxTokens } = call;
  const parts = { context, endpoint, request, maxTokens, ...(sql === undefined ? {} : { sql }) };
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
    const output = await (asConversation ? conversationOutput : listOutput)({ ...parts, reading, signal });
    const explained = reading.rows === 0 ? await explainEmpty(context, call, request, signal) : undefined;
    if (explained === undefined) return output;
    // No `next`: where the name is right after all, the answer is complete as it stands.
    return { ...output, notes: [`${explained} Call again with the name that is meant.`, ...(output.notes ?? [])] };
  }
  const answer = await (await context.client()).send(request, signal);
  const { body } = answer;
  if (body instanceof Uint8Array) return fileOutput(context, request, { ...answer, body });
  const rows = reportRows(request, body) ?? (Array.isArray(body) ? body : undefined);
  if (rows === undefined) {
    const shown = { ...answer, body: await showAnswer(context, call, body) };
    return renderAnswer(request, shown, whole ? Number.POSITIVE_INFINITY : maxTokens * 4 - aroundRecordBytes);
  }
  const end =
    answer.next === undefined
      ? ({ state: 'complete' } as const)
      : ({ state: 'partial', reason: 'one page was read' } as const);
  return listOutput({ ...parts, reading: await keepRows({ context, endpoint, request, asked }, rows, end), signal });
}

/** A list whose filters are too long for a URL, asked by POST with the same filters. */
async function readSearch(
  context: ToolContext,
  call: Call,
  request: ReadRequest,
  signal: AbortSignal,
): Promise<CallOutput> {
  const match = (await context.catalog()).findEndpoint(request.method, request.path);
  const { path, query } = request;
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
const isReport = ({ path }: ReadRequest) => path.startsWith('/system/reports/');

const reportRows = (request: ReadRequest, body: unknown) =>
  isReport(request) ? findReportRecords(request.path, body) : undefined;

/** Checks the query, and the filters that a POST search carries in its body. */
async function checkRead(
  context: ToolContext,
  { target }: Call,
  request: ReadRequest,
): Promise<{ request: ReadRequest; notes: readonly string[] }> {
  const catalog = await context.catalog();
  const clock = { zone: await context.zone(), now: context.now() };
  const { query, notes } = checkQuery(catalog, target.endpoint, request.query, clock);
  if (!request.path.endsWith('/search') || !isRecord(request.body)) return { request: { ...request, query }, notes };
  const texts = Object.entries(request.body).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  // The body's members are filters, not parameters of the endpoint (CW 2.6).
  const inBody = checkQuery(catalog, target.endpoint, Object.fromEntries(texts), clock);
  return {
    request: { ...request, query, body: { ...request.body, ...inBody.query } },
    notes: [...notes, ...inBody.notes],
  };
}

/** Dates as the user reads them. */
async function showAnswer(context: ToolContext, { target }: Call, body: unknown): Promise<unknown> {
  if (body === null || typeof body !== 'object' || body instanceof Uint8Array) return body;
  const catalog = await context.catalog();
  const name = target.endpoint?.response?.schema;
  const schema = name === undefined ? undefined : catalog.findSchema(name);
  return showLocalDates(body, {
    schema,
    findSchema: (wanted) => catalog.findSchema(wanted),
    zone: await context.zone(),
  });
}

/** Zero rows under an equality on a name are no answer where that name does not exist: the nearest are offered. */
async function explainEmpty(
  context: ToolContext,
  { target }: Call,
  { query }: ReadRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const conditions = findMember(query, 'conditions');
  if (!target.endpoint || conditions === undefined) return undefined;
  const lookups = await context.lookups();
  return lookups.explainEmpty({ endpoint: target.endpoint, conditions, pathValues: target.pathValues }, signal);
}
