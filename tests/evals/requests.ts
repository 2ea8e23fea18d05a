import { readFileSync } from 'node:fs';
import type { EndpointSummary } from '../../src/catalog/endpoint.ts';

/** A request with the endpoints that would be right, any of them. */
export interface EvalRequest {
  id: string;
  query: string;
  gold: readonly { method: string; path: string }[];
  kind: string;
}

/** Answers a request with endpoints, best first. */
export type Ranker = (query: string, limit: number) => readonly Pick<EndpointSummary, 'method' | 'path'>[];

export interface Measures {
  count: number;
  hit1: number;
  hit3: number;
  hit5: number;
  hit10: number;
  /** Mean of one over the place of the first right answer. */
  mrr: number;
  /** Discounted gain of the first ten; each gold endpoint gains one. */
  ndcg10: number;
}

export function readRequests(file: string): EvalRequest[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as EvalRequest);
}

/** Batches D and E, from r1372 on: never trained on, and never tuned to. They carry the floor. */
export const isHeldOut = (id: string): boolean => Number(id.slice(1)) >= 1372;

/** Names of parameters, case and a slash at the end do not matter. */
export function endpointKey({ method, path }: { method: string; path: string }): string {
  return `${method.toUpperCase()} ${path
    .replace(/\{[^}]*\}/g, '{}')
    .replace(/\/$/, '')
    .toLowerCase()}`;
}

/** Places of the gold endpoints among the answers, from 0; empty where none is there. */
export function placesOf(request: EvalRequest, answers: readonly { method: string; path: string }[]): number[] {
  const gold = new Set(request.gold.map(endpointKey));
  return answers.flatMap((answer, at) => (gold.has(endpointKey(answer)) ? [at] : []));
}

function measureOne(request: EvalRequest, places: readonly number[]): Measures {
  const first = places[0] ?? Number.POSITIVE_INFINITY;
  const hit = (within: number) => (first < within ? 1 : 0);
  const gain = places.filter((place) => place < 10).reduce((sum, place) => sum + 1 / Math.log2(place + 2), 0);
  const ideal = request.gold.slice(0, 10).reduce((sum, _, place) => sum + 1 / Math.log2(place + 2), 0);
  const measures = {
    hit1: hit(1),
    hit3: hit(3),
    hit5: hit(5),
    hit10: hit(10),
    mrr: 1 / (first + 1),
    ndcg10: gain / ideal,
  };
  return { count: 1, ...measures };
}

function mean(all: readonly Measures[]): Measures {
  const average = (key: keyof Measures) => all.reduce((sum, one) => sum + one[key], 0) / Math.max(1, all.length);
  const [hit1, hit3, hit5, hit10] = [average('hit1'), average('hit3'), average('hit5'), average('hit10')];
  return { count: all.length, hit1, hit3, hit5, hit10, mrr: average('mrr'), ndcg10: average('ndcg10') };
}

/** Measures of a ranker over the requests: of all of them, and of each kind. */
export function measure(requests: readonly EvalRequest[], rank: Ranker): Map<string, Measures> {
  const groups = new Map<string, Measures[]>([['all', []]]);
  for (const request of requests) {
    const one = measureOne(request, placesOf(request, rank(request.query, 10)));
    for (const kind of ['all', request.kind]) groups.set(kind, [...(groups.get(kind) ?? []), one]);
  }
  return new Map([...groups].map(([kind, all]) => [kind, mean(all)]));
}
