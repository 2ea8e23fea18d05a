import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectWiseRequest } from '../../../src/connectwise/client.ts';
import type { ListEnd } from '../../../src/connectwise/lists/list-pages.ts';
import { type ListOptions, listPages, readPages } from '../../../src/connectwise/lists/list-pages.ts';
import { withQuery } from '../../../src/connectwise/lists/list-request.ts';
import { conditionsOf, type IdRange, readRanges } from '../../../src/connectwise/lists/read-pages.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { atDepth } from '../../support/depth.ts';
import { createFakeList, type FakeList, type Row, rowsUpTo } from './fake-list.ts';

const get: ConnectWiseRequest = { method: 'GET', path: '/time/entries' };
const failure = new GatewayError('timed_out', 'x');

async function read(list: FakeList, options: ListOptions = {}, request = get) {
  const ids: number[] = [];
  const pages = listPages(list.client, request, { allPages: true, maxRecords: 100_000, ...options });
  const end = await readPages(pages, (rows) => {
    ids.push(...rows.map((row) => (row as Row).id));
  });
  return { ids: ids.sort((a, b) => a - b), end };
}

const forward = ({ seen }: FakeList) => seen.filter(({ paging }) => paging === 'forward-only');
const idsOf = (rows: readonly Row[]) => rows.map(({ id }) => id);

describe('above 20,000 rows', () => {
  test('four ranges of ids are read forward-only, side by side', async () => {
    const rows = rowsUpTo(30_000);
    const list = createFakeList({ rows });
    const { ids, end } = await read(list, {}, { ...get, query: { conditions: 'id > 0 or id = 5' } });
    expect(ids).toEqual(idsOf(rows));
    expect(end).toEqual({ state: 'complete', pages: 33, rows: 30_000, total: 30_000 });
    expect(list.widest()).toBe(4);
    const [first] = forward(list);
    expect(first?.query).toEqual({
      conditions: '(id > 0 or id = 5) and id <= 8250',
      pageSize: '1000',
      pageId: '1000',
    });
  });

  test('ranges hold equally many records, however the ids are distributed', async () => {
    // Most old records were deleted.
    const rows = Array.from({ length: 24_000 }, (_, index) => ({
      id: index < 1_000 ? index * 900 + 1 : 900_000 + index,
    }));
    const list = createFakeList({ rows });
    const { ids } = await read(list);
    expect(ids).toEqual(idsOf(rows));
    const perRange = new Map<string, number>();
    for (const { query } of forward(list)) {
      const key = query?.conditions ?? '';
      perRange.set(key, (perRange.get(key) ?? 0) + 1);
    }
    expect([...perRange.values()]).toEqual([6, 6, 6, 6]);
  });

  test('without the number of the last page they are found once the rows are counted', async () => {
    const rows = rowsUpTo(25_500);
    const list = createFakeList({ rows, namesLast: false });
    const { ids, end } = await read(list);
    expect(ids).toEqual(idsOf(rows));
    expect(end).toEqual({ state: 'complete', pages: 29, rows: 25_500, total: 25_500 });
    expect(list.seen.slice(0, 3).map(({ path, query }) => [path, query?.pageSize])).toEqual([
      ['/time/entries', '1000'],
      ['/time/entries/count', undefined],
      ['/time/entries', '1'],
    ]);
  });

  test.each([24_999, 25_000, 25_001, 25_499, 25_500, 25_501, 26_000])('%i of 25,500 are that many', async (most) => {
    const rows = rowsUpTo(25_500);
    const { ids, end } = await read(createFakeList({ rows }), { maxRecords: most });
    expect(ids).toEqual(idsOf(rows.slice(0, most)));
    expect(end.state).toBe(most >= 25_500 ? 'complete' : 'partial');
  });

  test('an order of the caller is kept by reading pages by number', async () => {
    const list = createFakeList({ rows: rowsUpTo(21_000) });
    const { end } = await read(list, {}, { ...get, query: { orderBy: 'closedFlag' } });
    expect(end).toMatchObject({ state: 'complete', rows: 21_000 });
    expect(forward(list)).toEqual([]);
  });

  test('a server without forward-only paging is read by windows of ids', async () => {
    const rows = rowsUpTo(25_000);
    const list = createFakeList({ rows, forwardOnly: false });
    const { ids, end } = await read(list);
    expect(ids).toEqual(idsOf(rows));
    expect(end).toMatchObject({ state: 'complete', rows: 25_000 });
    // Each range notices by itself.
    expect(forward(list)).toHaveLength(4);
    expect(list.seen.at(-2)?.query).toMatchObject({ orderBy: 'id asc' });
  });

  test('places that cannot be asked for leave pages by number', async () => {
    const list = createFakeList({
      rows: rowsUpTo(21_000),
      before: ({ query }) => {
        if (query?.pageSize === '1') throw failure;
      },
    });
    expect((await read(list)).end).toMatchObject({ state: 'complete', rows: 21_000 });
    expect(forward(list)).toEqual([]);
  });

  test('records that are added and deleted in the meantime leave no gap', async () => {
    const rows = rowsUpTo(24_000);
    const list = createFakeList({
      rows,
      before: (_, number) => {
        if (number === 12) rows.splice(0, 3);
      },
    });
    expect((await read(list)).end).toMatchObject({ state: 'complete', rows: 24_000, total: 23_997 });
    const grown = rowsUpTo(24_000);
    const growing = createFakeList({
      rows: grown,
      before: ({ path }, number) => {
        if (path.endsWith('/count') && number > 9) grown.push({ id: 50_000 });
      },
    });
    expect((await read(growing)).end).toMatchObject({ state: 'partial', reason: 'changed', total: 24_001 });
  });

  test('rows that never move on end the reading', async () => {
    const list = createFakeList({ rows: rowsUpTo(21_000), forwardOnly: false });
    const send = list.client.send;
    const stuck = { status: 200, body: [{ id: 1 }], contentType: '' };
    list.client.send = (request, signal) =>
      /id > /.test(request.query?.conditions ?? '') ? Promise.resolve(stuck) : send(request, signal);
    expect((await read(list)).end).toMatchObject({
      state: 'partial',
      reason: 'failed',
      failure: expect.objectContaining({ code: 'unreadable_answer' }),
    });
  });
});

