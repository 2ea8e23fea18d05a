import { GatewayError } from './errors.ts';
import { findWindowsZone } from './windows-zones.ts';

/** A time zone of the IANA list, as `Intl` knows it. Making one is expensive, so keep it. */
export interface Zone {
  /** Such as `America/New_York`. */
  name: string;
  /** Why it may not be the user's: a sentence for replies that show or read times. */
  problem?: string;
  /** Milliseconds that the clocks there are ahead of UTC at this instant. */
  offsetMs(instantMs: number): number;
  /** What people there call the zone at this instant, such as `EST` or `GMT+2`. */
  abbreviation(instantMs: number): string;
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** The IANA name of a zone that is written as one, or as Windows names it; undefined where there is no such zone. */
export function findZoneName(text: string): string | undefined {
  const name = text.trim();
  try {
    // An empty text would be the zone of this computer.
    if (name !== '') return new Intl.DateTimeFormat('en', { timeZone: name }) && name;
  } catch {
    return findWindowsZone(name);
  }
  return undefined;
}

/** @throws GatewayError `configuration_invalid` for a zone that does not exist */
export function createZone(name: string): Zone {
  const offset = formatterOf(name, 'longOffset');
  const short = formatterOf(name, 'short');
  return {
    name: offset.resolvedOptions().timeZone,
    offsetMs: (instantMs) => readOffset(zoneNameOf(offset, instantMs)),
    abbreviation: (instantMs) => zoneNameOf(short, instantMs),
  };
}

function formatterOf(timeZone: string, timeZoneName: 'longOffset' | 'short'): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName });
  } catch (cause) {
    const message = `There is no time zone "${timeZone.slice(0, 60)}": use a name such as America/New_York or Europe/London.`;
    throw new GatewayError('configuration_invalid', message, { details: { field: 'CONNECTWISE_TIMEZONE' }, cause });
  }
}

function zoneNameOf(formatter: Intl.DateTimeFormat, instantMs: number): string {
  return formatter.formatToParts(instantMs).find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
}

/** Reads `GMT` and `GMT-05:00`; before today's zones, offsets had seconds too. */
function readOffset(text: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text) ?? [];
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ms : ms;
}

/** The date and time on a clock in the zone, as if it were UTC. */
export function clockOf(instantMs: number, zone: Zone): number {
  return instantMs + zone.offsetMs(instantMs);
}

/**
 * The instant at which clocks in the zone show this. A time that occurs twice (clocks set back) gives the first instant;
 * one that never occurs (clocks set forward) gives the instant that far after the change.
 */
export function instantOfClock(clockMs: number, zone: Zone): number {
  const before = clockMs - zone.offsetMs(clockMs - dayMs);
  const after = clockMs - zone.offsetMs(clockMs + dayMs);
  const first = Math.min(before, after);
  if (clockOf(first, zone) === clockMs) return first;
  return clockOf(after, zone) === clockMs ? after : before;
}

/** `2025-01-31T09:00:00Z`: ConnectWise refuses fractions of a second (CW 5.6). */
export function toUtcSeconds(instantMs: number): string {
  return `${new Date(Math.floor(instantMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
