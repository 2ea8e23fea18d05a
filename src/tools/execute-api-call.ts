import * as z from 'zod';
import { callEndpoint } from './call-endpoint.ts';
import { callOutputSchema } from './call-output.ts';
import { dataSchema, methodSchema, paramsSchema, parseMethod, pathSchema } from './inputs.ts';
import { requireEndpoint } from './require-endpoint.ts';
import { defineTool } from './tool.ts';

export const executeApiCall = defineTool({
  name: 'execute_api_call',
  title: 'Call an endpoint',
  description: `Calls one ConnectWise endpoint. Reads are sent and answered: COMPLETE or PARTIAL first, then the rows. POST, PUT, PATCH and DELETE are only prepared (NOT SENT, with a preview and a change_id for confirm_api_write).
Example: path "/service/tickets", params {"conditions": "status/name='Open' and priority/name='High'", "fields": "id,summary,company/name", "pageSize": 25}.
conditions: text in quotes, dates as [2025-01-31T00:00:00Z], true/false/null bare, references by / (company/identifier='Acme'), and, or, in, like 'x%', contains. PATCH takes data as an object of the members to set.`,
  access: 'prepare',
  input: z.strictObject({
    path: pathSchema.describe('As /service/tickets/123'),
    method: methodSchema,
    params: paramsSchema.optional().describe('conditions, orderBy, fields, page, pageSize, values of {placeholders}'),
    data: dataSchema.optional().describe('Body of a write'),
    strict: z.boolean().default(true).describe('false sends what the checks would refuse'),
  }),
  output: callOutputSchema,
  async run({ path, method, params, data, strict }, context, signal) {
    const target = await requireEndpoint(context, parseMethod(method), path);
    return callEndpoint(context, { target, ...(params ? { params } : {}), data, strict }, signal);
  },
});
