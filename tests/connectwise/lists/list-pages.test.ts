import { describe, expect, test } from 'vitest';
import type { ConnectWiseAnswer, ConnectWiseRequest } from '../../../src/connectwise/client.ts';
import { type ListOptions, listPages, readPages } from '../../../src/connectwise/lists/list-pages.ts';
import { withQuery } from '../../../src/connectwise/lists/list-request.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { createFakeList, type FakeList, type Row, rowsUpTo } from './fake-list.ts';

const get: ConnectWiseRequest = { method: 'GET', path: '/service/tickets' };
const failure = new GatewayError('connectwise_failed', 'x', { details: { status: 500 } });

async function read(list: FakeList, options: ListOptions = {}, request = get) {
  const ids: number[] = [];
  const end = await readPages(listPages(list.client, request, options), (rows) => {
    ids.push(...rows.map((row) => (row as Row).id));
  });
  return { ids, end };
}

const pagesSeen = ({ seen }: FakeList) =>
  seen.map(({ path, query }) => (path.endsWith('/count') ? 'count' : query?.page));
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('one page', () => {
  test('of a list that ends in it is complete after one request', async () => {
    const list = createFakeList({ rows: rowsUpTo(999) });
    const { ids, end } = await read(list);
    expect(end).toEqual({ state: 'complete', pages: 1, rows: 999, total: 999 });
    expect(ids).toHaveLength(999);
    expect(list.seen).toEqual([{ ...get, query: { pageSize: '1000' } }]);
  });

  test('that is full is counted under the same filters, and only then', async () => {
    const list = createFakeList({ rows: rowsUpTo(4_312) });
    const query = { conditions: 'id > 12', childConditions: 'id > 0', orderBy: 'id desc', Fields: 'id' };
    const { end } = await read(list, {}, { ...get, query });
    expect(end).toEqual({
      state: 'partial',
      reason: 'more',
      pages: 1,
      rows: 1000,
      total: 4300,
      goOn: { page: '2', pageSize: '1000' },
    });
    expect(list.seen[1]).toEqual({
      method: 'GET',
      path: '/service/tickets/count',
      query: { conditions: 'id > 12', childConditions: 'id > 0' },
    });
  });

  test('that is full and all there is, is complete by the count alone', async () => {
    expect((await read(createFakeList({ rows: rowsUpTo(1000) }))).end).toMatchObject({
      state: 'complete',
      total: 1000,
    });
  });

  test.each([
    ['is missing', { hasCount: false }, {}],
    ['is known to be missing', {}, { hasCount: false }],
  ])('without a total is not complete when the count %s', async (_, server, options) => {
    const list = createFakeList({ rows: rowsUpTo(1000), ...server });
    const { end } = await read(list, options);
    expect(end).toEqual({
      state: 'partial',
      reason: 'more',
      pages: 1,
      rows: 1000,
      goOn: { page: '2', pageSize: '1000' },
    });
  });

  test('that counts less than it shows is ignored', async () => {
    const list = createFakeList({ rows: rowsUpTo(2000), before: () => undefined });
    const send = list.client.send;
    list.client.send = async (request, signal) =>
      request.path.endsWith('/count') ? { status: 200, body: { count: 3 }, contentType: '' } : send(request, signal);
    expect((await read(list)).end).toEqual(expect.not.objectContaining({ total: 3 }));
  });

  test('asked for by number says what follows, and which rows it is of', async () => {
    const list = createFakeList({ rows: rowsUpTo(60) });
    const ask = (query: Record<string, string>) => read(list, {}, { ...get, query });
    await expect(ask({ page: '2' })).resolves.toMatchObject({
      ids: numbers(26, 50),
      end: { state: 'partial', reason: 'more', total: 60, goOn: { page: '3', pageSize: '25' } },
    });
    await expect(ask({ PageSize: '30', page: '2' })).resolves.toMatchObject({
      end: { state: 'partial', reason: 'page', total: 60 },
    });
    await expect(ask({ page: '9' })).resolves.toMatchObject({ ids: [], end: { state: 'partial', reason: 'page' } });
    await expect(ask({ pageSize: '100' })).resolves.toMatchObject({ end: { state: 'complete', total: 60 } });
  });

  test('never asks for more than ConnectWise allows, nor for more than is wanted', async () => {
    const list = createFakeList({ rows: rowsUpTo(10) });
    await read(list, {}, { ...get, query: { pagesize: '5000' } });
    await read(list, { maxRecords: 5 });
    expect(list.seen.map(({ query }) => query)).toEqual([{ pageSize: '1000' }, { pageSize: '5' }, {}]);
  });

  test('of a path that answers one value gives the value', async () => {
    const answer = { status: 200, body: { id: 1 }, contentType: 'application/json' };
    const pages = listPages({ send: async () => answer }, get);
    expect(await readPages(pages, () => undefined)).toEqual({ state: 'not-a-list', answer, pages: 0, rows: 0 });
  });

  test('that fails is thrown', async () => {
    const list = createFakeList({
      rows: [],
      before: () => {
        throw failure;
      },
    });
    await expect(read(list)).rejects.toBe(failure);
  });
});