function goOn(end: ListEnd): Record<string, string> {
  if (end.state !== 'partial' || end.goOn === undefined) throw new Error(`nothing to go on with: ${end.state}`);
  return { ...end.goOn };
}

describe('nothing is lost', () => {
  test('the most that is wanted is the first by id, and the rest can be asked for', async () => {
    const rows = rowsUpTo(40_000);
    const first = await read(createFakeList({ rows }), { maxRecords: 25_000 });
    expect(first.ids).toEqual(idsOf(rows.slice(0, 25_000)));
    expect(first.end).toMatchObject({ state: 'partial', reason: 'max-records', total: 40_000 });
    const rest = await read(createFakeList({ rows }), {}, withQuery(get, goOn(first.end)));
    expect(rest.ids).toEqual(idsOf(rows.slice(25_000)));
  });

  test('a failure in the middle keeps what was read, and what is left can be asked for', async () => {
    const rows = rowsUpTo(20_500);
    const asked = { ...get, query: { conditions: 'closedFlag = true or closedFlag = false' } };
    const list = createFakeList({
      rows,
      before: (_, number) => {
        if (number === 15) throw failure;
      },
    });
    const { ids, end } = await read(list, {}, asked);
    expect(end).toMatchObject({ state: 'partial', reason: 'failed', failure, rows: ids.length, total: 20_500 });
    const rest = await read(createFakeList({ rows }), {}, withQuery(asked, goOn(end)));
    expect([...ids, ...rest.ids].sort((a, b) => a - b)).toEqual(idsOf(rows));
  });

  test('whichever requests fail, rows that were read and ranges that are left are all there is, once', async () => {
    const ascending = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 5, maxLength: 120 });
    const run = fc.asyncProperty(
      ascending,
      fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 3 }),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 3 }),
      async (ids, broken, forwardOnly, edges) => {
        const rows = ids.sort((a, b) => a - b).map((id) => ({ id }));
        const before = (_: ConnectWiseRequest, number: number) => {
          if (broken.includes(number)) throw failure;
        };
        const meets = [...new Set(edges)].sort((a, b) => a - b);
        const ranges = [0, ...meets].map((after, index): IdRange => {
          const upTo = meets[index];
          return upTo === undefined ? { after } : { after, upTo };
        });
        const list = createFakeList({ rows, forwardOnly, before });
        const { read: found, left } = await walk(list, ranges, get);
        if (left.length > 0) {
          const rest = withQuery(get, { conditions: conditionsOf(get, left) });
          found.push(...(await walk(createFakeList({ rows }), [{ after: 0 }], rest)).read);
        }
        expect(found.sort((a, b) => a - b)).toEqual(ids);
      },
    );
    await fc.assert(run, { numRuns: atDepth(20, 500) });
  });
});

async function walk(list: FakeList, ranges: readonly IdRange[], request: ConnectWiseRequest) {
  const read: number[] = [];
  const pages = readRanges({
    send: (one) => list.client.send(one),
    request,
    ranges,
    pageSize: 10,
    take: (rows) => rows,
  });
  for (;;) {
    const next = await pages.next();
    if (next.done === true) return { read, left: next.value.left };
    read.push(...next.value.map((row) => (row as Row).id));
  }
}
