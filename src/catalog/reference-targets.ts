import { plural, wordsOf } from '../core/english.ts';
import type { EndpointSummary } from './endpoint.ts';

/** Where the records are listed that references refer to. */
export interface ReferenceTargets {
  /** Path of the GET that lists the records of a reference schema such as `ServiceStatusReference`. */
  listOf(referenceSchema: string): string | undefined;
}

/** Schemas whose names are not those of their lists. */
const otherNames: Readonly<Record<string, string>> = {
  BillingUnitReference: '/system/departments',
  CatalogItemReference: '/procurement/catalog',
  IvItemReference: '/procurement/catalog',
  OwnerLevelReference: '/system/locations',
  PaymentMethodReference: '/expense/paymentTypes',
  ProductCategoryReference: '/procurement/categories',
  ProductSubCategoryReference: '/procurement/subcategories',
  ProjectRoleReference: '/project/securityRoles',
  ServiceTeamReference: '/service/boards/{parentId}/teams',
};

/** No definition says which list a reference belongs to: names decide, and where they do not agree it stays undefined. */
export function createReferenceTargets(endpoints: readonly EndpointSummary[]): ReferenceTargets {
  const lists = endpoints.filter(
    ({ id, method, path }) =>
      id > 0 && method === 'GET' && !/(\}|\/count|\/info|\/usages|\/list|\/default)$/i.test(path),
  );
  const modules = new Set(endpoints.map(({ module }) => module));
  const byPath = new Map(lists.map(({ path }) => [path.toLowerCase(), path]));
  const byCategory = bestBy(lists, ({ category }) => category.toLowerCase());
  const byModule = bestBy(lists, ({ module, path }) => `${module} ${lastSegment(path)}`);
  const bySegment = bestBy(lists, ({ path }) => lastSegment(path));
  return {
    listOf(referenceSchema) {
      const known = byPath.get(otherNames[referenceSchema]?.toLowerCase() ?? '');
      if (known !== undefined) return known;
      const words = wordsOf(referenceSchema.replace(/Reference$/, '')).map((word) => word.toLowerCase());
      const name = joined(words);
      const [module = '', ...rest] = words;
      const named = byCategory.get(name) ?? byModule.get(`${module} ${joined(rest)}`) ?? bySegment.get(name);
      // `ServiceStatus` is a status of the module service; `ProjectBoard` is listed with the boards of another module.
      return named ?? (modules.has(module) ? bySegment.get(joined(rest)) : undefined);
    },
  };
}

function joined(words: readonly string[]): string {
  return plural(words.join(' ')).replaceAll(' ', '');
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}

/** Of several lists the one whose path needs the fewest ids, then the shortest. */
function bestBy(
  lists: readonly EndpointSummary[],
  key: (endpoint: EndpointSummary) => string,
): ReadonlyMap<string, string> {
  const best = new Map<string, string>();
  for (const endpoint of lists) {
    const before = best.get(key(endpoint));
    if (before === undefined || cost(endpoint.path) < cost(before)) best.set(key(endpoint), endpoint.path);
  }
  return best;
}

function cost(path: string): number {
  return (path.split('{').length - 1) * 1000 + path.length;
}
