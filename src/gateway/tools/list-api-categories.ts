import * as z from 'zod';
import { listCategories, listModules } from '../../catalog/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { nearestNames } from '../../core/nearest.ts';
import { defineTool } from './tool.ts';

export const listApiCategories = defineTool({
  name: 'list_api_categories',
  title: 'List the modules and categories of the API',
  description:
    'What the ConnectWise API covers, for browsing when a search finds nothing: its modules with the number of endpoints; with a module (or "all") its categories. Then get_category_endpoints with one category.',
  access: 'local',
  input: z.strictObject({ module: z.string().trim().min(1).max(100).optional().describe('Such as service, or all') }),
  output: z.looseObject({ next: z.string() }),
  async run({ module }, context) {
    const { endpoints } = await context.catalog();
    const modules = listModules(endpoints);
    if (module === undefined)
      return {
        modules,
        next: 'list_api_categories with a module names its categories; get_category_endpoints takes a module, too.',
      };
    const wanted = module.toLowerCase();
    const chosen = modules.filter((known) => wanted === 'all' || known.module === wanted);
    if (chosen.length === 0)
      throw unknownModule(
        module,
        modules.map((known) => known.module),
      );
    const categories = chosen.map((known) => ({
      module: known.module,
      categories: listCategories(endpoints.filter((endpoint) => endpoint.module === known.module))
        .map(({ category, endpoints: count }) => `${category} ${count}`)
        .join(', '),
    }));
    return { categories, next: 'get_category_endpoints with one of these names, without its number.' };
  },
});

function unknownModule(module: string, names: readonly string[]): GatewayError {
  const near = nearestNames(module, names, 3);
  return new GatewayError('unknown_category', `There is no module ${JSON.stringify(module)}.`, {
    details: { field: 'module', candidates: near.length > 0 ? near : names },
    hint: 'Give one of the modules, or "all".',
  });
}
