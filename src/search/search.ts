import type { EndpointSummary } from '../catalog/index.ts';
import { fitForm } from './fit-form.ts';
import type { IndexedEndpoint, SearchIndex } from './load-index.ts';
import { matchResources } from './match.ts';
import type { Belief } from './model.ts';
import { findByPath } from './path-query.ts';
import { type Request, readRequest } from './read-request.ts';
import type { Form } from './resource.ts';

export interface SearchOptions {
  limit: number;
  /** How much this user needs an endpoint, from 0 (never used) to 1. */
  uses?: (endpointId: number) => number;
  /** Say why each result is where it is. */
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
  /** Kinds of records that may be meant, where none is much likelier than the others. */
  unsure?: readonly string[];
  /** Where to look on, when nothing was found. */
  nearestModules?: readonly string[];
}

/**
 * What the score is made of: ln p(resource) + ln p(form) of the model, and the points of the words. Chosen by
 * cross-validation on sentences that were held out (`npm run bench -- search --cross`); flat around it.
 */
export const usualMix = {
  /** How much a point of the words counts. */
  words: 0.5,
  /** The least that words can say: a resource that shares none with the request may still be meant. */
  leastWords: -8,
  /** For a resource that the model was not trained on: words decide then. */
  unknownResource: -2,
  /** The least that the model says of a form: it is surer of itself than it is right. */
  leastForm: -5,
  /** `/info`, `/usages`, `/default`, bulk, when not asked for. */
  secondary: -7,
  /** `POST …/search` does what the list does, with more work. */
  search: -1.5,
  /** An action is known by its resource. */
  action: -0.3,
  /** The most that use counts add: enough to choose between near neighbours, never to turn a request round. */
  use: 2,
  /** Off for an operation that a server may not have: behind those that do the same, before those that do not. */
  unlisted: 0.75,
};
export type Mix = Readonly<typeof usualMix>;

/** Below the best by more than this is no answer to the same request. */
const farBelow = 9;
/** Resources looked at in full: those behind them cannot reach the first page by their form. */
const considered = 60;
/** A record that is less likely than this is not sure. */
const sure = 0.4;
/** Endpoints of one resource on a page where the reading is unsure. */
const mostOfOne = 2;

/** Endpoints for a request, best first. Pure; any string has an answer. */
export function search(index: SearchIndex, query: string, options: SearchOptions): SearchAnswer {
  const byPath = findByPath(index, query);
  if (byPath !== undefined) return pageOf(byPath, options.limit);
  const ranked = rank(index, query, options);
  if (ranked.length === 0) return { results: [], total: 0, nearestModules: modulesOf(index) };
  const shares = sharesOf(ranked);
  const [likeliest = 0] = shares.values();
  if (likeliest >= sure) return pageOf(withOtherKinds(index, query, ranked, options.limit), options.limit);
  const names = [...shares.keys()].map((resource) => nameOf(index, resource)).filter((name) => name !== '');
  return { ...pageOf(mixed(ranked), options.limit), unsure: [...new Set(names)].slice(0, 3) };
}

function pageOf(ranked: readonly SearchResult[], limit: number): SearchAnswer {
  const results = ranked.slice(0, Math.max(0, limit)).map(({ endpoint, score, reasons }) => ({
    endpoint,
    score,
    ...(reasons && { reasons }),
  }));
  const best = ranked[0]?.score ?? 0;
  const fitting = ranked.filter(({ score }) => score > best - farBelow).length;
  return { results, total: Math.max(fitting, results.length) };
}

interface Ranked extends SearchResult {
  /** Number of its resource. */
  resource: number;
}

function rank(index: SearchIndex, query: string, options: SearchOptions): Ranked[] {
  const request = readRequest(query, index.vocabulary);
  const belief = index.model?.read(query);
  if (request.terms.length === 0 && !saysSomething(belief)) return [];
  const matches = matchResources(index, request);
  const { mix } = index.tuning;
  const candidates = index.resources.map((resource, number) => {
    const match = (matches.get(number) ?? noWord) * request.known;
    const { modelNumber } = resource;
    const believed = modelNumber === undefined ? mix.unknownResource : (belief?.resources[modelNumber] ?? 0);
    return { number, match, believed };
  });
  candidates.sort((a, b) => b.believed + mix.words * b.match - a.believed - mix.words * a.match);
  const entries = candidates.slice(0, considered).flatMap(({ number, match, believed }) => {
    const resource = index.resources[number];
    if (resource === undefined) return [];
    return resource.endpoints.map((entry) => ({
      entry,
      number,
      believed,
      points: match + fitForm(request, entry, resource),
    }));
  });
  const most = entries.reduce((best, { points }) => Math.max(best, points), Number.NEGATIVE_INFINITY);
  const ranked = entries.map(({ entry, number, believed, points }): Ranked => {
    const { endpoint } = entry;
    const parts = {
      record: believed,
      form: formPoints(belief?.form, request, entry, mix),
      words: mix.words * Math.max(mix.leastWords, points - most),
      use: mix.use * Math.min(1, Math.max(0, options.uses?.(endpoint.id) ?? 0)),
      unlisted: endpoint.unlisted ? -mix.unlisted : 0,
    };
    const score = parts.record + parts.form + parts.words + parts.use + parts.unlisted;
    return { endpoint, resource: number, score, ...(options.explain === true && { reasons: reasonsOf(parts) }) };
  });
  return ranked.sort((a, b) => b.score - a.score || a.endpoint.path.length - b.endpoint.path.length);
}

