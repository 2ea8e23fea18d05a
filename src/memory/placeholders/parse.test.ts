import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeBraces, parsePlaceholders } from './parse.ts';

const read = (text: string, lenient = false) =>
  parsePlaceholders(text, { field: 'params/conditions', lenient }).map((part) =>
    typeof part === 'string' ? part : [part.name, ...(part.fallback === undefined ? [] : [part.fallback])],
  );

test.each([
  ['', []],
  ['no placeholders', ['no placeholders']],
  ['{company}', [['company']]],
  ['a={x} and b={y=New York}', ['a=', ['x'], ' and b=', ['y', 'New York']]],
  ['{x=}', [['x', '']]],
  ['{{literal}', ['{literal}']],
  ['{{{x}', ['{', ['x']]],
  ['{me} {today} {last_month.start} {now-24h}', [['me'], ' ', ['today'], ' ', ['last_month.start'], ' ', ['now-24h']]],
  ['{größe_2}', [['größe_2']]],
  ['closing } is text', ['closing } is text']],
])('%j has the parts %j', (text, parts) => {
  expect(read(text)).toEqual(parts);
});

test.each(['{', '{}', '{ two words }', '{a', '{a{b}}', '{"json": 1}', '{today=5}', '{me=x}', `{${'x'.repeat(41)}}`])(
  '%j is refused in a filter, with the way out',
  (text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', hint: expect.stringContaining('{{') }),
    );
  },
);

test.each(['{', '{}', 'if (x) { return; }', '{"json": {"a": 1}}'])('%j is text in a body', (text) => {
  expect(read(text, true)).toEqual([text]);
});

test('an escaped text comes back as it was', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(read(escapeBraces(text)).join('')).toBe(text);
    }),
  );
});
