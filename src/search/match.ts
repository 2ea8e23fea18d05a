import type { Part, Resource, SearchIndex } from './load-index.ts';
import type { Request } from './read-request.ts';
import { stopWords } from './stop-words.ts';

/** How well a word of the request fits, by which part of the resource has it. */
const parts: Record<'head' | 'context' | 'aside', Record<Part | 'member', number>> = {
  head: { own: 1, name: 0.92, parent: 0.62, grandparent: 0.5, module: 0.5, member: 0.22, action: 0.9, summary: 0.6 },
  context: { own: 0.5, name: 0.62, parent: 1, grandparent: 0.9, module: 0.6, member: 0.25, action: 0.5, summary: 0.6 },
  aside: { own: 0.5, name: 0.62, parent: 1, grandparent: 0.9, module: 0.6, member: 0.25, action: 0.5, summary: 0.6 },
};
/** Numbers of the match, in points. */
export const usualMatch = {
  /** Where every word is found where it should be. */
  full: 10,
  /** Off for each word of a resource that the request does not say, by where it is, and for each level below the module. */
  own: 1.9,
  parent: 1.3,
  grandparent: 0.9,
  depth: 0.25,
  /** The last noun of the request is not in the resource's own name: another thing with the same parent. */
  headMissing: 2.2,
};
export type MatchWeights = Readonly<typeof usualMatch>;

/** Points of every resource that shares a word with the request. */
export function matchResources(index: SearchIndex, request: Request): Map<number, number> {
  const { match } = index.tuning;
  const sums = new Map<number, number>();
  const headFits = new Set<number>();
  let total = 0;
  for (const { stem, zone, last, weight } of request.terms) {
    const best = new Map<number, number>();
    for (const { resource, part } of index.postings.get(stem) ?? []) {
      const fit = parts[zone][part];
      if (fit > (best.get(resource) ?? 0)) best.set(resource, fit);
      if (last && (part === 'own' || part === 'name' || part === 'summary')) headFits.add(resource);
    }
    if (best.size === 0) continue;
    const rare = weight * (1 + 0.12 * Math.log2(index.resources.length / best.size));
    total += rare;
    for (const [resource, fit] of best) sums.set(resource, (sums.get(resource) ?? 0) + rare * fit);
  }
  for (const [number, sum] of sums) {
    const resource = index.resources[number];
    if (resource === undefined) continue;
    const acted = resource.action !== undefined && resource.action === request.action;
    const missing = acted || headFits.has(number) ? 0 : match.headMissing;
    sums.set(number, (match.full * sum) / Math.max(total, 0.3) - unsaid(match, resource, request) - missing);
  }
  return sums;
}

/** Off for the words of a path that were not said: of two that fit alike, the shorter one is meant. */
function unsaid(off: MatchWeights, { own, parents }: Resource, { said }: Request): number {
  const missing = (words: readonly string[]) =>
    words.reduce((sum, word) => sum + (said.has(word) ? 0 : stopWords.has(word) ? 0.3 : 1), 0);
  const above = parents.reduce(
    (sum, words, at) => sum + Math.min(1.5, missing(words)) * (at === 0 ? off.parent : off.grandparent) + off.depth,
    0,
  );
  return missing(own) * off.own + above;
}
