import { describe, expect, test } from 'vitest';
import { askedAmbiguous, askedChanges } from '../../bench/eval/asked-changes.ts';
import { describeShape, findDifference } from '../../bench/eval/compare-answer.ts';
import { findFinalJson } from '../../bench/eval/final-answer.ts';
import { tasks } from '../../bench/eval/tasks.ts';
import { key } from '../questions/key.ts';

const hours = [
  { member: 'asmith', hours: 12.25 },
  { member: null, hours: 3 },
];

describe('an answer is right', () => {
  test.each<[string, unknown]>([
    ['as it is', hours],
    ['in another order', [...hours].reverse()],
    [
      'with numbers as text',
      [
        { member: 'asmith', hours: '12.25' },
        { member: null, hours: '3' },
      ],
    ],
    [
      'with other capitals and spaces',
      [
        { member: ' ASmith', hours: 12.25 },
        { member: '', hours: 3 },
      ],
    ],
    ['with a word for no owner', [hours[0], { member: 'Unassigned', hours: 3 }]],
    ['with a member more', [{ ...hours[0], client: 'x' }, hours[1]]],
    ['rounded to cents', [{ member: 'asmith', hours: 12.2500001 }, hours[1]]],
  ])('%s', (_name, given) => {
    expect(findDifference(hours, given)).toBeUndefined();
  });

  test.each([
    ['2026-03-10T13:00:00Z', '2026-03-10 13:00 UTC'],
    ['2026-03-10T13:00:00Z', '2026-03-10T09:00:00-04:00'],
    ['2026-03-10T13:00:00Z', '2026-03-10T13:00'],
  ])('where %s is written %s', (expected, given) => {
    expect(findDifference(expected, given)).toBeUndefined();
  });
});

describe('an answer is wrong', () => {
  test.each<[string, unknown, RegExp]>([
    ['with a row less', [hours[0]], /lacks \{"member":null/],
    ['with a row more', [...hours, { member: 'x', hours: 1 }], /has \{"member":"x"/],
    ['with a row twice', [hours[0], hours[0], hours[1]], /too many/],
    ['with a value a little off', [{ member: 'asmith', hours: 12.26 }, hours[1]], /lacks/],
    ['with a number that only begins so', [{ member: 'asmith', hours: '12.25 or so' }, hours[1]], /lacks/],
    ['without a member', [{ member: 'asmith' }, hours[1]], /lacks/],
    ['with a name instead of no owner', [hours[0], { member: 'asmith', hours: 3 }], /lacks/],
    ['that is not a list', { member: 'asmith' }, /not a list/],
    ['that is missing', undefined, /missing, not a list/],
  ])('%s', (_name, given, why) => {
    expect(findDifference(hours, given)).toMatch(why);
  });

  test('where two texts or times differ', () => {
    expect(findDifference('Open', 'Closed')).toContain('expected "Open"');
    expect(findDifference('2026-03-10T13:00:00Z', '2026-03-10T13:00:01Z')).toContain('expected');
    expect(findDifference({ tickets: 3 }, [3])).toContain('not an object');
  });
});

describe('the final JSON', () => {
  test.each<[string, string, unknown]>([
    ['bare', '{"answer": 1}', 1],
    ['at the end of a text', 'So {this} is it: {"answer": {"a": "}"}}', { a: '}' }],
    ['in a fence', '```json\n{"answer": [1,\n2]}\n```\nDone.', [1, 2]],
    ['the last of two', '{"answer": 1} or rather {"answer": 2}', 2],
    ['not one inside of it', '{"answer": {"answer": 3}}', { answer: 3 }],
  ])('is found %s', (_name, text, answer) => {
    expect(findFinalJson(text, 'answer')?.answer).toEqual(answer);
  });

  test('is not found in text without any', () => {
    for (const text of ['', 'answer: 1', '{"answer": ', '{"done": true}', '{{{{']) {
      expect(findFinalJson(text, 'answer'), text).toBeUndefined();
    }
  });
});

test('a prompt shows the form of the answer and nothing of what it is', () => {
  expect(describeShape(key.get('open-by-owner'))).toBe('[{"owner": text, "tickets": number}, …]');
  expect(describeShape(key.get('one-backup-alert'))).toBe('{"tickets": number, "open": [number, …]}');
  const nickname = tasks.find(({ id }) => id === 'client-by-nickname');
  expect(nickname?.prompt).not.toContain('Maple');
});

test('there are thirty questions, forty-one changes and ten ambiguous requests, each with its own id', () => {
  const kinds = Map.groupBy(tasks, ({ kind }) => kind);
  expect([...kinds].map(([kind, of]) => [kind, of.length])).toEqual([
    ['question', 30],
    ['change', 41],
    ['ambiguous', 10],
  ]);
  expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
  const asked = [...askedChanges, ...askedAmbiguous].map(({ asks }) => asks);
  expect(new Set(asked).size).toBe(asked.length);
});
