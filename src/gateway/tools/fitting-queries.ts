import type { Catalog, EndpointSummary } from '../../catalog/index.ts';
import { isRead } from '../../changes/reading-posts.ts';
import { GatewayError } from '../../core/errors.ts';
import { plainPath } from '../../memory/holes/fill-query.ts';
import type { FoundQuery } from '../../memory/memory.ts';
import type { SavedQuery } from '../../memory/saved-query.ts';
import { fitList } from '../../results/shorten.ts';
import { type QueryOffer, toQueryOffer } from './saved-query-view.ts';
import type { ToolContext } from './tool.ts';

/** More would be a list to choose from, and the endpoints stand there too. */
const most = 3;
/** Nearly the same words need no second witness; half of them do: the endpoint that the words find as well. */
const sureScore = 0.75;
const likelyScore = 0.45;
/** A query this much worse than the best is another one. */
const mostBehind = 0.3;

/**
 * Saved queries that fit a request, as run_fast_memory takes them, best first and within a size in bytes.
 * Never an error: without credentials, or a readable file, there are none.
 */
export async function findFittingQueries(
  context: ToolContext,
  words: string,
  endpoints: readonly EndpointSummary[],
  maxBytes: number,
): Promise<QueryOffer[]> {
  const found = await searchMemory(context, words);
  const [best] = found;
  if (best === undefined) return [];
  const catalog = await context.catalog();
  const fitting = found.filter(
    ({ query, score }) => score >= best.score - mostBehind && fits(query, score, endpoints, catalog),
  );
  const offers = fitting.slice(0, most).map(({ query }) => clipped(toQueryOffer(query, catalog)));
  return offers.length === 0 ? [] : fitList(offers, maxBytes);
}

function clipped({ description, ...offer }: QueryOffer): QueryOffer {
  return {
    ...offer,
    description: description.length > 80 ? `${description.slice(0, 79).toWellFormed()}…` : description,
  };
}

async function searchMemory(context: ToolContext, words: string): Promise<readonly FoundQuery[]> {
  try {
    return (await context.memory()).search(words, 8);
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
}

function fits(query: SavedQuery, score: number, endpoints: readonly EndpointSummary[], catalog: Catalog): boolean {
  const [first] = endpoints;
  // Who asks to change something is not helped by a list.
  const sameKind = first === undefined || isRead(first.method, first.path) === isRead(query.method, query.path);
  if (!sameKind || score < likelyScore) return false;
  const own = catalog.findEndpoint(query.method, plainPath(query.path))?.endpoint.id;
  return score >= sureScore || endpoints.some(({ id }) => id === own);
}
