import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeBraces, parsePlaceholders, placeholderNames, plainPath, withDefaults } from './parse.ts';

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
  '%j is refused in a filter, with a hint about {{',
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

test.each([
  ['/service/tickets/{ticket=5}/notes', '/service/tickets/{ticket}/notes'],
  ['/a/{ticket-id=5}', '/a/{ticket-id}'],
  ['/a/{größe=5}', '/a/{größe}'],
  ['/a/{id}', '/a/{id}'],
  ['/a/{{x=5}', '/a/{{x=5}'],
  ['/a/{x=1/2}', '/a/{x=1/2}'],
  ['/a/{', '/a/{'],
])('the path %s is %s to the catalog, and has its defaults again afterwards', (path, plain) => {
  expect(plainPath(path)).toBe(plain);
  expect(withDefaults(plain, path)).toBe(path);
});

test('the names of placeholders are found wherever there are texts, each once', () => {
  const params = { conditions: 'id={id} and x={größe=2} and y={{brace} and z={last_month.start}' };
  const data = [{ text: 'if (x) { {id} and {me} }', count: 5, '{name}': null }];
  expect(placeholderNames([params, data, undefined])).toEqual(['id', 'größe', 'last_month.start', 'me']);
});
