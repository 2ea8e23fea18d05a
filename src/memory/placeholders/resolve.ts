import type { Catalog } from '../../catalog/index.ts';
import type { Lookups } from '../../connectwise/index.ts';
import { wordsOf } from '../../core/english.ts';
import { type ErrorDetails, GatewayError } from '../../core/errors.ts';
import { instantOf, localTime, readIsoTime } from '../../core/iso-time.ts';
import { defined, readArray, withoutHash } from '../../core/json.ts';
import { simplified } from '../../core/text.ts';
import { clockOf, dayMs, instantOfClock, toUtcSeconds, type Zone } from '../../core/zone.ts';
import type { CallOfQuery } from '../saved-query.ts';
import { findDate } from './dates.ts';
import { type FilledCall, fillQuery, type Period, periodsOf, placesOf } from './fill.ts';
import { isReserved } from './parse.ts';
import {
  type Argument,
  argumentsAt,
  type Fill,
  nounOf,
  type Place,
  type PlaceholderType,
  renderType,
  type Scalar,
  sampleOf,
} from './types.ts';

export interface Resolution {
  nowMs: number;
  zone: Zone;
  lookups(): Promise<Lookups>;
  /** The user's member identifier. @throws GatewayError where it is not known who the user is */
  me(): Promise<string>;
  /** Gets each value that a placeholder was filled with, as a person reads it: `board=Service Desk (3)`; and each period. */
  used(value: string): void;
}

/** More candidates than that are not a choice. */
const mostCandidates = 10;
const maxListed = 200;

/**
 * The call that a saved query makes with these values, by the names of its placeholders.
 * @throws GatewayError `invalid_argument` naming what is missing, unknown or wrong, with candidates where there are
 * any, or a period that ends before it begins; and for placeholders and conditions that cannot be read
 */
export async function fillWith(
  query: CallOfQuery,
  catalog: Catalog,
  given: Readonly<Record<string, unknown>>,
  resolution: Resolution,
  signal?: AbortSignal,
): Promise<FilledCall> {
  const { places } = placesOf(query, catalog, sampleOf);
  const call = fillQuery(query, catalog, await resolvePlaceholders(places, given, resolution, signal));
  for (const period of periodsOf(query, call, catalog)) {
    if (isEmpty(period)) throw emptyPeriod(period, places, resolution);
    resolution.used(describePeriod(period, resolution));
  }
  return call;
}

/** Values for all places, found before anything is filled, because names are looked up. */
async function resolvePlaceholders(
  places: readonly Place[],
  given: Readonly<Record<string, unknown>>,
  resolution: Resolution,
  signal: AbortSignal | undefined,
): Promise<Fill> {
  const wanted = argumentsAt(places);
  const byName = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  checkNames(wanted, given);
  const missing = wanted.filter(({ name, required }) => required && isAbsent(byName.get(name.toLowerCase())));
  if (missing.length > 0) throw await missingArguments(missing, resolution, signal);
  const values = new Map<string, Scalar | readonly Scalar[]>();
  const whole = wholePeriods(places);
  for (const place of places) {
    const key = keyOf(place);
    if (values.has(key)) continue;
    const { name } = place.placeholder;
    const argument = wanted.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const own = byName.get(name.toLowerCase());
    const value = isReserved(name) ? name : isAbsent(own) ? argument?.fallback : own;
    const type = typeIn(place, argument);
    const isEnd = whole.has(name.toLowerCase()) || namesEnd(name);
    const typed = { ...place, type, ...(isEnd && { isEnd }) };
    const filled = await resolvePlace(typed, value, resolution, signal);
    values.set(key, filled);
    // A record says which it is where it is found, and a date with the other end of its period.
    if (type.kind !== 'reference' && !isBound(typed)) resolution.used(renderUsed(typed, filled, resolution.zone));
  }
  return (place) => values.get(keyOf(place)) ?? '';
}

/** Whether a place is one end of a period. */
function isBound({ type, operator = '=', inBody }: Place): boolean {
  const isDate = type.kind === 'date' || type.kind === 'datetime';
  return isDate && inBody !== true && /^[<>]=?$/.test(operator);
}

/** Words in the name of the last day or period that counts. `before` is not one of them. */
const endWords: ReadonlySet<string> = new Set(['to', 'until', 'till', 'thru', 'through', 'end', 'by']);

const namesEnd = (name: string) => !isReserved(name) && wordsOf(name).some((word) => endWords.has(word.toLowerCase()));

