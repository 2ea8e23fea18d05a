import { dateKindOf, isReference, type Member, type Schema } from '../../catalog/index.ts';
import type { Comparison } from '../../conditions/index.ts';
import { wordsOf } from '../../core/english.ts';
import { defined } from '../../core/json.ts';
import { isReserved, type Placeholder } from './parse.ts';

/** What a placeholder takes, which follows from its place. */
export type PlaceholderType =
  | { kind: 'text' | 'number' | 'boolean' | 'datetime' | 'date' }
  /** Nothing is known of the place: the value decides. */
  | { kind: 'any' }
  /** Member names of `fields` and `orderBy`. */
  | { kind: 'names' }
  | { kind: 'enum'; values: readonly string[] }
  /** A record, given by name or id; `schema` is a kind that lookups know, `member` what the place holds of it. */
  | { kind: 'reference'; schema: string; member: ReferenceMember };

export type ReferenceMember = 'id' | 'name' | 'identifier';

/** One occurrence of a placeholder. */
export interface Place {
  placeholder: Placeholder;
  type: PlaceholderType;
  /** Whether the placeholder is the whole value, or a part of a text. */
  whole: boolean;
  /** An element of `in (…)`, which may become several. */
  list?: true;
  /** In the body of a write, whose texts may be long. */
  inBody?: true;
  /** The comparison with a date, which decides between the start and the end of a range. */
  operator?: Comparison;
  /** The end of a period that counts as a whole: `to=2026-10-31` includes the 31st. */
  isEnd?: true;
}

/** Dates are ISO texts. */
export type Scalar = string | number | boolean;

/** Gives each place its value. */
export type Fill = (place: Place) => Scalar | readonly Scalar[];

/** The type of a member of a body. */
export function typeOfMember(member: Member | undefined, owner: Schema | undefined): PlaceholderType {
  if (member === undefined || owner === undefined) return { kind: 'any' };
  const own = asReferenceMember(member.name);
  if (own !== undefined && isReference(owner)) return { kind: 'reference', schema: owner.name, member: own };
  if (member.enum !== undefined && member.enum.length > 0) return { kind: 'enum', values: member.enum };
  if (member.type === 'boolean') return { kind: 'boolean' };
  if (member.type === 'integer' || member.type === 'number') return { kind: 'number' };
  const date = dateKindOf(owner.name, member);
  if (date !== undefined) return { kind: date === 'date-only' ? 'date' : 'datetime' };
  return { kind: member.type === 'string' ? 'text' : 'any' };
}

export function asReferenceMember(name: string): ReferenceMember | undefined {
  const lower = name.toLowerCase();
  return lower === 'id' || lower === 'name' || lower === 'identifier' ? lower : undefined;
}

/** A value of the right type for a place, where a query is checked without being run. */
export function sampleOf({ type }: Place): Scalar {
  switch (type.kind) {
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'datetime':
    case 'date':
      return '2025-01-01T00:00:00Z';
    case 'enum':
      return type.values[0] ?? 'x';
    case 'names':
      return 'id';
    case 'reference':
      return type.member === 'id' ? 1 : 'x';
    default:
      return 'x';
  }
}

// What a query takes, as its user sees it.

/** An argument that a saved query takes: the placeholders of one name. */
export interface Argument {
  name: string;
  required: boolean;
  fallback?: string;
  /** The most specific type among its places. */
  type: PlaceholderType;
  list: boolean;
}

const mostSpecificFirst: readonly PlaceholderType['kind'][] = [
  'reference',
  'enum',
  'date',
  'datetime',
  'boolean',
  'number',
  'names',
  'text',
  'any',
];

/** The arguments that these places make up, in the order of the query. */
export function argumentsAt(places: readonly Place[]): Argument[] {
  const found = new Map<string, Argument>();
  for (const { placeholder, type, list = false } of places) {
    if (isReserved(placeholder.name)) continue;
    const key = placeholder.name.toLowerCase();
    const before = found.get(key);
    const keepsType =
      before !== undefined && mostSpecificFirst.indexOf(before.type.kind) <= mostSpecificFirst.indexOf(type.kind);
    // A default written once counts for each place of the name: `owner={member=me} or resources contains {member}`.
    const fallback = before?.fallback ?? placeholder.fallback;
    const argument = defined<Argument>({
      name: before?.name ?? placeholder.name,
      required: fallback === undefined,
      fallback,
      type: keepsType ? before.type : type,
      list: list || before?.list === true,
    });
    found.set(key, argument);
  }
  return [...found.values()];
}

/** `company`, `since=last_month`: as short as a list of queries needs it. */
export function renderArgument({ name, fallback }: Argument): string {
  return fallback === undefined ? name : `${name}=${fallback}`;
}

/** What an argument takes, in words: `the name or id of a company`. */
export function renderType({ type, list }: Pick<Argument, 'type' | 'list'>): string {
  const words = typeWords(type);
  return list ? `${words}; or a list of them` : words;
}

function typeWords(type: PlaceholderType): string {
  switch (type.kind) {
    case 'reference':
      return `the name or id of a ${nounOf(type.schema)}`;
    case 'enum':
      return `one of ${type.values.slice(0, 12).join(', ')}${type.values.length > 12 ? ', …' : ''}`;
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'date':
    case 'datetime':
      return 'a date such as 2025-01-31, last_month or now-24h';
    case 'names':
      return 'member names, separated by commas';
    default:
      return 'a text';
  }
}

/** `ServiceStatusReference` is a service status. */
export function nounOf(schema: string): string {
  return wordsOf(schema.replace(/Reference$/, ''))
    .join(' ')
    .toLowerCase();
}
