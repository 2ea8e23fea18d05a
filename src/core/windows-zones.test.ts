import { expect, test } from 'vitest';
import { findWindowsZone } from './windows-zones.ts';
import { findZoneName } from './zone.ts';

test.each([
  ['Eastern Standard Time', 'America/New_York'],
  ['eastern daylight time', 'America/New_York'],
  ['GMT Standard Time', 'Europe/London'],
  ['W. Europe Standard Time', 'Europe/Berlin'],
  ['AUS Eastern Standard Time', 'Australia/Sydney'],
  ['Central Standard Time (Mexico)', 'America/Mexico_City'],
  ['Russia Time Zone 3', 'Europe/Samara'],
  ['UTC-09', 'Etc/GMT+9'],
])('%s is %s', (windows, iana) => {
  expect(findWindowsZone(windows)).toBe(iana);
  expect(() => new Intl.DateTimeFormat('en', { timeZone: iana })).not.toThrow();
});

test.each(['Eastern', 'Mars Standard Time', 'America/New_York', '', 'Standard Time'])('%j is none', (name) => {
  expect(findWindowsZone(name)).toBeUndefined();
});

test.each([
  ['America/New_York', 'America/New_York'],
  ['Eastern Standard Time', 'America/New_York'],
  ['GMT', 'GMT'],
  ['Etc/Unknown', undefined],
  ['Mars/Olympus', undefined],
  ['', undefined],
])('the zone of %j is %j', (text, name) => {
  expect(findZoneName(text)).toBe(name);
});
