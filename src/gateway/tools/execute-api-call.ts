import * as z from 'zod';
import { callEndpoint } from '../calls/call.ts';
import { wordsForModel } from '../calls/reader-words.ts';
import { callOutputSchema, renderCall } from '../calls/render.ts';
import { requireEndpoint } from '../calls/target.ts';
import { readForEach } from './for-each.ts';
import {
  dataSchema,
  maxTokensSchema,
  methodSchema,
  paramsSchema,
  parseMethod,
  pathSchema,
  sqlSchema,
} from './inputs.ts';
import { defineTool } from './tool.ts';

export const executeApiCall = defineTool({
  name: 'execute_api_call',
  title: 'Call an endpoint',
  description: `Calls one ConnectWise endpoint. Reads are sent and answered: COMPLETE or PARTIAL first, then rows; all rows are kept as a table for query_results. POST, PUT, PATCH and DELETE are only prepared (NOT SENT, with a preview and a change_id for confirm_api_write).
Example: path "/service/tickets", params {"conditions": "status/name='Open' and priority/name='High'", "fields": "id,summary,company/name"}.
conditions: text in quotes, dates in brackets ([2025-01-31], [last month], [30 days ago]), true/false/null bare, references by / (company/identifier='Acme'), and, or, in, like 'x%', contains. A report in one call: all_pages true, sql "select company_name, count(*) n from it group by 1".
POST and PATCH take data as an object of the members to set, with names as people write them in place of ids: {"status": "Waiting Customer", "owner": "{me}", "customFields": {"Site code": "X1"}}.`,
  access: 'prepare',
  input: z.strictObject({
    path: pathSchema.describe('As /service/tickets/123'),
    method: methodSchema,
    params: paramsSchema.optional().describe('conditions, orderBy, fields, page, pageSize, values of {placeholders}'),
    data: dataSchema.optional().describe('Body of a write'),
    all_pages: z.boolean().default(false).describe('Read a list to its end, not 1,000 rows'),
    max_records: z.int().min(1).max(200_000).optional().describe('Default 10,000'),
    for_each: z
      .union([z.string().min(1).max(20_000), z.array(z.union([z.string().max(100), z.int()])).max(1000)])
      .optional()
      .describe(
        'Ids, or a SELECT over stored tables, that fill the last {…} of path: many reads as one table, or one prepared change over many records',
      ),
    sql: sqlSchema.optional().describe('One SELECT over the rows read, as table it'),
    max_tokens: maxTokensSchema.optional().describe('Of the reply, 1,500 unless given'),
    strict: z.boolean().default(true).describe('false sends what the checks would refuse'),
  }),
  output: callOutputSchema,
  async run(input, context, signal) {
    const { path, method, params, data, all_pages, max_records, for_each, sql, max_tokens, strict } = input;
    const target = await requireEndpoint(context, parseMethod(method), path);
    const parents = for_each === undefined ? undefined : await readForEach(context, for_each, signal);
    const call = {
      target,
      data,
      strict,
      ...(params ? { params } : {}),
      scope: {
        allPages: all_pages,
        ...(max_records === undefined ? {} : { maxRecords: max_records }),
        ...(parents ? { parents } : {}),
      },
      ...(sql === undefined ? {} : { sql }),
      ...(max_tokens === undefined ? {} : { maxTokens: max_tokens }),
    };
    return callEndpoint(context, call, signal);
  },
  render: (result) => renderCall(result, wordsForModel),
});
