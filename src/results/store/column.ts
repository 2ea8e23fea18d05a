import { dateKindOf, type Member, type Schema } from '../../catalog/index.ts';

/** What SQLite takes and keeps. */
export type SqlValue = string | number | bigint | null;

/** `instant` is a time in UTC, `day` a calendar day, `flag` true or false, `any` a member of no known type. */
export type ColumnKind = 'text' | 'integer' | 'real' | 'flag' | 'instant' | 'day' | 'any';

export interface Column {
  name: string;
  kind: ColumnKind;
  /** Place in the rows of its table. */
  index: number;
  /** Whether a row had a value for it: only these are written. */
  filled: boolean;
}

/**
 * Declared types decide how SQLite converts what is written. A column of no known type has none: every value stays
 * what it is, so that a text `007` among numbers is not taken for 7.
 */
export const declaredTypes: Readonly<Record<ColumnKind, string>> = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  flag: 'INTEGER',
  instant: 'TEXT',
  day: 'TEXT',
  any: '',
};

const kindsByType = { string: 'text', integer: 'integer', number: 'real', boolean: 'flag' } as const;

/** The kind of a scalar member; nothing for objects and arrays. */
export function kindOfMember(schema: Schema | undefined, member: Member): ColumnKind | undefined {
  if (member.type === 'object' || member.type === 'array') return undefined;
  const date = dateKindOf(schema?.name ?? '', member);
  if (date !== undefined) return date === 'date-only' ? 'day' : 'instant';
  return kindsByType[member.type];
}

/** A scalar of a record as its column keeps it; what does not fit the kind stays what it is. */
export function toStored(value: string | number | boolean, kind: ColumnKind): SqlValue {
  if (typeof value === 'string') {
    if (kind === 'instant') return toInstant(value);
    return kind === 'day' && dated.test(value) ? value.slice(0, 10) : value;
  }
  const texts = kind === 'text' || kind === 'instant' || kind === 'day';
  if (texts) return String(value);
  // SQLite gets a JavaScript number as a fraction, which a column without a type would keep: 5 would read as 5.0.
  const number = Number(value);
  return kind === 'any' && Number.isSafeInteger(number) ? BigInt(number) : number;
}

const dated = /^\d{4}-\d{2}-\d{2}T/;
const written = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Whole seconds in UTC, so that instants compare as texts. */
function toInstant(text: string): string {
  if (written.test(text)) return text;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return text;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? text : `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
