import type { Random } from '../../sandbox/seed/random.ts';
import type { Answer, Pipe } from '../support/spawn-pipe.ts';

/** What one call leaves for those that follow. */
export interface Memory {
  table: string | undefined;
  changes: string[];
  /** Tickets that this run made. */
  made: number[];
  upload: string;
}

type Step = (pipe: Pipe, random: Random, memory: Memory) => Promise<unknown>;

const requests = [
  ...[
    'open tickets of high priority',
    'who is on call today',
    'overdue invoices',
    'time entries of last week',
    'my schedule',
  ],
  ...[
    'contacts of a client',
    'agreements that end soon',
    'create a ticket',
    'close a ticket',
    'attach a file to a ticket',
  ],
];
const lists = [
  ...['/service/tickets', '/company/companies', '/company/contacts', '/time/entries', '/company/configurations'],
  ...['/finance/invoices', '/finance/agreements', '/schedule/entries', '/system/members', '/service/boards'],
];
const conditions = ['id>0', 'id>1000', 'id<1200', 'id!=7', '_info/lastUpdated>[2026-01-01]'];

const api = (pipe: Pipe, given: Record<string, unknown>) => pipe.callTool('execute_api_call', given);
const ticket = (random: Random) => `/service/tickets/${random.between(1001, 1500)}`;

async function keep(answer: Promise<Answer>, memory: Memory): Promise<Answer> {
  const given = await answer;
  const text: string = given.result?.content[0]?.text ?? '';
  memory.table = /rows in (\w+_\d+)/.exec(text)?.[1] ?? memory.table;
  const change = /change_id: (\S+)/.exec(text)?.[1];
  if (change !== undefined) memory.changes.push(change);
  const made = /^SENT: POST \/service\/tickets made (\d+)/.exec(text)?.[1];
  if (made !== undefined) memory.made.push(Number(made));
  return given;
}

