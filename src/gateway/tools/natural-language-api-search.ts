import * as z from 'zod';
import { querySchema, resultCountSchema } from './inputs.ts';
import { searchOutput, searchOutputSchema } from './search-output.ts';
import { defineTool } from './tool.ts';

export const naturalLanguageApiSearch = defineTool({
  name: 'natural_language_api_search',
  title: 'Find endpoints for a request',
  description:
    'The usual first call: give the person\'s request in their own words, with the kind of record named (tickets, invoices), and get the saved queries that answer it (run_fast_memory runs one) and the ConnectWise endpoints that do it, best first. Example: query "find all open service tickets that are high priority". Then execute_api_call with the path at once; get_api_endpoint_details only where its members are not known. It finds endpoints, not records. Not needed for a path that you know from this conversation.',
  access: 'local',
  input: z.strictObject({
    query: querySchema.describe('The request, as a person says it'),
    max_results: resultCountSchema(5),
  }),
  output: searchOutputSchema,
  run({ query, max_results }, context) {
    return searchOutput(context, query, { limit: max_results, mode: 'request' });
  },
});
