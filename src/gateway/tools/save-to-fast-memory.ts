import * as z from 'zod';
import { defined } from '../../core/json.ts';
import { type NewSavedQuery, plainPath, withDefaults } from '../../memory/index.ts';
import { bodyOf, checkSize, parseMethod, parseParams, requireEndpoint } from '../calls/call.ts';
import { callEndpoint } from '../calls/call-endpoint.ts';
import { checkSavedQuery } from '../calls/saved-query.ts';
import { dataSchema, methodSchema, paramsSchema, pathSchema, sqlSchema } from './inputs.ts';
import { savedQuerySchema, toSavedQueryView } from './saved-query-view.ts';
import { defineTool } from './tool.ts';

export const saveToFastMemory = defineTool({
  name: 'save_to_fast_memory',
  title: 'Save a query that worked',
  description:
    'Keeps a call under a description, so that run_fast_memory finds and runs it again. {name} or {name=default} in values of path, params and data is asked for then; {me}, {today}, {start_of_week}, {last_month.start}, {now-24h} fill themselves; {{ is a brace. Example: path "/service/tickets", description "Open tickets of a client", params {"conditions": "company/name={company} and closedFlag=false"}. For queries only, not for facts or notes about people.',
  access: 'local-write',
  input: z.strictObject({
    path: pathSchema,
    method: methodSchema,
    description: z.string().trim().min(1).max(200).describe('One line: what the query answers'),
    params: paramsSchema.optional(),
    data: dataSchema.optional(),
    name: z.string().trim().min(1).max(60).optional(),
    sql: sqlSchema.optional().describe('Makes the report of the rows'),
  }),
  output: z.looseObject({ outcome: z.string(), saved: savedQuerySchema.optional(), next: z.string().optional() }),
  async run({ path, method, description, params, data, name, sql }, context, signal) {
    checkSize({ params, data });
    const target = await requireEndpoint(context, parseMethod(method), plainPath(path));
    // Who the user is, is remembered like a query; running it is keeping it.
    if (target.method === 'PUT' && target.path === '/gateway/me') {
      const kept = await callEndpoint(context, { target, data, strict: true }, signal);
      return { outcome: 'SAVED: who you are.', ...(kept.what === 'local' && { me: kept.value }) };
    }
    const members = { ...target.query, ...parseParams(params ?? {}) };
    const query = defined<NewSavedQuery>({
      description,
      path: withDefaults(target.path, path),
      method: target.method,
      params: Object.keys(members).length > 0 ? members : undefined,
      data: bodyOf(target.method, data),
      name,
      sql,
    });
    const catalog = await context.catalog();
    const { notes } = checkSavedQuery(query, catalog, { zone: await context.zone(), now: context.now() });
    const memory = await context.memory();
    const { query: saved, existed } = memory.save(query);
    return {
      outcome: existed ? `UPDATED saved query ${saved.id}: it had the same call.` : `SAVED as query ${saved.id}.`,
      ...(notes.length > 0 && { notes }),
      saved: toSavedQueryView(saved, catalog),
      next: `run_fast_memory ${JSON.stringify(saved.name ?? String(saved.id))} runs it; so do words of its description.`,
    };
  },
});
