import type { EndpointSummary } from './endpoint.ts';

export type ModuleSummary = {
  module: string;
  endpoints: number;
  categories: number;
  /** Its two largest categories. */
  examples: string;
};

/** Modules in alphabetical order. */
export function listModules(endpoints: readonly EndpointSummary[]): ModuleSummary[] {
  const byModule = Map.groupBy(endpoints, (endpoint) => endpoint.module);
  return [...byModule]
    .map(([module, members]) => {
      const categories = listCategories(members);
      const largest = [...categories].sort((a, b) => b.endpoints - a.endpoints).slice(0, 2);
      return {
        module,
        endpoints: members.length,
        categories: categories.length,
        examples: largest.map(({ category }) => category).join(', '),
      };
    })
    .sort((a, b) => a.module.localeCompare(b.module));
}

/** Categories in alphabetical order. */
export function listCategories(endpoints: readonly EndpointSummary[]): { category: string; endpoints: number }[] {
  return [...Map.groupBy(endpoints, (endpoint) => endpoint.category)]
    .map(([category, members]) => ({ category, endpoints: members.length }))
    .sort((a, b) => a.category.localeCompare(b.category));
}

export type PathSummary = {
  path: string;
  /** Such as `GET POST`. */
  methods: string;
  /** Of its first method. */
  summary: string;
};

/** Endpoints with the methods of a path on one line, in the order of the definition. */
export function groupByPath(endpoints: readonly EndpointSummary[]): PathSummary[] {
  return [...Map.groupBy(endpoints, (endpoint) => endpoint.path)].map(([path, members]) => ({
    path,
    methods: members.map(({ method }) => method).join(' '),
    summary: members[0]?.summary ?? '',
  }));
}
