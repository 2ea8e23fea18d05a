import { dateKindOf, isDayByValue, type Schema } from '../catalog/index.ts';
import { plural, wordsOf } from '../core/english.ts';
import { instantOf } from '../core/iso-time.ts';
import { isRecord } from '../core/json.ts';
import { cleanText, findHidden, showHidden } from '../core/text.ts';
import { clockOf, dayMs, type Zone } from '../core/zone.ts';
import { membersOf } from './body/member-rules.ts';
import type { NamedRecord, Values } from './change.ts';

/**
 * Members whose values are set-up of the system and not a customer's words: only these are unquoted in sentences, and
 * only these are part of change ids.
 */
const setUpMembers: ReadonlySet<string> = new Set(
  (
    'board status type subType item priority severity impact source team ' +
    'owner member assignTo location department workType workRole billableOption'
  ).split(' '),
);

export const isSetUp = (member: string): boolean => setUpMembers.has(member);

/** Whether a value only names a record (CW 5.1.4). */
export function isReferenceValue(value: Values): boolean {
  const names = Object.keys(value).filter((name) => name !== '_info');
  return names.length > 0 && names.every((name) => ['id', 'identifier', 'name'].includes(name));
}

/** The name of a record, or its identifier; of a reference without either, its id. */
export function nameOf(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const names = [value.name, value.identifier, isReferenceValue(value) ? value.id : undefined];
  const name = names.find((part) => typeof part === 'string' || typeof part === 'number');
  return name === undefined ? undefined : String(name);
}

/** Untrusted text as one short line, in quotes that it cannot close. */
export function quote(text: string, maxLength = 60): string {
  return `'${oneLine(text, maxLength).replaceAll("'", '’')}'`;
}

/** The same for text that is to be sent, of which everything must be seen. */
export const quoteGiven = (text: string, maxLength?: number): string => quote(showHidden(text), maxLength);

