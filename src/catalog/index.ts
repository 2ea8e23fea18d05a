/** Which endpoints exist: opening, searching by path, describing and building the catalog. */

export { groupByPath, listCategories, listModules } from './browse.ts';
export {
  buildCatalog,
  type Catalog,
  type CatalogReport,
  checkCatalog,
  type EndpointMatch,
  openCatalog,
} from './catalog.ts';
export { type DateKind, dateKindOf, isDayByValue } from './date-kinds.ts';
export { describeEndpoint } from './details.ts';
export {
  type Definition,
  type Endpoint,
  type EndpointSummary,
  isPostOnly,
  isReference,
  type Member,
  type Method,
  methods,
  type Parameter,
  type Schema,
} from './endpoint.ts';
export { exampleValue, findExample } from './examples.ts';
export { type IdHolder, isIdMember, isListed, listOfPath, listsOfId, listsOfReference } from './id-members.ts';
export { meaningIn } from './meanings.ts';
export { nearestEndpoints } from './nearest-endpoints.ts';
export { unlistedNote } from './notes.ts';
export { normalisePath, pathKey } from './path-template.ts';
export type { ReferenceTargets } from './reference-targets.ts';
export { renderSignature } from './signature.ts';
export { findInfoPath, isOfTwin, type Twin, twinOf } from './twins.ts';
