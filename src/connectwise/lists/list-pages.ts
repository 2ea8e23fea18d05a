import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import { findCount } from '../answer.ts';
import type { ConnectWiseAnswer, ConnectWiseClient, ConnectWiseRequest } from '../client.ts';
import { unexpectedAnswer } from '../failure.ts';
import {
  countRequest,
  findFilter,
  findNumber,
  findQueryMember,
  findTotalOrder,
  type Query,
  withFilter,
  withIdField,
  withQuery,
} from './list-request.ts';
import {
  conditionsOf,
  createTally,
  findRanges,
  type IdRange,
  idOf,
  type ListProgress,
  mayGoOn,
  type Rows,
  readNumberedPages,
  readRanges,
  rowsOf,
  type SendPage,
  type Tally,
} from './read-pages.ts';

export interface ListOptions {
  /** Reads on to the end, or to `maxRecords`; otherwise one page is read. */
  allPages?: boolean;
  /** 10,000 by default. */
  maxRecords?: number;
  /**
   * The definition says that the path answers a list, so that an envelope, a text or nothing is an error. A record is
   * not: definitions take a few records for lists.
   */
  isList?: boolean;
  /** False where the list has no `/count`, which is asked only when a page is full, and may fail. */
  hasCount?: boolean;
  signal?: AbortSignal;
  onProgress?(progress: ListProgress): void;
}

/**
 * `more`: one page was asked for and there are others. `page`: another page than the first was asked for, and it or all
 * from it on were read. `max-pages`: the pages that its rows need did not hold them all. `changed`: records were added or deleted in the meantime, so that some may be missing.
 */
export type PartialReason = 'more' | 'page' | 'max-records' | 'max-pages' | 'failed' | 'cancelled' | 'changed';

interface PartialList {
  state: 'partial';
  reason: PartialReason;
  /** Query members that, in place of those of the request, read the rest; absent where that is not known. */
  goOn?: Query;
  failure?: GatewayError;
}

/** How a reading of a list ended. Rows that were read before a failure are kept. */
export type ListEnd = ListProgress &
  (
    | { state: 'complete' }
    | PartialList
    /** The path answers one value and no rows. */
    | { state: 'not-a-list'; answer: ConnectWiseAnswer }
  );

export type Pages = AsyncGenerator<Rows, ListEnd, void>;

const defaultMaxRecords = 10_000;
/** Where pages by number become slow and can skip rows, so that ranges of ids are read instead (CW 3.7, 6.7). */
const manyRows = 20_000;

/**
 * The rows of a list, page by page, and how the reading ended: `complete` only when ConnectWise counts no more than were
 * read. Nothing is collected here; at most four pages are held. Above 20,000 rows pages come as they arrive, not in the
 * order of their ids.
 * @throws GatewayError when nothing could be read; a later failure is part of how the reading ended
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
    // The caller may leave early; requests still in flight are of no use then.
    stop.abort();
  }
}

/** Hands every page on to `take`, and returns how the reading ended. */
export async function readPages<End>(
  pages: AsyncGenerator<Rows, End, void>,
  take: (rows: Rows) => void | Promise<void>,
): Promise<End> {
  /** In a function of its own, so that no page is held while the next is awaited. */
  const step = async (): Promise<{ end: End } | undefined> => {
    const next = await pages.next();
    if (next.done === true) return { end: next.value };
    // A failure of the caller ends the reading too, which throws it again.
    await Promise.resolve(next.value)
      .then(take)
      .catch((error: unknown) => pages.throw(error));
    return undefined;
  };
  for (;;) {
    const last = await step();
    if (last !== undefined) return last.end;
  }
}

/** A list whose first page has been read. */
interface Reading {
  send: SendPage;
  plan: ListPlan;
  tally: Tally;
  maxRecords: number;
  /** Undefined where ConnectWise does not count. */
  countAll(): Promise<number | undefined>;
}

