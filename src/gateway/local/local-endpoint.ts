import type { Endpoint, Method } from '../../catalog/index.ts';

/** One call of an endpoint under `/gateway`, which runs here and needs no network. */
export interface LocalRequest {
  pathValues: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  body: unknown;
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
