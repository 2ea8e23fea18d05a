import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './meaning.ts';

test('the order of members does not matter to canonical JSON, their values do', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
      const turned = Object.fromEntries(Object.entries(record).reverse());
      expect(canonicalJson(turned)).toBe(canonicalJson(record));
      expect(canonicalJson({ ...record, added: 1 })).not.toBe(canonicalJson({ ...record, added: 2 }));
    }),
  );
});

test.each([
  [
    [1, 2],
    [2, 1],
  ],
  [{ a: 1 }, [['a', 1]]],
  [{ 1: 'a' }, ['a']],
  [{ a: null }, {}],
  ['1', 1],
])('%j and %j mean different things', (one, other) => {
  expect(canonicalJson(one)).not.toBe(canonicalJson(other));
});
