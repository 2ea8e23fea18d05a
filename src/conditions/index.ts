/** The query language of ConnectWise: parsing, checking, printing and evaluating `conditions` and its kin. */

export { type CheckOptions, checkConditions } from './check-conditions.ts';
export { compileConditions, fold } from './evaluate-conditions.ts';
export {
  type Comparison,
  type Expression,
  mapValues,
  type Path,
  type Predicate,
  predicatesOf,
  type Value,
  valuesOf,
} from './expression.ts';
export { type FindSchema, findMember, resolvePath, type Scope } from './member-path.ts';
export { type OrderKey, parseOrderBy } from './order-and-fields.ts';
export { parseConditions, readConditions } from './parse-conditions.ts';
export { printConditions, printValue, quote } from './print-conditions.ts';
export { type Suggestion, suggestPath } from './suggest-path.ts';
export { readQuoted } from './tokens.ts';
export { askForWholeValues } from './whole-values.ts';
