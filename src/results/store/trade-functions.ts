import { GatewayError } from '../../core/errors.ts';
import { instantOf, readIsoTime } from '../../core/iso-time.ts';
import { clockOf, dayMs, hourMs, type Zone } from '../../core/zone.ts';

/** Functions of SQL for people who bill time. Each returns NULL for a value that is not a date, or not a number. */
export interface TradeFunctions {
  /** Days from Monday to Friday from `a` up to, not including, `b`; negative where `b` is earlier. */
  business_days(a: unknown, b: unknown): number | null;
  /** Days from the one local day to the other; negative where `b` is earlier. */
  days_between(a: unknown, b: unknown): number | null;
  /** Hours from one instant to the other, with fractions. */
  hours_between(a: unknown, b: unknown): number | null;
  /** ISO week of the local day: `2026-W11`. */
  week(d: unknown): string | null;
  /** Month of the local day: `2026-03`. */
  month(d: unknown): string | null;
  /**
   * Quarter of the local day, `2026-Q1`; with another first month than January of the fiscal year, which is named after the
   * year it ends in.
   */
  quarter(d: unknown, firstMonth?: unknown): string | null;
  fiscal_year(d: unknown, firstMonth?: unknown): number | null;
  /** The local day: `2026-03-10`. */
  today(): string;
  /**
   * Which part of a scale a number is in: with the limits 30, 60 and 90 `0-30`, `31-60`, `61-90`, `>90`, and `<0`.
   * @throws GatewayError `invalid_sql` for limits that are not numbers in rising order
   */
  bucket(n: unknown, ...limits: unknown[]): string | null;
  /** Local date and time in the form that SQLite's own functions read: `2026-03-10 09:30:00`. A calendar day stays. */
  local(d: unknown): string | null;
}

/** Those whose days are days of the user's zone. */
export const zonedFunctions = [
  'business_days',
  'days_between',
  'week',
  'month',
  'quarter',
  'fiscal_year',
  'today',
  'local',
] as const satisfies readonly (keyof TradeFunctions)[];

export const tradeFunctionNames: readonly (keyof TradeFunctions)[] = [...zonedFunctions, 'hours_between', 'bucket'];

export function createTradeFunctions(zone: Zone, now: () => number): TradeFunctions {
  const offsetOf = rememberOffsets(zone);
  /** Local time; a text without a time is a calendar day, which no zone shifts (CW 6.11). */
  const clockOfText = (value: unknown): number | undefined => {
    const time = typeof value === 'string' ? readIsoTime(value) : undefined;
    if (time === undefined) return undefined;
    // `2026-03-10 09:30:00`, as `local` and SQLite write it, is local already.
    if (!time.hasTime || time.offsetMinutes === undefined) return time.clockMs;
    const instant = time.clockMs - time.offsetMinutes * 60_000;
    return instant + offsetOf(instant);
  };
  const dayOf = (value: unknown) => {
    const clock = clockOfText(value);
    return clock === undefined ? undefined : Math.floor(clock / dayMs);
  };
  const fiscalMonth = (d: unknown, firstMonth: unknown) => {
    const clock = clockOfText(d);
    return clock === undefined ? undefined : monthOfFiscalYear(new Date(clock), firstMonth);
  };
  return {
    days_between(a, b) {
      const [from, to] = [dayOf(a), dayOf(b)];
      return from === undefined || to === undefined ? null : to - from;
    },
    quarter(d, firstMonth = 1) {
      const found = fiscalMonth(d, firstMonth);
      return found === undefined ? null : `${found.year}-Q${Math.floor(found.month / 3) + 1}`;
    },
    fiscal_year: (d, firstMonth = 1) => fiscalMonth(d, firstMonth)?.year ?? null,
    today: () => new Date(clockOf(now(), zone)).toISOString().slice(0, 10),
    bucket,
    business_days(a, b) {
      const [from, to] = [dayOf(a), dayOf(b)];
      if (from === undefined || to === undefined) return null;
      return weekdaysBefore(to) - weekdaysBefore(from);
    },
    hours_between(a, b) {
      const [from, to] = [a, b].map((value) => (typeof value === 'string' ? instantOf(value) : undefined));
      return from === undefined || to === undefined ? null : (to - from) / hourMs;
    },
    week(d) {
      const day = dayOf(d);
      return day === undefined ? null : isoWeek(day);
    },
    month(d) {
      const clock = clockOfText(d);
      return clock === undefined ? null : new Date(clock).toISOString().slice(0, 7);
    },
    local(d) {
      const clock = clockOfText(d);
      if (clock === undefined) return null;
      const text = new Date(clock).toISOString();
      return readIsoTime(String(d))?.hasTime ? `${text.slice(0, 10)} ${text.slice(11, 19)}` : text.slice(0, 10);
    },
  };
}

/** The fiscal year, and the month of it, from 0. */
function monthOfFiscalYear(date: Date, firstMonth: unknown): { year: number; month: number } {
  const first = Number(firstMonth);
  if (!Number.isInteger(first) || first < 1 || first > 12)
    throw new GatewayError('invalid_sql', `the first month of a fiscal year is 1 to 12, not ${String(firstMonth)}`);
  const month = date.getUTCMonth() + 1;
  return { year: date.getUTCFullYear() + (first > 1 && month >= first ? 1 : 0), month: (month - first + 12) % 12 };
}

function bucket(n: unknown, ...given: unknown[]): string | null {
  const limits = given.map(Number);
  const rising = limits.every((limit, at) => limit > (limits[at - 1] ?? 0));
  if (limits.length === 0 || !rising)
    throw new GatewayError(
      'invalid_sql',
      `bucket takes a number and rising limits, such as bucket(n, 30, 60, 90), not ${given.join(', ')}`,
    );
  if (typeof n !== 'number') return null;
  if (n < 0) return '<0';
  const at = limits.findIndex((limit) => n <= limit);
  if (at < 0) return `>${limits.at(-1)}`;
  const before = limits[at - 1];
  return `${before === undefined ? 0 : before + 1}-${limits[at]}`;
}

/** Weekdays from the first Monday of 1970, 5 January, to the start of a day. */
function weekdaysBefore(day: number): number {
  const sinceMonday = day - 4;
  const weeks = Math.floor(sinceMonday / 7);
  return weeks * 5 + Math.min(sinceMonday - weeks * 7, 5);
}

/** A week belongs to the year of its Thursday (ISO 8601). */
function isoWeek(day: number): string {
  const thursday = day - ((((day - 4) % 7) + 7) % 7) + 3;
  const year = new Date(thursday * dayMs).getUTCFullYear();
  const firstDay = Date.UTC(year, 0, 1) / dayMs;
  return `${year}-W${String(Math.floor((thursday - firstDay) / 7) + 1).padStart(2, '0')}`;
}

/** Asking `Intl` takes microseconds for each row of a statement; offsets change at quarters of an hour only. */
function rememberOffsets(zone: Zone): (instantMs: number) => number {
  const quarterMs = 900_000;
  const known = new Map<number, number>();
  return (instantMs) => {
    const quarter = Math.floor(instantMs / quarterMs);
    const before = known.get(quarter);
    if (before !== undefined) return before;
    const offset = clockOf(instantMs, zone) - instantMs;
    if (known.size > 100_000) known.clear();
    known.set(quarter, offset);
    return offset;
  };
}
