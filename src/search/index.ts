/** From words to endpoints: the index, the model, the search, and the stems that saved queries share with it. */

export { loadSearchIndex, type SearchIndex } from './load-index.ts';
export { type SearchOptions, search } from './search.ts';
export { stem } from './stem.ts';
export { searchIndexKey, searchModelKey, storedIndexes } from './stored-index.ts';
