import { expect, test } from 'vitest';
import { connect } from '../support/connect.ts';

// The calls in the predecessor's description run unchanged.

const openAndHigh = { conditions: "status/name='Open' and priority/name='High'" };

test('search_api_endpoints "tickets"', async () => {
  await using app = await connect();
  const { data } = await app.call('search_api_endpoints', { query: 'tickets' });
  expect(data.endpoints[0]).toMatchObject({
    method: 'GET',
    path: '/service/tickets',
    module: 'service',
    category: 'Tickets',
  });
  expect(data.endpoints).toHaveLength(10);
  expect(data.total).toBeGreaterThan(10);
});

test('natural_language_api_search in the words of a technician', async () => {
  await using app = await connect();
  const { data } = await app.call('natural_language_api_search', {
    query: 'find all open service tickets that are high priority',
  });
  expect(data.endpoints[0]).toMatchObject({ method: 'GET', path: '/service/tickets' });
  expect(data.endpoints).toHaveLength(5);
});

test('execute_api_call lists open tickets of high priority', async () => {
  await using app = await connect();
  const { data, text } = await app.call('execute_api_call', {
    path: '/service/tickets',
    method: 'GET',
    params: openAndHigh,
  });
  const { columns, rows } = data.table;
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    expect(row[columns.indexOf('status/name')]).toBe('Open');
    expect(row[columns.indexOf('priority/name')]).toBe('High');
  }
  expect(text).toMatch(/^(COMPLETE|PARTIAL): \d+/);
});

test('execute_api_call prepares a ticket, and confirm_api_write creates it', async () => {
  await using app = await connect();
  const data = {
    summary: 'Server is down',
    board: { id: 1 },
    company: { id: 2 },
    status: { id: 1 },
    priority: { id: 3 },
  };
  const prepared = await app.call('execute_api_call', { path: '/service/tickets', method: 'POST', data });
  expect(prepared.text).toMatch(/^NOT SENT/);
  expect(prepared.data.change.request).toEqual({ method: 'POST', path: '/service/tickets', body: data });
  const sent = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(sent.text).toMatch(/^SENT: POST \/service\/tickets made \d+; ConnectWise returned 201/);
  const { id } = sent.data.record;
  const found = await app.call('execute_api_call', { path: `/service/tickets/${id}` });
  expect(found.data.record).toMatchObject({ id, summary: 'Server is down', status: { id: 1, name: 'Open' } });
});

test('send_raw_api_request with quotes and a slash in the query', async () => {
  await using app = await connect();
  const { data } = await app.call('send_raw_api_request', {
    raw_request: "GET /service/tickets?conditions=status/name='Open'",
  });
  expect(data.table.rows.length).toBeGreaterThan(0);
});

test('save_to_fast_memory, list_fast_memory with and without a term, delete_from_fast_memory', async () => {
  await using app = await connect();
  const saved = await app.call('save_to_fast_memory', {
    path: '/service/tickets',
    method: 'GET',
    description: 'Get all high priority open tickets',
    params: openAndHigh,
  });
  expect(saved.data.saved).toMatchObject({ path: '/service/tickets', params: openAndHigh });
  const { id } = saved.data.saved;
  expect((await app.call('list_fast_memory')).data).toMatchObject({ total: 1, queries: [{ id }] });
  expect((await app.call('list_fast_memory', { search_term: 'HIGH priority' })).data.total).toBe(1);
  expect((await app.call('list_fast_memory', { search_term: 'invoice' })).data.total).toBe(0);
  expect((await app.call('delete_from_fast_memory', { query_id: id })).data.deleted.id).toBe(id);
  expect((await app.call('list_fast_memory')).data.total).toBe(0);
});

test.each([
  [{ conditions: "status/name='Open' AND dateEntered > [2023-01-01T00:00:00Z]" }],
  [{ conditions: "status/name='Open'", fields: 'id,summary,status,priority' }],
  [{ conditions: "status/name='Open'", page: 1, pageSize: 50 }],
])('execute_api_call with params %j', async (params) => {
  await using app = await connect();
  const { data, isError } = await app.call('execute_api_call', { path: '/service/tickets', method: 'GET', params });
  expect(isError).toBe(false);
  expect(data.table.rows.length).toBeGreaterThan(0);
  if ('fields' in params)
    expect(data.table.columns).toEqual(expect.arrayContaining(['id', 'summary', 'status/name', 'priority/name']));
});
