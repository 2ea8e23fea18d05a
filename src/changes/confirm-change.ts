import type { ConnectWiseAnswer } from '../connectwise/client.ts';
import { GatewayError } from '../errors.ts';
import { isRecord } from '../results/record-text.ts';
import type { PreparedChange, RenewedChange, SentChange, WriteRequest } from './change.ts';
import { beforeAndAround, beforeOf } from './changed-members.ts';
import type { Confirmed } from './changes.ts';
import { stampsOf } from './effects/recent-change.ts';
import type { Journal, JournalEntry } from './journal/journal.ts';
import { describeNotApplied } from './not-applied.ts';
import type { PlanContext } from './plan.ts';
import { type PreparedChanges, usedChange, type Waiting } from './prepared-changes.ts';
import { explainFailure, sendChange } from './send-change.ts';
import { describeStale } from './stale.ts';
import { canUndo } from './undo.ts';

export interface Confirming {
  context: PlanContext;
  prepared: PreparedChanges;
  journal: Journal;
  prepareAgain(given: WriteRequest, undoes: string | undefined, signal?: AbortSignal): Promise<PreparedChange>;
}

/** Sends a prepared change, once, or prepares it anew; `check` throws where it must not be sent. */
export async function confirmChange(
  confirming: Confirming,
  id: string,
  check: (change: PreparedChange) => void,
  signal?: AbortSignal,
): Promise<Confirmed> {
  if (signal?.aborted) throw new GatewayError('cancelled', 'The call was cancelled before anything was sent.');
  const { prepared, context, journal } = confirming;
  const lost = prepared.has(id) ? undefined : findLost(journal, id);
  if (lost !== undefined) {
    const reason = 'The change was prepared by a process that has ended, so the record may have changed.';
    return { kind: 'renewed', reason, change: await confirming.prepareAgain(lost.request, lost.undoes, signal) };
  }
  const begun = prepared.findBegun(id);
  if (begun !== undefined) return begun.confirm(signal);
  const { waiting, expired } = prepared.take(id);
  try {
    check(waiting.change);
    if (expired) {
      return await renew(
        confirming,
        waiting,
        `The change was prepared at ${waiting.change.preparedAt} and has expired.`,
        signal,
      );
    }
    if (waiting.bulk !== undefined) {
      prepared.begin(id, waiting.bulk);
      return await waiting.bulk.confirm(signal);
    }
    const current = await readCurrent(context, waiting, signal);
    const stale = current === undefined ? undefined : describeStale(waiting, current);
    if (stale !== undefined) return await renew(confirming, waiting, stale, signal);
    if (signal?.aborted) throw new GatewayError('cancelled', 'The call was cancelled before anything was sent.');
    journal.sending(id, beforeOf(waiting.change, current ?? waiting.record));
    return await sendOnce(confirming, current === undefined ? waiting : { ...waiting, record: current });
  } catch (error) {
    // Until it is on its way nothing has happened, and the id stays good.
    if (!(error instanceof SendingFailure)) prepared.release(waiting);
    throw error instanceof SendingFailure ? error.failure : error;
  }
}

/** Tells a failure of the request itself from one before it. */
class SendingFailure {
  readonly failure: GatewayError;

  constructor(failure: GatewayError) {
    this.failure = failure;
  }
}

/** A change that a process which is gone has prepared, and not sent; what became of others is said. */
function findLost(journal: Journal, id: string): JournalEntry | undefined {
  const entry = id === '' ? undefined : journal.find(id);
  if (entry === undefined || entry.changeId !== id) return undefined;
  if (entry.state !== 'prepared') throw usedChange(id, describeEnd(entry));
  return entry.complete ? entry : undefined;
}

function describeEnd({ state, sentAt, status, error }: JournalEntry): string {
  if (state === 'renewed') return 'was prepared anew under another id';
  if (state === 'sent') return `was sent at ${sentAt} and answered ${status}`;
  return state === 'failed'
    ? `was sent at ${sentAt} and failed (${error})`
    : `was sent at ${sentAt} and nobody knows whether it happened`;
}

async function renew(
  confirming: Confirming,
  waiting: Waiting,
  reason: string,
  signal?: AbortSignal,
): Promise<RenewedChange> {
  const { changeId } = waiting.change;
  const change = await confirming.prepareAgain(waiting.given, waiting.undoes, signal);
  confirming.prepared.settle(changeId, `was prepared anew as ${change.changeId}`);
  confirming.journal.ended(changeId, { state: 'renewed' });
  return { kind: 'renewed', reason, change };
}

/** The record once more, where the preview rests on it. */
async function readCurrent({ client }: PlanContext, { change, record }: Waiting, signal?: AbortSignal) {
  if (record === undefined) return undefined;
  const { body } = await client.send({ method: 'GET', path: change.path }, signal);
  return isRecord(body) ? body : undefined;
}

async function sendOnce({ context, prepared, journal }: Confirming, waiting: Waiting): Promise<SentChange> {
  const { change } = waiting;
  const { changeId } = change;
  const at = `${context.now().toISOString().slice(0, 19)}Z`;
  let answer: ConnectWiseAnswer;
  try {
    answer = await sendChange(context, change);
  } catch (error) {
    const failure = explainFailure(error, change);
    const isUnknown = failure.code === 'write_unknown';
    prepared.settle(
      changeId,
      `was sent at ${at} and ${isUnknown ? 'nobody knows whether it happened' : `failed (${failure.code})`}`,
    );
    const { status, requestId } = failure.details;
    journal.ended(changeId, {
      state: isUnknown ? 'unknown' : 'failed',
      error: failure.code,
      ...(status === undefined ? {} : { status }),
      ...(requestId === undefined ? {} : { requestId }),
    });
    throw new SendingFailure(failure);
  } finally {
    context.cache.drop(change.path);
  }
  prepared.settle(changeId, `was sent at ${at} and answered ${answer.status}`);
  const recordId =
    change.method === 'POST' && answer.status === 201 && isRecord(answer.body) ? answer.body.id : undefined;
  const before = beforeAndAround(change, waiting.record, answer.body);
  journal.ended(changeId, {
    state: 'sent',
    status: answer.status,
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
    ...(recordId === undefined ? {} : { recordId: String(recordId) }),
    ...(before === undefined ? {} : { before }),
  });
  rememberOwn(context, change, answer.body);
  return describeSent({ context, journal }, waiting, answer);
}

/** What our own write left, so that it is not taken for somebody else's. */
function rememberOwn({ own }: PlanContext, { path, method }: PreparedChange, answer: unknown): void {
  const { lastUpdated, updatedBy } = stampsOf(answer);
  const id = isRecord(answer) ? answer.id : undefined;
  if (lastUpdated !== undefined) own.stamps.set(method === 'POST' ? `${path}/${id}` : path, lastUpdated);
  if (updatedBy !== undefined) own.member = updatedBy;
}

function describeSent(
  { context, journal }: Pick<Confirming, 'context' | 'journal'>,
  waiting: Waiting,
  { status, body }: ConnectWiseAnswer,
): SentChange {
  const { change } = waiting;
  const entry = journal.find(change.changeId);
  const undo = entry !== undefined && canUndo(context.catalog, entry);
  return {
    kind: 'sent',
    change: structuredClone(change),
    status,
    ...(body === undefined ? {} : { record: body }),
    notApplied: describeNotApplied(waiting, body),
    ...(undo ? { undo: `/gateway/changes/${change.changeId}/undo` } : {}),
  };
}
