import { expect, test } from 'vitest';
import { readByIds } from '../../../src/connectwise/lists/by-ids.ts';
import { toHttpRequest } from '../../../src/connectwise/request.ts';
import { parseSite } from '../../../src/connectwise/site.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { createFakeList, rowsUpTo } from './fake-list.ts';

const path = '/company/configurations';

test('records are read by the hundred, and the missing ids are named', async () => {
  const list = createFakeList({ rows: rowsUpTo(230) });
  const ids = Array.from({ length: 250 }, (_, index) => index + 1);
  const { rows, missing } = await readByIds(list.client, { path, ids: [...ids, 1, 2], query: { fields: 'name' } });
  expect(rows).toHaveLength(230);
  expect(missing).toEqual(ids.slice(230));
  expect(list.seen.map(({ query }) => query?.pageSize)).toEqual(['100', '100', '50']);
  expect(list.seen[2]?.query).toMatchObject({ fields: 'id,name' });
});

test('conditions hold for all of them, and no URL is longer than 2,000 characters', async () => {
  const list = createFakeList({ rows: rowsUpTo(10) });
  const conditions = `closedFlag = true or summary = "${'é'.repeat(200)}"`;
  const ids = Array.from({ length: 300 }, (_, index) => 1_000_000 + index);
  await readByIds(list.client, { path, ids: [1, 2, ...ids], query: { conditions } });
  expect(list.seen.length).toBeGreaterThan(4);
  const site = parseSite('https://an-on-premises-server.with-a-long-name.example.com');
  const credentials = { userName: 'a+b', password: 'c', clientId: 'd', company: 'a' };
  for (const request of list.seen) {
    const { url } = toHttpRequest(request, { ...site, credentials });
    expect(url.length).toBeLessThanOrEqual(2_000);
    expect(request.query?.conditions).toMatch(/^\(closedFlag.*\) and id in \(\d/);
  }
});

test('no ids ask nothing', async () => {
  const list = createFakeList({ rows: [] });
  await expect(readByIds(list.client, { path, ids: [] })).resolves.toEqual({ rows: [], missing: [] });
  expect(list.seen).toEqual([]);
});

test('a part that fails is not taken for missing records', async () => {
  const failure = new GatewayError('timed_out', 'x');
  const list = createFakeList({
    rows: rowsUpTo(150),
    before: (_, number) => {
      if (number === 2) throw failure;
    },
  });
  const ids = Array.from({ length: 150 }, (_, index) => index + 1);
  await expect(readByIds(list.client, { path, ids })).rejects.toBe(failure);
});
