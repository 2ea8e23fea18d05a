import * as z from 'zod';
import { type Catalog, type EndpointSummary, findExample, renderSignature } from '../../catalog/index.ts';
import { isWrite } from '../../connectwise/index.ts';
import { fitList, jsonBytes } from '../../core/budget.ts';
import { GatewayError } from '../../core/errors.ts';
import { type FoundQuery, plainPath, type SavedQuery } from '../../memory/index.ts';
import { type SearchOptions, search } from '../../search/index.ts';
import type { QueryOffer } from './saved-query-view.ts';
import { toQueryOffer } from './saved-query-view.ts';
import type { ToolContext } from './tool.ts';

/** The members that a caller needs; every tool repeats its schema, so the rest goes unsaid. */
const endpointSchema = z.looseObject({ method: z.string(), path: z.string() });

export const searchOutputSchema = z.looseObject({
  endpoints: z.array(endpointSchema),
  total: z.number(),
  next: z.string().optional(),
});

type SearchOutput = z.infer<typeof searchOutputSchema>;

/** How many of the best say what they take, so that the next call is execute_api_call. */
const signed = 3;

/** Bytes: 280 tokens for five results, 500 for ten, as JSON and as text, with the lines around them. */
const maxBytes = (results: number) => (results <= 5 ? 1_020 : 1_900);

/** Of these, what saved queries may take. */
const maxQueryBytes = (results: number) => (results <= 5 ? 380 : 480);

/** Endpoints for a query, best first; never an error, whatever the query holds. */
export async function searchOutput(context: ToolContext, query: string, options: SearchOptions): Promise<SearchOutput> {
  const uses = await context.learning.uses();
  const { results, total, nearestModules = [] } = search(await context.searchIndex(), query, { ...options, uses });
  if (results.length === 0) {
    return {
      endpoints: [],
      total: 0,
      next: `Nothing fits these words. Name the record and what to do with it, as in "list open tickets". list_api_categories shows what there is in one of the modules. Modules: ${nearestModules.slice(0, 13).join(', ')}.`,
    };
  }
  const found = results.map(({ endpoint }) => endpoint);
  const queries =
    options.mode === 'request' ? await findFittingQueries(context, query, found, maxQueryBytes(found.length)) : [];
  const next = adviseNext(found[0], queries[0]);
  const taken = jsonBytes({ ...(queries.length > 0 ? { queries } : {}), next });
  const endpoints = describeBest(await context.catalog(), found, maxBytes(found.length) - taken);
  const rest = total - endpoints.length;
  return {
    ...(queries.length > 0 ? { queries } : {}),
    endpoints,
    total,
    ...(rest > 0 ? { more: `and ${rest} more` } : {}),
    next,
  };
}

/** The short way on, in one line: a host may show a model this reply and no description. */
function adviseNext(best: EndpointSummary | undefined, offer: QueryOffer | undefined): string {
  if (offer) return 'run_fast_memory where a query fits; else execute_api_call with a path.';
  if (best && isWrite(best.method, best.path))
    return 'execute_api_call prepares it, names for ids; members unknown: get_api_endpoint_details.';
  return 'execute_api_call with a path; members unknown: get_api_endpoint_details.';
}

/** An endpoint as lists show it. */
function toEndpointView({ method, path, summary, module, category }: EndpointSummary) {
  return { method, path, summary, module, category };
}

/** Signatures for the best and an example for the first, as far as the budget goes; the last give way to saved queries. */
function describeBest(catalog: Catalog, found: readonly EndpointSummary[], bytes: number): SearchOutput['endpoints'] {
  const views: SearchOutput['endpoints'] = fitList(found.map(toEndpointView), bytes);
  let room = bytes - jsonBytes(views);
  const add = (at: number, name: string, value: unknown) => {
    const cost = jsonBytes({ [name]: value });
    if (cost > room || views[at] === undefined) return;
    room -= cost;
    views[at][name] = value;
  };
  const full = found.slice(0, signed).map(({ id }) => catalog.getEndpoint(id));
  const [best] = full;
  const example = best && findExample(catalog, best);
  for (const [at, endpoint] of full.entries())
    add(at, 'signature', renderSignature(catalog, endpoint, at === 0 ? 120 : 60));
  if (example) add(0, 'example', example);
  return views;
}

/** More would be a list to choose from, and the endpoints stand there too. */
const mostQueries = 3;
/** Nearly the same words need no second witness; half of them do: the endpoint that the words find as well. */
const sureScore = 0.75;
const likelyScore = 0.45;
/** A query this much worse than the best is another one. */
const mostBehind = 0.3;

/**
 * Saved queries that fit a request, as run_fast_memory takes them, best first and within a size in bytes.
 * Never an error: without credentials, or a readable file, there are none.
 */
async function findFittingQueries(
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
  const offers = fitting.slice(0, mostQueries).map(({ query }) => clipped(toQueryOffer(query, catalog)));
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
  const sameKind = first === undefined || isWrite(first.method, first.path) === isWrite(query.method, query.path);
  if (!sameKind || score < likelyScore) return false;
  const own = catalog.findEndpoint(query.method, plainPath(query.path))?.endpoint.id;
  return score >= sureScore || endpoints.some(({ id }) => id === own);
}
