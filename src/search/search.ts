import type { EndpointSummary } from '../catalog/index.ts';
import { everyday } from './everyday.ts';
import type { Resource, SearchIndex } from './load-index.ts';
import { parseRequest, type Request } from './parse-request.ts';
import { findByPath } from './path-query.ts';
import { scoreForm } from './score-form.ts';
import { scoreResources, type TextScore } from './score-resource.ts';
import type { Weights } from './weights.ts';

export interface SearchOptions {
  limit: number;
  /** `words`: key words that the caller knows, taken as they are; `request`: what a person said, numbers and names included. */
  mode: 'words' | 'request';
  /** How much this user needs an endpoint, from 0 (never used) to 1. */
  uses?: (endpointId: number) => number;
  /** Say why each result stands where it does. */
  explain?: boolean;
}

export interface SearchResult {
  endpoint: EndpointSummary;
  score: number;
  reasons?: readonly string[];
}

export interface SearchAnswer {
  results: readonly SearchResult[];
  /** How many endpoints fit at all. */
  total: number;
  /** Where to look on, when little or nothing was found. */
  nearestModules?: readonly string[];
}

/** Below the best by more points than this is no answer to the same request. */
const farBelow = 9;
/** Resources looked at in full: those behind them cannot reach the first page by their form. */
const considered = 80;

/** Endpoints for a request, best first. Pure; any string has an answer. */
export function search(index: SearchIndex, query: string, options: SearchOptions): SearchAnswer {
  const byPath = findByPath(index, query);
  const ranked = byPath ?? rankByWords(index, query, options);
  const best = ranked[0]?.score ?? 0;
  const fitting = ranked.filter((result) => result.score > best - farBelow);
  const results = fitting.slice(0, Math.max(0, options.limit));
  return { results, total: fitting.length, ...(results.length === 0 && { nearestModules: modulesOf(index) }) };
}

function rankByWords(index: SearchIndex, query: string, options: SearchOptions): SearchResult[] {
  const request = parseRequest(query, index.vocabulary, options.mode);
  return scoreResources(index, request)
    .slice(0, considered)
    .flatMap((text) => rankResource(index, request, text, options))
    .sort(compare);
}

/** Higher scores first; of equals the shorter path. */
function compare(a: SearchResult, b: SearchResult): number {
  return b.score - a.score || a.endpoint.path.length - b.endpoint.path.length;
}

/** The endpoints of one resource with their points. */
function rankResource(index: SearchIndex, request: Request, text: TextScore, options: SearchOptions): SearchResult[] {
  const resource = index.resources[text.resource];
  if (resource === undefined) return [];
  const daily = everydayPoints(index.weights, resource);
  return resource.endpoints.map((entry): SearchResult => {
    const form = scoreForm(index.weights, request, entry, resource, text.one);
    const use = index.weights.use * Math.min(1, Math.max(0, options.uses?.(entry.endpoint.id) ?? 0));
    const doubt = entry.endpoint.unlisted ? index.weights.unlisted : 0;
    const score = text.points + form + daily + use - doubt;
    if (options.explain !== true) return { endpoint: entry.endpoint, score };
    const more = [
      ...(daily > 0 ? [`daily +${daily}`] : []),
      ...(use > 0 ? [`use +${use.toFixed(2)}`] : []),
      ...(doubt > 0 ? [`unlisted -${doubt}`] : []),
    ];
    return { endpoint: entry.endpoint, score, reasons: [...text.reasons, `form ${form.toFixed(2)}`, ...more] };
  });
}

/** What lies below a daily resource is half as likely meant as the resource itself, or as an action on it. */
function everydayPoints(weights: Weights, { path, action }: Resource): number {
  if (everyday.has(path)) return weights.everyday;
  const parent = /^(.*)\/\{\}\/[^/{}]+$/.exec(path)?.[1];
  if (parent === undefined || !everyday.has(parent)) return 0;
  return action !== undefined && path.endsWith(`/${action}`) ? weights.everyday : weights.everyday / 2;
}

/** The modules, largest first. */
function modulesOf(index: SearchIndex): string[] {
  const counts = new Map<string, number>();
  for (const { module } of index.endpoints) counts.set(module, (counts.get(module) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([module]) => module);
}