describe('all pages', () => {
  test('are read by number, four at once, in a total order, and counted again', async () => {
    const list = createFakeList({ rows: rowsUpTo(9_500) });
    const progress: unknown[] = [];
    const { ids, end } = await read(
      list,
      { allPages: true, onProgress: (now) => progress.push(now) },
      { ...get, query: { orderBy: 'closedFlag desc', fields: 'summary' } },
    );
    expect(ids).toEqual(numbers(1, 9_500));
    expect(end).toEqual({ state: 'complete', pages: 10, rows: 9_500, total: 9_500 });
    expect(list.widest()).toBe(4);
    expect(pagesSeen(list)).toEqual(['1', 'count', '2', '3', '4', '5', '6', '7', '8', '9', '10', 'count']);
    for (const { query, path } of list.seen.filter((one) => one.path === get.path))
      expect({ query, path }).toMatchObject({ query: { orderBy: 'closedFlag desc, id asc', fields: 'id,summary' } });
    expect(progress).toHaveLength(10);
    expect(progress[2]).toEqual({ pages: 3, rows: 3000, total: 9_500 });
  });

  test('an order that ends in the id stays as it is', async () => {
    const list = createFakeList({ rows: rowsUpTo(3) });
    await read(list, { allPages: true }, { ...get, query: { orderBy: 'summary, id desc', fields: 'ID,summary' } });
    expect(list.seen[0]?.query).toMatchObject({ orderBy: 'summary, id desc', fields: 'ID,summary' });
  });

  test('a list whose rows have no id is read in the order the caller gave', async () => {
    const refusal = new GatewayError('request_rejected', 'x', {
      details: { status: 400, connectwise: { code: 'ApiFindCondition', message: 'id is not a recognized name.' } },
    });
    const list = createFakeList({
      rows: rowsUpTo(1500),
      before: ({ query }) => {
        if (query?.orderBy?.includes('id')) throw refusal;
      },
    });
    const { end } = await read(list, { allPages: true }, { ...get, query: { orderBy: 'name' } });
    expect(end).toMatchObject({ state: 'complete', rows: 1500 });
    expect(list.seen.at(-2)?.query).toMatchObject({ orderBy: 'name', page: '2' });
  });

  test('without a count end at the short page', async () => {
    const list = createFakeList({ rows: rowsUpTo(3_000), hasCount: false });
    expect((await read(list, { allPages: true })).end).toEqual({ state: 'complete', pages: 4, rows: 3_000 });
  });

  test('repeated rows are dropped, and what then is missing is not called complete', async () => {
    const rows = rowsUpTo(2_500);
    const list = createFakeList({
      rows,
      // Two records before page 1 ends, added after it was read, push two rows over to page 2.
      before: (_, number) => {
        if (number === 2) rows.unshift({ id: 0 }, { id: -1 });
      },
    });
    const { ids, end } = await read(list, { allPages: true });
    expect(new Set(ids).size).toBe(ids.length);
    expect(end).toMatchObject({ state: 'partial', reason: 'changed', total: 2_502 });
  });

  test('a record that went in the meantime makes a gap that is not called complete', async () => {
    const rows = rowsUpTo(2_500);
    const list = createFakeList({
      rows,
      before: ({ path }, number) => {
        if (number === 3 && path === get.path) rows.shift();
      },
    });
    const { ids, end } = await read(list, { allPages: true });
    expect(ids).not.toContain(1_001);
    expect(end).toMatchObject({ state: 'partial', reason: 'changed', rows: 2_499 });
  });

  test('a search by POST is walked too: its filters in the body, its pages in the query', async () => {
    const list = createFakeList({ rows: rowsUpTo(1_500) });
    const search = { method: 'POST', path: '/service/tickets/search', body: { conditions: 'id > 200' } } as const;
    const { ids, end } = await read(list, { allPages: true }, search);
    expect(ids).toEqual(numbers(201, 1_500));
    expect(end).toMatchObject({ state: 'complete', total: 1_300 });
    expect(list.seen[0]).toEqual({
      ...search,
      query: { page: '1', pageSize: '1000' },
      body: { conditions: 'id > 200', orderBy: 'id asc' },
    });
    expect(list.seen[1]).toEqual({
      method: 'GET',
      path: '/service/tickets/count',
      query: { conditions: 'id > 200' },
    });
  });
});

