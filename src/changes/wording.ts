import type { Schema } from '../catalog/index.ts';
import { isRecord } from '../core/json.ts';
import { cleanText } from '../core/text.ts';
import { membersOf } from './body/member-rules.ts';

/**
 * Members whose values are set-up of the system and not words of a customer: only these go unquoted into
 * sentences, and into change ids at all.
 */
const setUpMembers: ReadonlySet<string> = new Set([
  ...['board', 'status', 'type', 'subType', 'item', 'priority', 'severity', 'impact', 'source', 'team'],
  ...['owner', 'member', 'assignTo', 'location', 'department', 'workType', 'workRole', 'billableOption'],
]);

export const isSetUp = (member: string): boolean => setUpMembers.has(member);

/** Whether a value does nothing but name a record (CW 5.1.4). */
export function isReferenceValue(value: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(value).filter((name) => name !== '_info');
  return names.length > 0 && names.every((name) => ['id', 'identifier', 'name'].includes(name));
}

/** How a record is called: by name, identifier, or where it is a mere reference by its number. */
export function nameOf(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const names = [value.name, value.identifier, isReferenceValue(value) ? value.id : undefined];
  const name = names.find((part) => typeof part === 'string' || typeof part === 'number');
  return name === undefined ? undefined : String(name);
}

/** Foreign text as one short line between quotes that it cannot close. */
export function quote(text: string, maxLength = 60): string {
  return `'${oneLine(text, maxLength).replaceAll("'", '’')}'`;
}

export function oneLine(text: string, maxLength: number): string {
  const line = cleanText(text.replace(/[\s\u0085]+/g, ' ')).trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).toWellFormed()}…` : line;
}

/** A value of a member as ConnectWise has it, as a sentence says it; a dash for none. */
export function renderValue(member: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 1 ? '1 entry' : `${value.length} entries`;
  const text = typeof value === 'string' ? value : (nameOf(value) ?? JSON.stringify(value));
  if (/^\d+$/.test(text)) return text;
  return isSetUp(member) ? oneLine(text, 40) : quote(text);
}

/**
 * The same of a value that is to be sent. Unquoted are only names that ConnectWise has for the id beside them, and
 * values of its own lists: what the caller calls a record is quoted, as other words of theirs are.
 */
export function renderGiven(member: string, value: unknown, schema: Schema | undefined): string {
  if (typeof value === 'string' && value !== '') {
    const isOfList = schema !== undefined && findOwn(schema, member)?.enum?.includes(value);
    return isOfList || /^\d+$/.test(value) ? renderValue(member, value) : quote(value);
  }
  if (!isRecord(value)) return renderValue(member, value);
  if (!isReferenceValue(value)) return quote(JSON.stringify(value));
  return value.id === undefined ? quote(nameOf(value) ?? '') : renderValue(member, value);
}

const findOwn = (schema: Schema, name: string) => membersOf(schema).find((one) => one.name === name);

/** The name of a member; one that no definition has may be called anything, and is quoted. */
export function renderMember(member: string, schema: Schema | undefined): string {
  const [, name = '', place = ''] = /^([^[/]*)(.*)$/s.exec(member) ?? [];
  const isKnown = schema !== undefined && findOwn(schema, name) !== undefined;
  const isPlain = /^(\[[^[\]]*\])?(\/\w+)*$/.test(place);
  return isKnown && isPlain ? oneLine(member, 60) : quote(member);
}

/** What a record is called by the people who use it. */
export function titleOf(record: Readonly<Record<string, unknown>>): string | undefined {
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
