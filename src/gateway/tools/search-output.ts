import * as z from 'zod';
import { type Catalog, type EndpointSummary, findExample, renderSignature } from '../../catalog/index.ts';
import { isRead } from '../../changes/reading-posts.ts';
import { fitList } from '../../results/shorten.ts';
import { type SearchOptions, search } from '../../search/index.ts';
import { endpointSchema, toEndpointView } from './endpoint-view.ts';
import { findFittingQueries } from './fitting-queries.ts';
import type { QueryOffer } from './saved-query-view.ts';
import type { ToolContext } from './tool.ts';

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
  const taken = sizeOf({ ...(queries.length > 0 ? { queries } : {}), next });
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
  if (best && !isRead(best.method, best.path))
    return 'execute_api_call prepares it, names for ids; members unknown: get_api_endpoint_details.';
  return 'execute_api_call with a path; members unknown: get_api_endpoint_details.';
}

/** Signatures for the best and an example for the first, as far as the budget goes; the last give way to saved queries. */
function describeBest(catalog: Catalog, found: readonly EndpointSummary[], bytes: number): SearchOutput['endpoints'] {
  const views: SearchOutput['endpoints'] = fitList(found.map(toEndpointView), bytes);
  let room = bytes - sizeOf(views);
  const add = (at: number, name: string, value: unknown) => {
    const cost = Buffer.byteLength(JSON.stringify({ [name]: value }));
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

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
