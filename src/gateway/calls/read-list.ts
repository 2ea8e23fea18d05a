import { type Endpoint, twinOf } from '../../catalog/index.ts';
import {
  type ConnectWiseAnswer,
  type ConnectWiseClient,
  type ConnectWiseRequest,
  countPath,
  findQueryMember,
  type JoinEnd,
  joinLists,
  type ListEnd,
  listPages,
  readPages,
} from '../../connectwise/index.ts';
import { systemTimer } from '../../core/async.ts';
import { defined } from '../../core/json.ts';
import { startLongCall } from '../../core/long-call.ts';
import { renderSize } from '../../core/text.ts';
import { dayMs } from '../../core/zone.ts';
import type { ResultTable, ResultWriter } from '../../results/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { ListScope } from './call.ts';
import type { Advice } from './result.ts';

/** How the reading of a list ended. */
export interface ReadingEnd {
  state: 'complete' | 'partial';
  /** Why it is partial: a clause without a full stop. */
  reason?: string;
  /** What reads the rest. */
  advice?: Advice;
  /** Rows there are, where ConnectWise could count them. */
  total?: number;
  notes?: readonly string[];
}

/** What of a list has been read when the reply is made. */
export interface ListReading {
  /** Rows read so far. */
  rows: number;
  /** The first of them, as ConnectWise sent them. */
  first: readonly unknown[];
  /** Absent while reading goes on in the background. */
  end?: ReadingEnd;
  /** What ConnectWise answered instead of a list: a file, or a record. */
  answer?: ConnectWiseAnswer;
  /** Where all rows are kept; absent where there are none. */
  table?: ResultTable;
}

/** Rows kept in memory for the reply and its profile; the others are only in the table. */
const shownAtMost = 2_000;
/** Of a list whose rows are all read from its table: enough to see whose records they are. */
const seenOfWhole = 100;

interface ReadParts {
  context: ToolContext;
  endpoint: Endpoint | undefined;
  request: ConnectWiseRequest;
  scope: ListScope;
  /** Runs over the rows: then there is a table also where there are no rows. */
  sql?: string | undefined;
  /** Waits until the reading has ended, however long it takes; all rows are then read from their table. */
  whole?: true | undefined;
  signal: AbortSignal;
}

type KeptParts = Pick<ReadParts, 'context' | 'endpoint' | 'request' | 'sql' | 'whole'>;

/**
 * Reads a list into a result table; after 40 s it returns what there is and goes on in the background, unless `whole`.
 * @throws GatewayError when nothing could be read
 */
export async function readList(parts: ReadParts): Promise<ListReading> {
  const { context, signal, whole } = parts;
  const client = await context.client();
  const keeper = createKeeper(parts);
  const work = (workSignal: AbortSignal) => walk(parts, client, keeper, workSignal);
  const call = await startLongCall(work, { timer: systemTimer, signal, ...(whole && { budgetMs: dayMs }) });
  if (call.state === 'running') {
    const reached = () => {
      const { rows, table } = keeper.reading();
      return defined({ rows, table: table?.name });
    };
    context.readings.add({ request: describeRequest(parts.request), reached, work: call.work });
  }
  return { ...keeper.reading(), ...(call.state === 'finished' && call.value) };
}

/** Keeps rows that came as one answer, such as those of a report, as a list that has been read. */
export async function keepRows(parts: KeptParts, rows: readonly unknown[], end: ReadingEnd): Promise<ListReading> {
  const keeper = createKeeper(parts);
  await keeper.take(rows);
  await keeper.finish(end);
  return { ...keeper.reading(), end };
}

async function walk(
  { context, request, scope, endpoint }: ReadParts,
  client: ConnectWiseClient,
  keeper: Keeper,
  signal: AbortSignal,
): Promise<Pick<ListReading, 'end' | 'answer'>> {
  const { allPages, parents, maxRecords } = scope;
  const catalog = await context.catalog();
  const hasCount =
    request.method === 'GET' && catalog.findEndpoint('GET', countPath(endpoint?.path ?? request.path)) !== undefined;
  const isList = endpoint?.response?.array === true;
  const common = { hasCount, isList, signal, ...(maxRecords !== undefined && { maxRecords }) };
  const onProgress = ({ rows, total }: { rows: number; total?: number }) =>
    context.progress(rows, total, `${rows} rows read`);
  let end: ReadingEnd;
  if (parents) {
    const { path, query = {} } = request;
    const options = {
      ...common,
      path,
      query,
      parents,
      downloads: context.downloads(),
      ...(answersFile(request) && { atOnce: 1 }),
      onProgress: ({ lists, of }: { lists: number; of: number }) =>
        context.progress(lists, of, `${lists} of ${of} ${answersFile(request) ? 'files saved' : 'lists read'}`),
    };
    const join = await readPages(joinLists(client, options), keeper.take);
    const { notes = [], ...rest } = describeJoinEnd(join);
    end = { ...rest, notes: [...notes, ...(await nameTwins(context, path, join, signal))] };
  } else {
    const read = await readPages(listPages(client, request, { ...common, allPages, onProgress }), keeper.take);
    if (read.state === 'not-a-list') return { answer: read.answer };
    end = describeListEnd(read);
  }
  await keeper.finish(end);
  return { end };
}

/** The end of one list as data for the reply. */
function describeListEnd(end: Exclude<ListEnd, { state: 'not-a-list' }>): ReadingEnd {
  const { total } = end;
  if (end.state === 'complete') return defined({ state: 'complete', total });
  const { reason: after, goOn } = end;
  const advice = after === 'page' ? undefined : defined<Advice>({ kind: 'read_more', after, goOn });
  return defined({ state: 'partial', total, reason: describeReason(end), advice });
}

