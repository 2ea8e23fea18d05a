import { clockOf, dayMs, hourMs, instantOfClock, type Zone } from './zone.ts';

/** What words such as `last month` mean. Half-open. */
export interface DateRange {
  startMs: number;
  endMs: number;
  /** The calendar days, as milliseconds of their midnights in UTC, which is what date-only members hold. */
  startDayMs: number;
  endDayMs: number;
  /** `now` and `last 3 hours` begin at an instant, all others at the user's midnight. */
  moment: boolean;
  /** `next 30 days`: it begins today, and its end is what matters. */
  ahead: boolean;
}

type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** Midnight of the first day of the unit that holds the day, `count` units later. Weeks begin on Monday (CW 7.19). */
function startOfUnit(day: number, unit: Unit, count: number): number {
  const date = new Date(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (unit) {
    case 'day':
      return day + count * dayMs;
    case 'week':
      return day - ((date.getUTCDay() + 6) % 7) * dayMs + count * 7 * dayMs;
    case 'month':
      return Date.UTC(year, month + count, 1);
    case 'quarter':
      return Date.UTC(year, month - (month % 3) + count * 3, 1);
    case 'year':
      return Date.UTC(year + count, 0, 1);
  }
}

/** The same day and time `count` units later, by the calendar; in a shorter month its last day. */
export function shiftClock(clockMs: number, unit: Unit, count: number): number {
  if (unit === 'day' || unit === 'week') return clockMs + count * dayMs * (unit === 'week' ? 7 : 1);
  const months = count * { month: 1, quarter: 3, year: 12 }[unit];
  const first = startOfUnit(clockMs, 'month', months);
  const lastDay = new Date(startOfUnit(first, 'month', 1) - dayMs).getUTCDate();
  return first + (Math.min(new Date(clockMs).getUTCDate(), lastDay) - 1) * dayMs + (clockMs % dayMs);
}

function daysOf(words: string, today: number): readonly [start: number, end: number] | undefined {
  if (words === 'today') return [today, today + dayMs];
  if (words === 'yesterday') return [today - dayMs, today];
  if (words === 'tomorrow') return [today + dayMs, today + 2 * dayMs];
  const named = /^(this|current|last|previous|next) (day|week|month|quarter|year)$/.exec(words);
  if (named !== null) {
    const unit = named[2] as Unit;
    const count = named[1] === 'next' ? 1 : named[1] === 'this' || named[1] === 'current' ? 0 : -1;
    return [startOfUnit(today, unit, count), startOfUnit(today, unit, count + 1)];
  }
  const counted = /^(last|past|previous|next) (\d{1,4}) (day|week|month|quarter|year)s?$/.exec(words);
  if (counted !== null) {
    const count = Number(counted[2]);
    // Today is part of both: the last 7 days begin seven days ago, and end with today.
    if (counted[1] === 'next') return [today, shiftClock(today, counted[3] as Unit, count) + dayMs];
    return [shiftClock(today, counted[3] as Unit, -count), today + dayMs];
  }
  const apart = /^(in )?(\d{1,4}) (day|week|month|quarter|year)s?( ago| from now)?$/.exec(words);
  if (apart === null || (apart[1] === undefined) === (apart[4] === undefined)) return undefined;
  const day = shiftClock(today, apart[3] as Unit, Number(apart[2]) * (apart[4] === ' ago' ? -1 : 1));
  return [day, day + dayMs];
}

/**
 * The range that words mean at `nowMs` in the user's zone: `today`, `yesterday`, `this week`, `last month`,
 * `last 7 days`, `next 30 days`, `3 weeks ago`, `now`, `last 24 hours`. Undefined for any other text.
 */
export function findDateRange(text: string, nowMs: number, zone: Zone): DateRange | undefined {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/\(\)$/, '')
    .replace(/[\s_-]+/g, ' ');
  const today = Math.floor(clockOf(nowMs, zone) / dayMs) * dayMs;
  const hours = words === 'now' ? '0' : /^(?:last|past) (\d{1,4}) hours?$/.exec(words)?.[1];
  const ago = /^(\d{1,4}) hours? ago$/.exec(words)?.[1];
  if (hours !== undefined || ago !== undefined) {
    const startMs = nowMs - Number(hours ?? ago) * hourMs;
    const endMs = ago === undefined ? nowMs : startMs;
    const startDayMs = Math.floor(clockOf(startMs, zone) / dayMs) * dayMs;
    return { startMs, endMs, startDayMs, endDayMs: today + dayMs, moment: true, ahead: false };
  }
  const days = daysOf(words, today);
  if (days === undefined) return undefined;
  const [startDayMs, endDayMs] = days;
  const [startMs, endMs] = [instantOfClock(startDayMs, zone), instantOfClock(endDayMs, zone)];
  return { startMs, endMs, startDayMs, endDayMs, moment: false, ahead: /^next \d/.test(words) };
}
