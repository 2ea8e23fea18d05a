import type { Member, Schema } from '../../catalog/index.ts';
import type { FindSchema } from '../../conditions/index.ts';
import type { Lookups, Named } from '../../connectwise/index.ts';
import type { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import { elementOf } from '../body/check-record.ts';
import { referenceSchema } from '../body/check-reference.ts';
import { findSpelling } from '../body/find-member.ts';
import { type Operation, segmentsOf } from '../to-operations.ts';
import { resolveReference } from './resolve-reference.ts';
import { findPlace } from './settle-references.ts';
import { unresolvedNames } from './unresolved-names.ts';

export interface NameContext {
  lookups: Lookups;
  findSchema: FindSchema;
  /** Identifier of the user's own member, where it is known. */
  me(): Promise<string | undefined>;
}

export interface NamePlace {
  /** Path of the request. */
  path: string;
  schema: Schema;
  /** The record as it is, which says what board or company names belong to. */
  record?: Readonly<Record<string, unknown>> | undefined;
  signal?: AbortSignal | undefined;
}

export interface NamedBody {
  body: Record<string, unknown>;
  /** What the references mean, by path: `status`, `communicationItems/0/type`. */
  names: Map<string, Named>;
  /** What was taken for what. */
  notes: string[];
}

export interface Failure {
  path: string;
  error: GatewayError;
}

/** What one walk over a body collects. */
export interface Walk extends Omit<NamedBody, 'body'> {
  context: NameContext;
  place: NamePlace;
  /** What the members of the record are going to be, as far as it is known by now. */
  wanted: Record<string, unknown>;
  failures: Failure[];
}

/** A value with names in it. */
interface Entry {
  member: Member;
  path: string;
  value: unknown;
  keep(resolved: unknown): void;
}

/** What others belong to is resolved before them: companies and boards, then projects. */
const phases = [['companies', 'boards'], ['projects']] as const;
const maxDepth = 3;

/**
 * A copy of a body in which every name of a record is its id. Other values, and what cannot be looked up, stay as they
 * are: the check that follows has the last word.
 * @throws GatewayError `invalid_body` with the candidates for every name that means none or several; what reading met
 */
export async function resolveNames(
  context: NameContext,
  body: Readonly<Record<string, unknown>>,
  place: NamePlace,
): Promise<NamedBody> {
  const walk = startWalk(context, place);
  const resolved: Record<string, unknown> = { ...body };
  const entries = Object.entries(body).flatMap(([given, value]): Entry[] => {
    const member = findSpelling(place.schema, given);
    if (member === undefined) return [];
    const keep = (found: unknown) => {
      resolved[given] = found;
      walk.wanted[member.name] = found;
    };
    keep(value);
    return [{ member, path: member.name, value, keep }];
  });
  await resolveEntries(walk, entries);
  return { body: resolved, names: walk.names, notes: walk.notes };
}

/**
 * The same of the operations of a PATCH. A text in the place of a whole record stays, and is refused by the check; a
 * part that names the record becomes the whole, which ConnectWise takes for certain (CW 5.2.3).
 * @throws GatewayError as `resolveNames` does
 */
export async function resolveOperationNames(
  context: NameContext,
  operations: readonly Operation[],
  place: NamePlace,
): Promise<Omit<NamedBody, 'body'> & { body: Operation[] }> {
  const walk = startWalk(context, place);
  const resolved = [...operations];
  const entries = operations.flatMap((operation, index): Entry[] => {
    const { member, path, part } = findPlace(context, segmentsOf(operation), place.schema);
    const given = operation.op === 'remove' ? null : operation.value;
    const value = part === undefined ? given : { [part]: given };
    if (member === undefined || given === null) return [];
    const isWhole = path === member.name;
    if (isWhole) walk.wanted[path] = value;
    if (part === 'id' || (part === undefined && (typeof given !== 'object' || given === null))) return [];
    const keep = (found: unknown) => {
      if (found === value) return;
      if (isWhole) walk.wanted[path] = found;
      const slash = operation.path.startsWith('/') ? '/' : '';
      resolved[index] = { ...operation, value: found, ...(part === undefined ? {} : { path: slash + path }) };
      if (part !== undefined) walk.notes.push(`${path}/${part} is sent as the whole ${path}, by its id.`);
    };
    return [{ member, path, value, keep }];
  });
  await resolveEntries(walk, entries);
  return { body: resolved, names: walk.names, notes: walk.notes };
}

const startWalk = (context: NameContext, place: NamePlace): Walk => ({
  ...{ context, place, wanted: {} },
  ...{ names: new Map(), notes: [], failures: [] },
});

async function resolveEntries(walk: Walk, entries: readonly Entry[]): Promise<void> {
  for (let phase = 0; phase <= phases.length; phase++) {
    const current = entries.filter(({ member }) => phaseOf(walk.context, member) === phase);
    await Promise.all(
      current.map(async ({ member, path, value, keep }) => keep(await resolveValue(walk, member, value, path, 0))),
    );
    // Without its company, a contact of that name would be looked for everywhere.
    if (walk.failures.length > 0) throw unresolvedNames(walk.failures);
  }
}

function phaseOf({ lookups }: NameContext, { schema }: Member): number {
  const kind = schema === undefined ? undefined : lookups.findKind(schema)?.kind;
  const phase = phases.findIndex((kinds) => kinds.some((known) => known === kind));
  return phase === -1 ? phases.length : phase;
}

async function resolveValue(walk: Walk, member: Member, value: unknown, path: string, depth: number): Promise<unknown> {
  if (value === null || value === undefined || depth > maxDepth) return value;
  if (Array.isArray(value)) {
    if (member.type !== 'array') return value;
    const element = elementOf(member);
    return Promise.all(value.map((one, index) => resolveValue(walk, element, one, `${path}/${index}`, depth + 1)));
  }
  if (member.schema === undefined) return value;
  if (referenceSchema(walk.context, member.schema) !== undefined) return resolveReference(walk, member, value, path);
  const schema = walk.context.findSchema(member.schema);
  if (!isRecord(value) || schema === undefined) return value;
  const entries = Object.entries(value).map(async ([given, inner]): Promise<[string, unknown]> => {
    const found = findSpelling(schema, given);
    if (found === undefined) return [given, inner];
    return [given, await resolveValue(walk, found, inner, `${path}/${found.name}`, depth + 1)];
  });
  return Object.fromEntries(await Promise.all(entries));
}
