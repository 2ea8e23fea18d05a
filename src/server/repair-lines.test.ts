import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineRepair, type LineError } from './repair-lines.ts';

/** What the library gets of these chunks, and the errors that were answered. */
async function repair(...chunks: readonly (string | Buffer)[]): Promise<{ text: string; errors: LineError[] }> {
  const errors: LineError[] = [];
  const stream = createLineRepair((error) => errors.push(error));
  const out: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => out.push(chunk));
  for (const chunk of chunks) stream.write(Buffer.from(chunk));
  stream.end();
  await new Promise((resolve) => stream.once('end', resolve));
  return { text: Buffer.concat(out).toString(), errors };
}

const call = (params: unknown) => `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })}\n`;

describe('createLineRepair', () => {
  it.each([
    [{ name: 'a', arguments: null }, { name: 'a' }],
    [{ name: 'a', arguments: '' }, { name: 'a' }],
    [
      { name: 'a', arguments: '{"path":"/x","data":null}' },
      { name: 'a', arguments: { path: '/x', data: null } },
    ],
    [
      { name: 'a', arguments: { data: { owner: null } }, _meta: null },
      { name: 'a', arguments: { data: { owner: null } } },
    ],
    [
      { name: 'a', _meta: { progressToken: null, x: 1 } },
      { name: 'a', _meta: { x: 1 } },
    ],
    [{ cursor: null }, {}],
    [
      { capabilities: { roots: null, sampling: {} }, clientInfo: { name: 'x', title: null } },
      {
        capabilities: { sampling: {} },
        clientInfo: { name: 'x' },
      },
    ],
  ])('makes of params %j what was meant', async (given, meant) => {
    expect(await repair(call(given))).toEqual({ text: call(meant), errors: [] });
  });

  it('leaves params out where they are null, and the arguments of a prompt that are', async () => {
    const { text } = await repair('{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}\n');
    expect(JSON.parse(text)).toEqual({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const prompt = await repair(
      '{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"x","arguments":{"a":null,"b":"c"}}}\n',
    );
    expect(JSON.parse(prompt.text).params.arguments).toEqual({ b: 'c' });
  });

  it.each([
    ['{"jsonrpc":"2.0","id":7,"method":"tools/li\n', 7, -32700],
    ['{"id": "a\\"b", "jsonrpc":"2.0","method":}\n', 'a"b', -32700],
    ['{"method":"tools/call","params":{"arguments":{"id":3,}},"jsonrpc":"2.0","id":8}\n', 8, -32700],
    ['{"id":9,"method":"tools/list"}\n', 9, -32600],
    ['{"jsonrpc":"2.0","id":"x","method":5}\n', 'x', -32600],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}\n', 1.5, -32600],
    ['{"jsonrpc":"2.0","id":9,"method":"tools/list","params":[]}\n', 9, -32600],
    ['{"jsonrpc":"2.0","id":9,"method":"tools/list","params":{"_meta":3}}\n', 9, -32600],
  ])('answers %j', async (line, id, code) => {
    const { text, errors } = await repair(line);
    expect(errors).toEqual([
      { jsonrpc: '2.0', id, error: { code, message: expect.stringMatching(/^(Parse|Invalid)/) } },
    ]);
    expect(text).toBe(line);
  });

  it.each([
    'GET / HTTP/1.1\r\n',
    '\n',
    'null\n',
    '[]\n',
    '{"jsonrpc":"2.0","method":"tools/call","params":{"arguments":{"id":3,}}\n',
    '{"jsonrpc":"2.0","method":"notifications/unheard","params":3}\n',
    '{"jsonrpc":"2.0","id":4,"result":3}\n',
    '{"jsonrpc":"2.0","id":4,"error":null}\n',
    '{"jsonrpc":"2.0","id":null,"method":3}\n',
    `${call({ name: 'a', arguments: 'tickets' })}`,
  ])('passes %j as it came, without an answer', async (line) => {
    expect(await repair(line)).toEqual({ text: line, errors: [] });
  });

  it('passes any text of right lines byte for byte, wherever its chunks end', async () => {
    const lines = Buffer.from(`${call({ name: 'ä🎫', arguments: { a: [null], b: 'x' } })}\r\n${call({})}half`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(lines.length), { maxLength: 6 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), lines.length];
        const chunks = at.slice(1).map((end, index) => lines.subarray(at[index], end));
        expect((await repair(...chunks)).text).toBe(lines.toString());
      }),
      { numRuns: 30 },
    );
  });

  it('lets a line that is too long go on before its end', () => {
    const stream = createLineRepair(() => undefined);
    stream.write(Buffer.alloc(11_000_000, 'x'));
    expect(stream.readableLength).toBe(11_000_000);
    stream.destroy();
  });
});
