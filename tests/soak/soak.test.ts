import { expect, test } from 'vitest';
import { soak } from './soak.ts';

// `npm run soak` takes 10,000 calls and looks at memory; so few only show that nothing fails and nothing is left.
test('four hundred mixed calls: none fails, files and processes do not add up, nothing is left behind', async () => {
  const { findings, calls, windows } = await soak({ seed: 7, calls: 400 });
  expect(findings).toEqual([]);
  expect(calls).toBe(400);
  if (process.platform !== 'linux') return;
  expect(windows).toHaveLength(10);
  const later = windows.slice(3);
  expect(Math.max(...later.map(({ children }) => children))).toBeLessThanOrEqual(1);
  expect(
    Math.max(...later.map(({ files }) => files)) - Math.min(...later.map(({ files }) => files)),
  ).toBeLessThanOrEqual(8);
}, 300_000);
