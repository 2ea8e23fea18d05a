import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { createLookupsFixture, failureOf, type LookupsFixture, scriptedLookups } from './lookups-fixture.ts';

let catalog: OpenedCatalog;
let fixture: LookupsFixture;

beforeAll(async () => {
  catalog = await sharedCatalog();
});
beforeEach(() => {
  fixture = createLookupsFixture(catalog);
});

test('numbers of one list that are asked at the same time are one request, with the client and the status', async () => {
  const { lookups, requests } = scriptedLookups(
    () => [
      { id: 7, summary: 'Down', company: { id: 2, name: 'Acme' }, status: { name: 'New' }, closedFlag: false },
      { id: 8, summary: 'Done', status: { name: 'Resolved' }, closedFlag: true },
    ],
    catalog,
  );
  const ids = [7, 8, 9, 7];
  const found = await Promise.all(ids.map((id) => lookups.identify('/service/tickets', id)));
  expect(found).toEqual([
    { id: 7, name: 'Down', company: { id: 2, name: 'Acme' }, status: 'New', gone: false },
    { id: 8, name: 'Done', status: 'Resolved, closed', gone: false },
    undefined,
    found[0],
  ]);
  expect(requests).toMatchObject([{ path: '/service/tickets', query: { conditions: 'id in (7,8,9)' } }]);
  await lookups.identify('/service/tickets', 8);
  expect(requests).toHaveLength(1);
  // What was missing may have been made by now.
  await lookups.identify('/service/tickets', 9);
  expect(requests).toHaveLength(2);
});

test('a record is kept for a minute, and dropped by a write', async () => {
  const { lookups, requests, clock } = fixture;
  const ask = () => lookups.identify('/company/companies', 28);
  expect(await ask()).toMatchObject({ id: 28, name: 'Cobalt Engineering', company: { id: 28 } });
  const first = requests.length;
  await ask();
  expect(requests).toHaveLength(first);
  lookups.dropped('/company/companies/28');
  await ask();
  expect(requests).toHaveLength(first + 1);
  clock.now = new Date(clock.now.getTime() + 61_000);
  await ask();
  expect(requests).toHaveLength(first + 2);
});

test('set-up lists are read whole, as for names; a number that they lack is asked for', async () => {
  const { lookups, requests } = fixture;
  await lookups.resolve('boards', 1);
  const first = requests.length;
  expect(await lookups.identify('/service/boards', 1)).toMatchObject({ id: 1, gone: false });
  expect(requests).toHaveLength(first);
  expect(await lookups.identify('/service/boards', 99_999)).toBeUndefined();
  expect(requests).toHaveLength(first + 1);
});

test('a list that cannot be read is a failure of each that asked, and not kept', async () => {
  let answers = 0;
  const { lookups } = scriptedLookups(() => {
    answers += 1;
    if (answers === 1) return { message: 'no list' };
    return [{ id: 7, summary: 'Down' }];
  }, catalog);
  const ask = () => lookups.identify('/service/tickets', 7);
  const both = await Promise.all([failureOf(ask()), failureOf(ask())]);
  expect(both.map(({ code }) => code)).toEqual(['unreadable_answer', 'unreadable_answer']);
  expect(await ask()).toMatchObject({ name: 'Down' });
});
