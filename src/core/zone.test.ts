import { describe, expect, it } from 'vitest';
import { GatewayError } from './errors.ts';
import { localTime } from './iso-time.ts';
import { clockOf, createZone, instantOfClock, toUtcSeconds } from './zone.ts';

const at = (iso: string) => Date.parse(iso);

describe('createZone', () => {
  it.each([
    ['UTC', '2025-07-01T00:00Z', 0],
    ['America/New_York', '2025-01-01T00:00Z', -5],
    ['America/New_York', '2025-07-01T00:00Z', -4],
    ['Asia/Kathmandu', '2025-07-01T00:00Z', 5.75],
    ['Pacific/Kiritimati', '2025-07-01T00:00Z', 14],
    ['America/St_Johns', '2025-01-01T00:00Z', -3.5],
  ])('knows the offset of %s at %s', (name, instant, hours) => {
    expect(createZone(name).offsetMs(at(instant))).toBe(hours * 3_600_000);
  });

  it.each(['', 'Mars/Olympus', 'New York'])('refuses %j', (name) => {
    expect(() => createZone(name)).toThrow(GatewayError);
  });
});

describe('instantOfClock, of the midnight before', () => {
  const dayMs = 86_400_000;

  it.each([
    ['America/New_York', '2025-03-09T15:00Z', '2025-03-09T05:00:00Z', 'the day clocks go forward'],
    ['America/New_York', '2025-03-10T15:00Z', '2025-03-10T04:00:00Z', 'the day after'],
    ['America/New_York', '2025-11-02T15:00Z', '2025-11-02T04:00:00Z', 'the day clocks go back'],
    ['America/New_York', '2025-11-03T03:00Z', '2025-11-02T04:00:00Z', 'late that evening'],
    ['Europe/London', '2025-03-30T12:00Z', '2025-03-30T00:00:00Z', 'British summer time begins'],
    ['Australia/Sydney', '2025-01-01T12:59Z', '2024-12-31T13:00:00Z', 'ahead of UTC'],
    ['Africa/Cairo', '2025-04-25T12:00Z', '2025-04-24T22:00:00Z', 'midnight does not exist'],
    ['UTC', '2025-01-01T00:00Z', '2025-01-01T00:00:00Z', 'midnight itself'],
  ])('in %s at %s is %s: %s', (name, instant, expected) => {
    const zone = createZone(name);
    const midnight = Math.floor(clockOf(at(instant), zone) / dayMs) * dayMs;
    expect(toUtcSeconds(instantOfClock(midnight, zone))).toBe(expected);
  });
});

describe('instantOfClock', () => {
  const zone = createZone('America/New_York');

  it('takes the first of two equal clock times', () => {
    expect(toUtcSeconds(instantOfClock(at('2025-11-02T01:30Z'), zone))).toBe('2025-11-02T05:30:00Z');
  });

  it('moves a time that never was behind the change', () => {
    expect(toUtcSeconds(instantOfClock(at('2025-03-09T02:30Z'), zone))).toBe('2025-03-09T07:30:00Z');
  });

  it('gives back every hour of the year but the one that is read twice', () => {
    const names = ['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Santiago'];
    for (const name of names) {
      const there = createZone(name);
      let repeated = 0;
      for (let hour = at('2025-01-01T00:30Z'); hour < at('2026-01-01T00:00Z'); hour += 3_600_000) {
        const back = instantOfClock(hour + there.offsetMs(hour), there);
        if (back !== hour) repeated += 1;
      }
      expect(repeated).toBeLessThanOrEqual(1);
    }
  });
});

describe('localTime', () => {
  it.each([
    ['2025-01-31T14:00:00Z', '2025-01-31 09:00 EST'],
    ['2025-07-31T14:00:00Z', '2025-07-31 10:00 EDT'],
    ['2025-01-01T03:30:00', '2024-12-31 22:30 EST'],
    ['tomorrow', 'tomorrow'],
  ])('renders %s as %s', (iso, expected) => {
    expect(localTime(iso, createZone('America/New_York'))).toBe(expected);
  });
});

describe('toUtcSeconds', () => {
  it('drops the fraction', () => {
    expect(toUtcSeconds(at('2025-01-31T09:00:00.999Z'))).toBe('2025-01-31T09:00:00Z');
  });
});
