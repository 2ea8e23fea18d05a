import { GatewayError } from '../../core/errors.ts';
import type { ConnectWiseAnswer, ConnectWiseRequest } from '../client.ts';
import { findFilter, joinConditions, narrow, withFilter, withQuery } from './list-request.ts';
import { toFailure } from './numbered-pages.ts';
import { idOf, type Take } from './tally.ts';

/** The records with an id above `after`, up to and with `upTo` if there is one. */
export interface IdRange {
  after: number;
  upTo?: number;
}

export type SendPage = (request: ConnectWiseRequest) => Promise<ConnectWiseAnswer>;

export interface RankedRows {
  /** Rows read already, in the order of their ids. */
  read: number;
  lastId: number;
  /** How many rows are wanted, and how many there are. */
  wanted: number;
  total: number;
}

/**
 * Four ranges of ids with equally many records, by asking for the ids at the places where they meet. Ids alone would
 * not do: where old records were deleted, most of them lie at the end. Undefined where the places do not answer.
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
}

/**
 * Reads ranges side by side, each page by the last id of the one before, and hands pages on as they come. A range waits
 * with its next page until its last was taken, so that there are never more than four pages here. No variable holds a
 * page while the next ones are awaited: what outlives a collection of garbage makes the heap grow for good.
 */
export async function* readRanges(parts: RangesParts): AsyncGenerator<readonly unknown[], RangesEnd, void> {
  const { pageSize, take } = parts;
  const left = new Set(parts.ranges.map((range): RangeReading => ({ ...range, byWindow: false })));
  const flying = new Map<RangeReading, Promise<RangeReading>>();
  const arrived: (readonly unknown[])[] = [];
  let failure: GatewayError | undefined;
  const read = async (range: RangeReading) => {
    try {
      const rows = await readPage(parts, range);
      range.after = idOf(rows.at(-1)) ?? range.after;
      const isOver = rows.length < pageSize || (range.upTo !== undefined && range.after >= range.upTo);
      if (isOver) left.delete(range);
      arrived.push(rows);
    } catch (error) {
      // The others' pages are on their way and worth keeping.
      failure ??= toFailure(error);
    }
    return range;
  };
  for (const range of left) flying.set(range, read(range));
  while (flying.size > 0) {
    const range = await Promise.race(flying.values());
    flying.delete(range);
    const goesOn = failure === undefined && left.has(range);
    // Asked for before the rows are handed on, so that the network works while the caller does.
    if (goesOn) flying.set(range, read(range));
    while (arrived.length > 0) yield take(arrived.shift() ?? []);
  }
  return { left: [...left].map(toRange), ...(failure !== undefined && { failure }) };
}

/** Conditions that are met by what ranges hold. */
export function conditionsOf(request: ConnectWiseRequest, ranges: readonly IdRange[]): string {
  const parts = ranges.map(({ after, upTo }) =>
    upTo === undefined ? `id > ${after}` : `(id > ${after} and id <= ${upTo})`,
  );
  const joined = parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' or ')})`;
  return joinConditions(findFilter(request, 'conditions'), joined);
}

interface RangeReading extends IdRange {
  /** The server does not know forward-only paging. */
  byWindow: boolean;
}

async function readPage({ send, request, pageSize }: RangesParts, range: RangeReading): Promise<readonly unknown[]> {
  const { after, upTo } = range;
  const bounded = upTo === undefined ? request : narrow(request, `id <= ${upTo}`);
  if (!range.byWindow) {
    // Forward-only: `pageId` means `id > pageId`, ordered by id, and no other order is allowed (CW 3.4).
    const query = { pageSize: String(pageSize), pageId: String(after), page: undefined, orderBy: undefined };
    const answer = await send({ ...withQuery(bounded, query), paging: 'forward-only' });
    const rows = rowsOf(answer);
    // No Link, or rows from the start: the server has taken no notice, and its rows are of another place.
    if (rows.length === 0 || (answer.next?.pageId !== undefined && areAbove(after, rows))) return rows;
    range.byWindow = true;
  }
  const window = narrow(bounded, `id > ${after}`);
  const query = { pageSize: String(pageSize), page: undefined, orderBy: 'id asc' };
  const rows = rowsOf(await send(withQuery(window, query)));
  if (areAbove(after, rows)) return rows;
  // Reading on by the same id would never end.
  throw new GatewayError(
    'unreadable_answer',
    `The records after id ${after} came in another order than that of their ids.`,
  );
}

function rowsOf({ body }: ConnectWiseAnswer): readonly unknown[] {
  if (Array.isArray(body)) return body;
  throw new GatewayError('unreadable_answer', 'A page of the list is no list.');
}

function areAbove(after: number, rows: readonly unknown[]): boolean {
  let last = after;
  for (const row of rows) {
    const id = idOf(row);
    if (id === undefined || id <= last) return false;
    last = id;
  }
  return true;
}

function toRange({ after, upTo }: RangeReading): IdRange {
  return upTo === undefined ? { after } : { after, upTo };
}
