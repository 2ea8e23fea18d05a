import { GatewayError } from '../../errors.ts';

export interface NumberedPages {
  from: number;
  /** The last to ask for; without it until one is short. */
  last?: number;
  pageSize: number;
  fetchPage(page: number): Promise<readonly unknown[]>;
}

export interface PageFailure {
  page: number;
  failure: GatewayError;
}

/** As many as the queue of a company lets through (CW 6.9). */
export const pagesInFlight = 4;

/** Pages in their order, four asked for ahead. Ends at a short page, at the last, or with the first that failed. */
export async function* readNumberedPages(
  parts: NumberedPages,
): AsyncGenerator<readonly unknown[], PageFailure | undefined, void> {
  const { from, last = Number.POSITIVE_INFINITY, pageSize } = parts;
  const flying: { page: number; rows: Promise<readonly unknown[] | GatewayError> }[] = [];
  let next = from;
  const ask = () => {
    for (; flying.length < pagesInFlight && next <= last; next += 1) {
      flying.push({ page: next, rows: parts.fetchPage(next).catch(toFailure) });
    }
  };
  for (;;) {
    ask();
    const head = flying.shift();
    if (head === undefined) return undefined;
    const rows = await head.rows;
    if (rows instanceof GatewayError) return { page: head.page, failure: rows };
    if (rows.length < pageSize) {
      yield rows;
      return undefined;
    }
    // Asked for before the rows are handed on, so that the network works while the caller does.
    ask();
    yield rows;
  }
}

/** A value, so that a page which nobody waits for any more fails in silence. */
export function toFailure(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal', 'A page of the list failed for a reason nobody foresaw.', { cause: error });
}
