import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeQueryValue } from './paging.ts';

test.each([
  ['LastUpdated >= [x]', 'LastUpdated+%3e%3d+%5bx%5d'],
  ["name='a b'", 'name%3d%27a+b%27'],
  ['50%', '50%25'],
  ['a*b', 'a*b'],
  ['Ä', '%c3%84'],
])('CW 3: %s is written %s', (value, encoded) => {
  expect(encodeQueryValue(value)).toBe(encoded);
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      expect(new URLSearchParams(`v=${encodeQueryValue(value.toWellFormed())}`).get('v')).toBe(value.toWellFormed());
    }),
  );
});
