import type { Definition } from '../catalog/index.ts';
import { buildSearchIndex } from './index-data.ts';

/** Under which the catalog file keeps the search index, and the model that was trained. */
export const searchIndexKey = 'search';
export const searchModelKey = 'model';

/**
 * What a build of the catalog keeps for searching.
 * @param model one that was trained; resources that it was not trained on are found by the words of their paths
 */
export function storedIndexes(definition: Definition, model: Uint8Array | undefined): ReadonlyMap<string, Uint8Array> {
  const index = new Map([[searchIndexKey, buildSearchIndex(definition)]]);
  return model === undefined ? index : index.set(searchModelKey, model);
}
