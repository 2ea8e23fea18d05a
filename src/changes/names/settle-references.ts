import type { Member, Schema } from '../../catalog/index.ts';
import type { FindSchema } from '../../conditions/index.ts';
import { isRecord } from '../../core/json.ts';
import { elementOf, referenceSchema } from '../body/check-record.ts';
import { findSpelling } from '../body/find-member.ts';
import { invalidBody } from '../body/findings.ts';
import type { Values } from '../change.ts';
import { isOperations, type Operation, segmentsOf, toOperations } from '../operations.ts';
import { isReferenceValue, oneLine } from '../wording.ts';

/** The names that a body has beside the id of a record, to compare with its names in ConnectWise. */
export interface Claim {
  /** `status`, `communicationItems/0/type`. */
  path: string;
  /** Of the reference; empty where the definition does not have the member. */
  schema: string;
  id: number;
  said: readonly string[];
}

/** A record that a body gives by its id. */
export type GivenReference = Omit<Claim, 'said'>;

export interface Settled<Body> {
  body: Body;
  claims: Claim[];
  /** All of them, those with a claim too. */
  references: GivenReference[];
}

/** What names a record in a reference, whatever the case of its members. */
export interface ReadReference {
  id?: unknown;
  identifier?: string;
  name?: string;
}

/** Undefined where a member is given twice in different cases, which the check of the body refuses. */
export function readReference(value: Values): ReadReference | undefined {
  const read: Record<string, unknown> = {};
  for (const [given, part] of Object.entries(value)) {
    const name = given.toLowerCase();
    if (name !== 'id' && name !== 'identifier' && name !== 'name') continue;
    if (Object.hasOwn(read, name)) return undefined;
    const isText = typeof part === 'string' && part.trim() !== '';
    if (name === 'id' ? part !== null && part !== undefined && part !== '' : isText) read[name] = part;
  }
  return read;
}

interface Walk {
  findSchema: FindSchema;
  claims: Claim[];
  references: GivenReference[];
}

interface Place {
  path: string;
  /** Undefined where the definition does not have it. */
  member: Member | undefined;
  /** The part of a reference that is given. */
  part?: 'id' | 'identifier' | 'name';
}

/**
 * A body as it is sent: a record that is given by its id is given by the id alone, because a reader or ConnectWise
 * could believe the names beside it. For every body, also unchecked ones and those of endpoints that are not in the
 * catalog.
 */
export function settleReferences<Body>(
  { findSchema }: { findSchema: FindSchema },
  body: Body,
  schema: Schema | undefined,
): Settled<Body> {
  const walk: Walk = { findSchema, claims: [], references: [] };
  const settled = settleMembers(walk, body, schema, '') as Body;
  return { body: settled, claims: walk.claims, references: walk.references };
}

/**
 * The same for the operations of a PATCH, where several can name one record.
 * @throws GatewayError `invalid_body` where they name two
 */
export function settleOperations(
  { findSchema }: { findSchema: FindSchema },
  operations: readonly Operation[],
  schema: Schema | undefined,
): Settled<Operation[]> {
  const walk: Walk = { findSchema, claims: [], references: [] };
  const byReference = new Map<string, { schema: string; ids: Set<string>; said: string[] }>();
  const settled = operations.map((operation) => {
    if (operation.op === 'remove') return { operation };
    const place = findPlace(walk, segmentsOf(operation), schema);
    const { member, part, path } = place;
    const value = part === undefined ? settleValue(walk, member, operation.value, path) : operation.value;
    const known = byReference.get(path) ?? { schema: member?.schema ?? '', ids: new Set(), said: [] };
    byReference.set(path, known);
    const id = part === undefined ? soleId(walk, member, value) : part === 'id' ? value : undefined;
    if (id !== undefined && id !== null) known.ids.add(String(id));
    if (part === 'identifier' || part === 'name') known.said.push(String(value));
    return { operation: { ...operation, value }, place };
  });
  const faults = [...byReference].flatMap(([path, { ids }]) =>
    ids.size < 2
      ? []
      : [{ path: oneLine(path, 60), problem: `is given as ${[...ids].map((id) => oneLine(id, 20)).join(' and as ')}` }],
  );
  if (faults.length > 0) throw invalidBody('The operations name two records for one member', faults);
  for (const [path, { schema: reference, ids, said }] of byReference) {
    const [id] = ids;
    if (id !== undefined) claim(walk, path, reference, id, said);
  }
  // A name beside the id is not sent.
  const isSaid = (place: Place | undefined) =>
    place?.part !== undefined && place.part !== 'id' && (byReference.get(place.path)?.ids.size ?? 0) > 0;
  const body = settled.filter(({ place }) => !isSaid(place)).map(({ operation }) => operation);
  return { body, claims: walk.claims, references: walk.references };
}

