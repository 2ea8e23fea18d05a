import * as z from 'zod';
import { querySchema, resultCountSchema } from './inputs.ts';
import { searchOutput, searchOutputSchema } from './search-output.ts';
import { defineTool } from './tool.ts';

export const searchApiEndpoints = defineTool({
  name: 'search_api_endpoints',
  title: 'Search endpoints by key words',
  description:
    'Endpoints by key words that you already know, action and record first, or a path: "list agreement additions", "update company", "PATCH /service/tickets". For a request in a person\'s words use natural_language_api_search, which knows saved queries too.',
  access: 'local',
  input: z.strictObject({ query: querySchema.describe('Key words'), max_results: resultCountSchema(10) }),
  output: searchOutputSchema,
  run({ query, max_results }, context) {
    return searchOutput(context, query, { limit: max_results });
  },
});
