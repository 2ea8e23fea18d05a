import * as z from 'zod';
import type { Catalog } from '../../catalog/index.ts';
import { isWrite } from '../../connectwise/index.ts';
import { fitList } from '../../core/budget.ts';
import { GatewayError } from '../../core/errors.ts';
import { type FoundQuery, plainPath, type SavedQuery, withAlike } from '../../memory/index.ts';
import { recordNames } from '../calls/run-saved-query.ts';
import { querySchema, resultCountSchema } from './inputs.ts';
import { type QueryOffer, toQueryOffer } from './saved-query-view.ts';
import { type FoundEndpoints, searchOutput, searchOutputSchema } from './search-output.ts';
import { defineTool, type ToolContext } from './tool.ts';

export const naturalLanguageApiSearch = defineTool({
  name: 'natural_language_api_search',
  title: 'Find endpoints for a request',
  description:
    'The usual first call: give the person\'s request with the action and the kind of record named first ("list invoices: who still owes us"), and get the saved queries that answer it (run_fast_memory runs one) and the ConnectWise endpoints that do it, best first. Then execute_api_call with the path at once; get_api_endpoint_details only where its members are not known. It finds endpoints, not records.',
  access: 'local',
  input: z.strictObject({
    query: querySchema.describe('Action and record, then the request'),
    max_results: resultCountSchema(5),
  }),
  output: searchOutputSchema,
  run({ query, max_results }, context) {
    return searchOutput(context, query, { limit: max_results }, (found, maxBytes) =>
      findQueries(context, query, found, maxBytes),
    );
  },
});

/** More saved queries would be a list to choose from, beside the list of endpoints. */
const mostQueries = 3;
/** Nearly the same words are enough; half of them only where the words find the query's endpoint too. */
const sureScore = 0.75;
const likelyScore = 0.45;
/** A query this much worse than the best is about something else. */
const mostBehind = 0.3;

/**
 * Saved queries that fit a request, as run_fast_memory takes them.
 * Never an error: without credentials, or a readable file, there are none.
 */
async function findQueries(
  context: ToolContext,
  words: string,
  endpoints: FoundEndpoints,
  maxBytes: number,
): Promise<QueryOffer[]> {
  const found = await searchMemory(context, words);
  const [best] = found;
  if (best === undefined) return [];
  const catalog = await context.catalog();
  const fitting = found.filter(
    ({ query, score }) => score >= best.score - mostBehind && fits(query, score, endpoints, catalog),
  );
  const shown = withAlike(
    await context.remembered(),
    catalog,
    fitting.map(({ query }) => query),
  );
  const offers = shown.slice(0, mostQueries).map((query) => clipped(toQueryOffer(query, catalog)));
  return offers.length === 0 ? [] : fitList(offers, maxBytes);
}

async function searchMemory(context: ToolContext, words: string): Promise<readonly FoundQuery[]> {
  try {
    return (await context.remembered()).search(words, 8, await recordNames(context));
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
}

function fits(query: SavedQuery, score: number, endpoints: FoundEndpoints, catalog: Catalog): boolean {
  const [first] = endpoints;
  // A list does not help someone who wants to change something.
  const sameKind = first === undefined || isWrite(first.method, first.path) === isWrite(query.method, query.path);
  if (!sameKind || score < likelyScore) return false;
  const own = catalog.findEndpoint(query.method, plainPath(query.path))?.endpoint.id;
  return score >= sureScore || endpoints.some(({ id }) => id === own);
}

function clipped({ description, ...offer }: QueryOffer): QueryOffer {
  return {
    ...offer,
    description: description.length > 80 ? `${description.slice(0, 79).toWellFormed()}…` : description,
  };
}