const reasonsOf = (parts: Readonly<Record<string, number>>): string[] =>
  Object.entries(parts).map(([name, part]) => `${name} ${part.toFixed(2)}`);

/** With a word that the training had; of small words only where they leave no doubt: `who am i`. */
function saysSomething(belief: Belief | undefined): boolean {
  return belief !== undefined && (belief.known > 0 || belief.resources.some((believed) => believed > noDoubt));
}
const noDoubt = Math.log(0.6);

/** Points of a resource that shares no word with the request. */
const noWord = -8;

function formPoints(
  belief: Readonly<Record<Form, number>> | undefined,
  { secondaries }: Request,
  { form, secondary }: IndexedEndpoint,
  mix: Mix,
): number {
  const off = secondary === undefined || secondaries.has(secondary) ? 0 : mix.secondary;
  if (form === 'action') return off + mix.action;
  if (form === 'search') return off + mix.search + (belief?.list ?? 0);
  return off + Math.max(mix.leastForm, belief?.[form] ?? 0);
}

/** How likely each resource is by its best endpoint, likeliest first. */
function sharesOf(ranked: readonly Ranked[]): Map<number, number> {
  const best = new Map<number, number>();
  const top = ranked[0]?.score ?? 0;
  for (const { resource, score } of ranked) if (!best.has(resource)) best.set(resource, Math.exp(score - top));
  const sum = [...best.values()].reduce((all, one) => all + one, 0);
  return new Map([...best].map(([resource, share]) => [resource, share / sum]));
}

/** Where the reading is unsure, a page shows several things and not one thing in five forms. */
function mixed(ranked: readonly Ranked[]): Ranked[] {
  const counts = new Map<number, number>();
  const first: Ranked[] = [];
  const rest: Ranked[] = [];
  for (const one of ranked) {
    const count = (counts.get(one.resource) ?? 0) + 1;
    counts.set(one.resource, count);
    (count <= mostOfOne ? first : rest).push(one);
  }
  return [...first, ...rest];
}

/** Between two parts of a request, each of which may name a kind of record: `tickets assigned to somebody who left`. */
const connective = /\b(?:and|or|plus|with|who|whose|that|which|assigned to|belonging to)\b|[,;:]/i;
/** A part that means something else is shown where it leaves no doubt; page places for such parts. */
const mostOthers = 2;

/** The best endpoint of each further kind that a part of the request names, at the end of the page. */
function withOtherKinds(index: SearchIndex, query: string, ranked: Ranked[], limit: number): Ranked[] {
  const pieces = query.slice(0, 500).split(connective).slice(0, 6);
  const { model } = index;
  if (pieces.length < 2 || model === undefined || limit < 3) return ranked;
  // `somebody who left` says more as a whole.
  const parts = [query.slice((pieces[0] ?? '').length).replace(connective, ''), ...pieces];
  const page = ranked.slice(0, limit);
  const shown = new Set(page.map(({ resource }) => resource));
  const others: Ranked[] = [];
  for (const part of parts) {
    const belief = model.read(part);
    if (belief.known === 0 || others.length === mostOthers) continue;
    const best = index.resources.findIndex(
      ({ modelNumber }) => modelNumber !== undefined && (belief.resources[modelNumber] ?? noDoubt) > noDoubt,
    );
    const found = ranked.find(({ resource }) => resource === best);
    if (found === undefined || shown.has(best)) continue;
    shown.add(best);
    others.push(found);
  }
  if (others.length === 0) return ranked;
  const kept = page.slice(0, limit - others.length);
  return [...kept, ...others, ...ranked.filter((one) => !kept.includes(one) && !others.includes(one))];
}

/** What people call a resource: its category in words. */
function nameOf(index: SearchIndex, resource: number): string {
  const category = index.resources[resource]?.endpoints[0]?.endpoint.category ?? '';
  return category.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
}

/** The modules, largest first. */
function modulesOf(index: SearchIndex): string[] {
  const counts = new Map<string, number>();
  for (const { module } of index.endpoints) counts.set(module, (counts.get(module) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([module]) => module);
}
