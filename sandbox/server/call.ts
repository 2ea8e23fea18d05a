import type { Catalog, Endpoint } from '../../src/catalog/index.ts';
import type { Context } from '../context.ts';
import type { Purpose } from '../definitions.ts';
import { endpointMissing } from './refusal.ts';

/** One request on its way to an answer. */
export interface Call {
  context: Context;
  catalog: Catalog;
  endpoint: Endpoint;
  /** Values of the path's placeholders, in the order of the path. */
  ids: readonly string[];
  url: URL;
  query: ListQuery;
  headers: Headers;
  /** The body as it came. */
  content: Uint8Array<ArrayBuffer>;
  /** Its text, empty for none and for forms. */
  body: string;
  /** Address of the API root. */
  root: string;
}

/** Whose records an answer shows, and which of their members. */
export type Shape = Pick<Purpose, 'collection' | 'schema'>;

/** The records of a collection with all their members. @throws GatewayError 404 where the catalog has no such collection */
export function shapeAt({ context }: Pick<Call, 'context'>, key: string): Shape {
  const collection = context.collections.get(key);
  return { collection, schema: collection.schema };
}

/** The ids of the path. @throws GatewayError 404 for one that is not a number: no route matches it (CW 4.2.21) */
export function numericIds({ ids }: Pick<Call, 'ids'>): number[] {
  return ids.map((id) => {
    if (!/^\d{1,9}$/.test(id)) throw endpointMissing();
    return Number(id);
  });
}

/** Query members of a list, by lower-case name: ConnectWise ignores their case (CW 2.1). */
export interface ListQuery {
  conditions?: string;
  childconditions?: string;
  customfieldconditions?: string;
  orderby?: string;
  fields?: string;
  page?: string;
  pagesize?: string;
  pageid?: string;
  [other: string]: string | undefined;
}

export function readListQuery(parameters: URLSearchParams): ListQuery {
  // Without a prototype, so that no name means anything by itself.
  const query: ListQuery = Object.create(null);
  for (const [name, value] of parameters) query[name.toLowerCase()] ??= value;
  return query;
}
