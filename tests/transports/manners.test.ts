import { expect, test } from 'vitest';
import type { CallTool } from '../../src/server/call-tool.ts';
import { createServer } from '../../src/server/create-server.ts';
import { listTools } from '../../src/server/list-tools.ts';
import { connect, connectTo } from '../support/connect.ts';
import { openPipeHere } from '../support/run-here.ts';

const eras = ['modern', 'legacy'] as const;
const serverWith = (callTool: CallTool) => () =>
  createServer({ version: '0', listed: listTools(false), openCalls: async () => callTool });

test.each(eras)('%s: progress increases, and ends with the reply', async (era) => {
  let report: Parameters<CallTool>[2]['progress'] = () => undefined;
  const callTool: CallTool = async (_name, _given, { progress }) => {
    report = progress;
    for (const done of [0, 0, 1, 1, 3, 2, 3, 5]) progress(done, 5, `${done} of 5`);
    return { content: [{ type: 'text', text: 'done' }], structuredContent: { outcome: 'done' } };
  };
  const client = await connectTo(serverWith(callTool), era);
  const seen: number[] = [];
  await client.callTool(
    { name: 'list_api_categories', arguments: {} },
    { onprogress: (one) => seen.push(one.progress) },
  );
  report(6, 7, 'too late');
  // A message sent before this one would have arrived before its answer.
  await client.listTools();
  expect(seen).toEqual([0, 1, 3, 5]);
  await client.close();
});

test('nothing is reported after a cancellation', async () => {
  const started = Promise.withResolvers<void>();
  const sent: number[] = [];
  const callTool: CallTool = async (_name, _given, { progress, signal }) => {
    progress(1, 5, 'one');
    started.resolve();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    progress(2, 5, 'two');
    sent.push(2);
    return { content: [], structuredContent: {} };
  };
  const client = await connectTo(serverWith(callTool), 'legacy');
  const seen: number[] = [];
  const cancel = new AbortController();
  const options = { signal: cancel.signal, onprogress: (one: { progress: number }) => seen.push(one.progress) };
  const call = client.callTool({ name: 'list_api_categories', arguments: {} }, options);
  await started.promise;
  cancel.abort();
  await expect(call).rejects.toThrow();
  await client.listTools();
  expect([seen, sent]).toEqual([[1], [2]]);
  await client.close();
});

test.each(eras)('%s: instructions name what people ask about, in at most 80 tokens', async (era) => {
  await using app = await connect({ era });
  const text = app.client.getInstructions() ?? '';
  for (const word of ['tickets', 'time', 'agreements', 'invoices', 'companies', 'configurations', 'projects'])
    expect(text).toContain(word);
  expect(text).toContain('natural_language_api_search');
  expect(Buffer.byteLength(text) / 4).toBeLessThanOrEqual(80);
  const { tools } = await app.client.listTools();
  const atOnce = tools.filter(({ _meta }) => _meta?.['anthropic/alwaysLoad'] === true).map(({ name }) => name);
  expect(atOnce).toContain('execute_api_call');
  expect(atOnce.length).toBeLessThan(tools.length);
});

test('what a host adds to each call, and arguments without a value, cost no call', async () => {
  await using app = await connect();
  const given = { path: '/service/boards', params: { fields: 'id' } };
  const plain = await app.call('execute_api_call', given);
  for (const more of [{ wait_for_previous: false }, { wait_for_previous: true }, { _trace: 'x' }, { filter: '' }])
    expect((await app.call('execute_api_call', { ...given, ...more })).data.table).toEqual(plain.data.table);
  // Anything else could be a filter that is meant.
  for (const more of [{ filter: 'id>0' }, { limit: 5 }, { closed: false }])
    expect((await app.call('execute_api_call', { ...given, ...more })).text).toMatch(/^invalid_argument: /);
});

test('a Node that is too old still connects and lists, and each call says what is needed', async () => {
  const nodeProblem = 'cwm-api-gateway-mcp needs Node 22.13 or newer; this is 20.0.0.';
  await using pipe = await openPipeHere([], { nodeProblem });
  expect((await pipe.request('tools/list')).result.tools.length).toBe(listTools(false).length);
  const { result } = await pipe.request('tools/call', { name: 'execute_api_call', arguments: { path: '/x' } });
  expect(result).toMatchObject({ isError: true, content: [{ type: 'text', text: nodeProblem }] });
});

const reply = {
  content: [{ type: 'text' as const, text: 'three rows' }],
  structuredContent: { outcome: 'three rows' },
};

test.each(
  eras.flatMap((era) =>
    ['@cline/core', 'copilot-cli', 'qwen-cli-mcp-client-connectwise'].map((name) => [era, name] as const),
  ),
)('%s: %s shows both halves of a reply, and gets one', async (era, name) => {
  const client = await connectTo(
    serverWith(async () => reply),
    era,
    { name },
  );
  const { tools } = await client.listTools();
  expect(tools.filter(({ outputSchema }) => outputSchema !== undefined)).toEqual([]);
  const { content, structuredContent } = await client.callTool({ name: 'list_api_categories', arguments: {} });
  expect([content, structuredContent]).toEqual([reply.content, undefined]);
  await client.close();
});

const anyObject = { type: 'object' as const };
const tool = { name: 'list_api_categories', inputSchema: anyObject, outputSchema: anyObject };

test.each(eras)('%s: other clients get both halves, or the one that was chosen', async (era) => {
  const call = async (form?: 'text' | 'structured' | 'both') => {
    const create = () => createServer({ version: '0', listed: [tool], openCalls: async () => async () => reply, form });
    const client = await connectTo(create, era, { name: 'claude-code' });
    const { tools } = await client.listTools();
    const { content, structuredContent } = await client.callTool({ name: 'list_api_categories', arguments: {} });
    await client.close();
    return { schemas: tools.some(({ outputSchema }) => outputSchema !== undefined), content, structuredContent };
  };
  const both = { schemas: true, ...reply };
  expect([await call(), await call('both')]).toEqual([both, both]);
  expect(await call('text')).toEqual({ schemas: false, content: reply.content, structuredContent: undefined });
  expect(await call('structured')).toMatchObject({ schemas: true, structuredContent: reply.structuredContent });
});

test.each(['2024-11-05', '2025-03-26'])('protocol %s knows no structured content, and gets none', async (version) => {
  await using pipe = await openPipeHere(['--sandbox'], {}, version);
  const { result } = await pipe.request('tools/list');
  expect(result.tools.filter(({ outputSchema }: { outputSchema?: unknown }) => outputSchema)).toEqual([]);
  const called = await pipe.callTool('list_api_categories', {});
  expect([called.result.structuredContent, called.result.content.length]).toEqual([undefined, 1]);
});

test('the form of replies is a setting of the start', async () => {
  await using pipe = await openPipeHere(['--sandbox', '--reply', 'text']);
  expect((await pipe.callTool('list_api_categories', {})).result.structuredContent).toBeUndefined();
  await using other = await openPipeHere(['--sandbox'], { environment: { CONNECTWISE_REPLY: 'both' } }, '2024-11-05');
  expect((await other.callTool('list_api_categories', {})).result.structuredContent).toBeDefined();
});
