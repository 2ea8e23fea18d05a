import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listTools } from '../../src/server/list-tools.ts';
import { type Connection, connect, type Reply } from '../support/connect.ts';

let app: Connection;

beforeAll(async () => {
  app = await connect();
});
afterAll(() => app[Symbol.asyncDispose]());

const tokens = (text: string) => Math.ceil(Buffer.byteLength(text) / 4);

/** Arguments that work, for each tool that takes some: each test spoils one of them. */
const good: Record<string, Record<string, unknown>> = {
  natural_language_api_search: { query: 'open tickets', max_results: 1 },
  search_api_endpoints: { query: 'tickets', max_results: 1 },
  get_api_endpoint_details: { path: '/service/tickets', method: 'GET', fields: ['summary'] },
  execute_api_call: { path: '/service/tickets', method: 'GET', params: { pageSize: 1, fields: 'id' } },
  confirm_api_write: { change_id: 'ticket-1_summary_aaaaaaaa' },
  send_raw_api_request: { raw_request: 'GET /service/tickets?pageSize=1&fields=id' },
  get_category_endpoints: { category: 'Tickets', max_results: 1 },
  query_results: { sql: 'select 1', max_rows: 1 },
  run_fast_memory: { query: 'overdue-invoices' },
  list_fast_memory: { search_term: 'tickets' },
  save_to_fast_memory: { path: '/service/boards', method: 'GET', description: 'Boards', params: { pageSize: 1 } },
  delete_from_fast_memory: { query_id: 1_000_000 },
};

/** A clear refusal: the code, the argument, within the budget of errors; and the next call works. */
async function expectRefusal({ text, isError }: Reply, code: RegExp, argument: string): Promise<void> {
  expect(isError, text).toBe(true);
  expect(text).toMatch(code);
  expect(text).toContain(argument);
  expect(text).toMatch(/^Next: \S/m);
  expect(tokens(text)).toBeLessThanOrEqual(300);
  const { data } = await app.call('search_api_endpoints', { query: 'tickets', max_results: 1 });
  expect(data.endpoints).toHaveLength(1);
}

const tools = listTools(false);
const argumentsOf = (name: string) =>
  Object.entries(tools.find((tool) => tool.name === name)?.inputSchema.properties ?? {});
const everyArgument = Object.keys(good).flatMap((tool) =>
  argumentsOf(tool).map(([argument, schema]) => [tool, argument, schema as { type?: string }] as const),
);

describe('every tool', () => {
  test.each(tools.map(({ name }) => [name]))(
    '%s names an argument that it does not have, and those it has',
    async (name) => {
      const reply = await app.call(name, { ...good[name], limit: 5 });
      await expectRefusal(reply, /^invalid_argument: /, 'limit is not an argument');
      for (const [argument] of argumentsOf(name)) expect(reply.text).toContain(argument);
    },
  );

  test.each(Object.keys(good).map((name) => [name]))('%s names the arguments that are missing', async (name) => {
    const required = tools.find((tool) => tool.name === name)?.inputSchema.required ?? [];
    const reply = await app.call(name, {});
    if (required.length === 0) expect(reply.isError).toBe(false);
    else for (const argument of required) await expectRefusal(reply, /^invalid_argument: .*is missing/, argument);
  });

  test.each(everyArgument)('%s refuses other types of %s', async (tool, argument, { type }) => {
    const wrong: unknown[] = [[[1]], [[{ a: [] }]]];
    if (type !== undefined && type !== 'boolean') wrong.push(true);
    if (type !== undefined && type !== 'object') wrong.push({ a: 1 });
    if (type === 'string') wrong.push(7, [7]);
    for (const value of wrong)
      await expectRefusal(await app.call(tool, { ...good[tool], [argument]: value }), /^invalid_argument: /, argument);
  });
});

