import type { Member, Schema } from '../../catalog/index.ts';
import type { FindSchema } from '../../conditions/index.ts';
import type { Lookups } from '../../connectwise/lookups/lookups.ts';
import type { Named } from '../../connectwise/lookups/match-names.ts';
import type { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import { elementOf } from '../body/check-record.ts';
import { referenceSchema } from '../body/check-reference.ts';
import { findSpelling } from '../body/find-member.ts';
import { resolveReference } from './resolve-reference.ts';
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
export interface Walk extends NamedBody {
  context: NameContext;
  place: NamePlace;
  failures: Failure[];
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
  const walk: Walk = { context, place, body: { ...body }, names: new Map(), notes: [], failures: [] };
  const members = Object.keys(body).flatMap((given) => {
    const member = findSpelling(place.schema, given);
    return member === undefined ? [] : [{ given, member, phase: phaseOf(context, member) }];
  });
  for (let phase = 0; phase <= phases.length; phase++) {
    const current = members.filter((one) => one.phase === phase);
    await Promise.all(
      current.map(async ({ given, member }) => {
        walk.body[given] = await resolveValue(walk, member, body[given], member.name, 0);
      }),
    );
    // Without its company, a contact of that name would be looked for everywhere.
    if (walk.failures.length > 0) throw unresolvedNames(walk.failures);
  }
  return { body: walk.body, names: walk.names, notes: walk.notes };
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
