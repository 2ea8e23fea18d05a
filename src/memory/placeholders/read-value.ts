import { GatewayError } from '../../core/errors.ts';
import { readIsoTime } from '../../core/iso-time.ts';
import { clockOf, instantOfClock, toUtcSeconds, type Zone } from '../../core/zone.ts';
import { renderType } from './arguments.ts';
import { findDate } from './dates.ts';
import type { Place, PlaceholderType, Scalar } from './types.ts';

export interface Clock {
  nowMs: number;
  zone: Zone;
}

/** Longer is no value of a filter; a body may hold a text. */
const maxFilterLength = 2_000;
const maxBodyLength = 100_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * A value that a place of a saved query takes, in its type.
 * @throws GatewayError `invalid_argument` with what is allowed
 */
export function readValue(given: unknown, place: Place, clock: Clock): Scalar {
  const { placeholder, type } = place;
  const refuse = (problem: string) => wrongValue(placeholder.name, given, problem);
  if (typeof given === 'number' && !Number.isFinite(given)) throw refuse('is no number');
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean')
    throw refuse(`is not ${renderType({ type, list: place.list === true })}`);
  if (typeof given === 'string') checkText(given, place.inBody ? maxBodyLength : maxFilterLength, refuse);
  return readTyped(given, type, place, clock) ?? fail(refuse(`is not ${renderType({ type, list: false })}`));
}

function fail(error: GatewayError): never {
  throw error;
}

function checkText(text: string, maxLength: number, refuse: (problem: string) => GatewayError): void {
  if (text.length > maxLength) throw refuse(`has ${text.length} characters; at most ${maxLength} are allowed`);
  if (control.test(text)) throw refuse('holds a control character');
  if (!text.isWellFormed()) throw refuse('holds half of a surrogate pair');
}

function readTyped(given: Scalar, type: PlaceholderType, place: Place, clock: Clock): Scalar | undefined {
  const text = String(given).trim();
  switch (type.kind) {
    case 'number':
      return /^[+-]?\d{1,15}(\.\d{1,10})?$/.test(text) ? Number(text) : undefined;
    case 'boolean':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined;
    case 'enum':
      return type.values.find((value) => plain(value) === plain(text));
    case 'date':
    case 'datetime':
      return readDate(text, type.kind, place, clock);
    case 'names':
      return /^[\w/.,\s]{1,500}$/.test(text) ? text : undefined;
    case 'any':
      return given;
    default:
      // A date word that stands in a text is the day as people write it.
      return dayInText(place, clock) ?? String(given);
  }
}

const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** A date as ConnectWise takes it. Of a range the bound that the comparison means. */
function readDate(text: string, kind: 'date' | 'datetime', place: Place, clock: Clock): string | undefined {
  const range = findDate(text, clock.nowMs, clock.zone);
  if (range !== undefined) {
    const day = kind === 'date';
    const [startMs, endMs] = day ? [range.startDayMs, range.endDayMs] : [range.startMs, range.endMs];
    if (range.moment) return toUtcSeconds(startMs);
    // The end of a range is the first instant behind it, the last second of it where that is to be included.
    if (place.operator === '<=') return toUtcSeconds(endMs - 1000);
    const atEnd = place.operator === '<' && range.ahead;
    return toUtcSeconds(atEnd ? endMs : startMs);
  }
  const time = readIsoTime(text.replace(/^\[(.*)\]$/, '$1'));
  if (time === undefined) return undefined;
  if (kind === 'date') return toUtcSeconds(Math.floor(time.clockMs / 86_400_000) * 86_400_000);
  if (time.offsetMinutes !== undefined) return toUtcSeconds(time.clockMs - time.offsetMinutes * 60_000);
  return toUtcSeconds(instantOfClock(time.clockMs, clock.zone));
}

/** `{today}` in a summary is the user's day; `{now}` the day and the time. */
function dayInText({ placeholder }: Place, { nowMs, zone }: Clock): string | undefined {
  const range = findDate(placeholder.name, nowMs, zone);
  if (range === undefined) return undefined;
  const local = new Date(clockOf(range.startMs, zone)).toISOString();
  return range.moment && /^now/i.test(placeholder.name)
    ? `${local.slice(0, 10)} ${local.slice(11, 16)}`
    : local.slice(0, 10);
}

export function wrongValue(name: string, given: unknown, problem: string): GatewayError {
  const text = JSON.stringify(given) ?? String(given);
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return new GatewayError('invalid_argument', `The argument ${name} ${shown} ${problem}.`, {
    details: { field: `arguments/${name}` },
    hint: `Give another ${name}.`,
  });
}