export function oneLine(text: string, maxLength: number): string {
  const line = cleanText(text.replace(/[\s\u0085]+/g, ' ')).trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).toWellFormed()}…` : line;
}

/** A value that is to be sent, with what cannot be seen in it written out: `\u{200B}`. */
export function showHiddenIn(value: unknown): unknown {
  if (typeof value === 'string') return showHidden(value);
  if (Array.isArray(value)) return value.map(showHiddenIn);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [showHidden(name), showHiddenIn(part)]));
}

/** How many characters of a value cannot be seen, and which; undefined where there are none. */
export function describeHidden(value: unknown): string | undefined {
  const counts = new Map<string, number>();
  const collect = (part: unknown): void => {
    if (typeof part === 'string')
      for (const written of findHidden(part)) counts.set(written, (counts.get(written) ?? 0) + 1);
    else if (Array.isArray(part)) part.forEach(collect);
    else if (isRecord(part)) for (const entry of Object.entries(part)) collect(entry);
  };
  collect(value);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const kinds = [...counts]
    .slice(0, 6)
    .map(([written, count]) => (count === 1 ? written : `${written} ${count} times`));
  const more = counts.size > 6 ? ` and ${counts.size - 6} other kinds` : '';
  const what = total === 1 ? '1 character that cannot be seen is' : `${total} characters that cannot be seen are`;
  return `${what} sent: ${kinds.join(', ')}${more}.`;
}

/** A stored value of a member, for a sentence; a dash for none. */
export function renderValue(member: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 1 ? '1 entry' : `${value.length} entries`;
  const text = typeof value === 'string' ? value : (nameOf(value) ?? JSON.stringify(value));
  if (/^\d+$/.test(text)) return text;
  return isSetUp(member) ? oneLine(text, 40) : quote(text);
}

/**
 * The same for a text or reference that is to be sent. Only names that ConnectWise has for the id beside them and values
 * of its own lists are unquoted; names that the caller gives are quoted, as all their words are.
 */
export function renderGiven(member: string, value: unknown, schema: Schema | undefined): string {
  if (typeof value === 'string' && value !== '') {
    const isOfList = schema !== undefined && findOwn(schema, member)?.enum?.includes(value);
    return isOfList || /^\d+$/.test(value) ? renderValue(member, value) : quoteGiven(value);
  }
  if (!isRecord(value) || value.id !== undefined) return renderValue(member, value);
  return quoteGiven(nameOf(value) ?? '');
}

const findOwn = (schema: Schema, name: string) => membersOf(schema).find((one) => one.name === name);

/**
 * The name of a member, as people say it: `internal analysis` of `internalAnalysisFlag`. A name that the definition does
 * not have could be any text, and is quoted as it is.
 */
export function renderMember(member: string, schema: Schema | undefined): string {
  const [, name = '', place = ''] = /^([^[/]*)(.*)$/s.exec(member) ?? [];
  const isKnown = schema !== undefined && findOwn(schema, name) !== undefined;
  const isPlain = /^(\[[^[\]]*\])?(\/\w+)*$/.test(place);
  if (!isKnown || !isPlain) return quoteGiven(member);
  const words = [...wordsOf(name)];
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  if (/^(flag|ids?|utc)$/i.test(last)) words.pop();
  const said = words.length === 0 ? name : last === 'ids' ? plural(words.join(' ')) : words.join(' ');
  return oneLine(`${said} ${place.replace(/[[\]/]+/g, ' ')}`, 60);
}

/** A moment, or a calendar day as midnight of UTC. */
export interface FoundTime {
  kind: 'time' | 'day';
  atMs: number;
}

/** What a member holds that the definition says is a date; undefined for any other member or value. */
export function findTime(member: string, value: unknown, schema: Schema | undefined): FoundTime | undefined {
  const own = schema === undefined ? undefined : findOwn(schema, member);
  if (typeof value !== 'string' || own === undefined || schema === undefined) return undefined;
  const kind = dateKindOf(schema.name, own);
  const atMs = kind === undefined ? undefined : instantOf(value);
  if (atMs === undefined) return undefined;
  const isDay =
    !value.includes('T') || (atMs % dayMs === 0 && (kind === 'date-only' || isDayByValue(schema.name, own)));
  return { kind: isDay ? 'day' : 'time', atMs };
}

interface Clock {
  zone: Zone;
  nowMs: number;
}

/** `Wed 11 Mar 10:00 EDT`, `Wed 11 Mar`; with the year where it is not this one. */
export function sayTime({ kind, atMs }: FoundTime, { zone, nowMs }: Clock): string {
  if (kind === 'day') return sayDay(atMs, clockOf(nowMs, zone));
  const clockMs = clockOf(atMs, zone);
  return `${sayDay(clockMs, clockOf(nowMs, zone))} ${sayClock(clockMs)} ${zone.abbreviation(atMs)}`;
}

/** `Wed 11 Mar 10:00–12:00 EDT`: from one moment to another. */
export function sayTimes(fromMs: number, toMs: number, clock: Clock): string {
  const { zone } = clock;
  const [from, to] = [clockOf(fromMs, zone), clockOf(toMs, zone)];
  const isOneDay = Math.floor(from / dayMs) === Math.floor(to / dayMs);
  const [first, last] = [zone.abbreviation(fromMs), zone.abbreviation(toMs)];
  if (!isOneDay || first !== last)
    return `${sayTime({ kind: 'time', atMs: fromMs }, clock)} – ${sayTime({ kind: 'time', atMs: toMs }, clock)}`;
  return `${sayDay(from, clockOf(clock.nowMs, zone))} ${sayClock(from)}–${sayClock(to)} ${first}`;
}

const weekdays = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function sayDay(clockMs: number, todayMs: number): string {
  const date = new Date(clockMs);
  const year = date.getUTCFullYear();
  const day = `${weekdays[date.getUTCDay()]} ${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
  return year === new Date(todayMs).getUTCFullYear() ? day : `${day} ${year}`;
}

const sayClock = (clockMs: number): string => new Date(clockMs).toISOString().slice(11, 16);

/** The title by which people know a record. */
export function titleOf(record: Values): string | undefined {
  const person = [record.firstName, record.lastName].filter((part) => typeof part === 'string').join(' ');
  const candidates = [
    record.summary,
    record.name,
    person,
    record.identifier,
    record.description,
    record.title,
    record.text,
  ];
  return candidates.find((text) => typeof text === 'string' && text.trim() !== '') as string | undefined;
}

/** `service ticket 4711 'Server down' of 'Acme', New`; with the reason where it was not read. */
export function describeNamed({ noun, id, title, company, status, unread }: NamedRecord): string {
  const name = title === undefined ? '' : ` ${quote(title)}`;
  const owner = company === undefined ? '' : ` of ${quote(company.name, 40)}`;
  const state = status === undefined ? '' : `, ${oneLine(status, 40)}`;
  return `${noun} ${id}${name}${owner}${state}${unread === undefined ? '' : `, which ${unread}`}`;
}
