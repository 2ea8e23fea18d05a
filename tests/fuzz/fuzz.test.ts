import { expect, test } from 'vitest';
import { atDepth } from '../support/depth.ts';
import { fuzzArguments } from './fuzz-arguments.ts';
import { fuzzProtocol } from './fuzz-protocol.ts';

// A fixed seed: what fails here fails again. `npm run fuzz` takes 20,000 of each with a seed of the day.
const seed = 20_260;
const count = atDepth(200, 20_000);

test('odd messages: the good requests among them are answered right, and the process ends as asked', async () => {
  const { findings, sent, probes } = await fuzzProtocol({ seed, count });
  expect(findings).toEqual([]);
  expect(sent).toBe(count);
  expect(probes).toBeGreaterThan(count / 20);
});

test('random calls over all tools: no crash, no hang, no defect, every reply in its form and budget', async () => {
  const { findings, calls, answered } = await fuzzArguments({ seed, count });
  expect(findings).toEqual([]);
  expect(calls).toBe(count);
  // Random calls that are all refused would show little.
  expect(answered).toBeGreaterThan(count / 4);
});
