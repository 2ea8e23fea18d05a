import { GatewayError } from '../../core/errors.ts';
import type { ConnectWiseAnswer, ConnectWiseClient, ConnectWiseRequest } from '../client.ts';
import { findCount } from '../count.ts';
import { findRanges, type IdRange, type SendPage } from './id-ranges.ts';
import { complete, type ListEnd, type ListProgress, partial } from './list-end.ts';
import { type ListPlan, planList } from './list-plan.ts';
import { countRequest } from './list-request.ts';
import { createTally, idOf } from './tally.ts';
import { goOnAt, type Pages, type Reading, readByNumber, readByRanges } from './walk-list.ts';

export interface ListOptions {
  /** Walks on to the end, or to `maxRecords`; else one page is read. */
  allPages?: boolean;
  /** 10,000 unless told. */
  maxRecords?: number;
  /** False where no `/count` stands beside the list; it is asked only when a page is full, and may fail. */
  hasCount?: boolean;
  signal?: AbortSignal;
  onProgress?(progress: ListProgress): void;
}

const defaultMaxRecords = 10_000;
/** Where pages by number become slow and can skip rows, so that ids are walked instead (CW 3.7, 6.7). */
const manyRows = 20_000;

/**
 * The rows of a list, page by page, and how far they go: `complete` is said only when ConnectWise counts no more than
 * were read. Nothing is collected here; at most four pages are held. Above 20,000 rows pages come as they arrive, not
 * in the order of their ids.
 * @throws GatewayError when nothing could be read; a later failure is part of what the reading ends with
 */
export async function* listPages(
  client: Pick<ConnectWiseClient, 'send'>,
  request: ConnectWiseRequest,
  options: ListOptions = {},
): Pages {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  try {
    return yield* readList((one) => client.send(one, signal), request, { ...options, signal });
  } finally {
    // The caller may leave in the middle; what is on its way then is of no use.
    stop.abort();
  }
}

/** Hands every page on to `take`, and gives what the reading ends with. */
export async function readPages(
  pages: Pages,
  take: (rows: readonly unknown[]) => void | Promise<void>,
): Promise<ListEnd> {
  /** In a function of its own, so that no page is held while the next is awaited. */
  const step = async (): Promise<ListEnd | undefined> => {
    const next = await pages.next();
    if (next.done === true) return next.value;
    // A failure of the caller ends the reading too, which throws what it was given.
    await Promise.resolve(next.value)
      .then(take)
      .catch((error: unknown) => pages.throw(error));
    return undefined;
  };
  for (;;) {
    const end = await step();
    if (end !== undefined) return end;
  }
}

async function* readList(send: SendPage, request: ConnectWiseRequest, options: ListOptions): Pages {
  const { allPages = false, maxRecords = defaultMaxRecords, hasCount = true, signal } = options;
  const { plan, answer } = await readFirst(send, planList(request, { allPages, maxRecords }));
  const rows: unknown = answer.body;
  if (!Array.isArray(rows)) return { state: 'not-a-list', answer, pages: 0, rows: 0 };
  const tally = createTally(maxRecords, options.onProgress);
  const seen = (plan.page - 1) * plan.pageSize + rows.length;
  const isFull = rows.length >= plan.pageSize || answer.next !== undefined;
  const countAll = async () => (hasCount ? countRows(send, request) : undefined);
  const reading: Reading = { send, plan, tally, maxRecords, countAll };
  // Started beside the count, which would cost a round trip of its own.
  const ranges = isFull && allPages ? findRangesEarly(reading, answer) : undefined;
  const total = isFull ? await countAll() : seen;
  // A count below what was seen counts something else; an empty page behind the end counts nothing.
  const isKnown = total !== undefined && total >= seen && (plan.page === 1 || rows.length > 0);
  if (isKnown) tally.setTotal(total);
  yield tally.take(rows);
  if (tally.isCut) return partial(tally.progress, 'max-records');
  if (!isFull || (isKnown && total === seen)) return endOf(plan, tally.progress);
  const goOn = goOnAt(plan, plan.page + 1);
  if (signal?.aborted) return partial(tally.progress, 'cancelled', goOn);
  if (!allPages) return partial(tally.progress, 'more', goOn);
  return yield* readRest(reading, idOf(rows.at(-1)), await ranges);
}

/** The first page; without the order by id where a list has no such member. */
async function readFirst(send: SendPage, plan: ListPlan): Promise<{ plan: ListPlan; answer: ConnectWiseAnswer }> {
  try {
    return { plan, answer: await send(plan.first) };
  } catch (error) {
    const { withoutOrder } = plan;
    if (withoutOrder === undefined || !isRefusedOrder(error)) throw error;
    return { plan: withoutOrder, answer: await send(withoutOrder.first) };
  }
}

function isRefusedOrder(error: unknown): boolean {
  if (!(error instanceof GatewayError) || error.details.status !== 400) return false;
  return /\b(?:id|orderby)\b/i.test(error.details.connectwise?.message ?? '');
}

/** Its failure is never one of the list: a quarter of the lists have no count (CW 3.6). */
async function countRows(send: SendPage, request: ConnectWiseRequest): Promise<number | undefined> {
  try {
    return findCount((await send(countRequest(request))).body);
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

async function* readRest(reading: Reading, lastId: number | undefined, early: IdRange[] | undefined): Pages {
  const { send, plan, tally, maxRecords } = reading;
  const { total, rows } = tally.progress;
  const wanted = Math.min(total ?? 0, maxRecords);
  if (wanted > manyRows && canWalkIds(plan) && total !== undefined && lastId !== undefined) {
    const ranges = early ?? (await findRanges(send, plan.first, { read: rows, lastId, wanted, total }));
    if (ranges !== undefined) return yield* readByRanges(reading, ranges);
  }
  return yield* readByNumber(reading);
}

/** By the number of the last page alone, where that says enough. */
async function findRangesEarly(reading: Reading, answer: ConnectWiseAnswer): Promise<IdRange[] | undefined> {
  const { send, plan, maxRecords } = reading;
  const rows = answer.body as readonly unknown[];
  const most = (answer.lastPage ?? 1) * plan.pageSize;
  const wanted = Math.min(most, maxRecords);
  const lastId = idOf(rows.at(-1));
  // Whether all of the last page are wanted cannot be told before they are counted.
  const isOpen = wanted < most && wanted > most - plan.pageSize;
  if (wanted <= manyRows || isOpen || !canWalkIds(plan) || lastId === undefined) return undefined;
  return findRanges(send, plan.first, { read: rows.length, lastId, wanted, total: most });
}

function canWalkIds({ byId, page, first }: ListPlan): boolean {
  return byId && page === 1 && first.method === 'GET';
}

function endOf(plan: ListPlan, progress: ListProgress): ListEnd {
  return plan.page === 1 ? complete(progress) : partial(progress, 'page');
}
