import type { EndpointSummary } from '../../src/catalog/endpoint.ts';
import { stem } from '../../src/search/stem.ts';
import { splitIdentifier } from '../../src/search/tokenize.ts';
import type { Ranker } from '../../tests/evals/requests.ts';

/** Usual settings of BM25: how fast repeated words stop counting, and how much long texts are held back. */
const saturation = 1.2;
const lengthShare = 0.75;

const textOf = ({ path, category, summary }: EndpointSummary): string => `${path} ${category} ${summary}`;

/** Plain BM25 with stems over path, category and summary: what a full-text search of the same catalog gives. */
export function bm25(endpoints: readonly EndpointSummary[]): Ranker {
  const documents = endpoints.map((endpoint) => splitIdentifier(textOf(endpoint)).map(stem));
  const average = documents.reduce((sum, words) => sum + words.length, 0) / documents.length;
  const postings = new Map<string, Map<number, number>>();
  for (const [at, words] of documents.entries()) {
    for (const word of words) {
      const places = postings.get(word) ?? new Map<number, number>();
      postings.set(word, places.set(at, (places.get(at) ?? 0) + 1));
    }
  }
  return (query, limit) => {
    const scores = new Map<number, number>();
    for (const word of new Set(splitIdentifier(query).map(stem))) {
      const places = postings.get(word) ?? new Map<number, number>();
      const rarity = Math.log(1 + (documents.length - places.size + 0.5) / (places.size + 0.5));
      for (const [at, count] of places) {
        const length = (documents[at]?.length ?? 0) / average;
        const weight = (count * (saturation + 1)) / (count + saturation * (1 - lengthShare + lengthShare * length));
        scores.set(at, (scores.get(at) ?? 0) + rarity * weight);
      }
    }
    return best(endpoints, scores, limit);
  };
}

/** Counts the words of the request that occur in path, summary or category, as the predecessor did. */
export function wordCounts(endpoints: readonly EndpointSummary[]): Ranker {
  const texts = endpoints.map((endpoint) => textOf(endpoint).toLowerCase());
  return (query, limit) => {
    const words = query
      .toLowerCase()
      .split(/\W+/)
      .filter((word) => word.length > 2);
    const scores = new Map<number, number>();
    for (const [at, text] of texts.entries()) {
      const count = words.filter((word) => text.includes(word)).length;
      if (count > 0) scores.set(at, count);
    }
    return best(endpoints, scores, limit);
  };
}

function best(
  endpoints: readonly EndpointSummary[],
  scores: ReadonlyMap<number, number>,
  limit: number,
): EndpointSummary[] {
  const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, limit);
  return ranked.flatMap(([at]) => endpoints[at] ?? []);
}
