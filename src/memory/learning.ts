import type { Catalog } from '../catalog/catalog.ts';
import type { EndpointSummary } from '../catalog/endpoint.ts';
import { GatewayError } from '../errors.ts';
import { endpointKey } from './meaning.ts';
import type { FastMemory } from './memory.ts';

export interface LearningParts {
  enabled(): boolean;
  /** Whether there is a tenant to learn for. */
  configured(): boolean;
  catalog(): Promise<Catalog>;
  memory(): Promise<FastMemory>;
}

export interface Learning {
  /** Counts a success; answers how often this shape of call, without its values, has succeeded in this process. */
  countSuccess(endpoint: EndpointSummary | undefined, shape: string): Promise<number>;
  /** How much the user needs an endpoint, from 0 (never called) to 1, by its id. */
  uses(): Promise<(endpointId: number) => number>;
}

/** Learns from calls that succeed: how often a shape repeats in this process, and which endpoints a user needs. */
export function createLearning({ enabled, configured, catalog, memory }: LearningParts): Learning {
  const shapes = new Map<string, number>();
  return {
    async countSuccess(endpoint, shape) {
      if (!enabled()) return 0;
      // Local endpoints are always at hand; counting them would only raise them above what is worked with.
      if (endpoint && endpoint.id >= 0)
        await forgiving(async () => (await memory()).countEndpointUse(endpoint.method, endpoint.path));
      const count = (shapes.get(shape) ?? 0) + 1;
      shapes.set(shape, count);
      return count;
    },
    async uses() {
      const needs =
        enabled() && configured() ? await forgiving(async () => (await memory()).endpointUses()) : undefined;
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
