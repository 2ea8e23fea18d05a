import type { Catalog } from './catalog.ts';
import type { EndpointSummary, Method } from './endpoint.ts';

/**
 * Steps from one word to the other: letters put in, left out, exchanged, or swapped with their neighbour. Above
 * `limit` it stops counting: the answer is then only some number above it.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** The names most like `word`, best first, whatever their case; none that has nothing in common with it. */
export function nearestNames(word: string, names: Iterable<string>, count = 5): string[] {
  const wanted = word.toLowerCase();
  const scored = [...new Set(names)].map((name) => ({ name, distance: unlikeness(wanted, name.toLowerCase()) }));
  return scored
    .filter(({ distance }) => distance < 0.7)
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** 0 for the same, 1 for nothing in common; a name that contains the word is nearer than a typing error apart by a third. */
function unlikeness(wanted: string, name: string): number {
  if (wanted === name) return 0;
  const longest = Math.max(wanted.length, name.length);
  const shortest = Math.min(wanted.length, name.length);
  const contained = shortest >= 3 && (name.includes(wanted) || wanted.includes(name));
  const within = contained ? 0.1 + 0.4 * (1 - shortest / longest) : 1;
  // Further apart than two thirds of its letters, no word is a misspelling of another.
  const limit = Math.ceil(longest * 0.67);
  return Math.min(within, editDistance(wanted, name, limit) / longest);
}

/**
 * Endpoints to offer for a path that is none, best first: those on the same path first, then templates with the same
 * or similarly written segments in the same place; the wanted method before others.
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

/** The same few hundred segments come back in thousands of templates. */
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
