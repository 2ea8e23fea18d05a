import { findDateRange } from '../../core/date-words.ts';
import { GatewayError } from '../../core/errors.ts';
import { readIsoTime } from '../../core/iso-time.ts';
import { createZone } from '../../core/zone.ts';

/** Longer than any name in ConnectWise that people type. */
const maxLength = 100;

// Directions that override what is read stand with the control characters: a person approves what they see.
const hidden = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

function refuse(name: string, problem: string, hint: string): GatewayError {
  return new GatewayError('invalid_argument', `${name} ${problem}.`, { details: { field: name }, hint });
}

/** @throws GatewayError `invalid_argument` for what is no name that somebody could have typed */
export function readName(name: string, value: string): string {
  if (value.length > maxLength)
    throw refuse(name, `has ${value.length} characters; at most ${maxLength} are allowed`, 'Give a name, not a text.');
  if (hidden.test(value)) throw refuse(name, 'holds characters that cannot be seen', 'Type the name on one line.');
  return value;
}

// Which words there are does not depend on the time.
const rangeOf = (words: string) => findDateRange(words, 0, createZone('UTC'));

/** Words that mean some time, such as `last month`, as conditions take them. */
export function readPeriod(name: string, value: string): string {
  const words = readName(name, value);
  const range = rangeOf(words);
  if (range !== undefined && range.endMs > range.startMs) return words;
  throw refuse(
    name,
    `${JSON.stringify(words)} is no period`,
    'Periods: today, this week, last week, this month, last month, last quarter, this year, last 30 days.',
  );
}

/** A day as `2026-03-01`, or words whose first day is meant. */
export function readDay(name: string, value: string): string {
  const words = readName(name, value);
  if (/^\d{4}-\d\d-\d\d$/.test(words) && readIsoTime(words) !== undefined) return words;
  if (rangeOf(words) !== undefined) return words;
  throw refuse(
    name,
    `${JSON.stringify(words)} is no day`,
    'Give a day as 2026-03-01, or words: today, this month, last month, 30 days ago.',
  );
}

/** A whole number of days. */
export function readDays(name: string, value: string, most: number): number {
  const days = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  if (days >= 1 && days <= most) return days;
  throw refuse(
    name,
    `${JSON.stringify(value.slice(0, 20))} is no number of days from 1 to ${most}`,
    'Give a whole number, such as 60.',
  );
}
