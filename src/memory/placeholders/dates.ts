import { type DateRange, findDateRange } from '../../core/date-words.ts';
import { clockOf, instantOfClock, type Zone } from '../../core/zone.ts';

const dayMs = 86_400_000;
const momentMs = { min: 60_000, h: 3_600_000 } as const;
const months = { m: 1, q: 3, y: 12 } as const;

/** A base, a side of it, and what is added: `last_month.start`, `now-24h`, `start_of_week+1d`. */
const pattern = /^(.+?)(?:\.(start|end))?((?:\s*[+-]\s*\d{1,4}\s*(?:min|h|d|w|m|q|y))*)$/i;

const utc: Zone = { name: 'UTC', offsetMs: () => 0, abbreviation: () => 'UTC' };

/** Whether a text is a date in words, whatever the day is. */
export function isDateWord(text: string): boolean {
  return findDate(text, 0, utc) !== undefined;
}

/**
 * What a date in words means at `nowMs`: a range for `last_month` or `last_7_days`, one instant for
 * `last_month.end`, `start_of_week` or `now-24h`. An `end` is the first instant behind. Undefined for any other text.
 */
export function findDate(text: string, nowMs: number, zone: Zone): DateRange | undefined {
  const [, words = '', side, added = ''] = pattern.exec(text.trim()) ?? [];
  const [, edge, unit] = /^(start|end)[\s_-]of[\s_-](day|week|month|quarter|year)$/i.exec(words) ?? [];
  const range = findDateRange(unit === undefined ? words : `this ${unit}`, nowMs, zone);
  const wanted = (side ?? edge)?.toLowerCase();
  if (range === undefined || (wanted === undefined && added === '')) return range;
  const atEnd = wanted === 'end';
  const start = { ms: atEnd ? range.endMs : range.startMs, dayMs: atEnd ? range.endDayMs : range.startDayMs };
  const { ms, dayMs: day } = shift(start, added, zone);
  return { startMs: ms, endMs: ms, startDayMs: day, endDayMs: day, moment: true, ahead: false };
}

function shift(start: { ms: number; dayMs: number }, added: string, zone: Zone): { ms: number; dayMs: number } {
  let { ms, dayMs: day } = start;
  for (const [, sign, digits, unit = ''] of added.matchAll(/([+-])\s*(\d+)\s*([a-z]+)/gi)) {
    const count = Number(digits) * (sign === '-' ? -1 : 1);
    const name = unit.toLowerCase();
    if (name === 'min' || name === 'h') {
      ms += count * momentMs[name];
      day = Math.floor(clockOf(ms, zone) / dayMs) * dayMs;
      continue;
    }
    // On the calendar, so that seven days over a change of clocks end at the same hour.
    ms = instantOfClock(shiftClock(clockOf(ms, zone), count, name), zone);
    day = shiftClock(day, count, name);
  }
  return { ms, dayMs: day };
}

function shiftClock(clockMs: number, count: number, unit: string): number {
  if (unit === 'd' || unit === 'w') return clockMs + count * dayMs * (unit === 'w' ? 7 : 1);
  const date = new Date(clockMs);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count * (months[unit as 'm'] ?? 1), 1);
  const behind = new Date(first);
  const lastDay = new Date(Date.UTC(behind.getUTCFullYear(), behind.getUTCMonth() + 1, 0)).getUTCDate();
  return first + (Math.min(date.getUTCDate(), lastDay) - 1) * dayMs + (clockMs % dayMs);
}
