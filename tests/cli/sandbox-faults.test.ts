import { expect, test } from 'vitest';
import { readFaultFlags } from '../../src/cli/sandbox-faults.ts';
import { GatewayError } from '../../src/core/errors.ts';

test('flags become the settings of the sandbox', async () => {
  expect(
    await readFaultFlags({
      latency: '150ms±50',
      fault: '429:0.05,503:0.02,reset:0.01; POST /time/entries 500:1',
      'rate-limit': '1000',
      'slow-text': '20000',
      'wrong-keys': 'not-found',
      'strict-patch': true,
    }),
  ).toEqual({
    credentialAnswer: 'not-found',
    strictReferencePaths: true,
    faults: {
      settings: {
        latency: { ms: 150, spreadMs: 50 },
        faults: [
          { kind: '429', probability: 0.05 },
          { kind: '503', probability: 0.02 },
          { kind: 'reset', probability: 0.01 },
          { kind: '500', probability: 1, method: 'POST', path: '/time/entries' },
        ],
        requestsPerMinute: 1000,
        slowTextRows: 20_000,
      },
    },
  });
});

test('without flags there are no faults', async () => {
  const { faults, strictReferencePaths } = await readFaultFlags({});
  expect(faults?.settings).toEqual({ faults: [] });
  expect(strictReferencePaths).toBe(false);
});

test.each([
  [{ latency: 'fast' }, 'Latency "fast" is not of the form 150ms'],
  [{ latency: '10ms±50' }, 'Latency "10ms±50"'],
  [{ fault: '429' }, 'one of the kinds 429, 500'],
  [{ fault: 'teapot:1' }, 'Fault "teapot:1"'],
  [{ 'rate-limit': 'many' }, '--rate-limit many is not a whole number'],
  [{ 'wrong-keys': '418' }, '--wrong-keys 418 is not one of unauthorized'],
])('%j is refused with what is allowed', async (flags, message) => {
  const read = readFaultFlags(flags);
  await expect(read).rejects.toThrow(GatewayError);
  await expect(read).rejects.toThrow(message);
});