describe('texts', () => {
  // Of a choice, what is allowed is said, and not how long it may be.
  const choices = ['method', 'export'];
  const texts = everyArgument.filter(([, argument, { type }]) => type === 'string' && !choices.includes(argument));

  const required = new Map(listTools(false).map(({ name, inputSchema }) => [name, inputSchema.required ?? []]));
  const isRequired = ([tool, argument]: (typeof texts)[number]) => required.get(tool)?.includes(argument) === true;

  test.each(texts.filter((one) => !isRequired(one)))('%s takes an empty %s as left out', async (tool, argument) => {
    // A change id that is well-formed is of no change here.
    const isError = tool === 'confirm_api_write';
    for (const empty of ['', ' ', 'null'])
      expect(await app.call(tool, { ...good[tool], [argument]: empty })).toMatchObject({ isError });
  });

  test.each(texts.filter(isRequired))('%s refuses an empty %s', async (tool, argument) => {
    for (const empty of ['', '   ', '\n\t'])
      await expectRefusal(
        await app.call(tool, { ...good[tool], [argument]: empty }),
        /^invalid_argument: .*is empty/,
        argument,
      );
  });

  test.each(texts)('%s refuses a %s that is too long, with the limit', async (tool, argument) => {
    const long = argument === 'path' ? `/service/${'x'.repeat(20_001)}` : 'x'.repeat(1_000_001);
    const reply = await app.call(tool, { ...good[tool], [argument]: long });
    await expectRefusal(reply, /^invalid_argument: .*is too long: at most \d+ characters/, argument);
  });

  test('a query of 2,000 characters is an answer, one of 2,001 is not', async () => {
    for (const tool of ['search_api_endpoints', 'natural_language_api_search']) {
      expect((await app.call(tool, { query: 'ticket '.repeat(286).slice(0, 1_999).padEnd(2_000, 'x') })).isError).toBe(
        false,
      );
      await expectRefusal(await app.call(tool, { query: 'x'.repeat(2_001) }), /at most 2000 characters/, 'query');
    }
  });

  test('params and data over 1 MB are refused', async () => {
    const data = { summary: 'x'.repeat(1_000_001) };
    for (const tool of ['execute_api_call', 'save_to_fast_memory']) {
      const call = { ...good[tool], path: '/service/tickets', method: 'POST' };
      await expectRefusal(await app.call(tool, { ...call, data }), /^invalid_argument: .*at most 1000000/, 'data');
      const params = { conditions: 'x'.repeat(1_000_001) };
      await expectRefusal(await app.call(tool, { ...good[tool], params }), /^invalid_argument: .*at most/, 'params');
    }
  });
});