async function* readList(sendAny: SendPage, request: ConnectWiseRequest, options: ListOptions): Pages {
  const { allPages = false, maxRecords = defaultMaxRecords, hasCount = true, isList = false, signal } = options;
  const { send, allow } = limitPages(sendAny);
  if (request.paging === 'forward-only') {
    allow(2 * Math.ceil(maxRecords / defaultPage));
    return yield* readForward(send, request, { ...options, allPages, maxRecords });
  }
  const { plan: asked, answer } = await readFirst(send, planList(request, { allPages, maxRecords }));
  const rows: unknown = answer.body;
  if (!Array.isArray(rows)) {
    if (answer.file === undefined && !isValue(rows, isList)) throw unexpectedAnswer(request, answer, 'a list');
    return { state: 'not-a-list', answer, pages: 0, rows: 0 };
  }
  const tally = createTally(maxRecords, options.onProgress);
  const countAll = async () => (hasCount ? countRows(send, request) : undefined);
  const isShort = rows.length < asked.pageSize;
  const goesOn = rows.length > 0 && (!isShort || answer.next !== undefined);
  const isOpen = goesOn || mayGoOn(rows, asked.pageSize);
  // What a server gives less than was asked for is the size of its pages, unless it is the end.
  const plan = isShort && isOpen ? withPageSize(asked, rows.length) : asked;
  allow(2 * Math.ceil(maxRecords / plan.pageSize));
  const seen = (plan.page - 1) * plan.pageSize + rows.length;
  const reading: Reading = { send, plan, tally, maxRecords, countAll };
  const lastId = idOf(rows.at(-1));
  // Started at the same time as the count, which takes a round trip.
  const ranges = goesOn && allPages ? findRangesEarly(reading, answer, rows) : undefined;
  const total = isOpen ? await countAll() : seen;
  const isFull = goesOn || (isOpen && (total === undefined ? await hasNext(reading, rows) : total > seen));
  // A count below what was seen is of something else; an empty page behind the end shows no number.
  const isKnown = total !== undefined && total >= seen && (plan.page === 1 || rows.length > 0);
  if (isKnown) tally.setTotal(total);
  yield tally.take(rows);
  if (tally.isCut) return partial(tally.progress, 'max-records');
  if (!isFull || (isKnown && total === seen)) return endOf(plan, tally.progress);
  const goOn = goOnAt(plan, plan.page + 1);
  if (signal?.aborted) return partial(tally.progress, 'cancelled', goOn);
  if (!allPages) return partial(tally.progress, 'more', goOn);
  return yield* readRest(reading, lastId, await ranges);
}

/** The rows with ids above `pageId`, in the order of their ids (CW 3.4): one page of them, or all. */
async function* readForward(
  send: SendPage,
  request: ConnectWiseRequest,
  { allPages, maxRecords, onProgress }: ListOptions & { allPages: boolean; maxRecords: number },
): Pages {
  const query = request.query ?? {};
  const after = Number(findQueryMember(query, 'pageId') ?? 0);
  const asked = findNumber(query, 'pageSize') ?? pageSizeFor(maxRecords, allPages);
  const pageSize = Math.min(largestPage, asked, maxRecords);
  const tally = createTally(maxRecords, onProgress);
  const { left, failure } = yield* readRanges({
    ...{ send, request, ranges: [{ after }], pageSize, take: tally.take },
    mayBeCapped: true,
    isEnough: () => !allPages || tally.isCut || tally.progress.rows >= maxRecords,
  });
  const goOn = { pageId: String(left[0]?.after ?? after), pageSize: String(pageSize) };
  if (failure !== undefined && tally.progress.pages === 0) throw failure;
  if (failure !== undefined) return brokenOff(tally.progress, failure, goOn);
  if (left.length > 0 && !allPages) return partial(tally.progress, 'more', goOn);
  if (tally.isCut || left.length > 0) return partial(tally.progress, 'max-records', tally.isCut ? undefined : goOn);
  return after === 0 ? { ...tally.progress, state: 'complete' } : partial(tally.progress, 'page');
}

/** Requests beyond those for the rows themselves: counts, boundaries of ranges, ends that have to be looked at. */
const spareRequests = 24;

/**
 * Ends a reading whose list does not end: each needs about as many requests as its rows fill pages. Until the size of
 * a page is known only a few are allowed.
 */
function limitPages(send: SendPage): { send: SendPage; allow(more: number): void } {
  let left = spareRequests;
  return {
    allow: (more) => {
      left += more;
    },
    async send(request) {
      left -= 1;
      if (left >= 0) return send(request);
      throw new GatewayError('unreadable_answer', 'The list does not end within the pages that its rows need.', {
        hint: 'Narrow the conditions, or ask for a smaller max_records.',
      });
    },
  };
}

function withPageSize(plan: ListPlan, pageSize: number): ListPlan {
  return { ...plan, pageSize, first: withQuery(plan.first, { pageSize: String(pageSize) }) };
}

