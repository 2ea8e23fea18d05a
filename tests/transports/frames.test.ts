import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { sandboxArguments } from '../support/spawn-every-tool.ts';
import { openPipe, type Pipe } from '../support/spawn-pipe.ts';

const folder = makeFolder();
let pipe: Pipe;

beforeAll(async () => {
  pipe = await openPipe([...sandboxArguments(folder.path), '--log-level', 'debug']);
});
afterAll(async () => {
  await pipe[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** The server answers a call as ever. */
async function expectAlive(): Promise<void> {
  expect(await pipe.callText('search_api_endpoints', { query: 'tickets', max_results: 1 })).toContain(
    '/service/tickets',
  );
}

describe('the server keeps running after', () => {
  test.each([
    ['a line that is not JSON', 'GET / HTTP/1.1\r\n'],
    ['half a message', '{"jsonrpc":"2.0","id":77,"method":"tools/li\n'],
    ['an empty line', '\n'],
    ['JSON that is not a message', '{"foo":1}\n'],
    ['a number', '42\n'],
    ['null', 'null\n'],
    ['an empty batch', '[]\n'],
    ['an answer to a question that was not asked', '{"jsonrpc":"2.0","id":4711,"result":{}}\n'],
    ['a notification of an unknown kind', '{"jsonrpc":"2.0","method":"notifications/unheard"}\n'],
    ['bytes that are not UTF-8', '\u00ff\u00fe\n'],
    ['a cancellation of nothing', '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9999}}\n'],
  ])('%s', async (_name, text) => {
    pipe.write(text);
    await expectAlive();
  });
});

test('an unknown method is answered as one', async () => {
  expect((await pipe.request('tools/unheard')).error?.code).toBe(-32601);
});

test('an unknown tool is answered with its name', async () => {
  const { error } = await pipe.callTool('drop_all_tables');
  expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('drop_all_tables') });
});

test('a call without a name, and arguments that are not an object, are refused by the protocol', async () => {
  expect((await pipe.request('tools/call', {})).error?.code).toBe(-32602);
  expect((await pipe.request('tools/call', { name: 'search_api_endpoints', arguments: 'tickets' })).error?.code).toBe(
    -32602,
  );
});

describe('what some hosts send in place of nothing', () => {
  test.each([
    ['params', null],
    ['_meta', { _meta: null }],
    ['a progress token', { _meta: { progressToken: null } }],
    ['a cursor', { cursor: null }],
  ])('%s that is null is left out', async (_name, params) => {
    expect((await pipe.request('tools/list', params)).result.tools.length).toBeGreaterThan(5);
  });

  test('arguments may be null, or JSON text, and those that are optional empty', async () => {
    expect((await pipe.request('tools/call', { name: 'list_fast_memory', arguments: null })).result.isError).toBe(
      undefined,
    );
    const given = {
      ...{ path: '/service/boards', method: '', params: { fields: 'id', conditions: '', orderBy: 'null', page: 0 } },
      ...{ data: {}, for_each: [], sql: 'null', max_records: 0, max_tokens: '', strict: '', all_pages: '' },
    };
    const call = { name: 'execute_api_call', arguments: JSON.stringify(given), _meta: { progressToken: null } };
    const { result } = await pipe.request('tools/call', call);
    expect(result.content[0].text).toMatch(/^COMPLETE: \d+ rows/);
  });
});

test('a line that cannot be read is answered with its id', async () => {
  const answerTo = async (line: string, id: number | string) => {
    pipe.write(line);
    await expectAlive();
    return pipe.lines.map((one) => JSON.parse(one)).find((answer) => answer.id === id);
  };
  expect(await answerTo('{"jsonrpc":"2.0","id":"odd 1","method":"tools/li\n', 'odd 1')).toMatchObject({
    error: { code: -32700 },
  });
  expect(await answerTo('{"id":"odd 2","method":"tools/list"}\n', 'odd 2')).toMatchObject({
    error: { code: -32600, message: expect.stringContaining('jsonrpc') },
  });
});

test('an argument of 2 MB is refused with the limit, and the next call works', async () => {
  const text = await pipe.callText('search_api_endpoints', { query: 'x'.repeat(2_000_000) });
  expect(text).toMatch(/^invalid_argument: .*query .*2000/);
  const raw = await pipe.callText('send_raw_api_request', { raw_request: `GET /service/${'x'.repeat(2_000_000)}` });
  expect(raw).toMatch(/^invalid_argument: .*raw_request/);
  await expectAlive();
});

test('many calls at once are all answered', async () => {
  const replies = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      pipe.callText('execute_api_call', { path: `/company/companies/${index}` }),
    ),
  );
  expect(replies.every((text) => /^(COMPLETE|record_not_found)/.test(text))).toBe(true);
});

test('stdout holds messages of the protocol only, and stderr one JSON object a line, with everything logged', () => {
  for (const line of pipe.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  const logged = pipe.stderr().trim().split('\n');
  expect(logged.length).toBeGreaterThan(10);
  for (const line of logged)
    expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), msg: expect.any(String) });
});
