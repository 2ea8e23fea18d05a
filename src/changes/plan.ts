import type { Catalog, Endpoint, Schema } from '../catalog/index.ts';
import type { Lookups, Named, Uploads } from '../connectwise/index.ts';
import { isRecord } from '../core/json.ts';
import type { Zone } from '../core/zone.ts';
import { type BodyContext, createFindings, type Purpose } from './body/findings.ts';
import type { MemberDifference, WriteForm, WriteRequest } from './change.ts';
import type { Effects } from './effects/effects.ts';
import type { EffectsContext } from './effects/read-effects.ts';
import type { Target } from './target.ts';

/** A write that was checked: what would be sent, and what is known of what it does. */
export interface Plan {
  request: WriteRequest;
  target: Target;
  /** The record as it is, for PATCH and DELETE. */
  record?: Record<string, unknown>;
  differences?: readonly MemberDifference[];
  /** What the members of the body are defined by, whether it was checked or not. */
  schema?: Schema | undefined;
  /** What the references of the body mean, by member. */
  names?: ReadonlyMap<string, Named>;
  warnings: readonly string[];
  effects: Effects;
  /** Where a form goes in the place of JSON. */
  form?: WriteForm;
  /** What happens, where it is not said by the members alone. */
  sentence?: string;
}

export interface PlanContext extends EffectsContext {
  uploads: Uploads;
  catalog: Catalog;
  lookups: Lookups;
  /** Identifier of the user's own member, where it is known. */
  me(): Promise<string | undefined>;
  /** The user's, in which dates without one are meant. */
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
export async function bodyContext(
  { catalog, zone, now }: Pick<PlanContext, 'catalog' | 'zone' | 'now'>,
  purpose: Purpose,
): Promise<BodyContext> {
  const nowMs = now().getTime();
  const findSchema = (name: string) => catalog.findSchema(name);
  return { purpose, findSchema, zone: await zone(), nowMs, findings: createFindings() };
}

/** Repairs first: they change what was asked for. */
export function renderFindings({ findings: { repairs, warnings } }: BodyContext): string[] {
  return [...(repairs.length === 0 ? [] : [`Repaired: ${repairs.join('; ')}.`]), ...warnings];
}

/** Undefined where there is no such reading, or no single record. A record that is missing throws. */
export async function readRecord(
  { client, catalog }: Pick<PlanContext, 'client' | 'catalog'>,
  path: string,
  signal?: AbortSignal,
): Promise<Record<string, unknown> | undefined> {
  const isKnown = catalog.methodsOf(path).length > 0;
  if (isKnown && catalog.findEndpoint('GET', path) === undefined) return undefined;
  const { body } = await client.send({ method: 'GET', path }, signal);
  return isRecord(body) ? body : undefined;
}
