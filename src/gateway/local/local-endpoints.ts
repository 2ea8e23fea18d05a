import { GatewayError } from '../../core/errors.ts';
import type { LocalEndpoint, LocalEndpoints } from './local-endpoint.ts';

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
