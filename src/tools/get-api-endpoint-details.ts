import * as z from 'zod';
import { describeEndpoint } from '../catalog/details.ts';
import { methodSchema, parseMethod, pathSchema } from './inputs.ts';
import { requireEndpoint } from './require-endpoint.ts';
import { defineTool } from './tool.ts';

export const getApiEndpointDetails = defineTool({
  name: 'get_api_endpoint_details',
  title: 'How to call one endpoint',
  description:
    'Parameters, body members (type, required *, maximum length, values, what a reference points at), the members of the answer and an example body of one endpoint. Needed before a write or a filter on members you do not know. path may be a template or concrete (/service/tickets/123). fields: ["company", "customFields"] tells all about single members.',
  access: 'local',
  input: z.strictObject({
    path: pathSchema,
    method: methodSchema,
    fields: z.array(z.string().min(1).max(200)).max(20).optional().describe('Members to open'),
  }),
  output: z.looseObject({ method: z.string(), path: z.string(), summary: z.string() }),
  async run({ path, method, fields }, context) {
    const { endpoint } = await requireEndpoint(context, parseMethod(method), path);
    return { ...describeEndpoint(await context.catalog(), endpoint, fields ? { open: fields } : {}) };
  },
});