/** Placeholders that are both ends of a period: `{month}` in `d>={month} and d<{month}` is the whole month. */
function wholePeriods(places: readonly Place[]): ReadonlySet<string> {
  const named = (operators: readonly string[]) =>
    places.flatMap(({ placeholder, operator = '' }) =>
      operators.includes(operator) && !isReserved(placeholder.name) ? [placeholder.name.toLowerCase()] : [],
    );
  const begins = new Set(named(['>', '>=']));
  return new Set(named(['<', '<=']).filter((name) => begins.has(name)));
}

/**
 * A placeholder that is a record at one place and a text at another means the same record at both: in the text its
 * identifier or name.
 */
function typeIn({ type, inBody }: Place, argument: Argument | undefined): PlaceholderType {
  if (argument?.type.kind !== 'reference' || type.kind === 'reference' || inBody === true) return type;
  if (type.kind !== 'text' && type.kind !== 'any') return type;
  return argument.type.member === 'id' ? { ...argument.type, member: 'name' } : argument.type;
}

const isAbsent = (value: unknown) => value === undefined || value === null || value === '';

const keyOf = ({ placeholder, type, operator, list, whole }: Place) =>
  JSON.stringify([placeholder.name.toLowerCase(), type, operator, list, whole]);

/** A value on one line: dates as the user's clock shows them, with their comparison. */
function renderUsed(
  { placeholder, type, operator = '=' }: Place,
  filled: Scalar | readonly Scalar[],
  zone: Zone,
): string {
  const text = String(filled);
  const day = type.kind === 'date' ? text.slice(0, 10) : undefined;
  const shown = type.kind === 'datetime' ? localTime(text, zone) : (day ?? text);
  return `${placeholder.name}${operator}${shown.length > 60 ? `${shown.slice(0, 59).toWellFormed()}…` : shown}`;
}

function checkNames(wanted: readonly Argument[], given: Readonly<Record<string, unknown>>): void {
  const known = new Set(wanted.map(({ name }) => name.toLowerCase()));
  const unknown = Object.keys(given).filter((name) => !known.has(name.toLowerCase()));
  if (unknown.length === 0) return;
  const names = wanted.map(({ name }) => name);
  const takes = names.length === 0 ? 'It takes none' : `It takes ${names.join(', ')}`;
  const shown = unknown.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 40)));
  throw new GatewayError('invalid_argument', `The saved query has no argument ${shown.join(', ')}. ${takes}.`, {
    details: { field: 'arguments', candidates: names },
  });
}

async function missingArguments(
  missing: readonly Argument[],
  resolution: Resolution,
  signal: AbortSignal | undefined,
): Promise<GatewayError> {
  const names = missing.map((argument) => `${argument.name} (${renderType(argument)})`);
  const [first] = missing;
  const candidates = first === undefined ? [] : await namesOf(first.type, resolution, signal);
  return new GatewayError('invalid_argument', `The saved query needs ${names.join(' and ')}.`, {
    details: defined<ErrorDetails>({
      field: `arguments/${first?.name ?? ''}`,
      candidates: candidates.length > 0 ? candidates : undefined,
    }),
    hint: { step: 'give_arguments', names: missing.map(({ name }) => name) },
  });
}

/** Names of set-up records to choose from. None where they cannot be read: the error is about the missing argument. */
async function namesOf(
  type: PlaceholderType,
  resolution: Resolution,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (type.kind === 'enum') return type.values.slice(0, mostCandidates);
  if (type.kind !== 'reference') return [];
  try {
    const lookups = await resolution.lookups();
    if (lookups.findKind(type.schema)?.needsParent !== false) return [];
    const named = await lookups.listNames(type.schema, {}, signal);
    return named.slice(0, mostCandidates).map(({ name, identifier }) => identifier ?? name);
  } catch (error) {
    if (error instanceof GatewayError && error.code !== 'cancelled') return [];
    throw error;
  }
}

async function resolvePlace(
  place: Place,
  value: unknown,
  resolution: Resolution,
  signal: AbortSignal | undefined,
): Promise<Scalar | readonly Scalar[]> {
  const array = place.list && typeof value === 'string' ? readArray(value) : undefined;
  if (array) return resolvePlace(place, array, resolution, signal);
  if (!Array.isArray(value)) return resolveOne(place, value, resolution, signal);
  if (place.list !== true || value.length === 0 || value.length > maxListed) {
    const problem = place.list ? `is a list of ${value.length}` : 'is a list; one value is allowed';
    throw wrongValue(place.placeholder.name, value, problem);
  }
  return Promise.all(value.map((item) => resolveOne(place, item, resolution, signal)));
}

