import { expect, test } from 'vitest';
import { parseDescription } from './saved-query.ts';

test.each([
  ['  Open tickets ', 'Open tickets'],
  ['line one\r\n\tline two', 'line one line two'],
  ['bell\u0007 and \u202Eedirrevo\u202C', 'bell and edirrevo'],
  ['tag\u{E0041}s', 'tags'],
  ['שלום \u200Fעולם', 'שלום עולם'],
  ['👩‍💻 tickets', '👩‍💻 tickets'],
  ['half \uD83D pair', 'half \uFFFD pair'],
  ['😀'.repeat(200), '😀'.repeat(200)],
])('%j becomes %j', (text, expected) => {
  expect(parseDescription(text)).toBe(expected);
});

test.each([
  ['', 'is empty'],
  [' \u202E\n', 'is empty'],
  ['x'.repeat(201), 'has 201 characters; 200 are allowed'],
])('%j is refused: description %s', (text, problem) => {
  expect(() => parseDescription(text)).toThrow(
    expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(problem) }),
  );
});
