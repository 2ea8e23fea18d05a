import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createZone } from '../../core/zone.ts';
import { createTradeFunctions } from './trade-functions.ts';

const functions = createTradeFunctions(createZone('America/New_York'));

describe('business_days', () => {
  test.each([
    ['2026-03-06', '2026-03-09', 1, 'Friday to Monday'],
    ['2026-03-07', '2026-03-09', 0, 'Saturday to Monday'],
    ['2026-03-09', '2026-03-09', 0, 'one day'],
    ['2026-03-09', '2026-03-10', 1, 'Monday to Tuesday'],
    ['2026-02-01', '2026-03-01', 20, 'all of February'],
    ['2026-03-10', '2026-03-06', -2, 'backwards'],
    ['1969-12-29', '1970-01-05', 5, 'before 1970'],
    // 03:00 in UTC is still Friday evening there.
    ['2026-03-07T03:00:00Z', '2026-03-09T03:00:00Z', 1, 'local days'],
  ])('from %s up to %s is %d (%s)', (from, to, days) => {
    expect(functions.business_days(from, to)).toBe(days);
  });

  test('counts the weekdays that a calendar counts', () => {
    const day = fc.integer({ min: 0, max: 40_000 });
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 60 }), (start, length) => {
        const dates = Array.from({ length }, (_, index) => new Date((start + index) * 86_400_000));
        const expected = dates.filter((date) => ![0, 6].includes(date.getUTCDay())).length;
        const text = (at: number) => new Date(at * 86_400_000).toISOString().slice(0, 10);
        expect(functions.business_days(text(start), text(start + length))).toBe(expected);
      }),
    );
  });
});

test.each([
  ['2026-03-01T10:00:00Z', '2026-03-01T11:30:00Z', 1.5],
  ['2026-03-08T06:30:00Z', '2026-03-08T07:30:00Z', 1],
  ['2026-03-02', '2026-03-01', -24],
  ['2026-03-01T10:00:00Z', 'soon', null],
  [null, '2026-03-01', null],
])('hours_between %s and %s is %s', (from, to, hours) => {
  expect(functions.hours_between(from, to)).toBe(hours);
});

test.each([
  ['2026-01-01', '2026-W01', '2026-01', '2026-01-01'],
  ['2027-01-01', '2026-W53', '2027-01', '2027-01-01'],
  ['2024-12-30', '2025-W01', '2024-12', '2024-12-30'],
  ['2026-03-01T04:59:59Z', '2026-W09', '2026-02', '2026-02-28 23:59:59'],
  ['2026-03-08T07:00:00Z', '2026-W10', '2026-03', '2026-03-08 03:00:00'],
  ['2026-03-01 23:00:00', '2026-W09', '2026-03', '2026-03-01 23:00:00'],
  ['no date', null, null, null],
  [5, null, null, null],
  [null, null, null, null],
])('%s is in week %s and month %s, and reads %s there', (text, week, month, local) => {
  expect([functions.week(text), functions.month(text), functions.local(text)]).toEqual([week, month, local]);
});