/** Looks at the next page, where nothing else says whether there is one. The same rows again are none. */
async function hasNext({ send, plan }: Reading, rows: Rows): Promise<boolean> {
  const request = withQuery(plan.first, { page: String(plan.page + 1) });
  const next = rowsOf(request, await send(request));
  return next.length > 0 && JSON.stringify(next[0]) !== JSON.stringify(rows[0]);
}

/** Whether a body that is no list may be what the path answers. Nothing at all is never an answer. */
function isValue(body: unknown, isList: boolean): boolean {
  return isList ? idOf(body) !== undefined : body !== undefined && body !== null && body !== '';
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

/** Undefined where the count fails: not every list has one (CW 3.6), and the list itself can still be read. */
async function countRows(send: SendPage, request: ConnectWiseRequest): Promise<number | undefined> {
  try {
    return findCount((await send(countRequest(request))).body);
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

// The first request

/** The first request of a reading, and what its answer is compared with. */
interface ListPlan {
  first: ConnectWiseRequest;
  page: number;
  pageSize: number;
  /** Rows are ordered by their ids and nothing else. */
  byId: boolean;
  /** The same with the caller's own order alone, for a list whose rows have no id. */
  withoutOrder?: ListPlan;
}

/** Of ConnectWise; more is capped or refused (CW 3.1). */
const largestPage = 1000;
const defaultPage = 25;

/** Most lists end within the largest page, so that one request reads them whole. */
function planList(
  request: ConnectWiseRequest,
  { allPages, maxRecords }: { allPages: boolean; maxRecords: number },
): ListPlan {
  const query = request.query ?? {};
  const isPaged = findQueryMember(query, 'page') !== undefined || findQueryMember(query, 'pageSize') !== undefined;
  const page = findNumber(query, 'page') ?? 1;
  const asked = isPaged ? (findNumber(query, 'pageSize') ?? defaultPage) : pageSizeFor(maxRecords, allPages);
  // Pages after the first are counted in the size that was asked for.
  const pageSize = Math.min(largestPage, asked, page === 1 ? maxRecords : largestPage);
  const isOurs = !isPaged || pageSize < asked;
  const sized = isOurs ? withQuery(request, { pageSize: String(pageSize) }) : request;
  if (!allPages) return { first: sized, page, pageSize, byId: false };
  const orderBy = findFilter(request, 'orderBy');
  const total = findTotalOrder(orderBy);
  const fields = withIdField(findQueryMember(query, 'fields'));
  const walked = withQuery(sized, { page: String(page), pageSize: String(pageSize) });
  const first = withQuery(total === undefined ? walked : withFilter(walked, 'orderBy', total), { fields });
  const byId = /^id(?: +asc)?$/i.test((total ?? orderBy ?? '').trim());
  if (total === undefined) return { first, page, pageSize, byId };
  return { first, page, pageSize, byId, withoutOrder: { first: walked, page, pageSize, byId: false } };
}

/** As few pages as possible, and all of one size, so that the rest begins with a new page. */
function pageSizeFor(maxRecords: number, allPages: boolean): number {
  return allPages ? Math.ceil(maxRecords / Math.ceil(maxRecords / largestPage)) : maxRecords;
}

// The other pages

async function* readRest(reading: Reading, lastId: number | undefined, early: IdRange[] | undefined): Pages {
  const { send, plan, tally, maxRecords } = reading;
  const { total, rows } = tally.progress;
  const wanted = Math.min(total ?? 0, maxRecords);
  if (wanted > manyRows && canReadByIds(plan) && total !== undefined && lastId !== undefined) {
    const ranges = early ?? (await findRanges(send, plan.first, { read: rows, lastId, wanted, total }));
    if (ranges !== undefined) return yield* readByRanges(reading, ranges);
  }
  return yield* readByNumber(reading);
}

/** By the number of the last page alone, where that says enough. */
async function findRangesEarly(
  { send, plan, maxRecords }: Reading,
  answer: ConnectWiseAnswer,
  rows: Rows,
): Promise<IdRange[] | undefined> {
  const most = (answer.lastPage ?? 1) * plan.pageSize;
  const wanted = Math.min(most, maxRecords);
  const lastId = idOf(rows.at(-1));
  // Whether all rows of the last page are wanted is unknown before they are counted.
  const isOpen = wanted < most && wanted > most - plan.pageSize;
  if (wanted <= manyRows || isOpen || !canReadByIds(plan) || lastId === undefined) return undefined;
  return findRanges(send, plan.first, { read: rows.length, lastId, wanted, total: most });
}

function canReadByIds({ byId, page, first }: ListPlan): boolean {
  return byId && page === 1 && first.method === 'GET';
}

/** Pages 2, 3, … in their order. */
async function* readByNumber(reading: Reading): Pages {
  const { send, plan, tally, maxRecords } = reading;
  const { page, pageSize } = plan;
  const skipped = (page - 1) * pageSize;
  const { total = Number.POSITIVE_INFINITY } = tally.progress;
  const last = Math.ceil(Math.min(total, skipped + maxRecords) / pageSize);
  const fetchPage = async (number: number) => {
    const request = withQuery(plan.first, { page: String(number) });
    const answer = await send(request);
    return { rows: rowsOf(request, answer), goesOn: answer.next !== undefined };
  };
  const { take } = tally;
  const { isShort, failed } = yield* readNumberedPages({ from: page + 1, last, pageSize, fetchPage, take });
  if (failed !== undefined) return brokenOff(tally.progress, failed.failure, goOnAt(plan, failed.page));
  const { rows } = tally.progress;
  const isAtLimit = rows >= maxRecords && !isShort && total !== skipped + rows;
  if (tally.isCut || isAtLimit) {
    return partial(tally.progress, 'max-records', goOnAt(plan, Math.floor((skipped + rows) / pageSize) + 1));
  }
  if (!isShort && tally.progress.total === undefined) {
    const nextPage = Math.floor((skipped + rows) / pageSize) + 1;
    return partial(tally.progress, 'max-pages', goOnAt(plan, Math.max(nextPage, last + 1)));
  }
  // When a record is deleted, later ones move to pages that were read already, and a new record hides that from a count.
  const isSteady = (after: number) => after === total || (plan.byId && after > total);
  return conclude(reading, (after) => isSteady(after) && after === skipped + rows);
}

/** Four ranges of ids side by side. */
async function* readByRanges(reading: Reading, ranges: readonly IdRange[]): Pages {
  const { send, plan, tally } = reading;
  const { pageSize, first: request } = plan;
  const { left, failure } = yield* readRanges({
    ...{ send, request, ranges, pageSize, take: tally.take },
    isEnough: () => tally.isCut,
  });
  const goOn = (open: readonly IdRange[]) => ({ conditions: conditionsOf(plan.first, open), page: '1' });
  if (failure !== undefined) return brokenOff(tally.progress, failure, goOn(left));
  // Pages that arrived last were cut, so that no range says where to go on.
  if (tally.isCut) return partial(tally.progress, 'max-records');
  const upTo = ranges.at(-1)?.upTo;
  if (upTo !== undefined) return partial(tally.progress, 'max-records', goOn([{ after: upTo }]));
  // Reading by ids misses no record; those that were deleted since are not missing.
  return conclude(reading, (after) => after <= tally.progress.rows);
}

/** Counts again before it says that all was read. */
async function conclude(reading: Reading, isWhole: (after: number) => boolean): Promise<ListEnd> {
  const { plan, tally } = reading;
  const { total } = tally.progress;
  if (total !== undefined) {
    const after = (await reading.countAll()) ?? total;
    tally.setTotal(after);
    if (!isWhole(after)) return partial(tally.progress, 'changed');
  }
  return endOf(plan, tally.progress);
}

/** What reads a list from a page on. */
function goOnAt({ pageSize }: ListPlan, page: number): Query {
  return { page: String(page), pageSize: String(pageSize) };
}

// How a reading ended

function endOf(plan: ListPlan, progress: ListProgress): ListEnd {
  return plan.page === 1 ? { ...progress, state: 'complete' } : partial(progress, 'page');
}

function partial(progress: ListProgress, reason: PartialReason, goOn?: Query): ListEnd {
  return defined<ListProgress & PartialList>({ ...progress, state: 'partial', reason, goOn });
}

/** A page that could not be read, or was not waited for. */
function brokenOff(progress: ListProgress, failure: GatewayError, goOn: Query): ListEnd {
  const reason = failure.code === 'cancelled' ? 'cancelled' : 'failed';
  return { ...progress, state: 'partial', reason, goOn, failure };
}
