import type { Confirmed, ManySent, PreparedChange, SentChange, WriteRequest } from '../../changes/index.ts';
import { findRecordLink } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { asObject } from '../../core/json.ts';
import type { ResultTable } from '../../results/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import { saveAnsweredFile } from './answered-file.ts';
import { explainMissing } from './explain-missing.ts';
import { fitWarnings } from './render.ts';
import type { Advice, CallResult, FileResult, ManyResult, PreparedResult } from './result.ts';

/** Prepares a write; where mode and policy allow it, sends it at once. */
export async function writeEndpoint(
  context: ToolContext,
  request: WriteRequest,
  signal: AbortSignal,
): Promise<CallResult> {
  const changes = await context.changes();
  const { calledAs: tool } = context;
  return orUnchanged(async () => {
    const change = await changes
      .prepare({ ...request, ...(tool !== undefined && { tool }) }, signal)
      .catch(async (error: unknown) => {
        throw (await explainMissing(context, error, { target: {}, request, signal })).error;
      });
    return sendIfAllowed(context, change, signal);
  });
}

/** The preview of a prepared change; where mode and policy allow sending it without one, what it came to. */
export async function sendIfAllowed(
  context: ToolContext,
  change: PreparedChange,
  signal: AbortSignal,
): Promise<CallResult> {
  const changes = await context.changes();
  if (!changes.isAllowed(change)) return preparedResult(context, change);
  const sent = await confirmedResult(context, await changes.confirm(change.changeId, signal));
  // No preview was shown, so what was repaired in the body is said now.
  return { ...sent, notes: [...fitWarnings(change.warnings), ...sent.notes] };
}

/** What preparing or sending came to; a change of what is already so ends well, and nothing is sent. */
export async function orUnchanged<Result>(prepare: () => Promise<Result>): Promise<Result | CallResult> {
  try {
    return await prepare();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.details.nothingChanges !== true) throw error;
    return { what: 'unchanged', state: 'unchanged', said: error.message, notes: [], advice: [] };
  }
}

export function preparedResult(context: ToolContext, change: PreparedChange): PreparedResult {
  const { changeId, path } = change;
  return {
    what: 'prepared',
    state: 'prepared',
    change,
    notes: [],
    advice: [{ kind: 'confirm', changeId, asked: context.person !== undefined }],
    ...linkTo(context, path),
  };
}

/**
 * What `confirm` came to: sent, or prepared again and not sent.
 * @param results table with the result of each of many records
 */
export async function confirmedResult(
  context: ToolContext,
  confirmed: Confirmed,
  results?: ResultTable,
): Promise<CallResult> {
  if (confirmed.kind === 'many') {
    const changes = await context.changes();
    const canUndo = changes.canUndo(changes.getEntry(confirmed.change.changeId));
    return manyResult(confirmed, { canUndo, ...(results && { table: results.name }) });
  }
  if (confirmed.kind === 'renewed') return { ...preparedResult(context, confirmed.change), renewed: confirmed.reason };
  const { change, applied, undo, recordId } = confirmed;
  const { changeId, method, path } = change;
  const pages = [recordId === undefined ? path : `${path}/${recordId}`, ticketOf(confirmed)];
  return {
    what: 'sent',
    state: applied === 'all' ? 'sent' : 'part_sent',
    sent: confirmed,
    ...(await keepFile(context, confirmed)),
    advice: applied === 'nothing' ? [] : [undo === undefined ? { kind: 'cannot_undo' } : { kind: 'undo', changeId }],
    // A deleted record has no page.
    ...linkTo(context, ...pages.filter((page) => method !== 'DELETE' || page !== path)),
  };
}

/**
 * The ticket whose page shows what was sent: the one that its path is below, or that a time entry or a booking is about
 * (CW 5.6.1, 5.7.1). Other records have no page whose address is known (CW 6.17).
 */
function ticketOf({ change: { path }, record }: SentChange): string {
  const [above] = /^\/(?:service|project)\/tickets\/\d+/.exec(path) ?? [];
  if (above !== undefined) return above;
  const { chargeToType, chargeToId, objectId, type } = asObject(record);
  if (chargeToType === 'ServiceTicket' || chargeToType === 'ProjectTicket') return `/service/tickets/${chargeToId}`;
  return asObject(type).identifier === 'S' ? `/service/tickets/${objectId}` : '';
}

/** Saves the file where the answer is one. The change was sent, so a file that cannot be saved is only a note. */
async function keepFile(
  context: ToolContext,
  { change, file, notes }: SentChange,
): Promise<{ file?: FileResult; notes: readonly string[] }> {
  if (file === undefined) return { notes };
  const { contentType, ...answered } = file;
  try {
    const saved = await saveAnsweredFile(context, change, { file: answered, contentType });
    return { file: saved, notes: [...notes, ...saved.notes] };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { notes: [...notes, `The answer is a file. ${error.message}`] };
  }
}

/** The page of the first of these records that has one. */
function linkTo(context: ToolContext, ...paths: readonly string[]): { link?: string } {
  const [link] = paths.flatMap((path) => findRecordLink(context.site(), path) ?? []);
  return link === undefined ? {} : { link };
}

/**
 * How far a change of many records has come.
 * @param table name of the table with the result of each record
 */
export function manyResult(many: ManySent, { table, canUndo }: { table?: string; canUndo: boolean }): ManyResult {
  const advice = adviseOnMany(many, canUndo);
  if (table !== undefined) advice.push({ kind: 'query_results', table });
  const isWhole = many.results.every(({ state, applied }) => state === 'sent' && applied === undefined);
  return { what: 'many', state: isWhole ? 'sent' : stateOf[many.state], many, notes: [], advice };
}

const stateOf = { running: 'sending', finished: 'part_sent', stopped: 'stopped' } as const;

function adviseOnMany({ state, change: { changeId, method, steps }, counts }: ManySent, canUndo: boolean): Advice[] {
  const { failed, waiting, unknown, stale } = counts;
  if (state === 'running') return [{ kind: 'see_sending', changeId }];
  const parts: Advice = { kind: 'see_parts', changeId };
  if (steps !== undefined) {
    const undo: Advice[] = canUndo ? [{ kind: 'undo', changeId }] : [];
    // Behind one that is unknown, or whose record has changed, nothing is sent any more.
    if (unknown + stale > 0) return [parts, ...undo];
    return failed + waiting > 0 ? [{ kind: 'confirm_rest', changeId }, ...undo] : undo;
  }
  if (failed + waiting > 0) return [{ kind: 'confirm_rest', changeId }, parts];
  return method === 'PATCH' && canUndo
    ? [{ kind: 'undo', changeId }, parts]
    : [method === 'PATCH' ? parts : { ...parts, undoEach: true }];
}
