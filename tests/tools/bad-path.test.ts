import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';

let app: Connection;

beforeAll(async () => {
  app = await connect({
    environment: { CONNECTWISE_API_URL: 'https://api-na.myconnectwise.net/v4_6_release/apis/3.0' },
  });
});
afterAll(() => app[Symbol.asyncDispose]());

/** The path as each tool that takes one is given it. */
const ways: [string, (path: string) => [string, Record<string, unknown>]][] = [
  ['get_api_endpoint_details', (path) => ['get_api_endpoint_details', { path }]],
  ['execute_api_call', (path) => ['execute_api_call', { path, params: {} }]],
  ['send_raw_api_request', (path) => ['send_raw_api_request', { raw_request: `GET ${path}` }]],
  ['save_to_fast_memory', (path) => ['save_to_fast_memory', { path, method: 'GET', description: 'x' }]],
];

const leavesTheRoot = [
  '/service/../system/info',
  '/../../etc/passwd',
  '..',
  '/service/tickets/..',
  '/service/%2e%2e/system/info',
  '/service/%2E%2E/system/info',
  '/service/.%2e/system/info',
  '/service/%252e%252e/system/info',
  '/service/%25252e%25252e/system/info',
  '/service/..%2fsystem/info',
  '/service/..%5csystem/info',
  '/service\\..\\system\\info',
  '\\\\evil.example\\share',
  '/service/%5c%2e%2e/system',
  '/service/..;/system/info',
  '/service/..;a=b/system/info',
  '/service/%2e%2e;/system/info',
  '/service/....//system',
  '/service/tickets/1%2f..%2f..%2fsystem',
  '/service/tickets%00/1',
  '/service/tickets/1\u0000',
  '/service/tickets/1\r\nHost: evil.example',
  '/service/tickets/1%0d%0aX-Evil: 1',
  '/service/tickets/\u007f1',
  '/service/tickets/\ud800',
  '/service/tickets/%ff',
  '/service/tickets/%',
  '/service/tickets#/../system',
  '/',
  '?conditions=id=1',
];

const otherHosts = [
  'http://evil.example/service/tickets',
  'https://evil.example/v4_6_release/apis/3.0/service/tickets',
  '//evil.example/service/tickets',
  'evil.example/service/tickets',
  'https://api-na.myconnectwise.net@evil.example/service/tickets',
  'https://evil.example#@api-na.myconnectwise.net/service/tickets',
  'https://api-na.myconnectwise.net.evil.example/service/tickets',
  'https://api-na.myconnectwise.net:8443/service/tickets',
  'https://user:pass@api-na.myconnectwise.net/service/tickets',
  'https:\\\\evil.example\\service',
  'https:/evil.example/service/tickets',
  'https://127.0.0.1/service/tickets',
  'https://[::1]/service/tickets',
  'file:///etc/passwd',
  'ftp://api-na.myconnectwise.net/service/tickets',
  'javascript:alert(1)',
  'data:text/plain,x',
  'HTTPS://EVIL.EXAMPLE/service/tickets',
];

describe.each(ways)('%s', (_name, toCall) => {
  test.each([...leavesTheRoot, ...otherHosts].map((path) => [path]))('refuses the path %j', async (path) => {
    const { text, isError } = await app.call(...toCall(path));
    expect(isError, text).toBe(true);
    expect(text).toMatch(/^(invalid_path|unknown_endpoint|invalid_argument|invalid_body): /);
    expect(text).toMatch(/path|raw_request/);
    expect(Buffer.byteLength(text) / 4).toBeLessThanOrEqual(300);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may come back as it was
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
  });

  test.each([
    '/service/tickets',
    'service/tickets/',
    '//service//tickets',
    'https://na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets',
  ])('takes %s, which is plain', async (path) => {
    // On the sandbox no site is configured: a full URL is another host there.
    const { text, isError } = await app.call(...toCall(path));
    if (path.startsWith('https')) expect(text).toMatch(/^invalid_path/);
    else expect(isError, text).toBe(false);
  });
});

