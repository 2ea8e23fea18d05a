import { expect, test } from 'vitest';
import { atDepth } from '../support/depth.ts';
import { fuzzArguments } from './fuzz-arguments.ts';
import { fuzzProtocol } from './fuzz-protocol.ts';

// A fixed seed, so that a failure repeats. `npm run fuzz` sends 20,000 of each with a random seed.
const seed = 20_260;
const count = atDepth(200, 20_000);

test('malformed messages: valid requests among them are answered correctly, and the process ends when asked', async () => {
  const { findings, sent, probes } = await fuzzProtocol({ seed, count });
  expect(findings).toEqual([]);
  expect(sent).toBe(count);
  expect(probes).toBeGreaterThan(count / 20);
});

test('random calls of all tools: no crash, no hang, no internal error, every reply in format and budget', async () => {
  const { findings, calls, answered } = await fuzzArguments({ seed, count });
  expect(findings).toEqual([]);
  expect(calls).toBe(count);
  // Random calls that are all refused would show little.
  expect(answered).toBeGreaterThan(count / 4);
});
