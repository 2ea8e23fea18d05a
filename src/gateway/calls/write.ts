import type { PreparedChange, SentChange, WriteRequest } from '../../changes/change.ts';
import type { Confirmed } from '../../changes/changes.ts';
import { findRecordLink } from '../../connectwise/record-link.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { ResultTable } from '../../results/result-store.ts';
import type { ToolContext } from '../tools/tool.ts';
import { fileOutput } from './answered-file.ts';
import { manyResult } from './many-output.ts';
import { fitWarnings } from './render-change.ts';
import type { CallResult, FileResult, PreparedResult } from './result.ts';

/** Prepares a write; where mode and policy allow it, sends it at once. */
export async function writeOutput(
  context: ToolContext,
  request: WriteRequest,
  signal: AbortSignal,
): Promise<CallResult> {
  const changes = await context.changes();
  const { calledAs } = context;
  const change = await changes.prepare(calledAs === undefined ? request : { ...request, tool: calledAs }, signal);
  if (!changes.isAllowed(change)) return preparedResult(context, change);
  const sent = await confirmedResult(context, await changes.confirm(change.changeId, signal));
  // Nobody saw a preview, so what was repaired in the body is said now.
  return { ...sent, notes: [...fitWarnings(change.warnings), ...sent.notes] };
}

/** What `confirm` came to: sent, or prepared again and not sent; `results` is where those of many records are kept. */
export async function confirmedResult(
  context: ToolContext,
  confirmed: Confirmed,
  results?: ResultTable,
): Promise<CallResult> {
  if (confirmed.kind === 'many') return manyResult(confirmed, results?.name);
  if (confirmed.kind === 'renewed') return { ...preparedResult(context, confirmed.change), renewed: confirmed.reason };
  const { change, record, notApplied, undo } = confirmed;
  const { changeId, method, path } = change;
  const made = method === 'POST' && isRecord(record) && typeof record.id === 'number' ? record.id : undefined;
  return {
    what: 'sent',
    state: notApplied.length > 0 ? 'part_sent' : 'sent',
    sent: confirmed,
    ...(await keepFile(context, confirmed)),
    advice: [undo === undefined ? { kind: 'cannot_undo' } : { kind: 'undo', changeId }],
    ...linkTo(context, made === undefined ? path : `${path}/${made}`),
  };
}

export function preparedResult(context: ToolContext, change: PreparedChange): PreparedResult {
  const { changeId, approval, path } = change;
  return {
    what: 'prepared',
    state: 'prepared',
    change,
    notes: [],
    advice: [{ kind: 'confirm', changeId, approval }],
    ...linkTo(context, path),
  };
}

/** The file of an answer that is one; the change was sent, whatever becomes of the file. */
async function keepFile(
  context: ToolContext,
  { change, file }: SentChange,
): Promise<{ file?: FileResult; notes: readonly string[] }> {
  if (file === undefined) return { notes: [] };
  const { contentType, ...answered } = file;
  try {
    const saved = await fileOutput(context, change, { file: answered, contentType });
    return { file: saved, notes: saved.notes };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { notes: [`The answer is a file. ${error.message}`] };
  }
}

/** Where a person sees the record. */
function linkTo(context: ToolContext, path: string): { link?: string } {
  const link = findRecordLink(context.site(), path);
  return link === undefined ? {} : { link };
}
