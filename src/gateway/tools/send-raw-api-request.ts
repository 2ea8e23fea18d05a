import * as z from 'zod';
import { parseRawRequest } from '../../connectwise/index.ts';
import { findTarget, maxRequestBytes } from '../calls/call.ts';
import { callEndpoint } from '../calls/call-endpoint.ts';
import { wordsForModel } from '../calls/reader-words.ts';
import { callOutputSchema, renderCall } from '../calls/render.ts';
import { defineTool } from './tool.ts';

export const sendRawApiRequest = defineTool({
  name: 'send_raw_api_request',
  title: 'Call an endpoint by one line',
  description:
    "The same as execute_api_call (which is preferred) from one line `METHOD /path?query [JSON body]`, with the same checks; also for endpoints that the catalog does not know. Example: GET /service/tickets?conditions=status/name='Open'&pageSize=5",
  access: 'prepare',
  input: z.strictObject({
    raw_request: z.string().trim().min(1).max(maxRequestBytes).describe('METHOD /path?query [JSON body]'),
  }),
  output: callOutputSchema,
  async run({ raw_request }, context, signal) {
    const { method, body, ...parsed } = parseRawRequest(raw_request, context.site());
    const target = await findTarget(context, method, parsed);
    const result = await callEndpoint(context, { target, params: {}, data: body, strict: true }, signal);
    if (target.endpoint) return result;
    const unknown = `${method} ${target.path} is not in the catalog; it was sent as written.`;
    return { ...result, notes: [unknown, ...result.notes] };
  },
  render: (result) => renderCall(result, wordsForModel),
});
