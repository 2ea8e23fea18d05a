import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox } from '../../../sandbox/sandbox.ts';
import { sandboxAccess } from '../../../sandbox/server/authenticate.ts';
import type { OpenedCatalog } from '../../../src/catalog/catalog.ts';
import type { ConnectWiseClient } from '../../../src/connectwise/client.ts';
import { readByIds } from '../../../src/connectwise/lists/by-ids.ts';
import { joinLists } from '../../../src/connectwise/lists/join-lists.ts';
import { listPages, readPages } from '../../../src/connectwise/lists/list-pages.ts';
import { readRanges } from '../../../src/connectwise/lists/read-pages.ts';
import { createClient } from '../../../src/connectwise/open-client.ts';
import { readConnection } from '../../../src/connectwise/site.ts';
import { createFetchTransport } from '../../../src/connectwise/transport.ts';
import { sandboxNow } from '../../sandbox/ask.ts';
import { sandboxDataOf, sharedCatalog } from '../../support/shared.ts';
import type { Row } from './fake-list.ts';

// The sandbox pages as the facts say, and was written by itself: each checks the other.

let catalog: OpenedCatalog;
let client: ConnectWiseClient;
beforeAll(async () => {
  catalog = await sharedCatalog();
  const now = () => sandboxNow;
  const sandbox = createSandbox({ catalog, ...sandboxDataOf(catalog), now });
  const transport = createFetchTransport((request) => sandbox.fetch(request));
  client = createClient({ ...readConnection(sandboxAccess), transport, timeoutMs: 60_000, now });
});
afterAll(async () => {
  await client.close();
});

const tickets = { method: 'GET', path: '/service/tickets' } as const;

async function idsOf(pages: AsyncGenerator<readonly unknown[], unknown, void>): Promise<number[]> {
  const ids: number[] = [];
  for await (const rows of pages) ids.push(...rows.map((row) => (row as Row).id));
  return ids;
}

test('a walk by number, one by ids, and one request find the same tickets', async () => {
  const whole = await idsOf(listPages(client, tickets));
  expect(whole.length).toBeGreaterThan(30);
  const query = { pageSize: '10', fields: 'summary' };
  const byNumber: number[] = [];
  const pages = listPages(client, { ...tickets, query }, { allPages: true });
  const end = await readPages(pages, (rows) => void byNumber.push(...rows.map((row) => (row as Row).id)));
  expect(end).toMatchObject({ state: 'complete', rows: whole.length, total: whole.length });
  expect(byNumber).toEqual([...whole].sort((a, b) => a - b));
  const middle = byNumber[Math.floor(byNumber.length / 2)] ?? 0;
  const ranges = [{ after: 0, upTo: middle }, { after: middle }];
  const send = client.send.bind(client);
  const parts = { send, request: tickets, ranges, pageSize: 10, take: (rows: readonly unknown[]) => rows };
  expect((await idsOf(readRanges(parts))).sort((a, b) => a - b)).toEqual(byNumber);
});

test('the notes of some tickets are one list, and records come by their ids', async () => {
  const ids = (await idsOf(listPages(client, { ...tickets, query: { pageSize: '5' } }))).slice(0, 5);
  const notes: Row[] = [];
  const joined = joinLists(client, {
    path: '/service/tickets/{parentId}/notes',
    parents: ids,
    downloads: { save: () => Promise.reject(new Error('no file')) },
  });
  for await (const rows of joined) notes.push(...(rows as Row[]));
  for (const note of notes) expect(note.ticketId).toBe(note.parentId);
  const found = await readByIds(client, { path: tickets.path, ids: [...ids, 999_999_999] });
  expect(found.rows.map((row) => (row as Row).id).sort()).toEqual([...ids].sort());
  expect(found.missing).toEqual([999_999_999]);
});