/** The same for the body of any request. */
export function settleBody(
  context: { findSchema: FindSchema },
  { method, body }: { method: string; body?: unknown },
  schema: Schema | undefined,
): Settled<unknown> {
  return method === 'PATCH' && isOperations(body)
    ? settleOperations(context, toOperations(body), schema)
    : settleReferences(context, body, schema);
}

/** The id of a reference that was settled. */
function soleId(walk: Walk, member: Member | undefined, value: unknown): unknown {
  if (!isRecord(value)) return undefined;
  return (member === undefined ? isReferenceValue(value) : isMereReference(walk, member)) ? value.id : undefined;
}

/** Where the path of an operation leads. */
export function findPlace(
  context: { findSchema: FindSchema },
  segments: readonly string[],
  schema: Schema | undefined,
): Place {
  let holder = schema;
  let member: Member | undefined;
  const names: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const part = segment.toLowerCase();
    const isPart = part === 'id' || part === 'identifier' || part === 'name';
    const isOfReference = index > 0 && (member === undefined || isMereReference(context, member));
    if (isLast && isPart && isOfReference) return { path: names.join('/'), member, part };
    const isElement = member?.type === 'array';
    if (member?.type === 'array') member = elementOf(member);
    else member = holder === undefined ? undefined : findSpelling(holder, segment);
    names.push(isElement ? segment : (member?.name ?? segment));
    holder = member?.type !== 'object' || member.schema === undefined ? undefined : context.findSchema(member.schema);
  }
  return { path: names.join('/'), member };
}

/**
 * Whether a member only names another record. Some schemas that are called references also hold amounts or logins, and
 * rows of an id and a name may be records themselves.
 */
export function isMereReference(context: { findSchema: FindSchema }, { type, schema }: Member): boolean {
  const reference = type === 'object' ? referenceSchema(context, schema) : undefined;
  if (reference?.name.endsWith('Reference') !== true) return false;
  const further = reference.members.filter(({ name }) => name !== 'id' && name !== '_info');
  const isNamed = further.some(({ name }) => name === 'name' || name === 'identifier');
  return isNamed || further.length === 0 || (further.length === 1 && further[0]?.type === 'string');
}

function settleMembers(walk: Walk, value: unknown, schema: Schema | undefined, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((one, index) => settleMembers(walk, one, schema, `${prefix}${index}/`));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([given, part]) => {
    const member = schema === undefined ? undefined : findSpelling(schema, given);
    return [given, settleValue(walk, member, part, prefix + (member?.name ?? given))] as const;
  });
  return Object.fromEntries(entries);
}

function settleValue(walk: Walk, member: Member | undefined, value: unknown, path: string): unknown {
  if (member === undefined)
    return isRecord(value) && isReferenceValue(value) ? settleReference(walk, '', value, path) : value;
  if (Array.isArray(value)) {
    if (member.type !== 'array') return value;
    const element = elementOf(member);
    return value.map((one, index) => settleValue(walk, element, one, `${path}/${index}`));
  }
  if (!isRecord(value)) return value;
  if (isMereReference(walk, member)) return settleReference(walk, member.schema ?? '', value, path);
  const schema = member.schema === undefined ? undefined : walk.findSchema(member.schema);
  return schema === undefined || schema.name.endsWith('Reference')
    ? value
    : settleMembers(walk, value, schema, `${path}/`);
}

function settleReference(walk: Walk, schema: string, value: Values, path: string): unknown {
  const read = readReference(value);
  if (read === undefined) return value;
  const { id, identifier, name } = read;
  // Two names that could not be looked up may mean two records, so only one is sent.
  if (id === undefined) return identifier === undefined || name === undefined ? value : { identifier };
  const said = [identifier, name].filter((text) => text !== undefined);
  claim(walk, path, schema, id, said);
  // Members that no reference has stay, for the check to refuse them.
  const others = Object.entries(value).filter(([given]) => !belongsToReference(walk, schema, given));
  return { id, ...Object.fromEntries(others) };
}

/** Whether a member is part of references when they are read, and so belongs to the record that is named. */
function belongsToReference({ findSchema }: Walk, schema: string, given: string): boolean {
  const known = ['id', 'identifier', 'name', '_info', ...(findSchema(schema)?.members.map(({ name }) => name) ?? [])];
  return known.some((name) => name.toLowerCase() === given.toLowerCase());
}

function claim({ claims, references }: Walk, path: string, schema: string, id: unknown, said: readonly string[]): void {
  if (!/^\d{1,15}$/.test(String(id))) return;
  references.push({ path, schema, id: Number(id) });
  if (said.length > 0) claims.push({ path, schema, id: Number(id), said });
}
