import type { Catalog, EndpointSummary } from '../catalog/index.ts';
import { GatewayError } from '../core/errors.ts';
import { generalise } from './generalise.ts';
import { endpointKey } from './meaning.ts';
import type { FastMemory } from './memory.ts';
import { placesOf } from './placeholders/fill.ts';
import { plainPath } from './placeholders/parse.ts';
import { sampleOf } from './placeholders/types.ts';
import type { CallOfQuery } from './saved-query.ts';
import { type Parsed, shapeOf } from './shape.ts';

export interface LearningParts {
  /** `eager` offers after the first success already, `off` learns nothing. */
  learn(): 'on' | 'eager' | 'off';
  /** Whether there is a tenant to learn for. */
  configured(): boolean;
  catalog(): Promise<Catalog>;
  memory(): Promise<FastMemory>;
}

export interface Learning {
  /**
   * Counts a success, and offers to save the call: at the second success of its shape, where nothing of that shape is
   * saved. What differed between the two becomes placeholders; the values of calls are kept in this process only.
   */
  offerFor(success: Success): Promise<SaveOffer | undefined>;
  /** How much the user needs an endpoint, from 0 (never called) to 1, by its id. */
  uses(): Promise<(endpointId: number) => number>;
}

/** A call that succeeded. */
export interface Success {
  call: CallOfQuery;
  /** Absent where the catalog does not know it. */
  endpoint?: EndpointSummary | undefined;
  /** Its conditions, where a check parsed them. */
  parsed?: Parsed | undefined;
}

/** A call that succeeded once or twice, as it could be saved. */
export interface SaveOffer {
  times: 1 | 2;
  query: Readonly<Record<string, unknown>>;
  /** Names of its placeholders. */
  placeholders: readonly string[];
}

/** A process may run for weeks; the oldest shapes are forgotten first. */
const maxShapes = 2_000;

/** Learns from calls that succeed: how often a shape repeats in this process, and which endpoints a user needs. */
export function createLearning({ learn, configured, catalog, memory }: LearningParts): Learning {
  /** First calls of shapes; once offered, the values are forgotten. */
  const shapes = new Map<string, CallOfQuery | 'offered'>();
  /** The first call of this shape when it is time for the offer, which is once a shape. */
  const takeFirst = (shape: string, call: CallOfQuery): CallOfQuery | undefined => {
    const first = shapes.get(shape) ?? (learn() === 'eager' ? call : undefined);
    if (first === 'offered') return undefined;
    if (first === undefined && shapes.size >= maxShapes) shapes.delete(shapes.keys().next().value ?? '');
    shapes.set(shape, first === undefined ? call : 'offered');
    return first;
  };
  return {
    async offerFor({ call, endpoint, parsed }) {
      if (learn() === 'off') return undefined;
      // Local endpoints are always at hand; counting them would only raise them above what is worked with.
      if (endpoint && endpoint.id >= 0)
        await forgiving(async () => (await memory()).countEndpointUse(endpoint.method, endpoint.path));
      const template = endpoint?.path ?? call.path;
      const shape = shapeOf(call, template, parsed);
      const first = takeFirst(shape, call);
      if (first === undefined || isSaved(await memory(), await catalog(), { call, template, shape })) return undefined;
      return toOffer(first, call, template, endpoint);
    },
    async uses() {
      const needs =
        learn() !== 'off' && configured() ? await forgiving(async () => (await memory()).endpointUses()) : undefined;
      if (!needs || needs.size === 0) return () => 0;
      const byId = new Map(
        (await catalog()).endpoints.map((endpoint) => [
          endpoint.id,
          needs.get(endpointKey(endpoint.method, endpoint.path)) ?? 0,
        ]),
      );
      return (endpointId) => byId.get(endpointId) ?? 0;
    },
  };
}

/** Without learning a search and a call still work: a full disk must not fail them. */
async function forgiving<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

/** Whether a saved query, with whatever values, makes a call of this shape. */
function isSaved(
  memory: FastMemory,
  catalog: Catalog,
  { call, template, shape }: { call: CallOfQuery; template: string; shape: string },
): boolean {
  const own = catalog.findEndpoint(call.method, template)?.endpoint.id;
  const builtIn = memory
    .builtIn()
    .filter((query) => catalog.findEndpoint(query.method, plainPath(query.path))?.endpoint.id === own);
  const saved = [...memory.findFor(call.method, template), ...memory.findFor(call.method, call.path), ...builtIn];
  return saved.some((query) => shapeOfSaved(query, template, catalog) === shape);
}

function shapeOfSaved(query: CallOfQuery, template: string, catalog: Catalog): string | undefined {
  try {
    const { path, params, data } = placesOf(query, catalog, sampleOf).call;
    return shapeOf({ method: query.method, path, ...(params ? { params } : {}), data }, template);
  } catch (error) {
    // A broken one is no reason not to save a sound one.
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

function toOffer(
  first: CallOfQuery,
  call: CallOfQuery,
  template: string,
  endpoint: EndpointSummary | undefined,
): SaveOffer | undefined {
  const { placeholders, ...proposal } = generalise(first, call, template);
  // A bare list is found as fast by its path.
  const plain = proposal.params === undefined && proposal.data === undefined && placeholders.length === 0;
  if (plain || endpoint?.module === 'gateway') return undefined;
  const { method, path } = call;
  const summary = endpoint?.summary ?? `${method} ${path}`;
  const description = placeholders.length > 0 ? `${summary} by ${placeholders.join(' and ')}` : summary;
  const query = { ...(method === 'GET' ? {} : { method }), ...proposal, description };
  return { times: first === call ? 1 : 2, query, placeholders };
}
