import { type EndpointSummary, methods } from '../catalog/index.ts';
import type { SearchIndex } from './load-index.ts';
import type { SearchResult } from './search.ts';

const methodPattern = new RegExp(`^\\s*(?:(${methods.join('|')})\\s+)?`, 'i');

/** Method and path segments of a request that is written as a path, a URL or a request line. */
export function parsePathQuery(query: string): { method: string | undefined; segments: string[] } | undefined {
  const method = methodPattern.exec(query)?.[1]?.toUpperCase();
  const rest = query.trim().replace(methodPattern, '');
  const found =
    /^(?:https?:\/\/[^\s/]+)?(\/[^\s?#]*)/i.exec(rest) ??
    (/^[\w-]+(?:\/[\w{}.-]+)+\/?(?=$|[\s?])/.exec(rest)?.[0] ? [rest, `/${rest}`] : undefined);
  const path = found?.[1]?.replace(/[\s?#].*$/s, '').replace(/^.*\/apis\/3\.0(?=\/)/i, '');
  const segments =
    path
      ?.toLowerCase()
      .split('/')
      .filter((segment) => segment !== '') ?? [];
  return segments.length < 2 ? undefined : { method, segments };
}

/** How well a template fits: each segment equal, or a value where a parameter stands. 0: not at all. */
function fitSegments(template: readonly string[], segments: readonly string[]): number {
  if (template.length < segments.length) return 0;
  let points = 0;
  for (const [at, segment] of segments.entries()) {
    const part = template[at] ?? '';
    if (part === segment) points += 2;
    else if (part.startsWith('{') && (segment.startsWith('{') || /\d/.test(segment) || at === segments.length - 1))
      points += 1.5;
    else return 0;
  }
  return points - (template.length - segments.length) * 0.75;
}

/** Endpoints of a path, those at it before those below it; `undefined` where the request is no path of the catalog. */
export function findByPath(index: SearchIndex, query: string): SearchResult[] | undefined {
  const wanted = parsePathQuery(query.slice(0, 1000));
  if (wanted === undefined) return undefined;
  const results: SearchResult[] = [];
  const [first = ''] = wanted.segments;
  for (const endpoint of index.endpoints) {
    // No path begins with a placeholder: most are of other modules, and need not be split.
    if (endpoint.path.slice(1, first.length + 1).toLowerCase() !== first) continue;
    const template = endpoint.path
      .toLowerCase()
      .split('/')
      .filter((segment) => segment !== '');
    const fit = fitSegments(template, wanted.segments);
    if (fit > 0) results.push({ endpoint, score: fit + methodPoints(endpoint, wanted.method) });
  }
  results.sort((a, b) => b.score - a.score || a.endpoint.path.length - b.endpoint.path.length);
  return results.length > 0 ? results : undefined;
}

function methodPoints(endpoint: EndpointSummary, method: string | undefined): number {
  if (method === undefined) return endpoint.method === 'GET' ? 0.5 : 0;
  return endpoint.method === method ? 1 : 0;
}