describe('no more than wanted', () => {
  test.each([
    [2_000, 1000, { page: '3', pageSize: '1000' }],
    [1_500, 750, { page: '3', pageSize: '750' }],
    [10_000, 1000, { page: '11', pageSize: '1000' }],
  ])('%i records are pages of %i', async (maxRecords, pageSize, goOn) => {
    const list = createFakeList({ rows: rowsUpTo(12_000) });
    const { ids, end } = await read(list, { allPages: true, maxRecords });
    expect(end).toMatchObject({ state: 'partial', reason: 'max-records', rows: maxRecords, total: 12_000, goOn });
    expect(ids).toEqual(numbers(1, maxRecords));
    expect(list.seen).toHaveLength(maxRecords / pageSize + 1);
  });

  test('10,000 by default', async () => {
    const list = createFakeList({ rows: rowsUpTo(12_000), hasCount: false });
    expect((await read(list, { allPages: true })).end).toMatchObject({ reason: 'max-records', rows: 10_000 });
  });

  test('also when the last page is short but holds more', async () => {
    const list = createFakeList({ rows: rowsUpTo(70), hasCount: false });
    const asked = { ...get, query: { pageSize: '50' } };
    const { ids, end } = await read(list, { allPages: true, maxRecords: 60 }, asked);
    expect(ids).toEqual(numbers(1, 60));
    expect(end).toMatchObject({ state: 'partial', reason: 'max-records', goOn: { page: '2', pageSize: '50' } });
  });
});

describe('rows that were read are kept', () => {
  const failAtPage = (page: string) => (request: ConnectWiseRequest) => {
    if (request.query?.page === page) throw failure;
  };

  test('a failure in page 7 keeps pages 1 to 6 and says where to go on', async () => {
    const list = createFakeList({ rows: rowsUpTo(9_500), before: failAtPage('7') });
    const { ids, end } = await read(list, { allPages: true });
    expect(ids).toEqual(numbers(1, 6_000));
    expect(end).toEqual({
      state: 'partial',
      reason: 'failed',
      failure,
      pages: 6,
      rows: 6_000,
      total: 9_500,
      goOn: { page: '7', pageSize: '1000' },
    });
    if (end.state !== 'partial' || !end.goOn) throw new Error('cannot happen');
    const rest = createFakeList({ rows: rowsUpTo(9_500) });
    const next = await read(rest, { allPages: true }, withQuery(get, end.goOn));
    expect(next.ids).toEqual(numbers(6_001, 9_500));
    expect(next.end).toEqual({ state: 'partial', reason: 'page', pages: 4, rows: 3_500, total: 9_500 });
  });

  test('a call that is cancelled asks for nothing more and keeps what it has', async () => {
    const controller = new AbortController();
    const list = createFakeList({
      rows: rowsUpTo(9_500),
      before: ({ query }) => {
        if (query?.page === '5') controller.abort();
      },
    });
    const { ids, end } = await read(list, { allPages: true, signal: controller.signal });
    expect(end).toMatchObject({ state: 'partial', reason: 'cancelled' });
    expect(ids.length).toBe(end.rows);
    expect(end.rows).toBeGreaterThanOrEqual(1_000);
    const asked = list.seen.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(list.seen).toHaveLength(asked);
    expect(pagesSeen(list)).not.toContain('6');
  });

  test('a caller that disconnects stops requests in flight', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const list = createFakeList({ rows: rowsUpTo(9_500) });
    const send = list.client.send;
    list.client.send = (request, signal) => {
      signals.push(signal);
      return send(request, signal);
    };
    let pages = 0;
    for await (const _ of listPages(list.client, get, { allPages: true })) {
      pages += 1;
      if (pages === 2) break;
    }
    expect(signals.every((signal) => signal?.aborted)).toBe(true);
    expect(list.seen.length).toBeLessThanOrEqual(2 + 5);
  });

  test('a failure of the caller ends the reading and is the caller’s', async () => {
    const list = createFakeList({ rows: rowsUpTo(9_500) });
    const full = new Error('disk full');
    const pages = listPages(list.client, get, { allPages: true });
    await expect(readPages(pages, () => Promise.reject(full))).rejects.toBe(full);
    await expect(pages.next()).resolves.toMatchObject({ done: true });
  });
});

