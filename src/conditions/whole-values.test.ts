import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileConditions } from './evaluate-conditions.ts';
import { parseConditions } from './parse-conditions.ts';
import { printConditions } from './print-conditions.ts';
import { askForWholeValues } from './whole-values.ts';

const asSent = (text: string, schema = 'Ticket') => askForWholeValues(parseConditions(text), schema);
const finds = (text: string, value: unknown, schema?: string) =>
  compileConditions(asSent(text, schema).expression)(() => value);

describe('identifiers in one text', () => {
  test.each([
    ['ann', true],
    ['ANN', true],
    ['ann, joann', true],
    ['joann, ann', true],
    ['bo, ann, cy', true],
    ['joann', false],
    ['joann, anna', false],
    ['ann.b, mary-ann', false],
    [null, false],
  ])('contains "ann" in %j is %j', (resources, expected) => {
    expect(finds('resources contains "ann"', resources)).toBe(expected);
    if (resources !== null) expect(finds('resources not contains "ann"', resources)).toBe(!expected);
  });

  test('exactly those of the text are found, whatever the identifiers are', () => {
    const identifier = fc.stringMatching(/^[a-c_.[-]{1,4}$/);
    fc.assert(
      fc.property(fc.array(identifier, { minLength: 1, maxLength: 4 }), identifier, (members, wanted) => {
        expect(finds(`resources contains "${wanted}"`, members.join(', '))).toBe(members.includes(wanted));
      }),
    );
  });

  test.each([
    'resources contains "jdoe, asmith"',
    'resources like "%ann%"',
    'resources = "ann"',
    'summary contains "ann"',
  ])('%s stays as it is', (text) => {
    const { expression, notes } = asSent(text);
    expect([printConditions(expression), notes]).toEqual([text, []]);
    expect(asSent('resources contains "ann"', 'Meeting').notes).toEqual([]);
  });
});

describe('telephone numbers', () => {
  const spellings = [
    '4165550199',
    '(416) 555-0199',
    '416-555-0199',
    '416.555.0199',
    '+1 416 555 0199',
    '1-416-555-0199',
  ];
  test('every spelling finds every spelling, and no other number', () => {
    for (const asked of [...spellings, '(416)555-0199 ext. 12']) {
      for (const form of [`= "${asked}"`, `like "%${asked}%"`, `contains "${asked}"`]) {
        for (const stored of spellings) expect(finds(`phoneNumber ${form}`, stored), form).toBe(true);
        for (const other of ['4165550198', '(514) 555-0199', '555-0199'])
          expect(finds(`phoneNumber ${form}`, other), form).toBe(false);
      }
    }
  });

  test.each([
    ['+44 20 7946 0958', '020 7946 0958', true],
    ['+442079460958', '(020) 79460958', true],
    ['020 7946 0958', '+44 (0)20 7946 0958', true],
    ['+49 30 901820', '030/901820', true],
    ['020 7946 0958', '020 7946 0959', false],
    ['555-0199', '(416) 555-0199', true],
    ['5550199', '4165550199', true],
    ['555-0199', '555-123-0199', false],
  ])('%s in %s is %j', (asked, stored, expected) => {
    expect(finds(`communicationItems/value like "%${asked}%"`, stored)).toBe(expected);
  });

  test.each([
    'communicationItems/value = "a@b.example"',
    'phoneNumber like "%555%"',
    'phoneNumber like "416%0199"',
    'phoneNumber = null',
    'summary = "416-555-0199"',
  ])('%s stays as it is', (text) => {
    const { expression, notes } = asSent(text);
    expect([printConditions(expression), notes]).toEqual([text, []]);
  });
});
