import type { Endpoint, EndpointSummary, Method, Schema } from './endpoint.ts';
import type { ReferenceTargets } from './reference-targets.ts';

/** A concrete path matched to its template. */
export interface EndpointMatch {
  endpoint: Endpoint;
  /** Values of the template's placeholders, decoded; empty where the template itself was given. */
  pathValues: Readonly<Record<string, string>>;
}

export interface CatalogInfo {
  /** File it was opened from. */
  file: string;
  /** Which rule chose the file. */
  source: 'flag' | 'data folder' | 'shipped';
  title: string;
  /** Version of the definition, such as `2025.1`. */
  version: string;
  builtAt: string;
  counts: { endpoints: number; parameters: number; schemas: number; modules: number; categories: number };
}

/** Which endpoints exist. Read-only; synchronous once open. */
export interface Catalog {
  readonly info: CatalogInfo;
  /** All endpoints, local ones last, in the order of the definition. */
  readonly endpoints: readonly EndpointSummary[];
  /** By template or concrete path; case, a trailing slash and placeholder names do not matter. */
  findEndpoint(method: Method, path: string): EndpointMatch | undefined;
  /** Methods that exist on this template or concrete path. */
  methodsOf(path: string): readonly Method[];
  /** @throws GatewayError `unknown_endpoint` for an id that is not in the catalog */
  getEndpoint(id: number): Endpoint;
  findSchema(name: string): Schema | undefined;
  /** Made on first use, from all endpoints. */
  referenceTargets(): ReferenceTargets;
  close(): void;
}