describe('the content of a query is never an error', () => {
  test.each([
    ["'; DROP TABLE endpoints; --"],
    ["' OR 1=1 UNION SELECT * FROM members --"],
    ['"unbalanced'],
    ['tickets AND OR NOT NEAR('],
    ['tickets*  ^board -closed {col}:x'],
    ['path:tickets NEAR/5 "a b"'],
    ['%_\\%'],
    ['((((((((('],
    ['*'],
    ['-'],
    ['\u0000tickets\u0000'],
    ['\u001b[31mtickets\u0007'],
    ['\ud800 tickets \udfff'],
    ['\u202etickets\u2066'],
    ['🎫🔥 тикет 工单 تذكرة'],
    ['İıſßﬀ tickets'],
    ['<script>alert(1)</script>'],
    ['../../../etc/passwd'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as a shell would read it
    ['$(rm -rf /) `id` ${HOME}'],
    ['__proto__ constructor toString hasOwnProperty'],
    ['null'],
    ['0'],
    ['a'.repeat(2_000)],
    ['ticket '.repeat(285)],
    ['%s%n%d {0} {{x}}'],
  ])('%j', async (query) => {
    for (const tool of ['search_api_endpoints', 'natural_language_api_search']) {
      const { isError, text, data } = await app.call(tool, { query });
      expect(isError, text).toBe(false);
      expect(Array.isArray(data.endpoints)).toBe(true);
      if (data.endpoints.length === 0) expect(data.next).toContain('Modules: ');
    }
    expect((await app.call('list_fast_memory', { search_term: query })).isError).toBe(false);
  });
});

describe('numbers', () => {
  const counted = ['search_api_endpoints', 'natural_language_api_search', 'get_category_endpoints'];

  test.each(counted)('%s says how many max_results may be', async (tool) => {
    for (const count of [-1, '-5'])
      await expectRefusal(
        await app.call(tool, { ...good[tool], max_results: count }),
        /too small: at least 1/,
        'max_results',
      );
    for (const count of [101, 10_000, 2 ** 53, '10000'])
      await expectRefusal(
        await app.call(tool, { ...good[tool], max_results: count }),
        /^invalid_argument: .*(too large: at most 100|integer)/,
        'max_results',
      );
    for (const count of [1.5, 'ten', '1e1', 'NaN'])
      await expectRefusal(
        await app.call(tool, { ...good[tool], max_results: count }),
        /^invalid_argument: /,
        'max_results',
      );
  });

  test.each(counted)('%s takes 1, 100, digits as text, and nothing for the default', async (tool) => {
    for (const count of [1, 100, '7', '#7', null, '', 0, '0', 'null', [], {}]) {
      const { data } = await app.call(tool, { ...good[tool], max_results: count });
      const most = Number(String(count ?? '').replace('#', '')) || 20;
      expect(data.endpoints.length).toBeLessThanOrEqual(most);
      expect(data.endpoints.length).toBeGreaterThan(0);
    }
  });

  test('an id that does not exist, or cannot, is named', async () => {
    await expectRefusal(await app.call('delete_from_fast_memory', { query_id: 4711 }), /^unknown_query: /, '4711');
    for (const id of [0, -1, 1.5, 'first', 1e300])
      await expectRefusal(
        await app.call('delete_from_fast_memory', { query_id: id }),
        /^invalid_argument: /,
        'query_id',
      );
  });
});

describe('what no honest caller sends', () => {
  const nest = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

  test.each([
    ['execute_api_call', { method: 'POST', data: nest(1_000) }, 'data'],
    ['execute_api_call', { params: nest(1_000) }, 'params'],
    ['save_to_fast_memory', { method: 'POST', data: nest(1_000) }, 'data'],
    ['run_fast_memory', { arguments: nest(1_000) }, 'arguments'],
  ])('%s refuses an argument of a thousand levels: %#', async (tool, odd, argument) => {
    await expectRefusal(await app.call(tool, { ...good[tool], ...odd }), /nested deeper than 100 levels/, argument);
  });

  test('the keys of the settings as an argument are refused, and kept nowhere', async () => {
    const environment = { CONNECTWISE_PUBLIC_KEY: 'PublicCanary7781', CONNECTWISE_PRIVATE_KEY: 'PrivateCanary9923' };
    await using open = await connect({ environment });
    const key = Buffer.from(`acme+${environment.CONNECTWISE_PUBLIC_KEY}:x`).toString('base64');
    for (const [tool, given] of [
      [
        'save_to_fast_memory',
        { path: '/service/boards', description: 'Boards', params: { conditions: `name='${key}'` } },
      ],
      ['execute_api_call', { path: '/service/tickets/1001', method: 'PATCH', data: { summary: `my key ${key}` } }],
      ['send_raw_api_request', { raw_request: `GET /service/tickets?conditions=summary="PrivateCanary9923"` }],
    ] as const) {
      const { text, isError } = await open.call(tool, given);
      expect(isError).toBe(true);
      expect(text).toMatch(/^invalid_argument: \w+ holds one of the gateway's own keys/);
    }
    expect((await open.call('list_fast_memory')).data.total).toBe(0);
    // Credentials of another system are accepted.
    const others = `Basic ${Buffer.from('printer:admin').toString('base64')}`;
    const note = await open.call('execute_api_call', {
      path: '/service/tickets/1001',
      method: 'PATCH',
      data: { summary: others },
    });
    expect(note.text).toMatch(/^NOT SENT/);
  });
});

test.each(['constructor', 'toString', 'hasOwnProperty'])(
  'an argument named %s is unknown, as any other',
  async (name) => {
    const given = { ...good.execute_api_call, [name]: { x: 1 } };
    await expectRefusal(await app.call('execute_api_call', given), /^invalid_argument: /, name);
  },
);
