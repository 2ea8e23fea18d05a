import { describe, expect, it } from 'vitest';
import { instantOf, readIsoTime } from './iso-time.ts';

describe('instantOf', () => {
  it.each([
    ['2025-01-31', '2025-01-31T00:00:00.000Z'],
    ['2025-01-31T09:30', '2025-01-31T09:30:00.000Z'],
    ['2025-01-31T09:30:15', '2025-01-31T09:30:15.000Z'],
    ['2025-01-31 09:30:15', '2025-01-31T09:30:15.000Z'],
    ['2025-01-31T09:30:15Z', '2025-01-31T09:30:15.000Z'],
    ['2025-01-31T09:30:15.987Z', '2025-01-31T09:30:15.987Z'],
    ['2015-11-24T18:14:00-05:00', '2015-11-24T23:14:00.000Z'],
    ['2015-11-24T18:14:00+0530', '2015-11-24T12:44:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(new Date(instantOf(text) ?? Number.NaN).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'today',
    '2025',
    '2025-1-1',
    '2025-02-29',
    '2025-13-01',
    '2025-01-32',
    '2025-01-01T24:00',
    '01/31/2025',
    '2025-01-01T10',
  ])('refuses %j', (text) => {
    expect(instantOf(text)).toBeUndefined();
  });
});

describe('readIsoTime', () => {
  it('says whether a time and a zone are written', () => {
    expect(readIsoTime('2025-01-31')).toMatchObject({ hasTime: false });
    expect(readIsoTime('2025-01-31')).not.toHaveProperty('offsetMinutes');
    expect(readIsoTime('2025-01-31T00:00')).toMatchObject({ hasTime: true });
    expect(readIsoTime('2025-01-31T00:00-07:00')).toMatchObject({ offsetMinutes: -420 });
  });
});
