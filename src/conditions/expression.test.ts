import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expressions } from '../../tests/support/expressions.ts';
import { mapValues, predicatesOf, type Value, valuesOf } from './expression.ts';
import { parseConditions } from './parse-conditions.ts';
import { printConditions } from './print-conditions.ts';

const tree = parseConditions('a = 1 and (b in (2, 3) or not (c like "4" and d contains "5"))');

it('lists predicates and their values from left to right', () => {
  const shown = predicatesOf(tree).map((predicate) => [
    predicate.path.segments.join('/'),
    ...valuesOf(predicate).map((value) => 'value' in value && value.value),
  ]);
  expect(shown).toEqual([
    ['a', 1],
    ['b', 2, 3],
    ['c', '4'],
    ['d', '5'],
  ]);
});

it('changes values in place, several for in only, and compares with null where none is left', () => {
  const text = (value: string): Value => ({ kind: 'string', value, span: { start: 0, end: 0 } });
  const doubled = mapValues(tree, (values, { path }) =>
    path.segments[0] === 'a' ? [] : values.flatMap(() => [text('x'), text('y')]),
  );
  expect(printConditions(doubled)).toBe(
    'a = null and (b in ("x", "y", "x", "y") or not (c like "x" and d contains "x"))',
  );
});

it('keeps any tree whose values stay as they are', () => {
  fc.assert(
    fc.property(expressions, (any) => {
      expect(mapValues(any, (values) => values)).toEqual(any);
    }),
  );
});
