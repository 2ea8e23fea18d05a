import * as z from 'zod';
import { checkSize, dataSchema, methodSchema, paramsSchema, parseMethod, parseParams, pathSchema } from './inputs.ts';
import { requireEndpoint } from './require-endpoint.ts';
import { savedQuerySchema, toSavedQueryView } from './saved-query-view.ts';
import { defineTool } from './tool.ts';

export const saveToFastMemory = defineTool({
  name: 'save_to_fast_memory',
  title: 'Save a query that worked',
  description:
    'Keeps a call under a description, so that it is found and run again. Example: path "/service/tickets", method "GET", description "High priority open tickets", params {"conditions": "status/name=\'Open\' and priority/name=\'High\'"}. For queries only, not for facts or notes about people.',
  access: 'local-write',
  input: z.strictObject({
    path: pathSchema,
    method: methodSchema,
    description: z.string().trim().min(1).max(200).describe('One line: what the query answers'),
    params: paramsSchema.optional(),
    data: dataSchema.optional(),
  }),
  output: z.object({ outcome: z.string(), saved: savedQuerySchema, next: z.string() }),
  async run({ path, method, description, params, data }, context) {
    checkSize({ params, data });
    const target = await requireEndpoint(context, parseMethod(method), path);
    const query = { ...target.query, ...parseParams(params ?? {}) };
    const memory = await context.memory();
    const { query: saved, existed } = memory.save({
      description,
      path: target.path,
      method: target.method,
      ...(Object.keys(query).length > 0 ? { params: query } : {}),
      ...(data === undefined ? {} : { data }),
    });
    return {
      outcome: existed ? `UPDATED saved query ${saved.id}: it had the same call.` : `SAVED as query ${saved.id}.`,
      saved: toSavedQueryView(saved),
      next: `execute_api_call ${saved.method} ${saved.path} with these params runs it; list_fast_memory finds it.`,
    };
  },
});
