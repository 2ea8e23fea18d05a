import { isReference, type Member, type Schema } from '../../catalog/index.ts';
import { isRecord } from '../../core/json.ts';
import { oneLine } from '../wording.ts';
import { checkReference, referenceForms, referenceSchema } from './check-reference.ts';
import { checkScalar } from './check-scalar.ts';
import { findMember } from './find-member.ts';
import { type BodyContext, shown } from './findings.ts';
import { membersOf, whyNotWritten } from './member-rules.ts';

/** Definitions nest records two deep; what lies deeper is passed as it is. */
const maxDepth = 3;

export interface Level {
  /** In front of the names of this record: empty, or `communicationItems/0/`. */
  prefix: string;
  /** 0 for the record of the endpoint itself. */
  depth: number;
}

/** Checks the members of a record against its schema; the copy that comes back is what is sent. */
export function checkRecord(
  context: BodyContext,
  record: Readonly<Record<string, unknown>>,
  schema: Schema,
  { prefix, depth }: Level = { prefix: '', depth: 0 },
): Record<string, unknown> {
  const siblings = new Set(Object.keys(record));
  const entries = Object.entries(record).flatMap(([given, value]): [string, unknown][] => {
    const path = `${prefix}${oneLine(given, 60)}`;
    const found = findMember(context, given, { path, schema, siblings });
    if (found === undefined) return [];
    if (found.member === undefined) return [[found.name, value]];
    const at = prefix + found.name;
    if (depth === 0 && leavesOut(context, schema, found.name)) return [];
    if (depth === 0 && refuseClosed(context, schema, found.member, at)) return [];
    return [[found.name, checkMember(context, found.member, value, { schema, path: at, depth })]];
  });
  const checked = Object.fromEntries(entries);
  checkRequired(context, checked, schema, { prefix, depth });
  return checked;
}

/** What a record gets from ConnectWise goes when one is copied; to attach a record is to name it by its id (CW 5.5.9). */
function leavesOut({ purpose, findings }: BodyContext, schema: Schema, name: string): boolean {
  if (purpose !== 'create' || (name !== 'id' && name !== '_info') || isReference(schema)) return false;
  findings.repairs.push(`${name} is left out: ConnectWise gives new records their own (CW 5.1.2)`);
  return true;
}

/** Adds a fault for a member that this body cannot give. */
export function refuseClosed(context: BodyContext, schema: Schema, member: Member, path: string): boolean {
  const problem = whyNotWritten(schema.name, member, context.purpose);
  if (problem !== undefined) context.findings.faults.push({ path, problem });
  return problem !== undefined;
}

export interface MemberPlace {
  /** The schema that has the member. */
  schema: Schema;
  path: string;
  depth: number;
}

/** Checks the value of a member; what is sent comes back. Null empties any member, which `required` looks after. */
export function checkMember(context: BodyContext, member: Member, value: unknown, place: MemberPlace): unknown {
  if (value === null || value === undefined) return value;
  if (member.type !== 'array') return checkElement(context, member, value, place);
  if (Array.isArray(value)) {
    const element = elementOf(member);
    return value.map((one, index) => checkElement(context, element, one, { ...place, path: `${place.path}/${index}` }));
  }
  const allowed = `[${describeElement(context, member)}, …]`;
  context.findings.faults.push({ path: place.path, problem: `${shown(place.path, value)} is no array`, allowed });
  return value;
}

/** The elements of an array as a member of their own. */
export function elementOf(member: Member): Member {
  const { enum: values, format, itemType, schema, name } = member;
  return {
    name,
    type: schema === undefined ? (itemType ?? 'object') : 'object',
    ...(schema === undefined ? {} : { schema }),
    ...(format === undefined ? {} : { format }),
    ...(values === undefined ? {} : { enum: values }),
  };
}

function describeElement(context: BodyContext, { schema, itemType }: Member): string {
  if (schema === 'CustomFieldValue') return '{"id": 1, "value": …}';
  if (schema === undefined) return itemType === 'string' ? '"…"' : itemType === 'integer' ? '1' : '…';
  return referenceSchema(context, schema) === undefined ? '{…}' : '{"id": 1}';
}

/** One value that is no array. */
export function checkElement(context: BodyContext, member: Member, value: unknown, place: MemberPlace): unknown {
  const { path, depth, schema: owner } = place;
  if (member.type === 'array') return value;
  if (member.type !== 'object') return checkScalar(context, member, owner.name, value, path);
  const reference = referenceSchema(context, member.schema);
  if (reference !== undefined) return checkReference(context, value, reference, path);
  const schema = member.schema === undefined ? undefined : context.findSchema(member.schema);
  // Without a schema it is free: the value of a custom field is text, number or flag (CW 5.13).
  if (schema === undefined || schema.members.length === 0) return value;
  if (isRecord(value)) {
    return depth >= maxDepth ? value : checkRecord(context, value, schema, { prefix: `${path}/`, depth: depth + 1 });
  }
  const like = schema.members.some(({ name }) => name === 'name') ? referenceForms : `a ${schema.name}, such as {…}`;
  context.findings.faults.push({ path, problem: `${shown(path, value)} is no object`, allowed: like });
  return value;
}

/** A new record must be complete (CW 5.4); of the bodies of actions definitions demand too much (CW 5.5.9). */
function checkRequired(
  { purpose, findings }: BodyContext,
  record: Readonly<Record<string, unknown>>,
  schema: Schema,
  { prefix, depth }: Level,
): void {
  // A row with an id is there already, and an operation names what it changes.
  if (purpose === 'change' || (depth > 0 && !isEmpty(record.id))) return;
  for (const { name, required, requiredOnUpdate, readOnly } of membersOf(schema)) {
    const isNeeded = required || (purpose === 'replace' && requiredOnUpdate);
    if (!isNeeded || readOnly || name === 'id' || !isEmpty(record[name])) continue;
    const path = prefix + name;
    if (findings.faults.some((fault) => fault.path === path)) continue;
    if (purpose === 'act') findings.warnings.push(`${path} is listed as required, and not given.`);
    else findings.faults.push({ path, problem: 'is required' });
  }
}

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