function describeReason({ reason, pages, failure }: Extract<ListEnd, { state: 'partial' }>): string {
  switch (reason) {
    case 'more':
      return 'one page was read';
    case 'page':
      return 'a later page was asked for';
    case 'max-records':
      return 'max_records was reached';
    case 'max-pages':
      return 'its pages held fewer rows than were asked for, and there may be more';
    case 'cancelled':
      return 'the call was cancelled';
    case 'changed':
      return 'records were added or removed during the reading, so some may be missing';
    case 'failed':
      return `page ${pages + 1} failed: ${failure?.message ?? 'unknown'}`.replace(/\.$/, '');
  }
}

/** Parents that are missing here and have a twin of the same number (CW 5.5.11). */
async function nameTwins(
  context: ToolContext,
  path: string,
  { open }: JoinEnd,
  signal: AbortSignal,
): Promise<string[]> {
  const there = twinOf(path);
  if (there === undefined) return [];
  const missing = open.filter(({ failure }) => failure?.code === 'record_not_found').slice(0, namedAtMost);
  if (missing.length === 0) return [];
  const lookups = await context.lookups();
  const paths = missing.map(({ parent }) => path.replace(/\{[^{}]*\}/, String(parent)));
  const found = (await Promise.all(paths.map((one) => lookups.findTwin(one, signal)))).flatMap((twin) => twin ?? []);
  if (found.length === 0) return [];
  const numbers = found.map(({ number }) => number).join(', ');
  return [`${numbers}: a ${there.noun}; for_each over ${there.path} reads it.`];
}

/** At most this many of the lists that were not read are named. */
const namedAtMost = 5;

/** The end of many lists, or of the files of many records, as data for the reply. */
function describeJoinEnd({ state, open, lists, of, files, fileBytes }: JoinEnd): ReadingEnd {
  const saved = `${files === 1 ? '1 file' : `${files} files`}, ${renderSize(fileBytes)} together,`;
  const kept =
    files === 0 ? [] : [`${saved} saved on this computer; parentId is the record of each, size is in bytes.`];
  if (state === 'complete') {
    const joined = `${of} lists were read into one; parentId is the record of each row.`;
    return { state, notes: files === of ? kept : [joined, ...kept] };
  }
  const named = open
    .slice(0, namedAtMost)
    .map(
      ({ parent, reason, failure }) =>
        `${parent}: ${failure?.message.replace(/\.$/, '') ?? openReasons[reason] ?? reason}`,
    );
  const rest = open.length > named.length ? ` and ${open.length - named.length} more` : '';
  return {
    state: 'partial',
    reason:
      files > 0 && files === lists
        ? `${files} of ${of} files were saved`
        : `${lists} of ${of} lists were read to their end`,
    notes: [`Not read to their end: ${named.join('; ')}${rest}.`, ...kept],
    advice: { kind: 'read_missing' },
  };
}

/** Why a list or file was left out, where no error says it. */
const openReasons: Readonly<Record<string, string>> = {
  'max-bytes': 'the files of one call together would be larger than 500 MB',
};

/** Whether a path answers files, by its last word; only the answer itself is certain. */
export const answersFile = ({ path }: ConnectWiseRequest) =>
  /\/(pdf|image|thumbnail|download|uploadsample)$/i.test(path);

interface Keeper {
  take(rows: readonly unknown[]): Promise<void>;
  finish(end: ReadingEnd): Promise<void>;
  reading(): ListReading;
}

function createKeeper({ context, endpoint, request, sql, whole }: KeptParts): Keeper {
  const first: unknown[] = [];
  let rows = 0;
  let writer: ResultWriter | undefined;
  const begin = async () => {
    const [store, catalog] = await Promise.all([context.results(), context.catalog()]);
    // What is said of the folder belongs to this reply, which ends before the rows are written.
    await store.opened();
    const schema = endpoint?.response?.schema;
    return store.begin({
      noun: answersFile(request) ? 'files' : nounOf(request.path),
      request: describeRequest(request),
      schema: schema === undefined ? undefined : catalog.findSchema(schema),
      // Not a closure of this scope: it would keep the first rows in memory for as long as their table exists.
      findSchema: catalog.findSchema,
      fields: askedFields(request) ?? 'all',
      withoutRecords: whole === true && sql === undefined,
    });
  };
  return {
    async take(page) {
      if (page.length === 0) return;
      writer ??= await begin();
      rows += page.length;
      first.push(...page.slice(0, Math.max(0, (whole ? seenOfWhole : shownAtMost) - first.length)));
      writer.append(page);
      await writer.caughtUp();
    },
    async finish({ state, reason, total }) {
      if (sql !== undefined || whole) writer ??= await begin();
      writer?.finish(defined({ state, reason, total }));
    },
    reading: () => defined({ rows, first, table: writer?.table }),
  };
}

/** The paths that `fields` names, or the `columns` of a report; undefined where the request names none. */
export function askedFields({ query = {} }: ConnectWiseRequest): string[] | undefined {
  const list = findQueryMember(query, 'fields') ?? findQueryMember(query, 'columns');
  return list?.split(',').flatMap((name) => name.trim() || []);
}

/** The last word of the path names the rows: `tickets`, `additions`; for a search the word before it. */
function nounOf(path: string): string {
  const words = path
    .split('/')
    .filter((word) => word !== '' && !/^\d|^\{/.test(word) && word.toLowerCase() !== 'search');
  return words.at(-1) ?? 'rows';
}

function describeRequest({ method, path, query = {}, body }: ConnectWiseRequest): string {
  const filters = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  const inBody = body === undefined ? '' : ` ${JSON.stringify(body)}`;
  return `${method} ${path}${filters.length > 0 ? `?${filters.join('&')}` : ''}${inBody}`;
}
