import * as z from 'zod';
import { GatewayError } from '../errors.ts';
import { type CallOutput, callOutputSchema } from './call-output.ts';
import { keepResults } from './many-output.ts';
import { defineTool, type ToolContext } from './tool.ts';
import { confirmedOutput } from './write-output.ts';

export const confirmApiWrite = defineTool({
  name: 'confirm_api_write',
  title: 'Send a prepared change to ConnectWise',
  description:
    'Sends changes that execute_api_call prepared: the only tool that changes ConnectWise. Show the preview and wait for a yes first, unless its last line says to call at once. Each change_id works once, within 60 minutes; several go in order, separated by commas, and stop at the first failure. Where the record changed meanwhile nothing is sent: the reply is a new preview with a new change_id.',
  access: 'write',
  input: z.strictObject({
    change_id: z.string().trim().min(1).max(2000).describe('One change_id, or several separated by commas'),
  }),
  output: callOutputSchema,
  async run({ change_id }, context, signal) {
    const ids = [...new Set(change_id.split(',').flatMap((id) => id.trim() || []))];
    const [first] = ids;
    if (first === undefined) {
      throw new GatewayError('invalid_argument', `change_id ${JSON.stringify(change_id)} names no change.`, {
        details: { field: 'change_id' },
      });
    }
    if (ids.length === 1) return (await confirmOne(context, first, signal)).output;
    return confirmSeveral(context, ids, signal);
  },
});

async function confirmOne(context: ToolContext, id: string, signal: AbortSignal) {
  const confirmed = await (await context.changes()).confirm(id, signal);
  const results = confirmed.kind === 'many' ? await keepResults(context, confirmed) : undefined;
  return { confirmed, output: await confirmedOutput(context, confirmed, results) };
}

/** In order, up to the first that is not sent. */
async function confirmSeveral(context: ToolContext, ids: readonly string[], signal: AbortSignal): Promise<CallOutput> {
  const sent: { change_id: string; outcome: string }[] = [];
  const files: unknown[] = [];
  for (const [index, id] of ids.entries()) {
    const rest = ids.slice(index + 1);
    const waiting = rest.length > 0 ? ` Not sent: ${rest.join(', ')}. They can still be confirmed.` : '';
    try {
      const { confirmed, output } = await confirmOne(context, id, signal);
      if (confirmed.kind === 'renewed') {
        const { outcome, next, ...preview } = output;
        const done = `PARTIAL: ${sent.length} of ${ids.length} changes SENT, then ${id}: ${outcome}`;
        return { outcome: done, sent, ...preview, next: `${next}${waiting}` };
      }
      if (confirmed.kind === 'many' && confirmed.state !== 'finished') return { ...output, sent };
      sent.push({ change_id: id, outcome: output.outcome });
      // Beside and not within what is ours: its name comes from ConnectWise.
      if ('file' in output) files.push(output.file);
    } catch (error) {
      // The caller must learn what was sent before: that is not in the error.
      if (sent.length === 0 || !(error instanceof Error)) throw error;
      return {
        outcome: `PARTIAL: ${sent.length} of ${ids.length} changes SENT, then ${id} failed: ${error.message}`,
        sent,
        ...(waiting === '' ? {} : { next: waiting.trim() }),
      };
    }
  }
  return { outcome: `SENT: ${sent.length} changes.`, sent, ...(files.length > 0 ? { file: files } : {}) };
}
