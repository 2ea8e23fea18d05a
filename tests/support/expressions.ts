import fc from 'fast-check';
import type { Expression, Path, Value } from '../../src/conditions/expression.ts';

const span = { start: 0, end: 0 };

const path: fc.Arbitrary<Path> = fc
  .constantFrom('id', 'Summary', 'status/name', '_info/lastUpdated', 'type', 'like', 'in', 'company/id')
  .map((text) => ({ segments: text.split('/'), span }));

const text: fc.Arbitrary<Value> = fc
  .oneof(
    fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('[')),
    fc.string({ unit: fc.constantFrom(...'a"\'\\ %_*[]') }),
  )
  .filter((value) => !/[^\P{Cc}\t\n\r]|\p{Cs}/u.test(value))
  .map((value) => ({ kind: 'string', value, span }));

const number: fc.Arbitrary<Value> = fc
  .integer({ min: -999, max: 999 })
  .map((value) => ({ kind: 'number', value, text: String(value), span }));

const value: fc.Arbitrary<Value> = fc.oneof(
  text,
  number,
  fc.boolean().map((flag): Value => ({ kind: 'boolean', value: flag, span })),
  fc.constant<Value>({ kind: 'null', span }),
  fc.constantFrom('2025-01-31', '2025-01-31T09:00:00Z').map((time): Value => ({ kind: 'datetime', text: time, span })),
);

const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');

const predicate: fc.Arbitrary<Expression> = fc.oneof(
  fc.record({ kind: fc.constant('compare'), path, operator, value, span: fc.constant(span) }),
  fc.record({ kind: fc.constant('like'), path, negated: fc.boolean(), pattern: text, span: fc.constant(span) }),
  fc.record({ kind: fc.constant('contains'), path, negated: fc.boolean(), text, span: fc.constant(span) }),
  fc.record({
    kind: fc.constant('in'),
    path,
    negated: fc.boolean(),
    values: fc.array(value, { minLength: 1, maxLength: 4 }),
    span: fc.constant(span),
  }),
);

/** Any tree the parser can give, with empty spans. */
export const expressions: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'tree' },
    predicate,
    fc.record({
      kind: fc.constantFrom('and', 'or'),
      operands: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
      span: fc.constant(span),
    }),
    fc.record({ kind: fc.constant('not'), operand: tie('tree'), span: fc.constant(span) }),
  ),
})).tree;

/** The tree without its spans, for comparing what two texts mean. */
export function withoutSpans(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (key, part: unknown) => (key === 'span' ? undefined : part)));
}
