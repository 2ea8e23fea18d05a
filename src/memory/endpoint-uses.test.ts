import { expect, test } from 'vitest';
import { migrate, openDatabase } from '../core/storage.ts';
import { createEndpointUses } from './endpoint-uses.ts';
import { migrations } from './tables.ts';

const owner = { host: 'one.test', company: 'acme' };
const day = 24 * 3600;

async function openUses() {
  const database = await openDatabase(':memory:');
  migrate(database, ':memory:', migrations);
  return {
    mine: createEndpointUses(database, owner),
    others: createEndpointUses(database, { ...owner, company: 'other' }),
  };
}

test('more uses count more, and never as much as 1', async () => {
  const { mine } = await openUses();
  const levels: number[] = [];
  for (let use = 0; use < 200; use++) {
    mine.count('GET /a', 1000);
    levels.push(mine.read(1000).get('GET /a') ?? 0);
  }
  expect(levels.every((level, at) => level > (levels[at - 1] ?? 0) && level < 1)).toBe(true);
  expect(levels[3]).toBeCloseTo(0.5);
});

test('uses fade over weeks and are forgotten in the end', async () => {
  const { mine } = await openUses();
  for (let use = 0; use < 8; use++) mine.count('GET /a', 0);
  const fresh = mine.read(0).get('GET /a') ?? 0;
  const later = mine.read(21 * day).get('GET /a') ?? 0;
  expect(later).toBeGreaterThan(0);
  expect(later).toBeLessThan(fresh);
  expect(later).toBeCloseTo(0.5);
  expect(mine.read(365 * day).size).toBe(0);
});

test('uses of another company are not seen', async () => {
  const { mine, others } = await openUses();
  others.count('GET /a', 0);
  expect(mine.read(0).size).toBe(0);
});

test('a clock that went back does not make uses grow', async () => {
  const { mine } = await openUses();
  mine.count('GET /a', 10 * day);
  expect(mine.read(0).get('GET /a')).toBeCloseTo(0.2);
});
