import type { PreparedChange, SentChange, WriteRequest } from '../changes/change.ts';
import { findRecordLink } from '../connectwise/record-link.ts';
import { isRecord, tidyRecord } from '../results/record-text.ts';
import { fitRecord, shorten } from '../results/shorten.ts';
import type { CallOutput } from './call-output.ts';
import type { ToolContext } from './tool.ts';

/** Bytes of the request in a preview: with the lines around it a preview stays below 500 tokens. */
const maxPreviewBytes = 800;
const maxSentBytes = 1_600;

/** Prepares a write; in mode `allow` sends it at once. */
export async function writeOutput(
  context: ToolContext,
  request: WriteRequest,
  signal: AbortSignal,
): Promise<CallOutput> {
  const changes = await context.changes();
  const change = await changes.prepare(request, signal);
  if (context.mode() === 'allow') return sentOutput(context, await changes.confirm(change.changeId, signal));
  return preparedOutput(context, change);
}

function preparedOutput(context: ToolContext, change: PreparedChange): CallOutput {
  const { changeId, method, path, query, body, form, sentence, differences, warnings, expiresAt } = change;
  const request = {
    method,
    path,
    ...(query && Object.keys(query).length > 0 ? { query } : {}),
    ...(body === undefined ? {} : { body: previewBody(body) }),
    ...(form?.file === undefined ? {} : { file: form.file.path }),
  };
  return {
    outcome: 'NOT SENT. Nothing has changed in ConnectWise yet.',
    ...(warnings.length > 0 ? { notes: [...warnings] } : {}),
    change: { sentence, request },
    ...(differences && differences.length > 0
      ? { differences: tidyRecord(shorten(differences, { characters: 120, items: 12 })) }
      : {}),
    change_id: changeId,
    expires_at: expiresAt,
    ...linkTo(context, path),
    next: `Show the user what will change; then confirm_api_write with change_id ${JSON.stringify(changeId)} sends it, once.`,
  };
}

/** The exact body, cut only where it would not fit; secrets in it stay hidden. */
function previewBody(body: unknown): unknown {
  const tidy = tidyRecord(body, { keepEmpty: true });
  if (Buffer.byteLength(JSON.stringify(tidy)) <= maxPreviewBytes) return tidy;
  if (isRecord(tidy)) {
    const { record, moreMembers } = fitRecord(tidy, maxPreviewBytes);
    return moreMembers.length > 0 ? { ...record, '…': `and ${moreMembers.join(', ')}` } : record;
  }
  return shorten(tidy, { characters: 80, items: 6 });
}

/** What was sent and what came back. */
export function sentOutput(context: ToolContext, { change, status, record }: SentChange): CallOutput {
  const tidy = tidyRecord(record);
  const made = change.method === 'POST' && isRecord(tidy) && typeof tidy.id === 'number' ? tidy.id : undefined;
  return {
    outcome: `SENT: ${change.method} ${change.path} was answered ${status}.`,
    change: { sentence: change.sentence },
    ...linkTo(context, made === undefined ? change.path : `${change.path}/${made}`),
    ...(isRecord(tidy) ? { record: fitRecord(tidy, maxSentBytes).record } : {}),
  };
}

/** Where a person sees the record. */
function linkTo(context: ToolContext, path: string): { link?: string } {
  const link = findRecordLink(context.site(), path);
  return link === undefined ? {} : { link };
}
