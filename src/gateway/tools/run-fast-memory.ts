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
    const found = await findSavedQuery(context, query, given, signal);
    if (found.kind === 'one')
      return runSavedQuery(context, found.query, { given: found.given, maxTokens: max_tokens }, signal);
    const { queries, first, open } = found;
    return { what: 'not_run' as const, queries: await describeCandidates(context, queries, first), open };
  },
  render(result) {
    if (result.what !== 'not_run') return renderCall(result, wordsForModel);
    const { queries, open } = result;
    const [best] = queries;
    const unsaid = `its words do not cover ${open.map((words) => JSON.stringify(words)).join(' and ')}`;
    const several = queries.length === 1 ? 'one saved query' : `${queries.length} saved queries`;
    return {
      outcome: `NOT RUN: ${open.length > 0 ? `${best?.query} is nearest, but ${unsaid}.` : `${several} may be meant.`}`,
      queries: queries.map(({ call: _, ...query }) => query),
      next: `run_fast_memory ${JSON.stringify(best?.call)} runs the first${open.length > 0 ? ', if its arguments cover it; else natural_language_api_search finds the endpoint' : ''}.`,
    };
  },
});
