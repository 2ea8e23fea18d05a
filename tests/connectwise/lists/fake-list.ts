import { compileConditions } from '../../../src/conditions/evaluate-conditions.ts';
import { parseConditions } from '../../../src/conditions/parse-conditions.ts';
import type { ConnectWiseAnswer, ConnectWiseClient, ConnectWiseRequest } from '../../../src/connectwise/client.ts';
import { findFilter, findQueryMember } from '../../../src/connectwise/lists/list-request.ts';
import { GatewayError } from '../../../src/core/errors.ts';

export interface Row {
  id: number;
  [member: string]: unknown;
}

export interface FakeListOptions {
  /** Read again for each request, so that a test can change it. */
  rows: Row[];
  forwardOnly?: boolean;
  hasCount?: boolean;
  /** Whether `Link` names the last page. */
  namesLast?: boolean;
  /** Called before a request is answered; what it throws is the answer. */
  before?(request: ConnectWiseRequest, number: number): void | Promise<void>;
}

export interface FakeList {
  client: Pick<ConnectWiseClient, 'send'>;
  /** Every request, in order. */
  seen: ConnectWiseRequest[];
  /** The most requests that were open at once. */
  widest(): number;
}

/** A list as ConnectWise pages it (CW 3), in this process, with the project's own reading of conditions. */
export function createFakeList(options: FakeListOptions): FakeList {
  const seen: ConnectWiseRequest[] = [];
  let open = 0;
  let widest = 0;
  return {
    seen,
    widest: () => widest,
    client: {
      async send(request, signal) {
        seen.push(request);
        const number = seen.length;
        open += 1;
        widest = Math.max(widest, open);
        try {
          await options.before?.(request, number);
          // As the network does: an answer never comes in the same turn.
          await new Promise((resolve) => setImmediate(resolve));
          if (signal?.aborted) throw new GatewayError('cancelled', 'cancelled');
          return answerList(options, request);
        } finally {
          open -= 1;
        }
      },
    },
  };
}

function answerList(options: FakeListOptions, request: ConnectWiseRequest): ConnectWiseAnswer {
  const { forwardOnly = true, hasCount = true } = options;
  const query = request.query ?? {};
  const rows = filter(options.rows, findFilter(request, 'conditions'));
  if (request.path.endsWith('/count')) {
    if (!hasCount) throw new GatewayError('unknown_endpoint', 'no count', { details: { status: 404 } });
    return json({ count: rows.length });
  }
  const pageSize = Number(findQueryMember(query, 'pageSize') ?? 25);
  const orderBy = findFilter(request, 'orderBy');
  const byId = (a: Row, b: Row) => (/id desc/.test(orderBy ?? '') ? b.id - a.id : a.id - b.id);
  if (request.paging === 'forward-only' && forwardOnly) {
    const after = Number(findQueryMember(query, 'pageId') ?? 0);
    const page = rows
      .filter(({ id }) => id > after)
      .sort(byId)
      .slice(0, pageSize);
    const last = page.at(-1);
    return json(page, last && { pageId: last.id });
  }
  const ordered = orderBy === undefined ? rows : [...rows].sort(byId);
  const page = Number(findQueryMember(query, 'page') ?? 1);
  const start = (page - 1) * pageSize;
  const more = start + pageSize < ordered.length;
  const last = Math.ceil(ordered.length / pageSize);
  const answer = json(ordered.slice(start, start + pageSize), more ? { page: page + 1 } : undefined);
  return more && options.namesLast !== false ? { ...answer, lastPage: last } : answer;
}

function filter(rows: readonly Row[], conditions: string | undefined): Row[] {
  if (conditions === undefined) return [...rows];
  const matches = compileConditions(parseConditions(conditions));
  return rows.filter((row) => matches(({ segments }) => row[segments[0] ?? '']));
}

function json(body: unknown, next?: ConnectWiseAnswer['next']): ConnectWiseAnswer {
  return { status: 200, body, contentType: 'application/json', ...(next && { next }) };
}

export function rowsUpTo(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, closedFlag: index % 2 === 0 }));
}
