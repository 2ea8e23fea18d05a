import * as z from 'zod';
import { groupByPath } from '../../catalog/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { nearestNames } from '../../core/nearest.ts';
import { resultCountSchema } from './inputs.ts';
import { defineTool } from './tool.ts';

export const getCategoryEndpoints = defineTool({
  name: 'get_category_endpoints',
  title: 'List the endpoints of one category',
  description:
    'The endpoints of one category (or module) that list_api_categories named, such as Tickets: each path with its methods.',
  access: 'local',
  input: z.strictObject({ category: z.string().trim().min(1).max(200), max_results: resultCountSchema(20) }),
  output: z.object({
    outcome: z.string(),
    endpoints: z.array(z.looseObject({ path: z.string(), methods: z.string() })),
    total: z.number(),
    next: z.string(),
  }),
  async run({ category, max_results }, context) {
    const catalog = await context.catalog();
    const wanted = category.toLowerCase();
    // Lengths first: lower-casing three thousand names would take longer than the rest of the call.
    const isWanted = (name: string) => name.length === wanted.length && name.toLowerCase() === wanted;
    const found = catalog.endpoints.filter((endpoint) => endpoint.module === wanted || isWanted(endpoint.category));
    if (found.length === 0) {
      const names = [...new Set(catalog.endpoints.flatMap((endpoint) => [endpoint.category, endpoint.module]))];
      throw new GatewayError('unknown_category', `There is no category ${JSON.stringify(category)}.`, {
        details: { field: 'category', candidates: nearestNames(category, names, 5) },
      });
    }
    const paths = groupByPath(found);
    const shown = paths.slice(0, max_results);
    const whole = shown.length === paths.length;
    return {
      outcome: `${whole ? 'COMPLETE' : 'PARTIAL'}: ${whole ? '' : `${shown.length} of `}${paths.length} paths, ${found.length} endpoints.`,
      endpoints: shown,
      total: found.length,
      next: `${whole ? '' : 'max_results up to 100 lists more; '}execute_api_call with a path; members unknown: get_api_endpoint_details.`,
    };
  },
});
