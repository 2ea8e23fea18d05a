import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { sandboxArguments, toolNames } from '../support/spawn-every-tool.ts';
import { openSilentPipe, type Pipe } from '../support/spawn-pipe.ts';

// Version 2026-07-28 on the built program's own pipes, without a client between: no handshake, and each request
// brings what a handshake would have said.

const prefix = 'io.modelcontextprotocol';
const envelope = {
  [`${prefix}/protocolVersion`]: '2026-07-28',
  [`${prefix}/clientCapabilities`]: {},
  [`${prefix}/clientInfo`]: { name: 'test', version: '0' },
};

const folder = makeFolder();
let pipe: Pipe;
const ask = (method: string, params = {}) => pipe.request(method, { ...params, _meta: envelope });

beforeAll(() => {
  pipe = openSilentPipe(sandboxArguments(folder.path));
});
afterAll(async () => {
  await pipe[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

test('the first message may ask what the server is', async () => {
  const { result } = await ask('server/discover');
  expect(result).toMatchObject({
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {}, prompts: {}, resources: {} },
    cacheScope: 'public',
    _meta: { [`${prefix}/serverInfo`]: { name: 'cwm-api-gateway-mcp', title: 'ConnectWise PSA gateway' } },
  });
});

test('the lists say how long they may be kept', async () => {
  const { result } = await ask('tools/list');
  expect(result.tools.map(({ name }: { name: string }) => name)).toEqual(toolNames);
  expect(result).toMatchObject({ resultType: 'complete', ttlMs: 300_000, cacheScope: 'private' });
  expect((await ask('prompts/list')).result).toMatchObject({ ttlMs: 3_600_000, cacheScope: 'public' });
});

test('a call is answered with text, with data, and with the name of the server', async () => {
  const { result } = await ask('tools/call', {
    name: 'search_api_endpoints',
    arguments: { query: 'contacts', max_results: 1 },
  });
  expect(result).toMatchObject({
    resultType: 'complete',
    content: [{ type: 'text', text: expect.stringContaining('/company/contacts') }],
    structuredContent: { endpoints: [{ path: '/company/contacts' }] },
    _meta: { [`${prefix}/serverInfo`]: { name: 'cwm-api-gateway-mcp' } },
  });
});

test('a resource that does not exist is named as the protocol says', async () => {
  const { error } = await ask('resources/read', { uri: 'ticket://1' });
  expect(error).toMatchObject({ code: -32602, data: { uri: 'ticket://1' } });
});

describe('refused with the code of the protocol', () => {
  test.each([
    ['a request without what a handshake would have said', 'tools/list', { _meta: {} }, -32602],
    ['a method of older versions', 'ping', { _meta: envelope }, -32601],
    ['a method that is none', 'tools/unheard', { _meta: envelope }, -32601],
    ['a tool that does not exist', 'tools/call', { name: 'drop_all_tables', _meta: envelope }, -32602],
    ['a call without a name', 'tools/call', { _meta: envelope }, -32602],
  ])('%s', async (_name, method, params, code) => {
    expect((await pipe.request(method, params)).error?.code).toBe(code);
    expect((await ask('tools/list')).result.tools).toHaveLength(toolNames.length);
  });
});

test('a first message with an unknown version is answered with the known one, and the next message is read', async () => {
  await using fresh = openSilentPipe(sandboxArguments(folder.path));
  const { error } = await fresh.request('tools/list', {
    _meta: { ...envelope, [`${prefix}/protocolVersion`]: '2031-01-01' },
  });
  expect(error).toMatchObject({ code: -32022, data: { supported: ['2026-07-28'], requested: '2031-01-01' } });
  expect((await fresh.request('tools/list', { _meta: envelope })).result.tools).toHaveLength(toolNames.length);
});

test('stdout holds messages of the protocol only', () => {
  expect(pipe.lines.length).toBeGreaterThan(10);
  for (const line of pipe.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
});

test('members that are null are left out, and arguments may be JSON text', async () => {
  const meta = { ...envelope, progressToken: null };
  const { result } = await pipe.request('tools/list', { cursor: null, _meta: meta });
  expect(result.tools.length).toBeGreaterThan(5);
  const given = JSON.stringify({ path: '/service/boards', params: { fields: 'id' }, sql: '' });
  const call = await pipe.request('tools/call', { name: 'execute_api_call', arguments: given, _meta: meta });
  expect(call.result.content[0].text).toMatch(/^COMPLETE: /);
  pipe.write('{"jsonrpc":"2.0","id":"odd","method":"tools/list","params":7}\n');
  await ask('tools/list');
  expect(pipe.lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ id: 'odd', error: expect.objectContaining({ code: -32600 }) }),
  );
});
