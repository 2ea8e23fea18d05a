import type { Catalog, Endpoint, Schema } from '../catalog/index.ts';
import type { FindSchema } from '../conditions/index.ts';
import type { Lookups, Named, Uploads } from '../connectwise/index.ts';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import type { Zone } from '../core/zone.ts';
import { type BodyContext, createFindings } from './body/findings.ts';
import type { Purpose } from './body/member-rules.ts';
import type {
  ManyRecords,
  MemberDifference,
  NamedRecord,
  Statement,
  Values,
  WriteForm,
  WriteRequest,
} from './change.ts';
import type { Effects, EffectsContext } from './effects/effect.ts';
import type { Target } from './target.ts';

/** A write that was checked: what would be sent, and what is known about its results. */
export interface Plan {
  request: WriteRequest;
  target: Target;
  /** The record as it is, for PATCH and DELETE. */
  record?: Values;
  differences?: readonly MemberDifference[];
  /** The definition of the body's members, whether the body was checked or not. */
  schema?: Schema;
  /** What the references of the body mean, by member. */
  names?: ReadonlyMap<string, Named>;
  /** The existing records that the write names by their number, those of the path first. */
  named?: readonly NamedRecord[];
  /** What a person must not overlook, such as records of two clients. */
  alerts?: readonly string[];
  warnings: readonly string[];
  effects: Effects;
  /** Sent as a form in place of JSON. */
  form?: WriteForm;
  /** What happens, where the members alone do not say it. */
  statement?: Omit<Statement, 'ends'>;
  /** Of a plan for many records. */
  many?: ManyRecords;
}

export interface PlanContext extends EffectsContext {
  uploads: Uploads;
  catalog: Catalog;
  findSchema: FindSchema;
  lookups: Lookups;
  /** Identifier of the user's own member, where it is known. */
  me(): Promise<string | undefined>;
  /** The user's zone, which dates without a zone are in. */
  zone(): Promise<Zone>;
}

/** What every plan begins with. */
export interface PlanStart {
  request: WriteRequest;
  target: Target;
  endpoint: Endpoint | undefined;
  warnings: readonly string[];
}

/** What checking a body needs. */
export async function bodyContext({ findSchema, zone, now }: PlanContext, purpose: Purpose): Promise<BodyContext> {
  return { purpose, findSchema, zone: await zone(), nowMs: now().getTime(), findings: createFindings() };
}

/** Repairs first: they change what was asked for. */
export function renderFindings({ findings: { repairs, warnings } }: BodyContext): string[] {
  return repairs.length === 0 ? warnings : [`Repaired: ${repairs.join('; ')}.`, ...warnings];
}

/** Undefined where the path has no GET, or answers something else than one record. A missing record throws. */
export async function readRecord(
  { client, catalog }: PlanContext,
  path: string,
  signal?: AbortSignal,
): Promise<Values | undefined> {
  const isKnown = catalog.methodsOf(path).length > 0;
  if (isKnown && catalog.findEndpoint('GET', path) === undefined) return undefined;
  const { body } = await client.send({ method: 'GET', path }, signal);
  return isRecord(body) ? body : undefined;
}

/** Identifier of the user's member; that it cannot be read is no reason to refuse a change. */
export async function findUser({ me }: Pick<PlanContext, 'me'>): Promise<string | undefined> {
  return me().catch((error: unknown) => {
    if (error instanceof GatewayError) return undefined;
    throw error;
  });
}
