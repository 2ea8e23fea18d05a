/** Many pages at once: in their order by number, or as ranges of ids. */

import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import type { ConnectWiseAnswer, ConnectWiseRequest } from '../client.ts';
import { unexpectedAnswer } from '../failure.ts';
import { findFilter, joinConditions, narrow, withFilter, withQuery } from './list-request.ts';

export type Rows = readonly unknown[];

/** Of the rows of a page, those that are handed on. */
export type Take = (rows: Rows) => Rows;

export type SendPage = (request: ConnectWiseRequest) => Promise<ConnectWiseAnswer>;

/** As many as the queue of a company lets through (CW 6.9). */
export const pagesInFlight = 4;

// What has been read

/** How far a list has been read. */
export interface ListProgress {
  pages: number;
  rows: number;
  /** How many there are, where ConnectWise could count them. */
  total?: number;
}

/** What has been read so far. Ids are kept, rows are not. */
export interface Tally {
  readonly progress: ListProgress;
  /** Rows were left out because there were more than wanted. */
  readonly isCut: boolean;
  setTotal(total: number): void;
  /** The rows that are new and within the number wanted. */
  take: Take;
}

export function createTally(maxRecords: number, onProgress?: (progress: ListProgress) => void): Tally {
  const seen = new Set<number>();
  const isNew = (row: unknown) => {
    const id = idOf(row);
    if (id === undefined) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  };
  let progress: ListProgress = { pages: 0, rows: 0 };
  let isCut = false;
  return {
    get isCut() {
      return isCut;
    },
    get progress() {
      return progress;
    },
    setTotal(total) {
      progress = { ...progress, total };
    },
    take(rows) {
      const fresh = rows.filter(isNew);
      const taken = fresh.slice(0, maxRecords - progress.rows);
      isCut ||= taken.length < fresh.length;
      progress = { ...progress, pages: progress.pages + 1, rows: progress.rows + taken.length };
      onProgress?.(progress);
      return taken;
    },
  };
}

export function idOf(row: unknown): number | undefined {
  const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}

/** @throws GatewayError `unreadable_answer` for anything but a list */
export function rowsOf(request: Pick<ConnectWiseRequest, 'method' | 'path'>, answer: ConnectWiseAnswer): Rows {
  if (Array.isArray(answer.body)) return answer.body;
  throw unexpectedAnswer(request, answer, 'a list');
}

/** Servers cap pages at a round number, such as the default of 25 (CW 3.1). */
const roundPage = 25;

/** Whether others may follow a page: a full one, or one that a server may have cut at fewer rows than were asked for. */
export function mayGoOn(rows: Rows, pageSize: number): boolean {
  return rows.length >= pageSize || (rows.length > 0 && rows.length % roundPage === 0);
}

/** As a value, so that a page that is no longer awaited is not an unhandled rejection. */
function toFailure(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal', 'A page of the list failed unexpectedly.', { cause: error });
}

// Pages by number

export interface NumberedPages {
  from: number;
  /** The last to ask for; without it until one is short. */
  last?: number;
  pageSize: number;
  fetchPage(page: number): Promise<NumberedPage>;
  take: Take;
}

export interface NumberedPage {
  rows: Rows;
  /** `Link` names a next page. */
  goesOn: boolean;
}

export interface NumberedEnd {
  /** The last page that was read was not full, and named no next. */
  isShort: boolean;
  failed?: { page: number; failure: GatewayError };
}

/** Pages in their order, four asked for ahead. Ends at a short page, at the last, or with the first that failed. */
export async function* readNumberedPages(parts: NumberedPages): AsyncGenerator<Rows, NumberedEnd, void> {
  const { from, last = Number.POSITIVE_INFINITY, pageSize, take } = parts;
  const flying: { page: number; read: Promise<NumberedPage | GatewayError> }[] = [];
  const arrived: Rows[] = [];
  let next = from;
  const ask = () => {
    for (; flying.length < pagesInFlight && next <= last; next += 1) {
      flying.push({ page: next, read: parts.fetchPage(next).catch(toFailure) });
    }
  };
  /** In a function of its own, so that no page is held while the next are awaited. */
  const receive = async (page: number, coming: Promise<NumberedPage | GatewayError>) => {
    const read = await coming;
    if (read instanceof GatewayError) return { isShort: false, failed: { page, failure: read } };
    const { rows, goesOn } = read;
    arrived.push(rows);
    return rows.length === 0 || (rows.length < pageSize && !goesOn) ? { isShort: true } : undefined;
  };
  ask();
  for (let head = flying.shift(); head !== undefined; head = flying.shift()) {
    const end = await receive(head.page, head.read);
    // Asked for before the rows are handed on, so that requests run while the caller works.
    if (end === undefined) ask();
    while (arrived.length > 0) yield take(arrived.shift() ?? []);
    if (end !== undefined) return end;
  }
  return { isShort: false };
}

// Ranges of ids

/** The records with an id above `after`, up to and with `upTo` if there is one. */
export interface IdRange {
  after: number;
  upTo?: number;
}

export interface RankedRows {
  /** Rows read already, in the order of their ids. */
  read: number;
  lastId: number;
  /** How many rows are wanted, and how many there are. */
  wanted: number;
  total: number;
}

/**
 * Four ranges of ids with equally many records, by asking for the ids at their boundaries. Dividing the ids themselves
 * would not do: where old records were deleted, most of the others are at the end. Undefined where a boundary cannot be
 * read.
 */
