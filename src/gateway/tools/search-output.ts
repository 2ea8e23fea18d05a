import * as z from 'zod';
import {
  type Catalog,
  type EndpointSummary,
  findExample,
  meaningIn,
  renderSignature,
  unlistedNote,
} from '../../catalog/index.ts';
import { isWrite } from '../../connectwise/index.ts';
import { fitList, jsonBytes } from '../../core/budget.ts';
import { type SearchOptions, search } from '../../search/index.ts';
import type { QueryOffer } from './saved-query-view.ts';
import type { ToolContext } from './tool.ts';

/** The members that a caller needs; the schema of each tool repeats them, so others are left out. */
const endpointSchema = z.looseObject({ method: z.string(), path: z.string() });

export const searchOutputSchema = z.looseObject({
  endpoints: z.array(endpointSchema),
  total: z.number(),
  next: z.string().optional(),
});

type SearchOutput = z.infer<typeof searchOutputSchema>;

/** Endpoints that were found, best first. */
export type FoundEndpoints = readonly EndpointSummary[];

/** Bytes: 280 tokens for five results, 500 for ten, as JSON and as text, with the lines around them. */
const maxBytes = (results: number) => (results <= 5 ? 1_070 : 1_900);

/** Of these, the part for saved queries. */
const maxQueryBytes = (results: number) => (results <= 5 ? 380 : 480);

/**
 * Endpoints for a query, best first; never an error, whatever the query holds.
 * @param findQueries saved queries to offer before them, best first and within a size in bytes
 */
export async function searchOutput(
  context: ToolContext,
  query: string,
  options: SearchOptions,
  findQueries: (found: FoundEndpoints, maxBytes: number) => Promise<QueryOffer[]> = async () => [],
): Promise<SearchOutput> {
  const uses = await context.learning.uses();
  const {
    results,
    total,
    unsure,
    nearestModules = [],
  } = search(await context.searchIndex(), query, { ...options, uses });
  if (results.length === 0) {
    const modules = nearestModules.slice(0, 13).join(', ');
    return {
      endpoints: [],
      total: 0,
      next: `Nothing fits these words. Name the record and what to do with it, as in "list open tickets". list_api_categories shows what there is in one of the modules. Modules: ${modules}.`,
    };
  }
  const found = results.map(({ endpoint }) => endpoint);
  const queries = await findQueries(found, maxQueryBytes(found.length));
  const offered = queries.length > 0 && { queries };
  const next = `${renderUnsure(unsure)}${adviseNext(found[0], queries[0])}`;
  const taken = jsonBytes({ ...offered, next });
  const endpoints = describeBest(await context.catalog(), found, { query, bytes: maxBytes(found.length) - taken });
  const rest = total - endpoints.length;
  return { ...offered, endpoints, total, ...(rest > 0 && { more: `and ${rest} more` }), next };
}

/** What would decide where several kinds of records may be meant. */
function renderUnsure(kinds: readonly string[] | undefined): string {
  if (kinds === undefined) return '';
  const meant = kinds.length > 1 ? `: ${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}` : '';
  return `Not sure what is meant${meant}. If none fits, search again with the record named ("list invoices"). Else `;
}

/** The next call in one line: a host may show a model this reply and no description of a tool. */
function adviseNext(best: EndpointSummary | undefined, offer: QueryOffer | undefined): string {
  if (offer) return 'run_fast_memory where a query fits; else execute_api_call with a path.';
  if (best && isWrite(best.method, best.path))
    return 'execute_api_call prepares it, names for ids; members unknown: get_api_endpoint_details.';
  return 'execute_api_call with a path; members unknown: get_api_endpoint_details.';
}

/** How many of the best get a signature, so that the next call can be execute_api_call. */
const signed = 3;

/** Signatures for the best and an example for the first, as far as the budget goes; saved queries come before them. */
function describeBest(
  catalog: Catalog,
  found: FoundEndpoints,
  { query, bytes }: { query: string; bytes: number },
): SearchOutput['endpoints'] {
  const full = found.slice(0, signed).map(({ id }) => catalog.getEndpoint(id));
  const [best] = full;
  const example = best && findExample(catalog, best);
  const [at = 0, meaning] =
    found.flatMap(({ id }, place): [number, string][] => {
      const text = meaningIn(catalog, catalog.getEndpoint(id), query);
      return text === undefined ? [] : [[place, text]];
    })[0] ?? [];
  const signatures = full.map((endpoint, place) => renderSignature(catalog, endpoint, place === 0 ? 120 : 60));
  // A word that is misread costs a wrong answer: what it means comes before the last of the endpoints.
  const kept = meaning === undefined ? 0 : jsonBytes({ meaning });
  const views: SearchOutput['endpoints'] = fitList(found.map(toEndpointView), bytes - kept);
  let room = bytes - jsonBytes(views);
  const add = (place: number, name: string, value: unknown) => {
    const cost = jsonBytes({ [name]: value });
    if (value === undefined || cost > room || views[place] === undefined) return;
    room -= cost;
    views[place][name] = value;
  };
  add(at, 'meaning', meaning);
  for (const [place, signature] of signatures.entries()) add(place, 'signature', signature);
  add(0, 'example', example);
  return views;
}

/** An endpoint as lists show it. */
function toEndpointView({ method, path, summary, module, category, unlisted }: EndpointSummary) {
  return { method, path, summary, module, category, ...(unlisted && { note: unlistedNote }) };
}
