import type { DateKind } from '../../catalog/index.ts';
import { findDateRange } from '../../core/date-words.ts';
import { type IsoTime, readIsoTime } from '../../core/iso-time.ts';
import { clockOf, dayMs, instantOfClock, toUtcSeconds, type Zone } from '../../core/zone.ts';

export interface WrittenDate {
  /** `2025-01-31T14:00:00Z`. */
  sent: string;
  /** Written without a zone, so it is in the user's. */
  byClock: boolean;
  /** How a change of clocks affects it. */
  peculiarity?: string;
}

/** `1/2/2025`: which day that is depends on the country. */
export interface AmbiguousDate {
  days: readonly string[];
}

export interface DateReading {
  kind: DateKind;
  zone: Zone;
  nowMs: number;
}

/**
 * What people write for one moment or day: ISO with or without zone, a day alone, `today`, `tomorrow 14:00`,
 * `2025-01-31 at 2pm`, `1/31/2025`. Undefined for any other text, also for a range of days such as `next week`.
 */
export function findWrittenDate(text: string, reading: DateReading): WrittenDate | AmbiguousDate | undefined {
  const iso = readIsoTime(text);
  if (iso !== undefined) return fromIso(iso, reading);
  const moment = findMoment(text, reading);
  if (moment !== undefined) return moment;
  const { day, timeMs } = splitTime(text);
  const days = slashDays(day);
  if (days.length > 1) return { days };
  const startMs = findDay(days[0] ?? day, reading);
  return startMs === undefined ? undefined : fromClock(startMs + timeMs, reading);
}

function fromIso({ clockMs, offsetMinutes }: IsoTime, reading: DateReading): WrittenDate | undefined {
  // A calendar day is the one that was written, whatever the zone beside it.
  if (reading.kind === 'date-only' || offsetMinutes === undefined) return fromClock(clockMs, reading);
  return written(clockMs - offsetMinutes * 60_000, false);
}

function fromClock(clockMs: number, { kind, zone }: DateReading): WrittenDate | undefined {
  if (kind === 'date-only') return written(Math.floor(clockMs / dayMs) * dayMs, true);
  const instantMs = instantOfClock(clockMs, zone);
  const date = written(instantMs, true);
  const peculiarity = findPeculiarity(clockMs, instantMs, zone);
  return date === undefined || peculiarity === undefined ? date : { ...date, peculiarity };
}

function findPeculiarity(clockMs: number, instantMs: number, zone: Zone): string | undefined {
  if (clockOf(instantMs, zone) !== clockMs) return 'clocks skip that time';
  const second = clockMs - zone.offsetMs(clockMs + dayMs);
  if (second === instantMs || clockOf(second, zone) !== clockMs) return undefined;
  return 'clocks show that time twice; this is the first';
}

/** `now` and `2 hours ago`. */
function findMoment(text: string, { kind, zone, nowMs }: DateReading): WrittenDate | undefined {
  const range = findDateRange(text, nowMs, zone);
  if (range === undefined || !range.moment || range.startMs !== range.endMs) return undefined;
  return written(kind === 'date-only' ? range.startDayMs : range.startMs, true);
}

/** The midnight of one day, as its clock reads. */
function findDay(text: string, { zone, nowMs }: DateReading): number | undefined {
  const iso = readIsoTime(text);
  if (iso !== undefined) return iso.hasTime ? undefined : iso.clockMs;
  const range = findDateRange(text, nowMs, zone);
  if (range === undefined || range.moment) return undefined;
  return range.endDayMs - range.startDayMs === dayMs ? range.startDayMs : undefined;
}

const timePattern = /^(.+?),?\s+(?:at\s+)?(\d{1,2})(?::(\d\d))?(?::(\d\d))?\s*([ap])?\.?(?:m\.?)?$/i;

/** Parts `tomorrow at 2pm` into its day and the milliseconds since its midnight; without a time these are none. */
function splitTime(text: string): { day: string; timeMs: number } {
  const plain = text.trim();
  const [, day, hours, minutes, seconds = '0', half] = timePattern.exec(plain) ?? [];
  const hour = Number(hours);
  // A bare number is not a time: `tomorrow 2` may mean anything.
  const isTime =
    day !== undefined &&
    (minutes !== undefined || half !== undefined) &&
    (half === undefined ? hour <= 23 : hour >= 1 && hour <= 12) &&
    Number(minutes ?? 0) <= 59 &&
    Number(seconds) <= 59;
  if (!isTime) return { day: plain, timeMs: 0 };
  const inDay = half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  return { day, timeMs: ((inDay * 60 + Number(minutes ?? 0)) * 60 + Number(seconds)) * 1000 };
}

/** `1/31/2025` and `31.1.2025`: the days it may mean, one where only one reading is a date. */
function slashDays(text: string): readonly string[] {
  const [, a = '', b = '', year = ''] = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text) ?? [];
  const iso = (month: string, day: string) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return [...new Set([iso(a, b), iso(b, a)])].filter((day) => readIsoTime(day) !== undefined);
}

/** Undefined outside the years of four digits, which is where ConnectWise's dates end. */
function written(instantMs: number, byClock: boolean): WrittenDate | undefined {
  const sent = toUtcSeconds(instantMs);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(sent) ? { sent, byClock } : undefined;
}
