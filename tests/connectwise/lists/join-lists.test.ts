import { describe, expect, test } from 'vitest';
import type { ConnectWiseRequest } from '../../../src/connectwise/client.ts';
import { type JoinOptions, joinLists } from '../../../src/connectwise/lists/join-lists.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { createFakeList, type FakeList, type Row, rowsUpTo } from './fake-list.ts';

const notes = '/service/tickets/{id}/notes';

async function join(list: FakeList, options: Partial<JoinOptions> & Pick<JoinOptions, 'parents'>) {
  const rows: Row[] = [];
  const pages = joinLists(list.client, { path: notes, ...options });
  for (;;) {
    const next = await pages.next();
    if (next.done === true) return { rows, end: next.value };
    rows.push(...(next.value as Row[]));
  }
}

const forbidden = new GatewayError('permission_denied', 'x', { details: { status: 403 } });
const failAt = (id: number) => (request: ConnectWiseRequest) => {
  if (request.path === `/service/tickets/${id}/notes`) throw forbidden;
};

describe('the lists below many records', () => {
  test('are one list in the order of the records, each row with its record', async () => {
    const list = createFakeList({ rows: rowsUpTo(2) });
    const { rows, end } = await join(list, { parents: [30, 10, 20, 10], query: { fields: 'text' } });
    expect(rows.map(({ parentId, id }) => [parentId, id])).toEqual([
      [30, 1],
      [30, 2],
      [10, 1],
      [10, 2],
      [20, 1],
      [20, 2],
    ]);
    expect(end).toEqual({ state: 'complete', lists: 3, of: 3, rows: 6, open: [] });
    expect(list.seen[0]).toEqual({
      method: 'GET',
      path: '/service/tickets/30/notes',
      query: { fields: 'text', pageSize: '1000' },
    });
  });

  test('are read four at a time, up to 500', async () => {
    const list = createFakeList({ rows: rowsUpTo(1) });
    const parents = Array.from({ length: 500 }, (_, index) => index + 1);
    const progress: unknown[] = [];
    const { rows } = await join(list, { parents, onProgress: (now) => progress.push(now) });
    expect(rows.map(({ parentId }) => parentId)).toEqual(parents);
    expect(list.widest()).toBe(4);
    expect(progress.at(-1)).toEqual({ lists: 500, of: 500, rows: 500 });
  });

  test('that are longer than a page are read to their end', async () => {
    const list = createFakeList({ rows: rowsUpTo(2_300) });
    const { rows, end } = await join(list, { parents: ['a b'] });
    expect(rows).toHaveLength(2_300);
    expect(end.state).toBe('complete');
    expect(list.seen[0]?.path).toBe('/service/tickets/a%20b/notes');
  });

  test('of which one fails are kept, and that one is named', async () => {
    const list = createFakeList({ rows: rowsUpTo(1), before: failAt(20) });
    const { rows, end } = await join(list, { parents: [10, 20, 30] });
    expect(rows.map(({ parentId }) => parentId)).toEqual([10, 30]);
    expect(end).toEqual({
      state: 'partial',
      lists: 2,
      of: 3,
      rows: 2,
      open: [{ parent: 20, reason: 'permission_denied', failure: forbidden }],
    });
  });

  test('end with the number of rows that is wanted, and what was left out is named', async () => {
    const list = createFakeList({ rows: rowsUpTo(10) });
    const parents = Array.from({ length: 20 }, (_, index) => index + 1);
    const { rows, end } = await join(list, { parents, maxRecords: 25 });
    expect(rows).toHaveLength(25);
    expect(end.open.map(({ parent }) => parent)).toEqual(parents.slice(2));
    expect(end.open.every(({ reason }) => reason === 'max-records')).toBe(true);
    expect(list.seen.length).toBeLessThanOrEqual(3 + 4);
  });

  test('that are cancelled keep what was read', async () => {
    const controller = new AbortController();
    const list = createFakeList({
      rows: rowsUpTo(1),
      before: ({ path }) => {
        if (path.includes('/6/')) controller.abort();
      },
    });
    const parents = Array.from({ length: 50 }, (_, index) => index + 1);
    const { rows, end } = await join(list, { parents, signal: controller.signal });
    expect(rows.length + end.open.length).toBe(50);
    expect(rows.length).toBeGreaterThan(0);
    expect(end.open.every(({ reason }) => reason === 'cancelled')).toBe(true);
    expect(list.seen.length).toBeLessThan(12);
  });
});

test('a path of one record makes it the row', async () => {
  const send = async ({ path }: ConnectWiseRequest) => ({
    status: 200,
    body: { id: Number(path.split('/').at(-1)), parentId: 'mine' },
    contentType: '',
  });
  const pages = joinLists({ send }, { path: '/service/tickets/{id}', parents: [7] });
  await expect(pages.next()).resolves.toMatchObject({ value: [{ id: 7, parentId: 7 }] });
});

test.each<[string, Partial<JoinOptions>, string]>([
  ['no records', { parents: [] }, 'for_each'],
  ['more than 500', { parents: Array.from({ length: 501 }, (_, index) => index) }, 'for_each'],
  ['a path without a place', { path: '/service/tickets', parents: [1] }, 'path'],
])('%s is refused before anything is sent', async (_, options, field) => {
  const list = createFakeList({ rows: [] });
  await expect(join(list, { parents: [1], ...options })).rejects.toMatchObject({
    code: 'invalid_argument',
    details: { field },
  });
  expect(list.seen).toEqual([]);
});
