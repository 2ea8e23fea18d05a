import * as z from 'zod';
import { listModules } from '../catalog/browse.ts';
import { defineTool } from './tool.ts';

export const listApiCategories = defineTool({
  name: 'list_api_categories',
  title: 'List the modules and categories of the API',
  description:
    'What the ConnectWise API covers: its modules with the number of endpoints and their largest categories. For browsing when a search finds nothing; then get_category_endpoints with one category.',
  access: 'local',
  input: z.strictObject({}),
  output: z.object({
    modules: z.array(z.looseObject({ module: z.string(), endpoints: z.number() })),
    next: z.string(),
  }),
  async run(_input, context) {
    const catalog = await context.catalog();
    return {
      modules: listModules(catalog.endpoints),
      next: 'get_category_endpoints with a category; or describe the task to natural_language_api_search.',
    };
  },
});
