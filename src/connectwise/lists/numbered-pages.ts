import { GatewayError } from '../../core/errors.ts';
import type { Take } from './tally.ts';

export interface NumberedPages {
  from: number;
  /** The last to ask for; without it until one is short. */
  last?: number;
  pageSize: number;
  fetchPage(page: number): Promise<readonly unknown[]>;
  take: Take;
}

export interface NumberedEnd {
  /** The last page that was read was not full. */
  isShort: boolean;
  failed?: { page: number; failure: GatewayError };
}

/** As many as the queue of a company lets through (CW 6.9). */
export const pagesInFlight = 4;

/** Pages in their order, four asked for ahead. Ends at a short page, at the last, or with the first that failed. */
export async function* readNumberedPages(parts: NumberedPages): AsyncGenerator<readonly unknown[], NumberedEnd, void> {
  const { from, last = Number.POSITIVE_INFINITY, pageSize, take } = parts;
  const flying: { page: number; rows: Promise<readonly unknown[] | GatewayError> }[] = [];
  const arrived: (readonly unknown[])[] = [];
  let next = from;
  const ask = () => {
    for (; flying.length < pagesInFlight && next <= last; next += 1) {
      flying.push({ page: next, rows: parts.fetchPage(next).catch(toFailure) });
    }
  };
  /** In a function of its own, so that no page is held while the next are awaited. */
  const receive = async (page: number, coming: Promise<readonly unknown[] | GatewayError>) => {
    const rows = await coming;
    if (rows instanceof GatewayError) return { isShort: false, failed: { page, failure: rows } };
    arrived.push(rows);
    return rows.length < pageSize ? { isShort: true } : undefined;
  };
  ask();
  for (let head = flying.shift(); head !== undefined; head = flying.shift()) {
    const end = await receive(head.page, head.rows);
    // Asked for before the rows are handed on, so that the network works while the caller does.
    if (end === undefined) ask();
    while (arrived.length > 0) yield take(arrived.shift() ?? []);
    if (end !== undefined) return end;
  }
  return { isShort: false };
}

/** A value, so that a page which nobody waits for any more fails in silence. */
export function toFailure(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal', 'A page of the list failed for a reason nobody foresaw.', { cause: error });
}