test.each(['FETCH', 'TRACE', 'CONNECT', 'OPTIONS', 'HEAD', 'DROP', 'GET POST', 'get;', '\u0000', 'ＧＥＴ'])(
  'the method %j is refused with those there are',
  async (method) => {
    for (const tool of ['get_api_endpoint_details', 'execute_api_call', 'save_to_fast_memory']) {
      const given = { path: '/service/tickets', method, ...(tool.startsWith('save') ? { description: 'x' } : {}) };
      const { text, isError } = await app.call(tool, given);
      expect(isError, tool).toBe(true);
      expect(text).toMatch(/^invalid_argument: .*method/);
      expect(text).toContain('GET, POST, PUT, PATCH');
    }
  },
);

test.each(['tickets', 'FETCH /service/tickets', '{"summary":"x"}', 'GET', 'POST', 'GET http://evil.example/x {"a":1}'])(
  'the raw request %j is refused, with its form',
  async (raw_request) => {
    const { text, isError } = await app.call('send_raw_api_request', { raw_request });
    expect(isError, text).toBe(true);
    expect(text).toMatch(/^(invalid_argument|invalid_path): /);
  },
);

test.each(['{"summary": "x"', "{'summary': 'x'}", '{"a":1}}', '[{"op":]', '{summary: x}', 'undefined', '{"a":NaN}'])(
  'params and data of the text %j are refused as text that is not JSON',
  async (broken) => {
    const post = { path: '/service/tickets', method: 'POST' };
    for (const tool of ['execute_api_call', 'save_to_fast_memory']) {
      const base = { ...post, ...(tool.startsWith('save') ? { description: 'x' } : {}) };
      for (const argument of ['params', 'data']) {
        const { text } = await app.call(tool, { ...base, [argument]: broken });
        expect(text).toMatch(new RegExp(`^invalid_argument: .*${argument} is text that is not JSON`));
      }
    }
    const { text, isError } = await app.call('send_raw_api_request', {
      raw_request: `POST /service/tickets ${broken}`,
    });
    expect(isError, text).toBe(true);
  },
);

test.each([
  ['an object as a query value', { conditions: { status: 'Open' } }, 'params/conditions'],
  ['a list of objects', { fields: [{ name: 'id' }] }, 'params/fields'],
])('%s is refused', async (_name, params, named) => {
  const { text } = await app.call('execute_api_call', { path: '/service/tickets', params });
  expect(text).toMatch(/^invalid_argument: /);
  expect(text).toContain(named);
});

test('placeholders without a value are named', async () => {
  const { text } = await app.call('execute_api_call', {
    path: '/service/tickets/{parentId}/notes/{id}',
    params: { id: 1 },
  });
  expect(text).toMatch(/^invalid_argument: .*\{parentId\}/);
});

test.each(['../../system/info', '1/../../system', '%2e%2e', '..', '', 'a/b', '\\', '\u0000', '\ud800'])(
  'a placeholder does not take %j out of its place',
  async (id) => {
    const { text, isError } = await app.call('execute_api_call', { path: '/service/tickets/{id}', params: { id } });
    expect(isError, text).toBe(true);
    expect(text).not.toMatch(/^internal/);
    expect(text).not.toContain('COMPLETE');
  },
);

test('ids that do not exist are named, each by its kind', async () => {
  const record = await app.call('execute_api_call', { path: '/service/tickets/999999999' });
  expect(record.text).toMatch(/^record_not_found: .*999999999/);
  const change = await app.call('confirm_api_write', { change_id: 'ticket-1_summary_zzzzzzzz' });
  expect(change.text).toMatch(/^unknown_change: .*ticket-1_summary_zzzzzzzz/);
  const category = await app.call('get_category_endpoints', { category: 'Tikets' });
  expect(category.text).toMatch(/^unknown_category: .*Tikets/);
  expect(category.text).toContain('Tickets');
});

test.each([',', ' , ,', '\u0000', '../x', "' OR 1=1", 'x'.repeat(2_000), Array(150).fill('a').join(',')])(
  'the change id %j is an error, not a crash',
  async (change_id) => {
    const { text, isError } = await app.call('confirm_api_write', { change_id });
    expect(isError, text).toBe(true);
    expect(text).toMatch(/^(unknown_change|invalid_argument): /);
    expect(Buffer.byteLength(text) / 4).toBeLessThanOrEqual(300);
  },
);
