import type { EndpointSummary } from './endpoint.ts';

export interface ModuleSummary {
  module: string;
  endpoints: number;
  categories: number;
  /** Its largest categories. */
  examples: string[];
}

/** Modules in alphabetical order. */
export function listModules(endpoints: readonly EndpointSummary[]): ModuleSummary[] {
  const byModule = Map.groupBy(endpoints, (endpoint) => endpoint.module);
  return [...byModule]
    .map(([module, members]) => {
      const categories = listCategories(members);
      const largest = [...categories].sort((a, b) => b.endpoints - a.endpoints).slice(0, 4);
      return { module, endpoints: members.length, categories: categories.length, examples: largest.map(({ category }) => category) };
    })
    .sort((a, b) => a.module.localeCompare(b.module));
}

/** Categories in alphabetical order. */
export function listCategories(endpoints: readonly EndpointSummary[]): { category: string; endpoints: number }[] {
  return [...Map.groupBy(endpoints, (endpoint) => endpoint.category)]
    .map(([category, members]) => ({ category, endpoints: members.length }))
    .sort((a, b) => a.category.localeCompare(b.category));
}
