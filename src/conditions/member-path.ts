import { dateKindOf, isPostOnly, type Member, type Schema } from '../catalog/index.ts';

/** What a member may be compared with. `date` is a calendar day, which is never shifted between zones. */
export type OperandType = 'string' | 'number' | 'boolean' | 'datetime' | 'date' | 'enum' | 'any';

export type FindSchema = (name: string) => Schema | undefined;

/** What a path leads to. `at` is the index of the segment where that shows. */
export type Target =
  | { kind: 'value'; type: OperandType; values: readonly string[] }
  /** An object that refers to another record: a value needs one of its members, as in `status/name`. */
  | { kind: 'reference'; at: number; schema: Schema; name: string }
  | { kind: 'array'; at: number; member: Member; schema: Schema | undefined }
  | { kind: 'postOnly'; name: string }
  /** `summary/text`: the member before has no members. */
  | { kind: 'beyond'; at: number; name: string }
  | { kind: 'unknown'; at: number; scope: Schema };

export interface Scope {
  schema: Schema;
  findSchema: FindSchema;
}

/**
 * Every object has these in `_info`, and can be filtered by them at the top level as well (CW 2.2.13). The other
 * members of `_info` are not in the definition.
 */
const virtualDates = new Set(['lastupdated', 'dateentered']);

/** A value of unknown type. */
export const anyValue: Extract<Target, { kind: 'value' }> = { kind: 'value', type: 'any', values: [] };
const dateTime: Target = { kind: 'value', type: 'datetime', values: [] };

/** The member of this name, in any case (CW 2.2.4). */
export function findMember(schema: Schema, name: string): Member | undefined {
  const wanted = name.toLowerCase();
  return schema.members.find((member) => member.name.length === wanted.length && member.name.toLowerCase() === wanted);
}

/** Follows a path from the object of an endpoint through its references. */
export function resolvePath(segments: readonly string[], { schema, findSchema }: Scope): Target {
  let scope = schema;
  for (const [at, segment] of segments.entries()) {
    const name = segment.toLowerCase();
    const isLast = at === segments.length - 1;
    if (name === '_info') return virtualDates.has(segments[at + 1]?.toLowerCase() ?? '') ? dateTime : anyValue;
    const member = findMember(scope, name);
    if (member === undefined) {
      return isLast && at === 0 && virtualDates.has(name) ? dateTime : { kind: 'unknown', at, scope };
    }
    if (isPostOnly(member)) return { kind: 'postOnly', name: member.name };
    if (member.type === 'array') {
      return { kind: 'array', at, member, schema: member.schema === undefined ? undefined : findSchema(member.schema) };
    }
    if (member.type !== 'object') {
      return isLast ? valueTarget(member, scope) : { kind: 'beyond', at, name: member.name };
    }
    const inner = member.schema === undefined ? undefined : findSchema(member.schema);
    if (inner === undefined || inner.members.length === 0) return anyValue;
    if (isLast) return { kind: 'reference', at, schema: inner, name: member.name };
    scope = inner;
  }
  return anyValue;
}

/**
 * The path of a column of a stored table, which SQL names with `_` for `/`: `company_name`, `_info_dateEntered`. Undefined
 * for any other name.
 */
export function pathOfColumn(segments: readonly string[], scope: Scope): readonly string[] | undefined {
  const [name = ''] = segments;
  const path = name.replace(/(?<=.)_/g, '/').split('/');
  if (segments.length > 1 || path.length < 2 || path.includes('')) return undefined;
  const { kind } = resolvePath(path, scope);
  return kind === 'value' || kind === 'reference' || kind === 'array' ? path : undefined;
}

function valueTarget(member: Member, scope: Schema): Target {
  return { kind: 'value', type: typeOf(member, scope), values: member.enum ?? [] };
}

function typeOf(member: Member, scope: Schema): OperandType {
  if (member.enum !== undefined && member.enum.length > 0) return 'enum';
  if (member.type === 'boolean') return 'boolean';
  if (member.type === 'integer' || member.type === 'number') return 'number';
  const kind = dateKindOf(scope.name, member);
  if (kind !== undefined) return kind === 'date-only' ? 'date' : 'datetime';
  return 'string';
}