export async function findRanges(
  send: SendPage,
  request: ConnectWiseRequest,
  rows: RankedRows,
): Promise<IdRange[] | undefined> {
  const { read, wanted, total } = rows;
  const places = [1, 2, 3].map((part) => read + Math.floor(((wanted - read) * part) / 4));
  if (wanted < total) places.push(wanted);
  const ordered = withFilter(request, 'orderBy', 'id asc');
  const idAt = async (place: number) => {
    const { body } = await send(withQuery(ordered, { page: String(place), pageSize: '1', fields: 'id' }));
    return Array.isArray(body) ? idOf(body[0]) : undefined;
  };
  const found = await Promise.all(places.map((place) => idAt(place).catch(() => undefined)));
  const edges = [rows.lastId, ...found];
  const ranges: IdRange[] = [];
  for (const [index, after] of edges.entries()) {
    const upTo = edges[index + 1];
    const isLast = index === edges.length - 1;
    if (after === undefined || (!isLast && (upTo === undefined || upTo <= after))) return undefined;
    if (!isLast && upTo !== undefined) ranges.push({ after, upTo });
    else if (wanted >= total) ranges.push({ after });
  }
  return ranges;
}

export interface RangesEnd {
  /** What was not read to its end. */
  left: readonly IdRange[];
  failure?: GatewayError;
}

export interface RangesParts {
  send: SendPage;
  request: ConnectWiseRequest;
  ranges: readonly IdRange[];
  pageSize: number;
  take: Take;
  /** Whether no further page is wanted. */
  isEnough?(): boolean;
  /** No page has shown yet how many rows the server gives at once. */
  mayBeCapped?: boolean;
}

interface RangeReading extends IdRange {
  /** The server ignores forward-only paging. */
  byWindow: boolean;
}

/**
 * Reads ranges side by side, each page by the last id of the one before, and hands pages on as they arrive. A range waits
 * with its next page until its last was taken, so that there are never more than four pages here. No variable holds a
 * page while the next ones are awaited: what outlives a garbage collection makes the heap grow for good.
 */
export async function* readRanges(parts: RangesParts): AsyncGenerator<Rows, RangesEnd, void> {
  const { pageSize, take, isEnough = () => false, mayBeCapped = false } = parts;
  const left = new Set(parts.ranges.map((range): RangeReading => ({ ...range, byWindow: false })));
  const flying = new Map<RangeReading, Promise<RangeReading>>();
  const arrived: Rows[] = [];
  let failure: GatewayError | undefined;
  const read = async (range: RangeReading) => {
    try {
      const rows = await readPage(parts, range);
      range.after = idOf(rows.at(-1)) ?? range.after;
      const isLast = mayBeCapped ? !mayGoOn(rows, pageSize) : rows.length < pageSize;
      const isOver = isLast || (range.upTo !== undefined && range.after >= range.upTo);
      if (isOver) left.delete(range);
      arrived.push(rows);
    } catch (error) {
      // The pages of the other ranges are in flight and worth keeping.
      failure ??= toFailure(error);
    }
    return range;
  };
  for (const range of left) flying.set(range, read(range));
  while (flying.size > 0) {
    const range = await Promise.race(flying.values());
    flying.delete(range);
    const goesOn = failure === undefined && left.has(range) && !isEnough();
    // Asked for before the rows are handed on, so that requests run while the caller works.
    if (goesOn) flying.set(range, read(range));
    while (arrived.length > 0) yield take(arrived.shift() ?? []);
  }
  return defined({ left: [...left].map(({ after, upTo }) => defined<IdRange>({ after, upTo })), failure });
}

/** Conditions that are met by the records of some ranges. */
export function conditionsOf(request: ConnectWiseRequest, ranges: readonly IdRange[]): string {
  const parts = ranges.map(({ after, upTo }) =>
    upTo === undefined ? `id > ${after}` : `(id > ${after} and id <= ${upTo})`,
  );
  const joined = parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' or ')})`;
  return joinConditions(findFilter(request, 'conditions'), joined);
}

async function readPage({ send, request, pageSize }: RangesParts, range: RangeReading): Promise<Rows> {
  const { after, upTo } = range;
  const bounded = upTo === undefined ? request : narrow(request, `id <= ${upTo}`);
  if (!range.byWindow) {
    // Forward-only: `pageId` means `id > pageId`, ordered by id, and no other order is allowed (CW 3.4).
    const query = { pageSize: String(pageSize), pageId: String(after), page: undefined, orderBy: undefined };
    const answer = await send({ ...withQuery(bounded, query), paging: 'forward-only' });
    const rows = rowsOf(request, answer);
    // Without a Link, or with rows from the start, the server has ignored `pageId`, and these are other rows.
    if (rows.length === 0 || (answer.next?.pageId !== undefined && areAbove(after, rows))) return rows;
    range.byWindow = true;
  }
  const window = narrow(bounded, `id > ${after}`);
  const query = { pageSize: String(pageSize), page: undefined, orderBy: 'id asc' };
  const rows = rowsOf(window, await send(withQuery(window, query)));
  if (areAbove(after, rows)) return rows;
  // Continuing from the same id would never end.
  throw new GatewayError('unreadable_answer', `The records after id ${after} are not in the order of their ids.`);
}

function areAbove(after: number, rows: Rows): boolean {
  let last = after;
  for (const row of rows) {
    const id = idOf(row);
    if (id === undefined || id <= last) return false;
    last = id;
  }
  return true;
}
