import { pathKey } from '../src/catalog/path-template.ts';
import type { Declarations } from './read-declarations.ts';

/** Gives operations the tags that cannot be derived from their paths: `definition/tags.json`. */
export function applyTags(paths: Declarations['paths'], tags: Record<string, string>): Declarations['paths'] {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => {
      // One tag goes for a collection, its records, and what is asked about them.
      const collection = pathKey(path).replace(/\/?(\/\{\})?(\/(count|usages|list|bulk|default))*\/?$/, '');
      const tag = tags[collection];
      if (tag === undefined) return [path, item];
      const tagged = Object.entries(item).map(([method, operation]) => [method, { tags: [tag], ...operation }]);
      return [path, Object.fromEntries(tagged)];
    }),
  );
}
