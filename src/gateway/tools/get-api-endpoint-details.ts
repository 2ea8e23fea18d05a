import * as z from 'zod';
import { describeEndpoint, type Endpoint } from '../../catalog/index.ts';
import { isWrite } from '../../connectwise/index.ts';
import { parseMethod, requireEndpoint } from '../calls/call.ts';
import { methodSchema, pathSchema } from './inputs.ts';
import { defineTool } from './tool.ts';

export const getApiEndpointDetails = defineTool({
  name: 'get_api_endpoint_details',
  title: 'How to call one endpoint',
  description:
    'Parameters, body members (type, required *, maximum length, values, what a reference points at), the members of the answer and an example body of one endpoint. Only where you do not know the members: a wrong one is refused with the nearest right ones. path may be a template or concrete (/service/tickets/123). fields: ["company", "customFields"] tells all about single members.',
  access: 'local',
  input: z.strictObject({
    path: pathSchema,
    method: methodSchema,
    fields: z.array(z.string().min(1).max(200)).max(20).optional().describe('Members to open'),
  }),
  output: z.looseObject({ method: z.string(), path: z.string(), summary: z.string() }),
  async run({ path, method, fields }, context) {
    const { endpoint } = await requireEndpoint(context, parseMethod(method), path);
    const details = describeEndpoint(await context.catalog(), endpoint, fields && { open: fields });
    return { ...details, next: adviseNext(endpoint) };
  },
});

function adviseNext({ method, path }: Endpoint): string {
  if (!isWrite(method, path)) return 'execute_api_call with this path.';
  const data = method === 'PATCH' ? 'data as an object of the members to set' : 'data';
  return `execute_api_call ${method} prepares it${method === 'DELETE' ? '' : `: ${data}, names for ids`}.`;
}
