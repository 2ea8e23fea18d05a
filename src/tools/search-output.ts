import * as z from 'zod';
import { type SearchOptions, search } from '../catalog/search/search.ts';
import { endpointSchema, toEndpointView } from './endpoint-view.ts';
import type { ToolContext } from './tool.ts';

export const searchOutputSchema = z.looseObject({
  endpoints: z.array(endpointSchema),
  total: z.number(),
  next: z.string().optional(),
});

/** Endpoints for a query, best first; never an error, whatever the query holds. */
export async function searchOutput(
  context: ToolContext,
  query: string,
  options: SearchOptions,
): Promise<z.infer<typeof searchOutputSchema>> {
  const {
    results,
    total,
    nearestModules = [],
  } = search(await context.searchIndex(), query, {
    ...options,
    uses: await context.learning.uses(),
  });
  if (results.length === 0) {
    return {
      endpoints: [],
      total: 0,
      next: `Nothing fits these words. Name the record and what to do with it, as in "list open tickets". Modules: ${nearestModules.slice(0, 13).join(', ')}.`,
    };
  }
  return { endpoints: results.map(({ endpoint }) => toEndpointView(endpoint)), total };
}
