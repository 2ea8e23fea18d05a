import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { openPersistentStore, type PersistentStore } from '../../sandbox/persistent-store.ts';
import type { Store } from '../../sandbox/store.ts';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, sandboxNow, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
let folder: string;
let file: string;

beforeAll(async () => {
  catalog = await sharedCatalog();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cwm store '));
  file = join(folder, 'provider.db');
  return () => rmSync(folder, { recursive: true, force: true });
});

/** Every record of every collection, in one order. */
function dump(store: Store): string[] {
  return [...store.keys()]
    .flatMap((key) => [...store.records(key)].map((one) => `${key} ${JSON.stringify(one)}`))
    .sort();
}

async function withStore<T>(work: (kept: PersistentStore, asked: Asked) => Promise<T>, seed?: number): Promise<T> {
  const kept = await openPersistentStore(file, { seed, now: sandboxNow });
  try {
    return await work(
      kept,
      startSandbox(catalog, () => sandboxNow, { persistent: kept }),
    );
  } finally {
    kept.close();
  }
}

/** Writes that reach into other records: each line is one way in which these follow. */
async function writeAll({ ask, post, patch, put, remove }: Asked): Promise<void> {
  const answers = [
    await post('/service/tickets', { summary: 'new', company: { id: 2 }, initialDescription: 'x' }),
    await patch('/service/tickets/1001', { op: 'replace', path: 'summary', value: 'changed' }),
    await post('/time/entries', {
      chargeToId: 1010,
      chargeToType: 'ServiceTicket',
      timeStart: '2026-03-10T14:00:00Z',
      actualHours: 1,
    }),
    await post('/schedule/entries', { objectId: 1011, type: { id: 4 }, member: { id: 3 } }),
    await post('/service/tickets/1012/notes', { text: 'a note', internalAnalysisFlag: true }),
    await post('/service/tickets/1013/merge', { mergeTicketIds: [1014], status: { id: 9 } }),
    await post('/service/tickets/1015/attachChildren', { childTicketIds: [1016] }),
    await post('/service/tickets/1017/convert', { project: { id: 1 }, phase: { id: 1 } }),
    await post('/company/companies', {
      identifier: 'Kept',
      name: 'Kept',
      addressLine1: '1 Elm',
      site: { name: 'Main' },
    }),
    await post('/company/contacts', { firstName: 'K', company: { id: 2 } }),
    await put('/service/sources/5', { name: 'Front desk' }),
    await remove('/company/contacts/159'),
    await post('/time/sheets/1/submit', {}),
    await post('/service/tickets/1018/configurations', { id: 5 }),
    await post('/service/tickets/1019/copy', {}),
    await post('/company/companies/9/merge', { toCompanyId: 10 }),
    await post('/finance/agreements/1/invoice', {}),
  ];
  expect(answers.filter(({ status }) => status >= 300).map(({ text }) => text)).toEqual([]);
  // A search is a POST that changes nothing.
  await ask('/service/tickets/search', { method: 'POST', body: { conditions: 'board/name="Projects"' } });
}

test('what was written is there when the file is opened again, and nothing else has changed', async () => {
  const before = await withStore(async ({ store }) => dump(store));
  const written = await withStore(async ({ store }, asked) => {
    await writeAll(asked);
    return dump(store);
  });
  await withStore(async ({ store }) => {
    const after = dump(store);
    expect(after).toEqual(written);
    expect(after.length).toBeGreaterThan(before.length);
    const known = new Set(before);
    expect(after.filter((line) => !known.has(line)).length).toBeLessThan(before.length / 20);
  });
});

test('the number of a deleted record is not given again', async () => {
  const id = await withStore(async (_kept, { post, remove }) => {
    const { body } = await post('/company/contacts', { firstName: 'Short', company: { id: 2 } });
    await remove(`/company/contacts/${body.id}`);
    return body.id;
  });
  await withStore(async (_kept, { ask, post }) => {
    expect((await ask(`/company/contacts/${id}`)).status).toBe(404);
    expect((await post('/company/contacts', { firstName: 'Next', company: { id: 2 } })).body.id).toBe(id + 1);
  });
});

test('a file holds what the seed makes in memory, and its dates stay', async () => {
  const first = await withStore(async ({ store }) => dump(store), 7);
  const { seed, scale, madeAt } = await withStore(async ({ origin }) => origin);
  expect({ seed, scale, madeAt }).toEqual({ seed: 7, scale: 1, madeAt: '2026-03-10T15:00:00Z' });
  const later = await openPersistentStore(file, { now: new Date('2027-01-01T00:00:00Z') });
  expect(dump(later.store)).toEqual(first);
  later.close();
});

test('two sandboxes do not share a file', async () => {
  const kept = await openPersistentStore(file, { now: sandboxNow });
  await expect(openPersistentStore(file, { now: sandboxNow })).rejects.toMatchObject({
    code: 'storage_failed',
    message: expect.stringContaining('locked'),
    hint: expect.stringContaining('other sandbox'),
  });
  kept.close();
  await withStore(async ({ store }) => expect(store.find('/company/companies', 2)).toBeDefined());
});

test('another seed or scale than that of the file is refused, the same is fine', async () => {
  await withStore(async () => undefined, 3);
  await withStore(async () => undefined, 3);
  const wrong = openPersistentStore(file, { seed: 4, now: sandboxNow });
  await expect(wrong).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('--seed 3, not with 4'),
  });
  const large = openPersistentStore(file, { scale: 2, now: sandboxNow });
  await expect(large).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('--scale 1, not with 2'),
  });
});

test('a file that is something else stays as it is', async () => {
  writeFileSync(file, 'Dear diary, today I wrote a file that is no database. It was a long day.'.repeat(20));
  const before = readFileSync(file, 'utf8');
  await expect(openPersistentStore(file, { now: sandboxNow })).rejects.toMatchObject({ code: 'storage_failed' });
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(existsSync(`${file}-wal`)).toBe(false);
});
