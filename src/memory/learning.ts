import type { Catalog, EndpointSummary } from '../catalog/index.ts';
import { GatewayError } from '../core/errors.ts';
import type { CallOfQuery } from './holes/fill-query.ts';
import { endpointKey } from './meaning.ts';
import type { FastMemory } from './memory.ts';

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
   * Counts a success. Answers the first call of this shape when it is time to offer to save it, which is once a shape;
   * the values of calls are kept in this process only.
   */
  countSuccess(
    endpoint: EndpointSummary | undefined,
    shape: string,
    call: CallOfQuery,
  ): Promise<CallOfQuery | undefined>;
  /** How much the user needs an endpoint, from 0 (never called) to 1, by its id. */
  uses(): Promise<(endpointId: number) => number>;
}

/** A process may run for weeks; the oldest shapes are forgotten first. */
const maxShapes = 2_000;

/** Learns from calls that succeed: how often a shape repeats in this process, and which endpoints a user needs. */
export function createLearning({ learn, configured, catalog, memory }: LearningParts): Learning {
  /** First calls of shapes; once offered, the values are forgotten. */
  const shapes = new Map<string, CallOfQuery | 'offered'>();
  return {
    async countSuccess(endpoint, shape, call) {
      if (learn() === 'off') return undefined;
      // Local endpoints are always at hand; counting them would only raise them above what is worked with.
      if (endpoint && endpoint.id >= 0)
        await forgiving(async () => (await memory()).countEndpointUse(endpoint.method, endpoint.path));
      const first = shapes.get(shape) ?? (learn() === 'eager' ? call : undefined);
      if (first === 'offered') return undefined;
      if (first === undefined && shapes.size >= maxShapes) shapes.delete(shapes.keys().next().value ?? '');
      shapes.set(shape, first === undefined ? call : 'offered');
      return first;
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

/** Learning is a courtesy: a full disk must fail neither a search nor a call that ConnectWise has answered. */
async function forgiving<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}
