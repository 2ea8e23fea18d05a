import { describe, expect, it } from 'vitest';
import { findDateRange } from './date-words.ts';
import { createZone, toUtcSeconds } from './zone.ts';

const newYork = createZone('America/New_York');

/** Wednesday evening in New York, already Thursday in UTC; clocks went forward on the Sunday before. */
const now = Date.parse('2025-03-13T01:30:00Z');

function range(words: string, nowMs = now, zone = newYork): string | undefined {
  const found = findDateRange(words, nowMs, zone);
  return found && `${toUtcSeconds(found.startMs)} ${toUtcSeconds(found.endMs)}`;
}

describe('findDateRange', () => {
  it.each([
    ['today', '2025-03-12T04:00:00Z 2025-03-13T04:00:00Z'],
    ['Yesterday', '2025-03-11T04:00:00Z 2025-03-12T04:00:00Z'],
    ['tomorrow', '2025-03-13T04:00:00Z 2025-03-14T04:00:00Z'],
    ['this week', '2025-03-10T04:00:00Z 2025-03-17T04:00:00Z'],
    ['last week', '2025-03-03T05:00:00Z 2025-03-10T04:00:00Z'],
    ['next week', '2025-03-17T04:00:00Z 2025-03-24T04:00:00Z'],
    ['this month', '2025-03-01T05:00:00Z 2025-04-01T04:00:00Z'],
    ['last month', '2025-02-01T05:00:00Z 2025-03-01T05:00:00Z'],
    ['this quarter', '2025-01-01T05:00:00Z 2025-04-01T04:00:00Z'],
    ['last quarter', '2024-10-01T04:00:00Z 2025-01-01T05:00:00Z'],
    ['this year', '2025-01-01T05:00:00Z 2026-01-01T05:00:00Z'],
    ['last 7 days', '2025-03-05T05:00:00Z 2025-03-13T04:00:00Z'],
    ['LAST_30_DAYS', '2025-02-10T05:00:00Z 2025-03-13T04:00:00Z'],
    ['next 7 days', '2025-03-12T04:00:00Z 2025-03-20T04:00:00Z'],
    ['3 days ago', '2025-03-09T05:00:00Z 2025-03-10T04:00:00Z'],
    ['1 month ago', '2025-02-12T05:00:00Z 2025-02-13T05:00:00Z'],
    ['in 2 weeks', '2025-03-26T04:00:00Z 2025-03-27T04:00:00Z'],
    ['10 days from now', '2025-03-22T04:00:00Z 2025-03-23T04:00:00Z'],
    ['now', '2025-03-13T01:30:00Z 2025-03-13T01:30:00Z'],
    ['now()', '2025-03-13T01:30:00Z 2025-03-13T01:30:00Z'],
    ['last 24 hours', '2025-03-12T01:30:00Z 2025-03-13T01:30:00Z'],
  ])('takes %s for %s', (words, expected) => {
    expect(range(words)).toBe(expected);
  });

  it.each(['', 'todayish', 'last', 'last days', 'last fortnight', '2025-01-01', 'monday', '3 days', 'in 3 days ago'])(
    'does not know %j',
    (words) => {
      expect(range(words)).toBeUndefined();
    },
  );

  it('ends a month with its last day', () => {
    const lastOfMarch = Date.parse('2025-03-31T12:00:00Z');
    expect(range('1 month ago', lastOfMarch)).toBe('2025-02-28T05:00:00Z 2025-03-01T05:00:00Z');
  });

  it('begins the week on Monday when today is Sunday', () => {
    expect(range('this week', Date.parse('2025-03-16T16:00:00Z'))).toBe('2025-03-10T04:00:00Z 2025-03-17T04:00:00Z');
  });

  it('keeps the calendar days unshifted for date-only members', () => {
    expect(findDateRange('today', now, newYork)).toMatchObject({
      startDayMs: Date.parse('2025-03-12T00:00:00Z'),
      endDayMs: Date.parse('2025-03-13T00:00:00Z'),
    });
  });
});
