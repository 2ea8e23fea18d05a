import * as z from 'zod';
import { defined } from '../../core/json.ts';
import { type Call, type ListScope, parseMethod, requireEndpoint } from '../calls/call.ts';
import { callEndpoint } from '../calls/call-endpoint.ts';
import { readForEach } from '../calls/for-each.ts';
import { wordsForModel } from '../calls/reader-words.ts';
import { callOutputSchema, renderCall } from '../calls/render.ts';
import { dataSchema, maxTokensSchema, methodSchema, paramsSchema, pathSchema, sqlSchema } from './inputs.ts';
import { defineTool } from './tool.ts';

/** Ids, or what reads them. */
export const forEachSchema = z.union([
  z.string().min(1).max(20_000),
  z.array(z.union([z.string().max(100), z.int()])).max(1000),
]);

export const executeApiCall = defineTool({
  name: 'execute_api_call',
  title: 'Call an endpoint',
  description: `Calls one ConnectWise endpoint. Reads are sent and answered: COMPLETE or PARTIAL first, then rows; all rows are kept as a table for query_results. POST, PUT, PATCH and DELETE are only prepared (NOT SENT, with a preview and a change_id for confirm_api_write).
Example: path "/service/tickets", params {"conditions": "status/name='Open' and priority/name='High'", "fields": "id,summary,company/name"}.
conditions: text in quotes, dates in brackets ([2025-01-31], [last month], [30 days ago]), true/false/null bare, references by / (company/identifier='Acme'), and, or, in, like 'x%', contains. A report in one call: all_pages true, sql "select company_name, count(*) n from it group by 1".
POST and PATCH take data as an object of the members to set, with names as people write them in place of ids: {"status": "Waiting Customer", "owner": "{me}", "customFields": {"Site code": "X1"}}. Changes that need ids of each other go as one: POST /gateway/changes, data [{method, path, data}, …], with {change_1.id} for the id that the first makes.`,
  access: 'prepare',
  input: z.strictObject({
    path: pathSchema.describe('As /service/tickets/123'),
    method: methodSchema,
    params: paramsSchema.optional().describe('conditions, orderBy, fields, page, pageSize, values of {placeholders}'),
    data: dataSchema.optional().describe('Body of a write'),
    all_pages: z.boolean().default(false).describe('Read a list to its end, not 1,000 rows'),
    max_records: z.int().min(1).max(200_000).optional().describe('Default 10,000'),
    for_each: forEachSchema
      .optional()
      .describe(
        'Ids, or a SELECT over stored tables, that fill the last {…} of path: many reads as one table, or one prepared change over many records; columns fill {column} in data',
      ),
    sql: sqlSchema
      .optional()
      .describe('One SELECT over the rows read, as table it; may join stored tables, functions as in query_results'),
    max_tokens: maxTokensSchema.optional().describe('Of the reply, 1,500 unless given'),
    strict: z.boolean().default(true).describe('false sends what the checks would refuse'),
  }),
  output: callOutputSchema,
  async run(input, context, signal) {
    const { path, method, params, data, all_pages, max_records, for_each, sql, max_tokens, strict } = input;
    const target = await requireEndpoint(context, parseMethod(method), path);
    // Without a place for ids, an empty for_each is one that the client filled in.
    const asked = for_each !== undefined && (for_each.length > 0 || target.path.includes('{'));
    const each = asked ? await readForEach(context, target, for_each, signal) : {};
    const scope = { ...each, ...defined<ListScope>({ allPages: all_pages, maxRecords: max_records }) };
    const call = defined<Call>({ target, params, data, strict, scope, sql, maxTokens: max_tokens });
    return callEndpoint(context, call, signal);
  },
  render: (result) => renderCall(result, wordsForModel),
});
