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
      return {
        module,
        endpoints: members.length,
        categories: categories.length,
        examples: largestOf(categories, 2)
          .map(({ category }) => category)
          .join(', '),
      };
    })
    .sort((a, b) => a.module.localeCompare(b.module));
}

export type CategorySummary = { category: string; endpoints: number };

/** Categories in alphabetical order. */
export function listCategories(endpoints: readonly EndpointSummary[]): CategorySummary[] {
  return [...Map.groupBy(endpoints, (endpoint) => endpoint.category)]
    .map(([category, members]) => ({ category, endpoints: members.length }))
    .sort((a, b) => a.category.localeCompare(b.category));
}

/** At most `count` categories, largest first; equals keep the order they came in. */
export function largestOf(categories: readonly CategorySummary[], count: number): CategorySummary[] {
  return [...categories].sort((a, b) => b.endpoints - a.endpoints).slice(0, count);
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
