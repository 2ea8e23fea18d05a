import { expect, test } from 'vitest';
import type { StoredRows } from '../../src/results/result-store.ts';
import type { Cell } from '../../src/results/table.ts';
import { openTestStore } from './open-store.ts';

const record = (id: number) => ({
  id,
  summary: id % 3 === 0 ? `Büro ${id}` : id % 3 === 1 ? '' : null,
  closed: id % 2 === 0,
  hours: id / 4,
  big: id === 1 ? 2 ** 53 : id,
  5: 'a name that looks like a number',
  company: { id: 7, name: 'Acme' },
  notes: [{ text: 'x' }],
  nothing: null,
  long: 'x'.repeat(id === 2 ? 1_500_000 : 10),
});

const records = (count: number, from = 1) => Array.from({ length: count }, (_, index) => record(from + index));

async function read(found: StoredRows): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  for await (const batch of found.batches()) rows.push(...batch);
  return rows;
}

test('all rows of a table are read without a statement: no process answers, and no limit of one applies', async () => {
  await using app = await openTestStore({ sqlProgram: '/no/such/program' });
  const { name } = app.keep(records(1_201));
  await expect(app.query('SELECT 1')).rejects.toMatchObject({ code: expect.any(String) });
  for (const sql of [`SELECT * FROM ${name}`, `select * from "${name.toUpperCase()}";`]) {
    const found = await app.store.rows(sql, { maxRows: 200_000 });
    expect(found).toMatchObject({ rows: 1_201, complete: true, tables: [{ name, state: 'complete' }] });
    const rows = await read(found);
    const at = found.columns.indexOf('id');
    expect(rows.map((row) => row[at])).toEqual(records(1_201).map(({ id }) => id));
    // As often as wanted.
    expect((await read(found)).length).toBe(1_201);
    expect(rows[1]?.[found.columns.indexOf('long')]).toHaveLength(1_500_000);
    found.release();
  }
  const some = await app.store.rows('select * from it', { maxRows: 500, it: name });
  expect(some).toMatchObject({ rows: 500, complete: false });
  expect(await read(some)).toHaveLength(500);
});

test('columns, order and values are those of a statement', async () => {
  await using app = await openTestStore();
  const { name } = app.keep(records(700).map((one) => ({ ...one, long: 'y' })));
  const direct = await app.store.rows(`SELECT * FROM ${name}`, { maxRows: 200_000 });
  const stored = await app.store.rows(`SELECT * FROM ${name} ORDER BY id`, { maxRows: 200_000 });
  const queried = await app.query(`SELECT * FROM ${name}`);
  expect(direct.columns).toEqual(queried.columns);
  expect(stored.columns).toEqual(queried.columns);
  const rows = await read(direct);
  expect(rows).toEqual(queried.rows);
  expect(await read(stored)).toEqual(queried.rows);
  const [id, summary] = ['id', 'summary'].map((column) => direct.columns.indexOf(column));
  for (const { areSame } of [direct, stored])
    expect([areSame(id ?? -1, id ?? -1), areSame(id ?? -1, summary ?? -1)]).toEqual([true, false]);
  stored.release();
  expect(await app.store.rows(`SELECT id FROM ${name} WHERE id < 0`, { maxRows: 9 })).toMatchObject({
    rows: 0,
    columns: ['id'],
  });
});

test('the rows of a statement may be larger than those of a reply, and hidden text counts for nothing', async () => {
  await using app = await openTestStore();
  const large = 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000)';
  const found = await app.store.rows(`${large} SELECT n, printf('%.500c', 'x') FROM c`, { maxRows: 200_000 });
  expect(found).toMatchObject({ rows: 20_000, complete: true });
  const first = await app.store.rows(`${large} SELECT n FROM c`, { maxRows: 1_234 });
  expect(first).toMatchObject({ rows: 1_234, complete: false });
  const { name } = app.keep(records(300).map((one) => ({ ...one, long: 'y' })));
  const bytes = 300 * 150;
  expect(await app.query(`SELECT * FROM ${name}`, { maxBytes: bytes })).toMatchObject({ complete: true });
  expect(await app.query(`SELECT _record, * FROM ${name}`, { maxBytes: bytes })).toMatchObject({ complete: false });
});

test('a statement that finds no row is stopped, and one whose reader fails too', async () => {
  await using app = await openTestStore({ timeoutMs: 300 });
  const endless = 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT sum(n) FROM c';
  await expect(app.store.rows(endless, { maxRows: 10 })).rejects.toMatchObject({ code: 'timed_out' });
  await expect(app.store.rows('SELECT * FROM tickets_1', { maxRows: 10 })).rejects.toMatchObject({
    code: 'invalid_sql',
  });
  const { name } = app.keep(records(3));
  const cancel = new AbortController();
  const found = await app.store.rows(`SELECT * FROM ${name}`, { maxRows: 10, signal: cancel.signal });
  cancel.abort();
  await expect(read(found)).rejects.toMatchObject({ code: 'cancelled' });
});

test('rows and columns that come while others are read do not disturb them', async () => {
  await using app = await openTestStore();
  const given = { noun: 'tickets', request: 'GET /x', schema: undefined, findSchema: () => undefined };
  const writer = app.store.begin(given);
  writer.append(records(600));
  const found = await app.store.rows(`SELECT * FROM ${writer.table.name}`, { maxRows: 200_000 });
  const rows: Cell[][] = [];
  for await (const batch of found.batches()) {
    rows.push(...batch);
    writer.append([{ ...record(1_000 + rows.length), more: rows.length }]);
    await writer.caughtUp();
  }
  expect(rows).toHaveLength(600);
});

test('a table that is being read is not dropped for another', async () => {
  await using app = await openTestStore({ limits: { maxRows: 1_000 } });
  const first = app.keep(records(900));
  const found = await app.store.rows(`SELECT * FROM ${first.name}`, { maxRows: 200_000 });
  const second = app.keep(records(500));
  await app.query('SELECT 1');
  expect(second).toMatchObject({ state: 'partial', rows: 100 });
  expect(await read(found)).toHaveLength(900);
  found.release();
  app.keep(records(500));
  await app.query('SELECT 1');
  await expect(app.query(`SELECT * FROM ${first.name}`)).rejects.toMatchObject({ code: 'invalid_sql' });
});

test('reading waits for the file, so that pages do not pile up', async () => {
  await using app = await openTestStore();
  const given = { noun: 'tickets', request: 'GET /x', schema: undefined, findSchema: () => undefined };
  const writer = app.store.begin(given);
  for (let page = 0; page < 8; page += 1) {
    writer.append(records(500, page * 500 + 1));
    await writer.caughtUp();
    // No more than two pages, and the one that was just handed over, are not written yet.
    expect(writer.table.rows).toBeGreaterThanOrEqual((page - 2) * 500);
  }
});
