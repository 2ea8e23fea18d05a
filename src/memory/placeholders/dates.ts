import { type DateRange, findDateRange, shiftClock } from '../../core/date-words.ts';
import { clockOf, dayMs, hourMs, instantOfClock, type Zone } from '../../core/zone.ts';

const lengthsMs: ReadonlyMap<string, number> = new Map([
  ['min', 60_000],
  ['h', hourMs],
]);
const units = new Map<string, Parameters<typeof shiftClock>[1]>([
  ['d', 'day'],
  ['w', 'week'],
  ['m', 'month'],
  ['q', 'quarter'],
  ['y', 'year'],
]);

/** A base, a side of it, and what is added: `last_month.start`, `now-24h`, `start_of_week+1d`. */
const pattern = /^(.+?)(?:\.(start|end))?((?:\s*[+-]\s*\d{1,4}\s*(?:min|h|d|w|m|q|y))*)$/i;

const utc: Zone = { name: 'UTC', offsetMs: () => 0, abbreviation: () => 'UTC' };

/** Whether a text is a date in words, whatever the day is. */
export function isDateWord(text: string): boolean {
  return findDate(text, 0, utc) !== undefined;
}

/**
 * What a date in words means at `nowMs`: a range for `last_month` or `last_7_days`, one instant for
 * `last_month.end`, `start_of_week` or `now-24h`. The end of a range is the first instant after it. Undefined for any
 * other text.
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
  for (const [, sign, digits, letter = ''] of added.toLowerCase().matchAll(/([+-])\s*(\d+)\s*([a-z]+)/g)) {
    const count = Number(digits) * (sign === '-' ? -1 : 1);
    const lengthMs = lengthsMs.get(letter);
    if (lengthMs !== undefined) {
      ms += count * lengthMs;
      day = Math.floor(clockOf(ms, zone) / dayMs) * dayMs;
      continue;
    }
    // By the calendar, so that seven days across a change of clocks end at the same hour.
    const unit = units.get(letter) ?? 'day';
    ms = instantOfClock(shiftClock(clockOf(ms, zone), unit, count), zone);
    day = shiftClock(day, unit, count);
  }
  return { ms, dayMs: day };
}
