import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';

const open = { conditions: "status/name='Open'", fields: 'id,summary,status/name', pageSize: 3 };
const save = { path: '/service/tickets', method: 'GET', description: 'Open tickets', params: open };

test('a bare GET uses the one saved query of its endpoint, says so first, and counts the use', async () => {
  await using app = await connect();
  const { data: saved } = await app.call('save_to_fast_memory', save);
  const { data, text } = await app.call('execute_api_call', { path: '/service/tickets' });
  expect(text).toMatch(new RegExp(`^FILTERED by saved query ${saved.saved.id} `));
  expect(data.table.rows.every((row: unknown[]) => row[2] === 'Open')).toBe(true);
  expect((await app.call('list_fast_memory')).data.queries[0].uses).toBe(1);
});

test('params {} opts out, and two saved queries fill nothing in', async () => {
  await using app = await connect();
  await app.call('save_to_fast_memory', save);
  expect((await app.call('execute_api_call', { path: '/service/tickets', params: {} })).text).toMatch(
    /^COMPLETE: \d{3} rows/,
  );
  await app.call('save_to_fast_memory', {
    ...save,
    description: 'New tickets',
    params: { conditions: "status/name='New'" },
  });
  expect((await app.call('execute_api_call', { path: '/service/tickets' })).text).toMatch(/^COMPLETE: \d{3} rows/);
});

test('the same call saved twice is one entry with the newer description', async () => {
  await using app = await connect();
  await app.call('save_to_fast_memory', save);
  const again = await app.call('save_to_fast_memory', { ...save, description: 'Tickets that are open' });
  expect(again.text).toMatch(/^UPDATED/);
  expect((await app.call('list_fast_memory')).data).toMatchObject({
    total: 1,
    queries: [{ description: 'Tickets that are open' }],
  });
});

test('the second success of a shape of call brings one offer to save it', async () => {
  await using app = await connect();
  const calls = [];
  for (const board of [1, 2, 3]) {
    calls.push(
      await app.call('execute_api_call', { path: '/service/tickets', params: { conditions: `board/id=${board}` } }),
    );
  }
  expect(calls.map(({ text }) => text.includes('save_to_fast_memory'))).toEqual([false, true, false]);
});

test('a saved body is never sent again unasked', async () => {
  await using app = await connect();
  await app.call('save_to_fast_memory', {
    path: '/service/tickets',
    method: 'POST',
    description: 'New ticket',
    data: { summary: 'x', company: { id: 2 } },
  });
  const { text, isError } = await app.call('execute_api_call', { path: '/service/tickets', method: 'POST' });
  expect(isError).toBe(true);
  expect(text).toMatch(/^invalid_body/);
});

test('saved queries outlive the process, and clear_fast_memory removes them all', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cwm memory '));
  try {
    {
      await using app = await connect({ dataDir });
      await app.call('save_to_fast_memory', save);
    }
    await using app = await connect({ dataDir });
    expect((await app.call('list_fast_memory')).data.total).toBe(1);
    expect((await app.call('clear_fast_memory')).data.deleted).toBe(1);
    expect((await app.call('list_fast_memory')).data.total).toBe(0);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test('an id that does not exist is named', async () => {
  await using app = await connect();
  const { text } = await app.call('delete_from_fast_memory', { query_id: 4711 });
  expect(text).toMatch(/^unknown_query: .*4711/);
});

test('endpoints that succeed often rank higher, unless learning is off', async () => {
  const query = { query: 'list boards', max_results: 20 };
  const placeOf = async (app: Connection, path: string) => {
    const { data } = await app.call('search_api_endpoints', query);
    return data.endpoints.findIndex(
      (endpoint: { method: string; path: string }) => endpoint.method === 'GET' && endpoint.path === path,
    );
  };
  await using app = await connect();
  const { data } = await app.call('search_api_endpoints', query);
  const list = data.endpoints.filter(
    (endpoint: { method: string; path: string }) => endpoint.method === 'GET' && !endpoint.path.includes('{'),
  );
  const { path } = list[2];
  const before = await placeOf(app, path);
  for (let use = 0; use < 30; use++) await app.call('execute_api_call', { path, params: {} });
  expect(await placeOf(app, path)).toBeLessThanOrEqual(before);

  await using off = await connect({ environment: { CONNECTWISE_LEARN: 'off' } });
  for (let use = 0; use < 3; use++) {
    const { text } = await off.call('execute_api_call', { path: '/service/boards', params: { pageSize: 2 } });
    expect(text).not.toContain('save_to_fast_memory');
  }
});

test.each(['machines nobody covers', 'devices nobody covers', 'laptops that nobody covers'])(
  'a saved query is found by the words that endpoints are found by: %s',
  async (query) => {
    await using app = await connect();
    const description = 'Configurations nobody covers';
    const params = { conditions: 'vendor/id=null', pageSize: 3 };
    await app.call('save_to_fast_memory', { path: '/company/configurations', method: 'GET', description, params });
    expect((await app.call('run_fast_memory', { query })).text).toContain(`“${description}”`);
  },
);