async function resolveOne(
  place: Place,
  value: unknown,
  resolution: Resolution,
  signal: AbortSignal | undefined,
): Promise<Scalar> {
  const { type } = place;
  const isMe = typeof value === 'string' && value.toLowerCase() === 'me' && takesMe(place);
  const given = isMe ? await resolution.me() : value;
  const read = readValue(given, place, resolution);
  if (type.kind !== 'reference') return read;
  // The member identifier of the user was checked when it was set.
  const { value: held, shown = held } =
    isMe && type.member === 'identifier'
      ? { value: read }
      : await resolveReference(place, type, read, resolution, signal);
  resolution.used(`${place.placeholder.name}=${shown}`);
  return held;
}

const takesMe = ({ type, placeholder }: Place) =>
  placeholder.name.toLowerCase() === 'me' || (type.kind === 'reference' && type.schema === 'MemberReference');

interface HeldRecord {
  /** What the place holds of it. */
  value: Scalar;
  /** The record as a person knows it, where it was looked up. */
  shown?: string;
}

/** The id, name or identifier of the record that a text means. */
async function resolveReference(
  { placeholder }: Place,
  { schema, member }: Extract<PlaceholderType, { kind: 'reference' }>,
  value: Scalar,
  resolution: Resolution,
  signal: AbortSignal | undefined,
): Promise<HeldRecord> {
  const { name } = placeholder;
  const text = member === 'id' ? withoutHash(String(value)) : String(value).trim();
  const digits = /^\d{1,15}$/.test(text);
  const lookups = await resolution.lookups();
  const kind = lookups.findKind(schema);
  if (kind === undefined || kind.needsParent) {
    // A status needs its board to become an id; as a name it is compared on every board.
    if (member !== 'id') return { value: text };
    if (digits) return { value: Number(text) };
    throw wrongValue(name, value, `is not the id of a ${nounOf(schema)}`);
  }
  if (digits && member === 'id') return { value: Number(text) };
  try {
    const found = await lookups.resolve(schema, text, {}, signal);
    const { id, identifier = found.name } = found;
    const shown = `${JSON.stringify(found.name)} (${id})`;
    return { value: member === 'id' ? id : member === 'identifier' ? identifier : found.name, shown };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    // A login that may not read the names may still filter by them.
    if (error.code === 'permission_denied' && member !== 'id') return { value: text };
    if (error.code !== 'invalid_body') throw error;
    throw new GatewayError('invalid_argument', `The argument ${name}: ${error.message}`, {
      hint: error.next,
      details: { ...error.details, field: `arguments/${name}` },
      cause: error,
    });
  }
}

// One value, read as the type of its place.

type Clock = Pick<Resolution, 'nowMs' | 'zone'>;

/** A filter needs no longer value; a body may hold a text. */
const maxFilterLength = 2_000;
const maxBodyLength = 100_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** @throws GatewayError `invalid_argument` with what is allowed */
function readValue(given: unknown, place: Place, clock: Clock): Scalar {
  const { placeholder, type } = place;
  const refuse = (problem: string) => wrongValue(placeholder.name, given, problem);
  if (typeof given === 'number' && !Number.isFinite(given)) throw refuse('is not a number');
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean')
    throw refuse(`is not ${renderType({ type, list: place.list === true })}`);
  if (typeof given === 'string') checkText(given, place.inBody ? maxBodyLength : maxFilterLength, refuse);
  const read = readTyped(given, type, place, clock);
  if (read === undefined) throw refuse(`is not ${renderType({ type, list: false })}`);
  return read;
}

function checkText(text: string, maxLength: number, refuse: (problem: string) => GatewayError): void {
  if (text.length > maxLength) throw refuse(`has ${text.length} characters; at most ${maxLength} are allowed`);
  if (control.test(text)) throw refuse('contains a control character');
  if (!text.isWellFormed()) throw refuse('contains half of a surrogate pair');
}

