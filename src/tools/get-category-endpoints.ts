import * as z from 'zod';
import { nearestNames } from '../catalog/nearest.ts';
import { GatewayError } from '../errors.ts';
import { endpointSchema, toEndpointView } from './endpoint-view.ts';
import { resultCountSchema } from './inputs.ts';
import { defineTool } from './tool.ts';

export const getCategoryEndpoints = defineTool({
  name: 'get_category_endpoints',
  title: 'List the endpoints of one category',
  description: 'The endpoints of one category (or module) that list_api_categories named, such as Tickets.',
  access: 'local',
  input: z.strictObject({ category: z.string().trim().min(1).max(200), max_results: resultCountSchema(20) }),
  output: z.object({ outcome: z.string(), endpoints: z.array(endpointSchema), total: z.number() }),
  async run({ category, max_results }, context) {
    const catalog = await context.catalog();
    const wanted = category.toLowerCase();
    const found = catalog.endpoints.filter(
      (endpoint) => endpoint.category.toLowerCase() === wanted || endpoint.module === wanted,
    );
    if (found.length === 0) {
      const names = [...new Set(catalog.endpoints.flatMap((endpoint) => [endpoint.category, endpoint.module]))];
      throw new GatewayError('unknown_category', `There is no category ${JSON.stringify(category)}.`, {
        details: { field: 'category', candidates: nearestNames(category, names, 5) },
      });
    }
    const shown = found.slice(0, max_results);
    return {
      outcome:
        shown.length === found.length
          ? `COMPLETE: ${found.length} endpoints.`
          : `PARTIAL: ${shown.length} of ${found.length} endpoints.`,
      endpoints: shown.map(toEndpointView),
      total: found.length,
    };
  },
});
