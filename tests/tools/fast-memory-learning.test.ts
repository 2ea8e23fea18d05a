import { describe, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';

const offersIn = (text: string) =>
  [...text.matchAll(/save_to_fast_memory (\{.*\})$/gm)].map(([, json = '']) => JSON.parse(json));

async function readTickets(app: Connection, conditions: string) {
  return app.call('execute_api_call', { path: '/service/tickets', params: { conditions, pageSize: 1, fields: 'id' } });
}

test('the second success offers what differed as a placeholder, and the offer can be used as it is', async () => {
  await using app = await connect();
  expect(offersIn((await readTickets(app, "company/id=3 and priority/name='High'")).text)).toEqual([]);
  const [offer] = offersIn((await readTickets(app, "company/id=4 and priority/name='High'")).text);
  expect(offer).toEqual({
    path: '/service/tickets',
    params: { conditions: 'company/id = {company} and priority/name = "High"', fields: 'id' },
    description: 'List tickets by company',
  });
  expect(offersIn((await readTickets(app, "company/id=5 and priority/name='High'")).text)).toEqual([]);
  expect((await app.call('save_to_fast_memory', offer)).text).toMatch(/^SAVED/);
  const { text } = await app.call('run_fast_memory', {
    query: 'List tickets by company',
    arguments: { company: 'Northgate' },
  });
  expect(text).toMatch(/^(COMPLETE|PARTIAL)/);
});

test.each([
  ['eager', [1, 0, 0]],
  ['on', [0, 1, 0]],
  ['off', [0, 0, 0]],
])('CONNECTWISE_LEARN=%s offers %j', async (learn, expected) => {
  await using app = await connect({ environment: { CONNECTWISE_LEARN: learn } });
  const offers = [];
  for (const id of [1, 2, 3]) offers.push(offersIn((await readTickets(app, `board/id=${id}`)).text).length);
  expect(offers).toEqual(expected);
});

test('what is saved already, or built in, is not offered', async () => {
  await using app = await connect();
  await app.call('save_to_fast_memory', {
    path: '/service/tickets',
    description: 'x',
    params: { conditions: 'board/id={board}' },
  });
  for (const id of [1, 2, 3]) expect(offersIn((await readTickets(app, `board/id=${id}`)).text)).toEqual([]);
  for (const id of [1, 2, 3])
    expect(offersIn((await readTickets(app, `company/id=${id} and closedFlag=false`)).text)).toEqual([]);
});

test('a bare GET takes the one query saved here, also one whose placeholders have defaults', async () => {
  await using app = await connect();
  const bare = async () => (await app.call('execute_api_call', { path: '/service/boards' })).text;
  await app.call('save_to_fast_memory', {
    path: '/service/boards',
    description: 'Boards by name',
    params: { conditions: "name='{name=Service Desk}'" },
  });
  expect(await bare()).toMatch(/^FILTERED by saved query 1 .*COMPLETE: 1 row/);
});

test('a bare GET takes neither a query that needs values nor an imported one', async () => {
  await using app = await connect();
  const bare = async () => (await app.call('execute_api_call', { path: '/service/boards' })).text;
  const memory = await app.gateway.context.memory();
  memory.import([{ description: 'foreign', method: 'GET', path: '/service/boards', params: { conditions: 'id=1' } }]);
  memory.accept();
  expect(await bare()).not.toMatch(/^FILTERED/);
  memory.save({ description: 'own', method: 'GET', path: '/service/boards', params: { conditions: 'id={id}' } });
  expect(await bare()).not.toMatch(/^FILTERED/);
});

test('a request finds the saved query that answers it, with its arguments, before the endpoints', async () => {
  await using app = await connect();
  const { saved } = (
    await app.call('save_to_fast_memory', {
      path: '/service/tickets',
      description: 'Printer tickets of a client since a date',
      params: { conditions: "company/id={company} and summary contains 'print' and dateEntered>{since=last_month}" },
    })
  ).data;
  const { data, text } = await app.call('natural_language_api_search', { query: 'printer tickets of Northgate' });
  expect(data.queries[0]).toEqual({
    query: String(saved.id),
    description: 'Printer tickets of a client since a date',
    arguments: 'company, since=last_month',
  });
  expect(text.indexOf('queries:')).toBeLessThan(text.indexOf('endpoints:'));
  expect(data.endpoints.length).toBeGreaterThan(2);
});

test.each(['create a ticket', 'update the status of a ticket', 'list boards', 'zebra'])(
  'a request that no saved query answers finds none: %s',
  async (query) => {
    await using app = await connect();
    expect((await app.call('natural_language_api_search', { query })).data.queries).toBeUndefined();
  },
);

test('a saved write takes two calls: it is prepared with its values, then confirmed', async () => {
  await using app = await connect();
  await app.call('save_to_fast_memory', {
    path: '/service/tickets',
    method: 'POST',
    description: 'New ticket of a client for a printer',
    data: { summary: 'Printer down at {company}', company: { id: '{company}' }, requiredDate: '{due=tomorrow}' },
  });
  const { data, text } = await app.call('run_fast_memory', {
    query: 'new printer ticket of a client',
    arguments: { company: 'Northgate Manufacturing' },
  });
  expect(text).toMatch(/^NOT SENT/);
  expect((await app.call('confirm_api_write', { change_id: data.change_id })).text).toMatch(/^SENT/);
});

describe('an offer is made only for what is worth saving', () => {
  const offersOf = async (app: Connection, calls: readonly Record<string, unknown>[]) => {
    const offers: number[] = [];
    for (const call of calls) offers.push(offersIn((await app.call('execute_api_call', call)).text).length);
    return offers;
  };
  const tickets = (conditions: string, more: Record<string, unknown> = {}) => ({
    path: '/service/tickets',
    params: { conditions, pageSize: 1, fields: 'id', ...more },
  });

  test.each<[string, readonly Record<string, unknown>[]]>([
    ['no conditions', [1001, 1002, 1003].map((id) => ({ path: `/service/tickets/${id}/notes`, params: {} }))],
    [
      'only an order',
      ['id asc', 'id desc', 'id asc'].map((orderBy) => ({ path: '/service/boards', params: { orderBy } })),
    ],
    ['one record', [1001, 1002, 1003].map((id) => tickets(`id=${id}`))],
    ['0 rows', ['Zyx', 'Yxz', 'Xyz'].map((word) => tickets(`summary = "${word}"`))],
    [
      '0 rows of the SQL',
      [1, 2, 3].map((id) => ({ ...tickets(`board/id=${id}`), sql: 'select id from it where id < 0' })),
    ],
    [
      'a count of 0',
      ['Zyx', 'Yxz', 'Xyz'].map((word) => ({ ...tickets(`summary = "${word}"`), path: '/service/tickets/count' })),
    ],
    ['a fixed start date', [1, 2, 3].map((id) => tickets(`board/id=${id} and dateEntered>[2025-06-01]`))],
    [
      'a date in words, which is fixed when it is sent',
      [1, 2, 3].map((id) => tickets(`board/id=${id} and dateEntered>[last month]`)),
    ],
  ])('%s: none', async (_what, calls) => {
    await using app = await connect();
    expect(await offersOf(app, calls)).toEqual([0, 0, 0]);
  });

  test('a date that differs becomes a value, also where the first two calls had the same', async () => {
    await using app = await connect();
    const since = (day: string) => tickets(`board/id=1 and dateEntered>[${day}]`);
    expect(await offersOf(app, [since('2025-06-01'), since('2025-06-01'), since('2025-07-01')])).toEqual([0, 0, 1]);
  });

  test('an empty answer counts for nothing', async () => {
    await using app = await connect();
    expect(await offersOf(app, [tickets('summary = "Zyx"'), tickets('summary contains "a"')])).toEqual([0, 0]);
    expect(await offersOf(app, [tickets('summary = "Zyx"'), tickets('summary contains "b"')])).toEqual([0, 1]);
  });

  test('one in a conversation, whatever else is repeated', async () => {
    await using app = await connect();
    const calls = [1, 2, 1, 2].map((id, at) => tickets(`${at < 2 ? 'board' : 'priority'}/id=${id}`));
    expect(await offersOf(app, calls)).toEqual([0, 1, 0, 0]);
  });
});
