import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createZone } from '../../core/zone.ts';
import { createTradeFunctions } from './trade-functions.ts';

const functions = createTradeFunctions(createZone('America/New_York'), () => Date.parse('2026-03-10T03:30:00Z'));

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

test.each([
  ['2026-03-06', '2026-03-09', 3],
  ['2026-03-09', '2026-03-06', -3],
  // The clocks are set forward between them: 23 hours, and one day.
  ['2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', 1],
  // 03:00 in UTC is still the day before there.
  ['2026-03-07T03:00:00Z', '2026-03-07', 1],
  ['soon', '2026-03-07', null],
])('from %s to %s are %s days', (from, to, days) => {
  expect(functions.days_between(from, to)).toBe(days);
});

test.each([
  ['2026-03-31', undefined, '2026-Q1', 2026],
  ['2026-04-01', undefined, '2026-Q2', 2026],
  ['2026-06-30', 7, '2026-Q4', 2026],
  ['2026-07-01', 7, '2027-Q1', 2027],
  ['2026-01-15', 4, '2026-Q4', 2026],
  ['2026-12-31', 10, '2027-Q1', 2027],
  // 03:00 in UTC is still the last day of June there.
  ['2026-07-01T03:00:00Z', 7, '2026-Q4', 2026],
  ['no date', 7, null, null],
])('%s is in quarter and fiscal year, with the first month %s: %s, %s', (text, first, quarter, year) => {
  expect([functions.quarter(text, first), functions.fiscal_year(text, first)]).toEqual([quarter, year]);
});

test('each month is in one quarter of one fiscal year of twelve months in a row', () => {
  const months = Array.from({ length: 60 }, (_, at) => new Date(Date.UTC(2020, at, 15)).toISOString().slice(0, 10));
  for (let first = 1; first <= 12; first++) {
    const start = months.findIndex((month) => Number(month.slice(5, 7)) === first);
    const year = months.slice(start, start + 12).map((month) => functions.fiscal_year(month, first));
    expect(new Set(year).size).toBe(1);
    const quarters = months.slice(start, start + 12).map((month) => functions.quarter(month, first)?.slice(-2));
    expect(quarters).toEqual(['Q1', 'Q2', 'Q3', 'Q4'].flatMap((quarter) => [quarter, quarter, quarter]));
    expect(functions.fiscal_year(months[start + 12], first)).toBe(Number(year[0]) + 1);
  }
  expect(() => functions.quarter('2026-01-01', 13)).toThrow('1 to 12, not 13');
});

test.each([
  [-1, '<0'],
  [0, '0-30'],
  [30, '0-30'],
  [30.5, '31-60'],
  [61, '61-90'],
  [90, '61-90'],
  [91, '>90'],
  [null, null],
  ['30', null],
])('bucket of %s is %s', (n, part) => {
  expect(functions.bucket(n, 30, 60, 90)).toBe(part);
});

test('limits that do not rise are refused, and today is the local day', () => {
  expect(() => functions.bucket(5, 60, 30)).toThrow('rising limits');
  expect(() => functions.bucket(5)).toThrow('rising limits');
  expect(functions.today()).toBe('2026-03-09');
});
