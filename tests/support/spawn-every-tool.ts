import { join } from 'node:path';
import { expect } from 'vitest';

/** A reply of a tool, as every client hands it over. */
export interface ToolReply {
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: replies of every shape
  data: any;
}

export type CallTool = (name: string, given?: Record<string, unknown>) => Promise<ToolReply>;

/** Arguments with which a spawned server works on the sandbox at a fixed time. */
export const sandboxArguments = (dataDir: string) => [
  'serve',
  '--sandbox',
  '--data-dir',
  dataDir,
  // Nothing is left in the folders of whoever runs the tests.
  '--download-dir',
  join(dataDir, 'downloads'),
  '--now',
  '2026-03-10T15:00:00Z',
  '--log-level',
  'warn',
];

/** The names of the tools, in the order of the list. */
export const toolNames = [
  'natural_language_api_search',
  'search_api_endpoints',
  'get_api_endpoint_details',
  'execute_api_call',
  'query_results',
  'save_file',
  'confirm_api_write',
  'run_fast_memory',
  'send_raw_api_request',
  'list_api_categories',
  'get_category_endpoints',
  'list_fast_memory',
  'save_to_fast_memory',
  'delete_from_fast_memory',
  'clear_fast_memory',
];

/** A technician's session that uses each tool at least once, and says what is true of each reply. */
export async function useEveryTool(call: CallTool): Promise<void> {
  await findEndpoints(call);
  await readAndWrite(call);
  await remember(call);
}

async function findEndpoints(call: CallTool): Promise<void> {
  expect((await call('save_file', { sql: 'values (1)' })).text).toContain('1 row written to');
  const asked = await call('natural_language_api_search', { query: 'open tickets of high priority' });
  expect(asked.data.endpoints[0]).toMatchObject({ method: 'GET', path: '/service/tickets', module: 'service' });
  expect(asked.text).toContain('GET /service/tickets');

  const searched = await call('search_api_endpoints', { query: 'contacts', max_results: 3 });
  expect(searched.data.endpoints).toHaveLength(3);
  expect(searched.data.endpoints[0].path).toBe('/company/contacts');

  const details = await call('get_api_endpoint_details', { path: '/service/tickets', method: 'POST' });
  expect(details.data).toMatchObject({ method: 'POST', path: '/service/tickets' });
  expect(details.text).toMatch(/summary/);

  const categories = await call('list_api_categories');
  expect(categories.data.modules.map(({ module }: { module: string }) => module)).toContain('service');

  const listed = await call('get_category_endpoints', { category: 'Tickets', max_results: 5 });
  expect(listed.data.endpoints).toHaveLength(5);
  expect(listed.data.total).toBeGreaterThan(5);
}

async function readAndWrite(call: CallTool): Promise<void> {
  const open = await call('execute_api_call', {
    path: '/service/tickets',
    params: { conditions: "status/name='Open'", fields: 'id,status/name', pageSize: 2 },
  });
  expect(open.data.table.rows.map((row: unknown[]) => row[1])).toEqual(['Open', 'Open']);
  const [ticket] = open.data.table.rows[0];
  const [stored] = /tickets_\d+/.exec((await call('execute_api_call', { path: '/service/tickets' })).text) ?? [];
  const counted = await call('query_results', { sql: `SELECT count(*) > 0 AS any FROM ${stored}` });
  expect(counted.data.table.rows).toEqual([[1]]);

  const prepared = await call('execute_api_call', {
    path: `/service/tickets/${ticket}`,
    method: 'PATCH',
    data: { summary: 'Drücker im Büro – 日本 🖨️' },
  });
  expect(prepared.text).toMatch(/^NOT SENT/);
  const sent = await call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(sent.text).toMatch(/^SENT: PATCH/);

  const read = await call('send_raw_api_request', { raw_request: `GET /service/tickets/${ticket}?fields=id,summary` });
  expect(read.data.record).toEqual({ id: ticket, summary: 'Drücker im Büro – 日本 🖨️' });
}

async function remember(call: CallTool): Promise<void> {
  const saved = await call('save_to_fast_memory', {
    path: '/service/boards',
    method: 'GET',
    description: 'Boards in use',
    params: { conditions: 'inactiveFlag=false' },
  });
  const { id } = saved.data.saved;
  expect((await call('list_fast_memory', { search_term: 'boards' })).data).toMatchObject({
    total: 1,
    queries: [{ id, path: '/service/boards' }],
  });
  expect((await call('delete_from_fast_memory', { query_id: id })).data.deleted.id).toBe(id);
  expect((await call('clear_fast_memory')).data.deleted).toBe(0);
}
