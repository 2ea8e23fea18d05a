import { expect, test } from 'vitest';
import { isRecord } from './json.ts';

test.each<[string, unknown]>([
  ['members', { a: 1 }],
  ['no members', {}],
  ['no prototype, as rows of SQLite', Object.create(null)],
  ['a copy', structuredClone({ a: 1 })],
])('an object of %s is one', (_, value) => {
  expect(isRecord(value)).toBe(true);
});

test.each<[string, unknown]>([
  ['bytes', new Uint8Array(3)],
  ['a buffer of Node', Buffer.from('abc')],
  ['a buffer', new ArrayBuffer(3)],
  ['an array', [1]],
  ['a date', new Date(0)],
  ['a map', new Map([['a', 1]])],
  ['an error', new Error('x')],
  ['a text', 'abc'],
  ['a text in an object', Object('abc')],
  ['a number', 1],
  ['null', null],
  ['nothing', undefined],
])('%s is none, and has no members to list', (_, value) => {
  expect(isRecord(value)).toBe(false);
});
