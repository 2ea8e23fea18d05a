import { expect, test } from 'vitest';
import { findNearestName } from './nearest-name.ts';

const known = ['summary', 'status', 'company', 'contact', 'contactName', 'id'];

test.each([
  ['Summary', 'summary'],
  ['sumary', 'summary'],
  ['stauts', 'status'],
  ['contactname', 'contactName'],
  ['contct', 'contact'],
  ['colour', undefined],
  ['', undefined],
])('%j most likely means %j', (name, expected) => {
  expect(findNearestName(name, known)).toBe(expected);
});
