import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearestNames } from './nearest.ts';

test.each([
  ['summary', 'summary', 0],
  ['sumary', 'summary', 1],
  ['summray', 'summary', 1],
  ['', 'abc', 3],
  ['board', 'word', 2],
])('from %s to %s it takes %i steps', (a, b, steps) => {
  expect(editDistance(a, b)).toBe(steps);
});

test('the distance is the same both ways, zero only for the same, and a limit changes nothing below it', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, fc.nat(9), (a, b, limit) => {
      const distance = editDistance(a, b);
      expect(editDistance(b, a)).toBe(distance);
      expect(distance === 0).toBe(a === b);
      const limited = editDistance(a, b, limit);
      if (distance <= limit) expect(limited).toBe(distance);
      else expect(limited).toBeGreaterThan(limit);
    }),
  );
});

test('names come nearest first, whatever their case, and unlike ones not at all', () => {
  const names = ['siteName', 'summary', 'initialDescription', 'status', 'statusName', 'Summary2'];
  expect(nearestNames('SUMARY', names)).toEqual(['summary', 'Summary2']);
  expect(nearestNames('statu', names, 1)).toEqual(['status']);
  expect(nearestNames('xyz', names)).toEqual([]);
});
