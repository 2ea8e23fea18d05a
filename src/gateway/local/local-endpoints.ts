import type { Endpoint, Method } from '../../catalog/index.ts';
import { GatewayError } from '../../core/errors.ts';

/** One call of an endpoint under `/gateway`, which runs here and needs no network. */
export interface LocalRequest {
  pathValues: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  body: unknown;
  /** Whether it may keep something beyond the call; not unless given. */
  keeps?: boolean;
  signal: AbortSignal;
}

export interface LocalEndpoint {
  definition: Omit<Endpoint, 'id'>;
  run(request: LocalRequest): Promise<unknown>;
}

export interface LocalEndpoints {
  /** What the catalog lists. */
  definitions: readonly Omit<Endpoint, 'id'>[];
  /** @throws GatewayError `unknown_endpoint` */
  run(method: Method, template: string, request: LocalRequest): Promise<unknown>;
}

/** The endpoints under `/gateway` as one thing to list and run. */
export function createLocalEndpoints(endpoints: readonly LocalEndpoint[]): LocalEndpoints {
  return {
    definitions: endpoints.map(({ definition }) => definition),
    async run(method, template, request) {
      const found = endpoints.find(({ definition }) => definition.method === method && definition.path === template);
      if (found) return found.run(request);
      throw new GatewayError('unknown_endpoint', `The gateway itself has no endpoint ${method} ${template}.`, {
        details: { candidates: endpoints.map(({ definition }) => `${definition.method} ${definition.path}`) },
      });
    },
  };
}
