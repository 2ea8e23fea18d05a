import { expect, test } from 'vitest';
import { fuzzArguments } from './fuzz-arguments.ts';
import { fuzzProtocol } from './fuzz-protocol.ts';

// A fixed seed: what fails here fails again. `npm run fuzz` takes 20,000 of each with a seed of the day.
const seed = 20_260;

test('a thousand odd messages: the good requests among them are answered right, and the process ends as asked', async () => {
  const { findings, sent, probes } = await fuzzProtocol({ seed, count: 1_000 });
  expect(findings).toEqual([]);
  expect(sent).toBe(1_000);
  expect(probes).toBeGreaterThan(50);
}, 300_000);

test('a thousand random calls over all tools: no crash, no hang, no defect, every reply in its form and budget', async () => {
  const { findings, calls, answered } = await fuzzArguments({ seed, count: 1_000 });
  expect(findings).toEqual([]);
  expect(calls).toBe(1_000);
  // Random calls that are all refused would show little.
  expect(answered).toBeGreaterThan(250);
}, 300_000);
