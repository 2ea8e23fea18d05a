import { deriveCategory } from './categories.ts';
import type { Schema } from './endpoint.ts';
import { createResources, type NamedOperation } from './resources.ts';
import { subjectOf } from './subjects.ts';
import { summarise } from './summaries.ts';

export type { NamedOperation };

/** Words for endpoints whose definition has none. */
export interface Naming {
  summaryOf(operation: NamedOperation): string;
  categoryOf(operation: NamedOperation): string;
}

/** @param operations all of the definition: what is a collection, and of what, shows only in the whole */
export function createNaming(operations: readonly NamedOperation[], schemas: ReadonlyMap<string, Schema>): Naming {
  const resources = createResources(operations, schemas);
  return {
    summaryOf: (operation) => summarise(operation, subjectOf(operation.path, resources)),
    categoryOf: ({ path }) => deriveCategory(path, resources),
  };
}
