import type { PreparedChange, SentChange, WriteRequest } from '../changes/change.ts';
import type { Confirmed } from '../changes/changes.ts';
import { findRecordLink } from '../connectwise/record-link.ts';
import { GatewayError } from '../errors.ts';
import { isRecord, tidyRecord } from '../results/record-text.ts';
import type { ResultTable } from '../results/result-store.ts';
import { fitList, fitRecord, shorten } from '../results/shorten.ts';
import type { CallOutput } from './call-output.ts';
import { fileOutput } from './file-output.ts';
import { manyOutput, manyPreview } from './many-output.ts';
import { renderText } from './render-text.ts';
import type { ToolContext } from './tool.ts';

/** 500 tokens. */
const maxPreviewBytes = 2_000;
const maxSentBytes = 1_600;

/** How much of a change a preview shows, from what most need to what always fits. */
interface PreviewSize {
  sentence: number;
  bodyBytes: number;
  noteBytes: number;
  /** Longest text and most elements of what is cut. */
  characters: number;
  items: number;
}

const previewSizes: readonly PreviewSize[] = [
  { sentence: 2_000, bodyBytes: 800, noteBytes: 1_000, characters: 120, items: 12 },
  { sentence: 600, bodyBytes: 500, noteBytes: 500, characters: 80, items: 8 },
  { sentence: 400, bodyBytes: 300, noteBytes: 350, characters: 60, items: 4 },
];
const narrowest: PreviewSize = { sentence: 200, bodyBytes: 150, noteBytes: 200, characters: 30, items: 2 };

/** Stands for the mark of the reply, of which only the length matters here. */
const fenceOfAnyLength = '0'.repeat(16);

/** Prepares a write; where mode and policy allow it, sends it at once. */
export async function writeOutput(
  context: ToolContext,
  request: WriteRequest,
  signal: AbortSignal,
): Promise<CallOutput> {
  const changes = await context.changes();
  const { calledAs } = context;
  const change = await changes.prepare(calledAs === undefined ? request : { ...request, tool: calledAs }, signal);
  if (!changes.isAllowed(change)) return preparedOutput(context, change);
  const sent = await confirmedOutput(context, await changes.confirm(change.changeId, signal));
  // Nobody saw a preview, so what was repaired in the body is said now.
  if (change.warnings.length === 0) return sent;
  return { ...sent, notes: [...previewNotes(change.warnings, narrowest), ...(sent.notes ?? [])] };
}

/** What `confirm` came to: sent, or prepared anew and not sent; `results` is where those of many records are kept. */
export async function confirmedOutput(
  context: ToolContext,
  confirmed: Confirmed,
  results?: ResultTable,
): Promise<CallOutput> {
  if (confirmed.kind === 'sent') return sentOutput(context, confirmed);
  if (confirmed.kind === 'many') return manyOutput(confirmed, results);
  const { outcome, ...preview } = preparedOutput(context, confirmed.change);
  return { outcome: `${outcome} ${confirmed.reason} It was prepared anew, under another change_id.`, ...preview };
}

export function preparedOutput(context: ToolContext, change: PreparedChange): CallOutput {
  for (const size of previewSizes) {
    const output = previewOutput(context, change, size);
    if (bytesOf(output) <= maxPreviewBytes) return output;
  }
  return previewOutput(context, change, narrowest);
}

function previewOutput(context: ToolContext, change: PreparedChange, size: PreviewSize): CallOutput {
  const { changeId, method, path, query, body, form, sentence, differences, warnings, many, expiresAt } = change;
  const request = {
    method,
    path,
    ...(query && Object.keys(query).length > 0 ? { query } : {}),
    ...(body === undefined ? {} : { body: previewBody(body, size) }),
    ...(form?.file === undefined ? {} : { file: form.file.path }),
  };
  return {
    outcome: 'NOT SENT. Nothing has changed in ConnectWise yet.',
    ...(warnings.length > 0 ? { notes: previewNotes(warnings, size) } : {}),
    change: { sentence: shorten(sentence, { characters: size.sentence, items: 1 }) as string, request },
    ...(differences && differences.length > 0 ? { differences: tidyRecord(shorten(differences, size)) } : {}),
    ...(many === undefined ? {} : manyPreview(many)),
    change_id: changeId,
    expires_at: expiresAt,
    ...linkTo(context, path),
    next: nextStep(change),
  };
}

/** Clients ask the person before each call that writes; for more than a small internal change that is not enough. */
function nextStep({ changeId, approval }: PreparedChange): string {
  const id = JSON.stringify(changeId);
  if (approval === 'client') return `Call confirm_api_write with change_id ${id} now: your client asks the person.`;
  return `Show this to the user and wait for an answer; only then confirm_api_write with change_id ${id} sends it, once.`;
}

/** Text and structured content each reach some client alone, so the larger one counts. */
function bytesOf(output: CallOutput): number {
  const text = Buffer.byteLength(renderText(output, fenceOfAnyLength));
  return Math.max(text, Buffer.byteLength(JSON.stringify(output)));
}

/** The exact body, cut only where it would not fit; secrets in it stay hidden. */
function previewBody(body: unknown, { bodyBytes, ...limits }: PreviewSize): unknown {
  const tidy = tidyRecord(body, { keepEmpty: true });
  if (Buffer.byteLength(JSON.stringify(tidy)) <= bodyBytes) return tidy;
  if (isRecord(tidy)) {
    const { record, moreMembers } = fitRecord(tidy, bodyBytes);
    return moreMembers.length > 0 ? { ...record, '…': `and ${moreMembers.length} more members` } : record;
  }
  const short = shorten(tidy, limits);
  if (!Array.isArray(short)) return short;
  const kept = fitList(short, bodyBytes);
  return kept.length < short.length ? [...kept, '…'] : kept;
}

/** The first notes are repairs, which change what was asked for: they stay. */
function previewNotes(warnings: readonly string[], { noteBytes }: PreviewSize): string[] {
  const kept = fitList(warnings, noteBytes).map((note) => shorten(note, { characters: noteBytes, items: 1 }) as string);
  const rest = warnings.length - kept.length;
  return rest === 0 ? kept : [...kept, `${rest} more warnings.`];
}

/** What was sent and what came back. */
async function sentOutput(context: ToolContext, sent: SentChange): Promise<CallOutput> {
  const { change, status, record, notApplied, undo } = sent;
  const tidy = tidyRecord(record);
  const { notes = [], ...file } = await keepFile(context, sent);
  const said = [...fitList(notApplied, 600), ...notes];
  const made = change.method === 'POST' && isRecord(tidy) && typeof tidy.id === 'number' ? tidy.id : undefined;
  return {
    outcome: `SENT: ${change.method} ${change.path} was answered ${status}.${notApplied.length > 0 ? ' NOT ALL OF IT WAS APPLIED.' : ''}`,
    ...(said.length > 0 ? { notes: said } : {}),
    ...file,
    change: { sentence: change.sentence },
    ...linkTo(context, made === undefined ? change.path : `${change.path}/${made}`),
    ...(isRecord(tidy) ? { record: fitRecord(tidy, maxSentBytes).record } : {}),
    next:
      undo === undefined ? 'This cannot be taken back from here.' : `To take it back: execute_api_call POST ${undo}.`,
  };
}

/** The file of an answer that is one; the change was sent, whatever becomes of it. */
async function keepFile(context: ToolContext, { change, file }: SentChange): Promise<Partial<CallOutput>> {
  if (file === undefined) return {};
  const { contentType, ...answered } = file;
  try {
    const { outcome, ...shown } = await fileOutput(context, change, { file: answered, contentType });
    return shown;
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
