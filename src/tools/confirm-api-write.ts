import * as z from 'zod';
import { GatewayError } from '../errors.ts';
import { callOutputSchema } from './call-output.ts';
import { defineTool } from './tool.ts';
import { sentOutput } from './write-output.ts';

export const confirmApiWrite = defineTool({
  name: 'confirm_api_write',
  title: 'Send a prepared change to ConnectWise',
  description:
    'Sends changes that execute_api_call prepared: the only tool that changes ConnectWise. The user must have seen the change. Each change_id works once, within 60 minutes; several go in order, separated by commas, and stop at the first failure.',
  access: 'write',
  input: z.strictObject({
    change_id: z.string().trim().min(1).max(2000).describe('One change_id, or several separated by commas'),
  }),
  output: callOutputSchema,
  async run({ change_id }, context, signal) {
    const changes = await context.changes();
    const ids = change_id.split(',').flatMap((id) => id.trim() || []);
    if (ids.length === 0) {
      throw new GatewayError('invalid_argument', `change_id ${JSON.stringify(change_id)} names no change.`, {
        details: { field: 'change_id' },
      });
    }
    if (ids.length === 1) return sentOutput(context, await changes.confirm(ids[0] ?? '', signal));
    const sent: { change_id: string; outcome: string }[] = [];
    for (const id of ids) {
      try {
        sent.push({ change_id: id, outcome: sentOutput(context, await changes.confirm(id, signal)).outcome });
      } catch (error) {
        // The caller must learn what was sent before: that is not in the error.
        if (sent.length === 0 || !(error instanceof Error)) throw error;
        const rest = ids.slice(sent.length + 1);
        return {
          outcome: `PARTIAL: ${sent.length} of ${ids.length} changes SENT, then ${id} failed: ${error.message}`,
          sent,
          ...(rest.length > 0 ? { next: `Not sent: ${rest.join(', ')}. They can still be confirmed.` } : {}),
        };
      }
    }
    return { outcome: `SENT: ${sent.length} changes.`, sent };
  },
});
