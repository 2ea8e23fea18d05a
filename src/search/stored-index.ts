import type { Definition } from '../catalog/index.ts';
import { buildSearchIndex } from './index-data.ts';

/** Under which the catalog file keeps the search index. */
export const searchIndexKey = 'search';

/** What a build of the catalog keeps for searching. */
export function storedIndexes(definition: Definition): ReadonlyMap<string, Uint8Array> {
  return new Map([[searchIndexKey, buildSearchIndex(definition)]]);
}