describe('pages smaller than was asked for', () => {
  interface Capped {
    rows: number;
    cap: number;
    links?: boolean;
    counts?: boolean;
  }

  /** A server that gives at most `cap` rows a page, whatever it is asked. */
  function cappedClient({ rows, cap, links = false, counts = true }: Capped) {
    let asked = 0;
    const all = rowsUpTo(rows);
    return {
      asked: () => asked,
      async send({ path, query = {} }: ConnectWiseRequest): Promise<ConnectWiseAnswer> {
        asked += 1;
        const answer = { status: 200, contentType: 'application/json' };
        if (path.endsWith('/count')) {
          if (!counts) throw new GatewayError('unknown_endpoint', 'no count', { details: { status: 404 } });
          return { ...answer, body: { count: rows } };
        }
        const size = Math.min(cap, Number(query.pageSize ?? 25));
        const page = Number(query.page ?? 1);
        const body = all.slice((page - 1) * size, page * size);
        return { ...answer, body, ...(links && page * size < rows && { next: { page: page + 1 } }) };
      },
    };
  }

  const shapes = [
    { links: true, counts: true },
    { links: true, counts: false },
    { links: false, counts: true },
    { links: false, counts: false },
  ];

  test.each(shapes)('are read to the end, with %j', async (shape) => {
    for (const rows of [250, 251, 500, 730, 1_000]) {
      const client = cappedClient({ rows, cap: 250, ...shape });
      const found: unknown[] = [];
      const end = await readPages(listPages(client, get, { allPages: true }), (page) => void found.push(...page));
      expect([found.length, end.state], `${rows}`).toEqual([rows, 'complete']);
    }
  });

  test.each(shapes)('are not said to be the whole list, with %j', async (shape) => {
    const client = cappedClient({ rows: 730, cap: 250, ...shape });
    const end = await readPages(listPages(client, get), () => undefined);
    expect(end).toMatchObject({ state: 'partial', reason: 'more', rows: 250, goOn: { page: '2', pageSize: '250' } });
    const whole = cappedClient({ rows: 250, cap: 250, ...shape });
    expect(await readPages(listPages(whole, get), () => undefined)).toMatchObject({ state: 'complete', rows: 250 });
  });

  test('a short list costs one request', async () => {
    const client = cappedClient({ rows: 7, cap: 250 });
    expect(await readPages(listPages(client, get, { allPages: true }), () => undefined)).toMatchObject({ rows: 7 });
    expect(client.asked()).toBe(1);
  });
});

describe('a list that does not end', () => {
  test.each(['by number', 'by ids', 'of the same rows'])(
    'is left when it has as many rows as were wanted: %s',
    async (how) => {
      let asked = 0;
      const client = {
        async send({ path, query = {}, paging }: ConnectWiseRequest): Promise<ConnectWiseAnswer> {
          asked += 1;
          const answer = { status: 200, contentType: 'application/json' };
          const size = Number(query.pageSize ?? 25);
          // The count grows with the list, but says at first that it can be read by ids.
          if (path.endsWith('/count')) return { ...answer, body: { count: how === 'by number' ? 9_999 : 30_000 } };
          const after = how === 'of the same rows' ? 0 : Number(query.pageId ?? (Number(query.page ?? 1) - 1) * size);
          const body = Array.from({ length: size }, (_, index) => ({ id: after + index + 1 }));
          return { ...answer, body, next: paging === undefined ? { page: 2 } : { pageId: after + size } };
        },
      };
      let rows = 0;
      const end = await readPages(listPages(client, get, { allPages: true, maxRecords: 40_000 }), (page) => {
        rows += page.length;
      });
      expect(rows).toBeLessThanOrEqual(40_000);
      expect(asked).toBeLessThan(150);
      expect(end.state).toBe('partial');
    },
  );
});

describe('from a pageId on', () => {
  const from = (pageId: number, more = {}) =>
    ({ ...get, query: { pageId: String(pageId), ...more }, paging: 'forward-only' }) as const;

  test('the rows with higher ids follow, page by page or all', async () => {
    const list = createFakeList({ rows: rowsUpTo(2_300) });
    const one = await read(list, {}, from(100, { pageSize: '50' }));
    expect(one.ids).toEqual(Array.from({ length: 50 }, (_, index) => 101 + index));
    expect(one.end).toMatchObject({ state: 'partial', reason: 'more', goOn: { pageId: '150', pageSize: '50' } });
    const all = await read(list, { allPages: true }, from(100));
    expect([all.ids.length, all.end]).toEqual([2_200, expect.objectContaining({ state: 'partial', reason: 'page' })]);
    expect((await read(list, { allPages: true }, from(0))).end).toMatchObject({ state: 'complete', rows: 2_300 });
    expect((await read(list, { allPages: true, maxRecords: 120 }, from(0))).end).toMatchObject({
      reason: 'max-records',
    });
    expect(list.seen.every(({ paging }) => paging === 'forward-only')).toBe(true);
  });
});
