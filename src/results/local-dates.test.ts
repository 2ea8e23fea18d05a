import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localTime } from '../core/iso-time.ts';
import { createZone, dayMs, toUtcSeconds } from '../core/zone.ts';
import { showDays, showLocalDates } from './local-dates.ts';

const zone = createZone('America/New_York');
const date = (name: string) => ({ name, type: 'string', format: 'date-time' }) as const;
const agreement = {
  name: 'Agreement',
  members: [date('endDate'), { name: 'company', type: 'object', schema: 'CompanyReference' }],
} as const;
const ticket = { name: 'Ticket', members: [date('requiredDate'), date('closedDate')] } as const;
const options = { schema: agreement, findSchema: () => undefined, zone };
const shown = (value: unknown, more = {}) => showLocalDates(value, { ...options, ...more }).value;

test('a calendar day stays that day west of Greenwich, and is named', () => {
  const { value, days } = showLocalDates([{ endDate: '2026-03-01T00:00:00Z' }], options);
  expect(value).toEqual([{ endDate: '2026-03-01' }]);
  expect([...days]).toEqual(['endDate']);
});

test('an instant is local time with the zone, also inside _info and lists', () => {
  const record = { _info: { lastUpdated: '2026-03-01T14:30:00Z' }, times: ['2026-07-01T14:30:00Z'] };
  expect(shown(record)).toEqual({ _info: { lastUpdated: '2026-03-01 09:30 EST' }, times: ['2026-07-01 10:30 EDT'] });
});

test('text that only holds a date, numbers and nulls stay as they are', () => {
  const record = { text: 'due 2026-03-01T00:00:00Z', id: 5, none: null };
  expect(shown(record)).toEqual(record);
});

test('a member that keeps days shows a time that it has after all', () => {
  expect(shown({ endDate: '2026-03-01T14:30:00Z' })).toEqual({ endDate: '2026-03-01 09:30 EST' });
});

describe('a date of which nothing is known', () => {
  const of = (...times: string[]) =>
    shown(
      times.map((requiredDate) => ({ requiredDate })),
      { schema: ticket },
    );

  test('holds days where each value is a midnight of UTC', () => {
    expect(of('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z')).toEqual([
      { requiredDate: '2026-03-01' },
      { requiredDate: '2026-03-02' },
    ]);
  });

  test('holds instants where one of them is not', () => {
    expect(of('2026-03-01T00:00:00Z', '2026-03-02T15:00:00Z')).toEqual([
      { requiredDate: '2026-02-28 19:00 EST' },
      { requiredDate: '2026-03-02 10:00 EST' },
    ]);
  });

  test('is decided in answers without a schema too, by name before values', () => {
    const rows = [
      { Due: '2026-03-01T00:00:00Z', dueDate: '2026-03-01T00:00:00Z', lastUpdated: '2026-03-01T00:00:00Z' },
    ];
    expect(shown(rows, { schema: undefined })).toEqual([
      { Due: '2026-03-01', dueDate: '2026-03-01', lastUpdated: '2026-02-28 19:00 EST' },
    ]);
  });
});

test('a moment that the server keeps is never a day, even at midnight', () => {
  expect(shown({ closedDate: '2026-03-01T00:00:00Z' }, { schema: ticket })).toEqual({
    closedDate: '2026-02-28 19:00 EST',
  });
});

test('only days are cut where instants are wanted as they were sent', () => {
  const record = { endDate: '2026-03-01T00:00:00Z', lastUpdated: '2026-03-01T14:30:00Z' };
  expect(showDays(record, options)).toEqual({ ...record, endDate: '2026-03-01' });
});

test('in every zone and on each day, also where clocks change, a day is that day and an instant is the local time', () => {
  const zones = fc.constantFrom('America/New_York', 'Europe/London', 'Africa/Cairo', 'Pacific/Kiritimati', 'UTC');
  // 2026: clocks change on 8 and 29 March, 24 April, 25 and 29 October, and 1 November.
  const days = fc.integer({ min: Date.UTC(2026, 1, 25) / dayMs, max: Date.UTC(2026, 10, 5) / dayMs });
  const seconds = fc.integer({ min: 1, max: dayMs / 1000 - 1 });
  fc.assert(
    fc.property(zones, days, seconds, (name, day, second) => {
      const there = createZone(name);
      const midnight = toUtcSeconds(day * dayMs);
      const moment = toUtcSeconds(day * dayMs + second * 1000);
      expect(shown({ endDate: midnight, lastUpdated: moment }, { zone: there })).toEqual({
        endDate: midnight.slice(0, 10),
        lastUpdated: localTime(moment, there),
      });
    }),
  );
});
