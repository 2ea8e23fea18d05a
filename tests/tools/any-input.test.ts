import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listTools } from '../../src/server/list-tools.ts';
import { type ArgumentsSchema, argumentsOf } from '../fuzz/tool-arguments.ts';
import { type Connection, connect } from '../support/connect.ts';
import { atDepth } from '../support/depth.ts';

const runs = atDepth(60, 2_000);
const { seed = Date.now() } = fc.readConfigureGlobal();

let app: Connection;

beforeAll(async () => {
  app = await connect({ era: 'legacy' });
  // From then on the client checks each reply against the tool's output schema.
  await app.client.listTools();
});
afterAll(() => app[Symbol.asyncDispose]());

test.each(listTools(false).map(({ name, inputSchema }) => [name, inputSchema as ArgumentsSchema] as const))(
  '%s answers or refuses whatever it is given',
  async (name, schema) => {
    let answered = 0;
    const property = fc.asyncProperty(argumentsOf(schema), async (given) => {
      const { text: reply, data, isError } = await app.call(name, given);
      expect(reply).not.toMatch(/^internal: /);
      const tokens = Buffer.byteLength(reply) / 4;
      if (isError) expect(tokens).toBeLessThanOrEqual(300);
      else expect(Math.max(tokens, Buffer.byteLength(JSON.stringify(data)) / 4)).toBeLessThanOrEqual(8_000);
      answered += isError ? 0 : 1;
    });
    // A property that only ever met refusals would show little. A change id cannot be guessed; of the queries that can
    // be deleted there are thirty.
    const wanted = Math.min(runs / 30, { confirm_api_write: -1, delete_from_fast_memory: 20 }[name] ?? Infinity);
    // Of few runs chance may give too many refusals: then there are more.
    for (let batch = 0; batch < 10 && (batch === 0 || answered <= wanted); batch += 1)
      await fc.assert(property, { numRuns: runs, seed: seed + batch });
    expect(answered).toBeGreaterThan(wanted);
    expect(
      (await app.call('execute_api_call', { path: '/service/tickets/count', params: {} })).data.count,
    ).toBeGreaterThan(0);
    expect(app.log.join('')).not.toContain('a tool failed');
  },
);
