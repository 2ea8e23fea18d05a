import { clockOf, type Zone } from './zone.ts';

/** A date or date-time as written: whether it has a time and a zone decides how it may be shifted. */
export interface IsoTime {
  /** Milliseconds of what the clock and calendar read, taken as if they were UTC. */
  clockMs: number;
  hasTime: boolean;
  /** Minutes east of UTC; absent where no zone is written. */
  offsetMinutes?: number;
}

// ConnectWise writes whole seconds, older documents offsets, and people a space for the T (CW 2.2.10).
const isoPattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:\s*([Zz])|([+-])(\d\d):?(\d\d))?)?$/;

/** Reads `2025-01-31`, `2025-01-31T09:00`, `…:00Z`, `…:00.123+02:00`; undefined for anything else, also a 30 February. */
export function readIsoTime(text: string): IsoTime | undefined {
  const match = isoPattern.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', z, sign, east = '0', west = '0'] =
    match;
  const fields = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = fields;
  if (h > 23 || mi > 59 || s > 59 || Number(east) > 14 || Number(west) > 59) return undefined;
  const date = new Date(0);
  // setUTCFullYear, because Date.UTC reads the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(y, mo - 1, d);
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d) return undefined;
  const clockMs = date.getTime() + ((h * 60 + mi) * 60 + s) * 1000 + Math.trunc(Number(`0.${fraction}`) * 1000);
  const time: IsoTime = { clockMs, hasTime: match[4] !== undefined };
  if (z !== undefined) return { ...time, offsetMinutes: 0 };
  if (sign === undefined) return time;
  const minutes = Number(east) * 60 + Number(west);
  return { ...time, offsetMinutes: sign === '-' ? -minutes : minutes };
}

/** Milliseconds since 1970; a text without a zone is read as UTC, as ConnectWise does (CW 2.2.10). */
export function instantOf(text: string): number | undefined {
  const time = readIsoTime(text);
  return time === undefined ? undefined : time.clockMs - (time.offsetMinutes ?? 0) * 60_000;
}

/** `2025-01-31T14:00:00Z` as people there read it, `2025-01-31 09:00 EST`; any other text is returned unchanged. */
export function localTime(iso: string, zone: Zone): string {
  const instant = instantOf(iso);
  if (instant === undefined) return iso;
  const clock = new Date(clockOf(instant, zone)).toISOString();
  return `${clock.slice(0, 10)} ${clock.slice(11, 16)} ${zone.abbreviation(instant)}`;
}
