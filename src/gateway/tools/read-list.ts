import type { Endpoint } from '../../catalog/index.ts';
import type { ConnectWiseClient } from '../../connectwise/client.ts';
import { countPath } from '../../connectwise/count.ts';
import { joinLists, type ParentId } from '../../connectwise/lists/join-lists.ts';
import { listPages } from '../../connectwise/lists/list-pages.ts';
import { startLongCall } from '../../connectwise/long-call.ts';
import { findMember } from '../../connectwise/query-members.ts';
import { systemTimer } from '../../core/async.ts';
import type { ResultTable, ResultWriter } from '../../results/result-store.ts';
import type { ReadRequest } from './read-endpoint.ts';
import { describeJoinEnd, describeListEnd, type ReadingEnd } from './reading-end.ts';
import type { ToolContext } from './tool.ts';

/** How far a list is to be read. */
export interface ListScope {
  allPages: boolean;
  maxRecords?: number;
  /** Ids that fill the one `{…}` left in the path: many lists as one. */
  parents?: readonly ParentId[];
}

/** What of a list has been read when the reply is made. */
export interface ListReading {
  /** Rows read so far. */
  rows: number;
  /** The first of them, as ConnectWise sent them. */
  first: readonly unknown[];
  /** Absent while reading goes on in the background. */
  end?: ReadingEnd;
  /** Where all rows are kept; absent where there are none. */
  table?: ResultTable;
}

/** Rows at hand for the reply and its profile; the others are only kept in the table. */
const shownAtMost = 2_000;

interface ReadParts {
  context: ToolContext;
  endpoint: Endpoint | undefined;
  request: ReadRequest;
  scope: ListScope;
  /** Whether a statement asks the rows: it has an answer also where there are none. */
  asked: boolean;
  /** Answers when the reading has ended, however long it takes. */
  toTheEnd: boolean;
  signal: AbortSignal;
}

/** Longer than any list takes; a timer knows no longest. */
const aDayMs = 86_400_000;

/**
 * Reads a list into a result table; after 40 s it answers with what there is and goes on, unless it is told to wait.
 * @throws GatewayError when nothing could be read
 */
export async function readList(parts: ReadParts): Promise<ListReading> {
  const { context, signal, toTheEnd } = parts;
  const client = await context.client();
  const keeper = createKeeper(parts);
  const work = (workSignal: AbortSignal) => walk(parts, client, keeper, workSignal);
  const call = await startLongCall(work, { timer: systemTimer, signal, ...(toTheEnd ? { budgetMs: aDayMs } : {}) });
  return { ...keeper.reading(), ...(call.state === 'finished' ? { end: call.value } : {}) };
}

/** Rows that came as one answer, such as those of a report, as a reading that has ended. */
export async function keepRows(
  parts: Omit<ReadParts, 'scope' | 'toTheEnd' | 'signal'>,
  rows: readonly unknown[],
  end: ReadingEnd,
): Promise<ListReading> {
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
): Promise<ReadingEnd> {
  const { allPages, parents, maxRecords } = scope;
  const catalog = await context.catalog();
  const hasCount =
    request.method === 'GET' && catalog.findEndpoint('GET', countPath(endpoint?.path ?? request.path)) !== undefined;
  const common = { hasCount, signal, ...(maxRecords === undefined ? {} : { maxRecords }) };
  const onProgress = ({ rows, total }: { rows: number; total?: number }) =>
    context.progress(rows, total, `${rows} rows read`);
  let end: ReadingEnd;
  if (parents) {
    const { path, query } = request;
    const options = {
      ...common,
      path,
      query,
      parents,
      onProgress: ({ lists, of }: { lists: number; of: number }) =>
        context.progress(lists, of, `${lists} of ${of} lists read`),
    };
    end = describeJoinEnd(await drain(joinLists(client, options), keeper.take));
  } else {
    end = describeListEnd(await drain(listPages(client, request, { ...common, allPages, onProgress }), keeper.take));
  }
  await keeper.finish(end);
  return end;
}

/** Hands on every page, and answers what the reading ends with. */
async function drain<End>(
  pages: AsyncGenerator<readonly unknown[], End, void>,
  take: (rows: readonly unknown[]) => Promise<void>,
): Promise<End> {
  for (;;) {
    const next = await pages.next();
    if (next.done) return next.value;
    await take(next.value);
  }
}

interface Keeper {
  take(rows: readonly unknown[]): Promise<void>;
  finish(end: ReadingEnd): Promise<void>;
  reading(): ListReading;
}

function createKeeper({ context, endpoint, request, asked }: Omit<ReadParts, 'scope' | 'toTheEnd' | 'signal'>): Keeper {
  const first: unknown[] = [];
  let rows = 0;
  let writer: ResultWriter | undefined;
  const begin = async () => {
    const [store, catalog] = await Promise.all([context.results(), context.catalog()]);
    const schema = endpoint?.response?.schema;
    return store.begin({
      noun: nounOf(request.path),
      request: describeRequest(request),
      schema: schema === undefined ? undefined : catalog.findSchema(schema),
      // No closure of this scope, which would keep the first rows for as long as their table is there.
      findSchema: catalog.findSchema,
      wholeRecords: !['fields', 'columns'].some((name) => findMember(request.query, name) !== undefined),
    });
  };
  return {
    async take(page) {
      if (page.length === 0) return;
      writer ??= await begin();
      rows += page.length;
      first.push(...page.slice(0, Math.max(0, shownAtMost - first.length)));
      writer.append(page);
    },
    async finish({ state, reason, total }) {
      if (asked) writer ??= await begin();
      writer?.finish({ state, ...(reason === undefined ? {} : { reason }), ...(total === undefined ? {} : { total }) });
    },
    reading: () => ({ rows, first, ...(writer ? { table: writer.table } : {}) }),
  };
}

/** The last word of the path names the rows: `tickets`, `additions`; a search finds what stands before it. */
function nounOf(path: string): string {
  const words = path
    .split('/')
    .filter((word) => word !== '' && !/^\d|^\{/.test(word) && word.toLowerCase() !== 'search');
  return words.at(-1) ?? 'rows';
}

function describeRequest({ method, path, query, body }: ReadRequest): string {
  const filters = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  const inBody = body === undefined ? '' : ` ${JSON.stringify(body)}`;
  return `${method} ${path}${filters.length > 0 ? `?${filters.join('&')}` : ''}${inBody}`;
}
