import { describe, expect, test } from 'vitest';
import type { ConnectWiseClient, ConnectWiseRequest } from '../../../src/connectwise/client.ts';
import { type JoinOptions, joinLists } from '../../../src/connectwise/lists/join-lists.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { createFakeList, type FakeList, type Row, rowsUpTo } from './fake-list.ts';

const none: JoinOptions['downloads'] = { save: () => Promise.reject(new Error('no file is expected')) };
const notes = '/service/tickets/{id}/notes';

async function join(list: FakeList, options: Partial<JoinOptions> & Pick<JoinOptions, 'parents'>) {
  const rows: Row[] = [];
  const pages = joinLists(list.client, { path: notes, downloads: none, ...options });
  for (;;) {
    const next = await pages.next();
    if (next.done === true) return { rows, end: next.value };
    for (const row of next.value as Row[]) rows.push(row);
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
    expect(end).toEqual({ state: 'complete', lists: 3, of: 3, rows: 6, files: 0, fileBytes: 0, open: [] });
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
    expect(progress.at(-1)).toEqual({ lists: 500, of: 500, rows: 500, files: 0, fileBytes: 0 });
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
      files: 0,
      fileBytes: 0,
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

describe('the files of many records', () => {
  const path = '/finance/invoices/{id}/pdf';
  /** Answers a file of so many bytes for each id, and keeps what it was asked for. */
  function createFiles(bytes: (id: number) => number, fail?: (id: number) => void) {
    const seen: number[] = [];
    let open = 0;
    let widest = 0;
    const send = async ({ path: asked }: ConnectWiseRequest) => {
      const id = Number(asked.split('/')[3]);
      seen.push(id);
      open += 1;
      widest = Math.max(widest, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      fail?.(id);
      const file = { content: new Uint8Array(bytes(id)), fileName: `Invoice-${id}.pdf` };
      return { status: 200, body: undefined, contentType: 'application/pdf', file };
    };
    return { client: { send }, seen, widest: () => widest };
  }
  const downloads: JoinOptions['downloads'] = {
    save: async ({ fileName, content }) => ({
      path: `/home/me/Downloads/${fileName}`,
      mediaType: 'application/pdf',
      bytes: content instanceof Uint8Array ? content.byteLength : Number.NaN,
    }),
  };
  async function readAll(client: Pick<ConnectWiseClient, 'send'>, options: Partial<JoinOptions>) {
    const rows: unknown[] = [];
    const pages = joinLists(client, { path, parents: [1, 2, 3, 4], atOnce: 1, downloads, ...options });
    for (;;) {
      const next = await pages.next();
      if (next.done === true) return { rows, end: next.value };
      rows.push(...next.value);
    }
  }

  test('are saved one by one, and each is a row that says where', async () => {
    const files = createFiles((id) => id * 1_000_000);
    const { rows, end } = await readAll(files.client, {});
    expect(rows[1]).toEqual({
      parentId: 2,
      name: 'Invoice-2.pdf',
      path: '/home/me/Downloads/Invoice-2.pdf',
      type: 'application/pdf',
      size: 2_000_000,
    });
    expect(end).toEqual({ state: 'complete', lists: 4, of: 4, rows: 4, files: 4, fileBytes: 10_000_000, open: [] });
    expect(files.widest()).toBe(1);
  });

  test('of which one is refused are kept, and that one is named', async () => {
    const files = createFiles(
      () => 10,
      (id) => {
        if (id === 2) throw forbidden;
      },
    );
    const { rows, end } = await readAll(files.client, {});
    expect(rows).toHaveLength(3);
    expect(end).toMatchObject({ state: 'partial', files: 3, open: [{ parent: 2, failure: forbidden }] });
  });

  test.each<[string, Partial<JoinOptions>, string]>([
    ['together over the most that is kept', { maxFileBytes: 25 }, 'max-bytes'],
    ['more than are wanted', { maxRecords: 2 }, 'max-records'],
  ])('%s: the rest is named, and not asked for', async (_, options, reason) => {
    const files = createFiles(() => 10);
    const { rows, end } = await readAll(files.client, { ...options, parents: [1, 2, 3, 4, 5, 6] });
    expect(rows).toHaveLength(2);
    expect(end.open).toEqual([3, 4, 5, 6].map((parent) => ({ parent, reason })));
    // One more is on its way while the last one is saved.
    expect(files.seen.length).toBeLessThanOrEqual(4);
  });

  test('on a disk that is full: nothing more is asked for', async () => {
    const full = new GatewayError('storage_failed', 'ENOSPC');
    const files = createFiles(() => 10);
    const { rows, end } = await readAll(files.client, { downloads: { save: () => Promise.reject(full) } });
    expect(rows).toEqual([]);
    expect(end.open[0]).toEqual({ parent: 1, reason: 'storage_failed', failure: full });
    expect(end.open).toHaveLength(4);
    expect(files.seen).toEqual([1, 2]);
  });

  test('that come where lists were expected are files all the same', async () => {
    const { end } = await readAll(createFiles(() => 10).client, { atOnce: 4 });
    expect(end).toMatchObject({ state: 'complete', files: 4 });
  });
});

test('a page of half a million rows is cut, without a crash', async () => {
  const page = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ id: from + index }));
  const send = async ({ query }: ConnectWiseRequest) => {
    if (query?.page === '2') return { status: 200, body: page(1_001, 500_000), contentType: '' };
    return { status: 200, body: page(1, 1_000), contentType: '', next: { page: 2 } };
  };
  const list: FakeList = { client: { send }, seen: [], widest: () => 0 };
  const { rows } = await join(list, { parents: [1], maxRecords: 200_000, hasCount: false });
  expect(rows).toHaveLength(200_000);
});

test('a path of one record makes it the row', async () => {
  const send = async ({ path }: ConnectWiseRequest) => ({
    status: 200,
    body: { id: Number(path.split('/').at(-1)), parentId: 'mine' },
    contentType: '',
  });
  const pages = joinLists({ send }, { path: '/service/tickets/{id}', parents: [7], downloads: none });
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
