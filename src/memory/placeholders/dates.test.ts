import { expect, test } from 'vitest';
import { createZone, toUtcSeconds } from '../../core/zone.ts';
import { findDate, isDateWord } from './dates.ts';

const newYork = createZone('America/New_York');
/** Wednesday evening in New York; clocks went forward on the Sunday before. */
const now = Date.parse('2025-03-13T01:30:00Z');

test.each([
  ['today', '2025-03-12T04:00:00Z 2025-03-13T04:00:00Z'],
  ['start_of_week', '2025-03-10T04:00:00Z'],
  ['end_of_month', '2025-04-01T04:00:00Z'],
  ['start-of-quarter', '2025-01-01T05:00:00Z'],
  ['last_month', '2025-02-01T05:00:00Z 2025-03-01T05:00:00Z'],
  ['last_month.start', '2025-02-01T05:00:00Z'],
  ['last_month.end', '2025-03-01T05:00:00Z'],
  ['now-24h', '2025-03-12T01:30:00Z'],
  ['now+90min', '2025-03-13T03:00:00Z'],
  ['today-7d', '2025-03-05T05:00:00Z'],
  ['today + 1w', '2025-03-19T04:00:00Z'],
  ['today-1m-1d', '2025-02-11T05:00:00Z'],
  ['start_of_month-1y', '2024-03-01T05:00:00Z'],
  ['last_7_days', '2025-03-05T05:00:00Z 2025-03-13T04:00:00Z'],
  ['30 days ago', '2025-02-10T05:00:00Z 2025-02-11T05:00:00Z'],
])('%s means %s', (text, expected) => {
  const range = findDate(text, now, newYork);
  const shown = range && [range.startMs, ...(range.moment ? [] : [range.endMs])].map(toUtcSeconds).join(' ');
  expect(shown).toBe(expected);
});

test('the last day of a longer month is the last of a shorter one', () => {
  const range = findDate('today+1m', Date.parse('2025-01-31T15:00:00Z'), newYork);
  expect(toUtcSeconds(range?.startMs ?? 0)).toBe('2025-02-28T05:00:00Z');
});

test.each(['', 'week', 'company', 'start', 'now-', 'now-24', 'today.middle', 'end_of_time', '2025-01-01'])(
  '%j is not a date word',
  (text) => {
    expect(isDateWord(text)).toBe(false);
  },
);
