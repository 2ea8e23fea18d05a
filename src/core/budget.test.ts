import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitInto, fitList, fitRecord, jsonBytes, keepFirst, type Ladder } from './budget.ts';

/** A text cut to the length of a step, with what was measured on the way. */
function createTextLadder(measured: string[] = []): Ladder<string, number, string> {
  return {
    steps: [100, 10, 3],
    apply: (text, length) => text.slice(0, length),
    sizeOf(text) {
      measured.push(text);
      return text.length;
    },
  };
}

test.each([
  [50, 'x'.repeat(50), 'x'.repeat(50)],
  [49, 'x'.repeat(50), 'x'.repeat(10)],
  [10, 'x'.repeat(50), 'x'.repeat(10)],
  [9, 'x'.repeat(50), 'xxx'],
  // The last step is taken whatever it leaves.
  [1, 'x'.repeat(50), 'xxx'],
])('of %i bytes, the gentlest step that fits is taken', (maxBytes, given, expected) => {
  expect(fitInto(given, maxBytes, createTextLadder())).toBe(expected);
});

test('each step is measured once, the last never', () => {
  const measured: string[] = [];
  fitInto('abcdefghijklmnop', 1, createTextLadder(measured));
  expect(measured).toEqual(['abcdefghijklmnop', 'abcdefghij']);
});

test('a step that keeps as much as there is room for is told the room', () => {
  const ladder: Ladder<string, 'all' | 'room', string> = {
    steps: ['all', 'room'],
    apply: (text, step, maxBytes) => (step === 'all' ? text : text.slice(0, maxBytes)),
    sizeOf: (text) => text.length,
  };
  expect(fitInto('abcdef', 4, ladder)).toBe('abcd');
});

test('the first elements that fit are kept, at least one, and those behind are not looked at', () => {
  const seen: number[] = [];
  const sizeOf = (value: number) => {
    seen.push(value);
    return value;
  };
  expect(keepFirst([3, 4, 5, 6], 8, sizeOf)).toEqual([3, 4]);
  expect(seen).toEqual([3, 4, 5]);
  expect(keepFirst([30, 4], 8, (value) => value)).toEqual([30]);
  expect(keepFirst([], 8, () => 1)).toEqual([]);
});

const json = fc.jsonValue({ maxDepth: 3 });

test('whatever a list holds, more than one element is kept only where the list fits', () => {
  fc.assert(
    fc.property(fc.array(json), fc.integer({ min: 2, max: 500 }), (values, maxBytes) => {
      const kept = fitList(values, maxBytes);
      expect(kept).toEqual(values.slice(0, kept.length));
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(1, values.length));
      if (kept.length > 1) expect(jsonBytes(kept)).toBeLessThanOrEqual(maxBytes);
      // One more would not fit.
      if (kept.length < values.length)
        expect(jsonBytes(values.slice(0, kept.length + 1))).toBeGreaterThan(maxBytes - 1);
    }),
  );
});

test('whatever a record holds, it fits, and each member is there or named', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), fc.integer({ min: 2, max: 2_000 }), (given, maxBytes) => {
      const { record, moreMembers } = fitRecord(given, maxBytes);
      expect(jsonBytes(record)).toBeLessThanOrEqual(maxBytes);
      expect([...Object.keys(record), ...moreMembers].sort()).toEqual(Object.keys(given).sort());
    }),
  );
});

test('texts are cut before members are left out', () => {
  const { record, moreMembers } = fitRecord({ id: 1, text: 'x'.repeat(3_000) }, 1_000);
  expect(moreMembers).toEqual([]);
  expect(record).toEqual({ id: 1, text: `${'x'.repeat(600)}… (2400 more characters)` });
});
