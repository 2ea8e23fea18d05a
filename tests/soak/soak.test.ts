import { expect, test } from 'vitest';
import { atDepth } from '../support/depth.ts';
import { soak } from './soak.ts';

// `npm run soak` looks at memory too, which so few calls do not show.
const wanted = atDepth(200, 10_000);

test('mixed calls: none fails, files and processes do not add up, nothing is left behind', async () => {
  const { findings, calls, windows } = await soak({ seed: 7, calls: wanted, warmUpRounds: atDepth(2, 8) });
  expect(findings).toEqual([]);
  expect(calls).toBe(wanted);
  if (process.platform !== 'linux') return;
  expect(windows).toHaveLength(10);
  const later = windows.slice(3);
  expect(Math.max(...later.map(({ children }) => children))).toBeLessThanOrEqual(1);
  expect(
    Math.max(...later.map(({ files }) => files)) - Math.min(...later.map(({ files }) => files)),
  ).toBeLessThanOrEqual(8);
});
