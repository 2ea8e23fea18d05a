import { unlikeness } from '../core/nearest.ts';
import type { Catalog } from './catalog.ts';
import type { EndpointSummary, Method } from './endpoint.ts';

/**
 * Endpoints to suggest for an unknown path, best first: those on the same path, then templates with the same or
 * similarly written segments in the same places; the wanted method before others.
 */
export function nearestEndpoints(
  catalog: Pick<Catalog, 'endpoints'>,
  method: Method,
  path: string,
  count = 5,
): EndpointSummary[] {
  const wanted = segmentsOf(path);
  const likeness = memoisedLikeness();
  return catalog.endpoints
    .map((endpoint) => ({
      endpoint,
      score: scorePath(wanted, segmentsOf(endpoint.path), likeness) + (endpoint.method === method ? 0.25 : 0),
    }))
    .sort(
      (a, b) => b.score - a.score || a.endpoint.path.length - b.endpoint.path.length || a.endpoint.id - b.endpoint.id,
    )
    .slice(0, count)
    .map(({ endpoint }) => endpoint);
}

type Likeness = (a: string, b: string) => number;

/** Thousands of templates share a few hundred segments. */
function memoisedLikeness(): Likeness {
  const known = new Map<string, number>();
  return (a, b) => {
    const key = `${a} ${b}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const likeness = segmentLikeness(a, b);
    known.set(key, likeness);
    return likeness;
  };
}

function segmentsOf(path: string): readonly string[] {
  return path
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (segment.includes('{') || /^\d+$/.test(segment) ? '{}' : segment));
}

/**
 * The best alignment of both lists in order (like a longest common subsequence, with parts of a point for segments that
 * look alike), so that a forgotten module or id costs that segment only. The module counts a little more, as a person
 * is seldom wrong about it.
 */
function scorePath(wanted: readonly string[], template: readonly string[], likeness: Likeness): number {
  let last = new Array<number>(template.length + 1).fill(0);
  for (const segment of wanted) {
    const current = [0];
    for (let column = 1; column <= template.length; column++) {
      const pair = (last[column - 1] ?? 0) + likeness(segment, template[column - 1] ?? '');
      current.push(Math.max(pair, last[column] ?? 0, current[column - 1] ?? 0));
    }
    last = current;
  }
  const shared = last[template.length] ?? 0;
  const module = wanted[0] !== undefined && wanted[0] === template[0] ? 0.3 : 0;
  return shared + module - 0.35 * (template.length + wanted.length - 2 * shared);
}

function segmentLikeness(a: string, b: string): number {
  if (a === b) return a === '{}' ? 0.6 : 1;
  if (a === '{}' || b === '{}') return 0;
  const distance = unlikeness(a, b);
  return distance < 0.5 ? 0.9 - distance : 0;
}
