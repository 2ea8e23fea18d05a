import * as z from 'zod';
import { wordsForModel } from '../calls/reader-words.ts';
import { callOutputSchema, renderCall } from '../calls/render.ts';
import { describeCandidates, findSavedQuery, runSavedQuery } from '../calls/run-saved-query.ts';
import { maxTokensSchema, querySchema } from './inputs.ts';
import { defineTool } from './tool.ts';

export const runFastMemory = defineTool({
  name: 'run_fast_memory',
  title: 'Run a saved query',
  description:
    'Runs a query of Fast Memory with values for its placeholders: what natural_language_api_search lists under queries, in one call. Example: query "open tickets of a client", arguments {"company": "Acme"}. Records go by name, dates by ISO or words (last_month). A write is only prepared.',
  access: 'prepare',
  input: z.strictObject({
    query: querySchema.describe('Id, name, or words'),
    arguments: z.looseObject({}).optional().describe('Values by name'),
    max_tokens: maxTokensSchema.optional(),
  }),
  output: callOutputSchema,
  async run({ query, arguments: given = {}, max_tokens }, context, signal) {
    const found = await findSavedQuery(context, query);
    if (found.kind === 'one') return runSavedQuery(context, found.query, { given, maxTokens: max_tokens }, signal);
    return { what: 'not_run' as const, queries: await describeCandidates(context, found.queries) };
  },
  render(result) {
    if (result.what !== 'not_run') return renderCall(result, wordsForModel);
    const { queries } = result;
    return {
      outcome: `NOT RUN: ${queries.length === 1 ? 'one saved query' : `${queries.length} saved queries`} may be meant.`,
      queries,
      next: `run_fast_memory with query ${JSON.stringify(queries[0]?.query)} runs the first.`,
    };
  },
});
