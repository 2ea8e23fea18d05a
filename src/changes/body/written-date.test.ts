import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIsoTime } from '../../core/iso-time.ts';
import { createZone } from '../../core/zone.ts';
import { findWrittenDate } from './written-date.ts';

const zone = createZone('America/New_York');
const nowMs = Date.parse('2025-03-13T01:30:00Z');
const read = (text: string, kind: 'date-time' | 'date-only' = 'date-time') =>
  findWrittenDate(text, { kind, zone, nowMs });

describe('findWrittenDate', () => {
  test.each([
    ['2025-03-12T10:00:00-04:00', '2025-03-12T14:00:00Z'],
    ['2025-03-12 10:00', '2025-03-12T14:00:00Z'],
    ['2025-03-12', '2025-03-12T04:00:00Z'],
    ['2025-03-12 at 10 am', '2025-03-12T14:00:00Z'],
    ['2025-03-12, 12 am', '2025-03-12T04:00:00Z'],
    ['2025-03-12 12:15pm', '2025-03-12T16:15:00Z'],
    ['tomorrow', '2025-03-13T04:00:00Z'],
    ['TOMORROW AT 2PM', '2025-03-13T18:00:00Z'],
    ['in 3 days 08:00', '2025-03-15T12:00:00Z'],
    ['31.3.2025', '2025-03-31T04:00:00Z'],
    ['1 hour ago', '2025-03-13T00:30:00Z'],
  ])('takes %s for %s', (text, sent) => {
    expect(read(text)).toMatchObject({ sent });
  });

  test.each([
    '',
    'x',
    'next week',
    'last 7 days',
    'last 2 hours',
    'tomorrow 2',
    'tomorrow 13pm',
    'tomorrow 0am',
    'tomorrow 24:00',
    '10:00',
    '2025-13-01',
    '31/31/2025',
    'in 9999 years',
    '9999-12-31T23:00',
  ])('does not take %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  test('names both days of a date that has two', () => {
    expect(read('1/2/2025 10:00')).toEqual({ days: ['2025-01-02', '2025-02-01'] });
    expect(read('2/2/2025')).toMatchObject({ sent: '2025-02-02T05:00:00Z' });
  });

  test('says what the change of clocks does', () => {
    expect(read('2025-03-09 02:30')).toMatchObject({
      sent: '2025-03-09T07:30:00Z',
      peculiarity: expect.stringContaining('skip'),
    });
    expect(read('2025-11-02 01:30')).toMatchObject({
      sent: '2025-11-02T05:30:00Z',
      peculiarity: expect.stringContaining('twice'),
    });
    expect(read('2025-11-02T01:30:00-05:00')).not.toHaveProperty('peculiarity');
  });

  const zones = fc
    .constantFrom('America/New_York', 'Europe/London', 'Pacific/Kiritimati', 'Asia/Kolkata', 'UTC')
    .map(createZone);
  const moments = fc.date({
    min: new Date('1970-01-02T00:00:00Z'),
    max: new Date('2099-12-30T00:00:00Z'),
    noInvalidDate: true,
  });
  const forms = fc.constantFrom(
    (iso: string) => iso,
    (iso: string) => iso.slice(0, 19),
    (iso: string) => iso.slice(0, 16).replace('T', ' '),
    (iso: string) => iso.slice(0, 10),
    (iso: string) => `${iso.slice(0, 19)}+05:30`,
  );

  test('gives what it takes unchanged when read again, in every zone', () => {
    fc.assert(
      fc.property(moments, forms, zones, fc.constantFrom('date-time', 'date-only'), (moment, form, anyZone, kind) => {
        const reading = { kind, zone: anyZone, nowMs } as const;
        const first = findWrittenDate(form(moment.toISOString()), reading);
        if (first === undefined || 'days' in first) throw new Error('not read');
        expect(readIsoTime(first.sent)).toMatchObject({ hasTime: true, offsetMinutes: 0 });
        expect(findWrittenDate(first.sent, reading)).toMatchObject({ sent: first.sent });
      }),
    );
  });

  test('never moves a calendar day', () => {
    fc.assert(
      fc.property(moments, forms, zones, (moment, form, anyZone) => {
        const text = form(moment.toISOString());
        expect(findWrittenDate(text, { kind: 'date-only', zone: anyZone, nowMs })).toMatchObject({
          sent: `${text.slice(0, 10)}T00:00:00Z`,
        });
      }),
    );
  });
});
