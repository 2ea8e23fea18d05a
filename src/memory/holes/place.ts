import { dateKindOf, isReference, type Member, type Schema } from '../../catalog/index.ts';
import type { Comparison } from '../../conditions/index.ts';
import type { Hole } from './parse-holes.ts';

/** What a hole takes, told by where it stands. */
export type HoleType =
  | { kind: 'text' | 'number' | 'boolean' | 'datetime' | 'date' }
  /** Nothing is known of the place: the value decides. */
  | { kind: 'any' }
  /** Member names of `fields` and `orderBy`. */
  | { kind: 'names' }
  | { kind: 'enum'; values: readonly string[] }
  /** A record that its name stands for; `schema` is a kind that lookups know, `member` what the place holds of it. */
  | { kind: 'reference'; schema: string; member: ReferenceMember };

export type ReferenceMember = 'id' | 'name' | 'identifier';

/** One occurrence of a hole. */
export interface Place {
  hole: Hole;
  type: HoleType;
  /** The whole value, or a part of a text. */
  whole: boolean;
  /** An element of `in (…)`, which may become several. */
  list?: true;
  /** In the body of a write, whose texts may be long. */
  inBody?: true;
  /** With what a date is compared, which says the end of a range that is meant. */
  operator?: Comparison;
}

/** Dates are ISO texts. */
export type Scalar = string | number | boolean;

/** Gives each place its value. */
export type Fill = (place: Place) => Scalar | readonly Scalar[];

/** The type of a member of a body. */
export function typeOfMember(member: Member | undefined, owner: Schema | undefined): HoleType {
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

/** Values that stand for any of a type, where a query is checked without being run. */
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