async function cancelled(pipe: Pipe, random: Random): Promise<void> {
  const tool = random.pick(['execute_api_call', 'natural_language_api_search']);
  const given =
    tool === 'execute_api_call' ? { path: random.pick(lists), all_pages: true } : { query: random.pick(requests) };
  const id = pipe.send('tools/call', { name: tool, arguments: given });
  if (random.chance(0.5)) await new Promise((resolve) => setTimeout(resolve, random.between(0, 5)));
  pipe.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } })}\n`);
}

/** Each kind of call with how often it comes. */
const steps: readonly (readonly [weight: number, step: Step])[] = [
  [
    8,
    (pipe, random) =>
      pipe.callTool('natural_language_api_search', { query: `${random.pick(requests)} ${random.between(1, 99)}` }),
  ],
  [
    5,
    (pipe, random) =>
      pipe.callTool('search_api_endpoints', { query: random.pick(requests), max_results: random.between(1, 50) }),
  ],
  [
    4,
    (pipe, random) =>
      pipe.callTool('get_api_endpoint_details', { path: random.pick(lists), method: random.pick(['GET', 'POST']) }),
  ],
  [1, (pipe) => pipe.callTool('list_api_categories', { module: 'service' })],
  [2, (pipe) => pipe.callTool('get_category_endpoints', { category: 'Tickets' })],
  [10, (pipe, random) => api(pipe, { path: ticket(random) })],
  [
    12,
    (pipe, random, memory) => {
      const params = { conditions: random.pick(conditions), pageSize: random.pick([1, 5, 25, 100, 600]) };
      return keep(api(pipe, { path: random.pick(lists), params }), memory);
    },
  ],
  [
    2,
    (pipe, random, memory) =>
      keep(api(pipe, { path: random.pick(lists), all_pages: true, sql: 'select count(*) n from it' }), memory),
  ],
  [
    3,
    (pipe, random) =>
      api(pipe, { path: `${random.pick(lists)}/count`, params: { conditions: random.pick(conditions) } }),
  ],
  [
    2,
    (pipe, random, memory) =>
      keep(
        api(pipe, { path: '/service/tickets/{id}/notes', for_each: [1001, 1002, random.between(1003, 1100)] }),
        memory,
      ),
  ],
  [
    10,
    (pipe, _random, memory) =>
      pipe.callTool('query_results', { sql: `SELECT count(*), max(id) FROM ${memory.table ?? 'none_1'}` }),
  ],
  [
    2,
    (pipe, _random, memory) =>
      pipe.callTool('query_results', {
        sql: `SELECT * FROM ${memory.table ?? 'none_1'} ORDER BY 1 DESC`,
        max_rows: 200,
      }),
  ],
  [
    1,
    (pipe, random, memory) =>
      pipe.callTool('query_results', {
        sql: `SELECT * FROM ${memory.table ?? 'none_1'}`,
        export: random.pick(['csv', 'json', 'xlsx']),
      }),
  ],
  [
    1,
    (pipe) =>
      pipe.callTool('query_results', {
        sql: 'WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < 20000) SELECT sum(a) FROM n',
      }),
  ],
  [
    6,
    (pipe, random, memory) =>
      keep(api(pipe, { path: ticket(random), method: 'PATCH', data: { summary: `Soak ${random.next()}` } }), memory),
  ],
  [
    2,
    (pipe, random, memory) =>
      keep(
        api(pipe, {
          path: `${ticket(random)}/notes`,
          method: 'POST',
          data: { text: 'soak', internalAnalysisFlag: true },
        }),
        memory,
      ),
  ],
  [
    2,
    (pipe, _random, memory) =>
      keep(
        api(pipe, {
          path: '/service/tickets',
          method: 'POST',
          data: { summary: 'Soak', company: { id: 2 }, board: { id: 1 } },
        }),
        memory,
      ),
  ],
  [
    2,
    (pipe, _random, memory) =>
      keep(api(pipe, { path: `/service/tickets/${memory.made.pop() ?? 1}`, method: 'DELETE' }), memory),
  ],
  [
    9,
    (pipe, _random, memory) =>
      keep(pipe.callTool('confirm_api_write', { change_id: memory.changes.shift() ?? 'ticket-1_x_aaaaaaaa' }), memory),
  ],
  [
    1,
    (pipe, random, memory) =>
      keep(api(pipe, { path: `/gateway/changes/${random.between(1, 400)}/undo`, method: 'POST' }), memory),
  ],
  [1, (pipe) => api(pipe, { path: '/gateway/changes' })],
  [1, (pipe) => api(pipe, { path: '/gateway/status' })],
  [
    1,
    (pipe, _random, memory) =>
      keep(
        api(pipe, {
          path: '/system/documents',
          method: 'POST',
          data: { recordType: 'Ticket', recordId: 1001, title: 'soak', file: memory.upload },
        }),
        memory,
      ),
  ],
  [1, (pipe) => api(pipe, { path: '/system/documents', params: { recordType: 'Ticket', recordId: 1001 } })],
  [1, (pipe, random) => api(pipe, { path: `/system/documents/${random.between(1, 20)}/download` })],
  [
    3,
    (pipe, random) =>
      pipe.callTool('save_to_fast_memory', {
        path: random.pick(lists),
        description: `Soak ${random.between(1, 40)}`,
        params: { conditions: `id>${random.between(1, 40)}` },
      }),
  ],
  [
    3,
    (pipe, random) =>
      pipe.callTool('run_fast_memory', {
        query: random.pick(['my-schedule', 'overdue-invoices', 'stale-tickets', '1']),
      }),
  ],
  [2, (pipe) => pipe.callTool('list_fast_memory', { search_term: 'soak' })],
  [2, (pipe, random) => pipe.callTool('delete_from_fast_memory', { query_id: random.between(1, 200) })],
  [2, (pipe, random) => pipe.callTool('send_raw_api_request', { raw_request: `GET ${random.pick(lists)}?pageSize=3` })],
  [2, (pipe) => api(pipe, { path: '/service/tickets', params: { conditions: 'nosuch=1 and' } })],
  [2, (pipe, random) => api(pipe, { path: `/service/tickets/${random.between(900_000, 999_999)}` })],
  [1, (pipe, random) => api(pipe, { path: `/no/such/${random.between(1, 9_999)}` })],
  [1, (pipe) => pipe.callTool('query_results', { sql: 'DROP TABLE x' })],
  [1, (pipe) => pipe.request('prompts/get', { name: 'board_health', arguments: { board: 'Service Desk' } })],
  [1, (pipe) => pipe.request('tools/list')],
  [
    1,
    (pipe, random) =>
      pipe.request('tools/call', {
        name: 'execute_api_call',
        arguments: { path: random.pick(lists), all_pages: true },
        _meta: { progressToken: random.between(1, 9_999) },
      }),
  ],
  [4, cancelled],
];

/** One of each kind. */
export const everyStep: readonly Step[] = steps.map(([, step]) => step);

const total = steps.reduce((sum, [weight]) => sum + weight, 0);

export function pickStep(random: Random): Step {
  let left = random.next() * total;
  const found = steps.find(([weight]) => {
    left -= weight;
    return left < 0;
  });
  return (found ?? steps[0])?.[1] as Step;
}
