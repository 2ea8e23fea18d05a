import { expect, onTestFinished, test, vi } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { openTestStore } from './open-store.ts';

const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index, text: `row ${index}` }));

const codeOf = (error: unknown) => (error instanceof GatewayError ? error.code : error);

/** Lets other work of this process run. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a cross join of ten million rows is stopped, and other work continues meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  await using app = await openTestStore({ timeoutMs: 3_000 });
  const { name } = app.keep(rows(3_163));
  await app.query('SELECT 1');
  let outcome: unknown;
  // No machine finishes it: each pair is looked at for each row once more.
  const slow = app
    .query(`SELECT sum(length(a.text || b.text || c.text)) FROM ${name} a, ${name} b, ${name} c`)
    .catch((error: unknown) => {
      outcome = codeOf(error);
    });
  let turns = 0;
  for (; outcome === undefined && turns < 1_000; turns++) {
    await turn();
    vi.advanceTimersByTime(100);
  }
  expect(outcome).toBe('timed_out');
  await slow;
  expect(turns).toBeGreaterThanOrEqual(30);
  expect(await app.rows(`SELECT count(*) FROM ${name}`)).toEqual([[3_163]]);
});

test('cancelling stops a statement at once, and those that wait behind it', async () => {
  await using app = await openTestStore({ timeoutMs: 60_000 });
  const { name } = app.keep(rows(2_000));
  await app.query('SELECT 1');
  const cancel = new AbortController();
  const sql = `SELECT count(*) FROM ${name} a, ${name} b, ${name} c WHERE a.text || b.text < c.text`;
  const calls = [sql, 'SELECT 2'].map((text) => app.query(text, { signal: cancel.signal }).catch(codeOf));
  const other = app.rows('SELECT 3');
  // Nothing on the way to the process waits for a clock or a file: by then the statement is sent.
  for (let turns = 0; turns < 10; turns++) await turn();
  cancel.abort();
  expect(await Promise.all(calls)).toEqual(['cancelled', 'cancelled']);
  expect(await other).toEqual([[3]]);
  await expect(app.query('SELECT 4', { signal: cancel.signal })).rejects.toThrow('cancelled');
});

test('rows beyond a limit are left out, and the answer says so', async () => {
  await using app = await openTestStore();
  const { name } = app.keep(rows(2_000));
  const few = await app.query(`SELECT id FROM ${name}`, { maxRows: 10 });
  expect([few.rows.length, few.complete]).toEqual([10, false]);
  const exact = await app.query(`SELECT id FROM ${name} LIMIT 10`, { maxRows: 10 });
  expect([exact.rows.length, exact.complete]).toEqual([10, true]);
  const small = await app.query(`SELECT id, _record FROM ${name}`, { maxRows: 2_000, maxBytes: 1_000 });
  expect(small.complete).toBe(false);
  expect(small.rows.length).toBeLessThan(40);
  const many = await app.query(`SELECT id FROM ${name} ORDER BY id`, { maxRows: 2_000 });
  expect(many.rows).toEqual(rows(2_000).map(({ id }) => [id]));
});

test('the least recently used table is dropped for a new one, which is reported once and named when it is queried', async () => {
  let now = Date.parse('2026-03-10T08:00:00Z');
  const limits = { maxRows: 250 };
  await using app = await openTestStore({ limits, now: () => new Date(now) });
  const [first, second] = [app.keep(rows(100)), app.keep(rows(100), { noun: 'entries' })];
  now += 25 * 3_600_000;
  await app.query(`SELECT count(*) FROM ${first.name}`);
  const third = app.keep(rows(100), { noun: 'companies' });
  await app.query('SELECT 1');
  expect(app.store.tables().map(({ name }) => name)).toEqual([first.name, third.name]);
  expect(app.store.takeNotices()).toEqual([
    expect.stringContaining(`${second.name} (GET /service/tickets) is no longer stored`),
  ]);
  await expect(app.query(`SELECT * FROM ${second.name}`)).rejects.toThrow(
    'it was dropped to make room, unused for 25 h',
  );
});

test('of very many answers the oldest go, empty ones too', async () => {
  await using app = await openTestStore({ limits: { maxAnswers: 3 } });
  const names = Array.from({ length: 6 }, (_, index) => app.keep(rows(index % 2)).name);
  await app.query('SELECT 1');
  expect(app.store.tables().map(({ name }) => name)).toEqual(names.slice(3));
});

test('a list larger than all room is stored in part and says so', async () => {
  await using app = await openTestStore({ limits: { maxRows: 250 } });
  const { name } = app.keep(rows(1_000));
  const { tables } = await app.query(`SELECT count(*) FROM ${name}`);
  expect(tables).toMatchObject([{ state: 'partial', rows: 200, reason: expect.stringContaining('only 200 rows fit') }]);
  await using small = await openTestStore({ limits: { maxBytes: 60_000 } });
  const large = small.keep(rows(2_000).map((row) => ({ ...row, text: 'x'.repeat(500) })));
  const found = await small.query(`SELECT count(*) FROM ${large.name}`);
  expect(found.tables[0]?.state).toBe('partial');
});

test('an answer says of each table it rests on whether it is whole, also while it is read', async () => {
  await using app = await openTestStore();
  const writer = app.store.begin({ noun: 'x', request: 'GET /x', schema: undefined, findSchema: () => undefined });
  const done = app.keep(rows(3));
  writer.append(rows(5));
  const sql = `SELECT count(*) FROM ${writer.table.name} a JOIN ${done.name} b ON a.id = b.id`;
  const found = await app.query(sql);
  expect(found.rows).toEqual([[3]]);
  expect(found.tables.map(({ rows, state }) => [rows, state])).toEqual([
    [5, 'reading'],
    [3, 'complete'],
  ]);
  writer.finish({ state: 'partial', reason: 'the time was up', total: 9 });
  writer.append(rows(50));
  expect((await app.query(sql)).tables[0]).toMatchObject({ rows: 5, state: 'partial', total: 9 });
});

test.each([
  ['SELECT closed_flag FROM $T', 'There is no column closed_flag. Did you mean closedFlag?'],
  ['SELECT "Open" FROM $T', "There is no column Open. Texts are in single quotes: 'Open'."],
  ['SELECT id FROM ticket', 'There is no table ticket. Did you mean $T?'],
  ['SELECT datediff(1, 2)', 'There is no function datediff. Use hours_between(a, b)'],
  ['SELECT TOP 5 * FROM $T', 'The SQL cannot be read near "5".'],
  ['SELECT a.id, id FROM $T a, $T b', 'Several tables have a column id.'],
  ['SELECT sum(count(*)) FROM $T', 'SQLite refuses the SQL: misuse of aggregate'],
  ['SELECT closedFlag FROM (SELECT id FROM $T)', 'There is no column closedFlag here. $T has it: select it there'],
  ['SELECT closedFlag', 'There is no column closedFlag: the SQL names no stored table in FROM.'],
])('a mistake names what is there: %s', async (sql, message) => {
  await using app = await openTestStore({ random: () => 0.302 });
  const { name } = app.keep([{ id: 1, closedFlag: true }]);
  const error = await app.query(sql.replaceAll('$T', name)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'invalid_sql',
    message: expect.stringContaining(message.replaceAll('$T', name)),
  });
});

test('an error of SQL over it speaks of that table, not of another that has the name too', async () => {
  await using app = await openTestStore();
  app.keep([{ id: 1, billable: true, closedDate: 'x', old: 1 }]);
  const { name } = app.keep([{ id: 1, billableOption: 'x', types: [{ id: 5, name: 'Client' }] }], { noun: 'entries' });
  const refused = async (sql: string, it: string | undefined = name) => {
    const error = await app.query(sql, { it }).catch((thrown: unknown) => thrown);
    return error instanceof GatewayError ? `${error.message} | ${error.hint}` : error;
  };
  expect(await refused('SELECT billable FROM it')).toBe(
    'There is no column billable. Did you mean billableOption? | Call again with the right one. ' +
      'Columns of it: id, billableOption, types. Arrays: it_types (parent_id, id, name)',
  );
  expect(await refused('SELECT * FROM entries')).toBe(
    'There is no table entries. The rows just read are the table it. | Write FROM it, or name a table of an earlier reply.',
  );
  const [other = ''] = app.store.tables().map((table) => table.name);
  expect(await refused(`SELECT a.old FROM it a JOIN ${other} b USING (id)`)).toContain(
    `There is no column a.old here. ${other} has it`,
  );
});

test('an error over a table without rows says so, and one over rows that could not be stored says why', async () => {
  await using app = await openTestStore();
  const { name } = app.keep([], { schemas: [{ name: 'X', members: [{ name: 'id', type: 'integer' }] }] });
  await expect(app.query('SELECT sumary FROM it', { it: name })).rejects.toThrow(
    'There is no column sumary. it has no rows.',
  );
  await using full = await openTestStore({ limits: { maxBytes: 1 } });
  const lost = full.keep(rows(3));
  const sql = `SELECT id FROM ${lost.name}`;
  const reason = `${lost.name} holds nothing: only 0 rows fit beside what else is stored and in use.`;
  for (const options of [{}, { it: lost.name }]) {
    await expect(full.query(sql, options)).rejects.toMatchObject({ code: 'storage_failed', message: reason });
  }
});
