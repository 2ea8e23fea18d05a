/** Fast Memory: saved queries of a tenant with their placeholders, and which endpoints the tenant uses. */
export { exportQueries, readImportFile } from './exchange.ts';
export { createLearning, type Learning, type SaveOffer, withAlike } from './learning.ts';
export type { FastMemory, FoundQuery, Me } from './memory.ts';
export { argumentsOf, type FilledCall, placesOf } from './placeholders/fill.ts';
export { isConditionName } from './placeholders/fill-conditions.ts';
export {
  isPlaceholder,
  isReserved,
  parsePlaceholders,
  placeholderNames,
  plainPath,
  withDefaults,
} from './placeholders/parse.ts';
export { fillWith } from './placeholders/resolve.ts';
export {
  type Argument,
  argumentsAt,
  type Place,
  renderArgument,
  renderType,
  sampleOf,
} from './placeholders/types.ts';
export { datesFor, findOpenWords } from './request-words.ts';
export type { CallOfQuery, NewSavedQuery, SavedQuery } from './saved-query.ts';
export { openMemory } from './store.ts';
export { foldText } from './tables.ts';