function readTyped(given: Scalar, type: PlaceholderType, place: Place, clock: Clock): Scalar | undefined {
  const text = String(given).trim();
  switch (type.kind) {
    case 'number':
      return /^(?:#|[+-])?\d{1,15}(\.\d{1,10})?$/.test(text) ? Number(withoutHash(text)) : undefined;
    case 'boolean':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined;
    case 'enum':
      return type.values.find((value) => simplified(value) === simplified(text));
    case 'date':
    case 'datetime':
      return readDate(text, type.kind, place, clock);
    case 'names':
      return /^[\w/.,\s]{1,500}$/.test(text) ? text : undefined;
    case 'any':
      return given;
    default:
      return dayInText(place, clock) ?? String(given);
  }
}

/**
 * A date as ConnectWise takes it; the comparison decides between the start and the end of a period. With `=` a period
 * stays as it is written: the check of the conditions makes both bounds of it.
 */
function readDate(text: string, kind: 'date' | 'datetime', place: Place, clock: Clock): string | undefined {
  const { operator, isEnd = false } = place;
  const isEqual = operator === '=' || operator === '!=';
  const range = findDate(text, clock.nowMs, clock.zone);
  if (range !== undefined) {
    const [startMs, endMs] = kind === 'date' ? [range.startDayMs, range.endDayMs] : [range.startMs, range.endMs];
    if (range.moment) return toUtcSeconds(startMs);
    if (isEqual) return text;
    // The end of a period is the first instant after it; with `<=` its last second.
    if (operator === '<=') return toUtcSeconds(endMs - 1000);
    return toUtcSeconds(operator === '<' && (range.ahead || isEnd) ? endMs : startMs);
  }
  const iso = text.replace(/^\[(.*)\]$/, '$1');
  const time = readIsoTime(iso);
  if (time === undefined) return undefined;
  const { clockMs, hasTime, offsetMinutes } = time;
  // A bare day as an end counts to its end.
  const nextDayMs = !hasTime && operator === '<' && isEnd ? dayMs : 0;
  if (kind === 'date') return toUtcSeconds(Math.floor(clockMs / dayMs) * dayMs + nextDayMs);
  if (offsetMinutes !== undefined) return toUtcSeconds(clockMs - offsetMinutes * 60_000);
  if (!hasTime && isEqual) return iso;
  if (!hasTime && operator === '<=') return toUtcSeconds(instantOfClock(clockMs + dayMs, clock.zone) - 1000);
  return toUtcSeconds(instantOfClock(clockMs + nextDayMs, clock.zone));
}

// Periods: what a query compares one date with, shown each time, because words and days mean more than one instant.

function isEmpty({ from, to }: Period): boolean {
  if (from === undefined || to === undefined) return false;
  const [start, end] = [instantOf(from.text), instantOf(to.text)];
  if (start === undefined || end === undefined) return false;
  return from.operator === '>=' && to.operator === '<=' ? start > end : start >= end;
}

/** `timeStart from 2026-10-01 00:00 EDT, before 2026-11-01 00:00 EDT`; of calendar days their first and last. */
function describePeriod({ path, kind, from, to }: Period, { zone }: Clock): string {
  const show = (text: string) =>
    kind === 'date' && /T00:00:00Z$/.test(text) ? text.slice(0, 10) : localTime(text, zone);
  const start = from && `${from.operator === '>' ? 'after' : 'from'} ${show(from.text)}`;
  const end = to && `${to.operator === '<' ? 'before' : 'up to'} ${show(to.text)}`;
  return `${path} ${[start, end].filter((part) => part !== undefined).join(', ')}`;
}

function emptyPeriod(period: Period, places: readonly Place[], clock: Clock): GatewayError {
  const named = (operators: readonly string[]) =>
    places.find(({ type, operator = '', placeholder: { name } }) => {
      return (type.kind === 'date' || type.kind === 'datetime') && operators.includes(operator) && !isReserved(name);
    })?.placeholder.name;
  const [from, to] = [named(['>', '>=']), named(['<', '<='])];
  const message = `The period ends before it begins, so no record can be in it: ${describePeriod(period, clock)}.`;
  return new GatewayError('invalid_argument', message, {
    details: { field: `arguments/${to ?? from ?? ''}` },
    hint: `Give ${[from, to].filter((name) => name !== undefined).join(' and ') || 'dates'} so that the first is earlier than the last.`,
  });
}

/** `{today}` in a summary is the day in the user's zone, `{now}` the day and the time. */
function dayInText({ placeholder }: Place, { nowMs, zone }: Clock): string | undefined {
  const range = findDate(placeholder.name, nowMs, zone);
  if (range === undefined) return undefined;
  const local = new Date(clockOf(range.startMs, zone)).toISOString();
  const withTime = range.moment && /^now/i.test(placeholder.name);
  return withTime ? `${local.slice(0, 10)} ${local.slice(11, 16)}` : local.slice(0, 10);
}

function wrongValue(name: string, given: unknown, problem: string): GatewayError {
  const text = JSON.stringify(given) ?? String(given);
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return new GatewayError('invalid_argument', `The argument ${name} ${shown} ${problem}.`, {
    details: { field: `arguments/${name}` },
    hint: `Give another ${name}.`,
  });
}
