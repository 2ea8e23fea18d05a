import type { Catalog, Endpoint } from '../src/catalog/index.ts';
import type { Purpose } from './collections.ts';
import type { ListQuery } from './list-query.ts';
import { endpointMissing } from './refusal.ts';
import type { World } from './world.ts';

/** One request on its way to an answer. */
export interface Call {
  world: World;
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

/** An id that is no number leads nowhere (CW 4.2.21). */
export function numericIds({ ids }: Pick<Call, 'ids'>): number[] {
  return ids.map((id) => {
    if (!/^\d{1,9}$/.test(id)) throw endpointMissing();
    return Number(id);
  });
}
