import type { ConnectWiseAnswer } from '../connectwise/index.ts';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import type { PreparedChange, RenewedChange, SentChange } from './change.ts';
import { beforeAndAround, beforeOf } from './changed-members.ts';
import type { Confirmed } from './changes.ts';
import { stampsOf } from './effects/recent-change.ts';
import type { Journal, JournalEntry } from './journal/journal.ts';
import { noteEnd } from './journal/note-end.ts';
import { describeNotApplied } from './not-applied.ts';
import type { PlanContext } from './plan.ts';
import { type Preparing, prepareChange } from './prepare-change.ts';
import { usedChange, type Waiting } from './prepared-changes.ts';
import { explainFailure, sendChange } from './send-change.ts';
import { describeStale } from './stale.ts';
import { canUndo } from './undo.ts';

/** Sends a prepared change, once, or prepares it anew. */
export async function confirmChange(parts: Preparing, id: string, signal?: AbortSignal): Promise<Confirmed> {
  if (signal?.aborted) throw new GatewayError('cancelled', 'The call was cancelled before anything was sent.');
  const { prepared, context, journal, check } = parts;
  const lost = prepared.has(id) ? undefined : findLost(journal, id);
  if (lost !== undefined) {
    const reason = 'The change was prepared by a process that has ended, so the record may have changed.';
    return {
      kind: 'renewed',
      reason,
      change: await prepareChange(parts, lost.request, { undoes: lost.undoes }, signal),
    };
  }
  const begun = prepared.findBegun(id);
  if (begun !== undefined) return begun.confirm(signal);
  const { waiting, expired } = prepared.take(id);
  let isOnItsWay = false;
  try {
    check(waiting.change);
    if (expired) {
      return await renew(
        parts,
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
    if (stale !== undefined) return await renew(parts, waiting, stale, signal);
    if (signal?.aborted) throw new GatewayError('cancelled', 'The call was cancelled before anything was sent.');
    journal.sending(id, beforeOf(waiting.change, current ?? waiting.record));
    isOnItsWay = true;
    return await sendOnce(parts, current === undefined ? waiting : { ...waiting, record: current });
  } catch (error) {
    // Until it is on its way nothing has happened, and the id stays good.
    if (!isOnItsWay) prepared.release(waiting);
    throw error;
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

async function renew(parts: Preparing, waiting: Waiting, reason: string, signal?: AbortSignal): Promise<RenewedChange> {
  const { changeId } = waiting.change;
  const change = await prepareChange(parts, waiting.given, { undoes: waiting.undoes }, signal);
  parts.prepared.settle(changeId, `was prepared anew as ${change.changeId}`);
  parts.journal.ended(changeId, { state: 'renewed' });
  return { kind: 'renewed', reason, change };
}

/** The record once more, where the preview rests on it. */
async function readCurrent({ client }: PlanContext, { change, record }: Waiting, signal?: AbortSignal) {
  if (record === undefined) return undefined;
  const { body } = await client.send({ method: 'GET', path: change.path }, signal);
  return isRecord(body) ? body : undefined;
}

async function sendOnce({ context, prepared, journal }: Preparing, waiting: Waiting): Promise<SentChange> {
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
    noteEnd(journal, changeId, {
      state: isUnknown ? 'unknown' : 'failed',
      error: failure.code,
      ...(status === undefined ? {} : { status }),
      ...(requestId === undefined ? {} : { requestId }),
    });
    throw failure;
  } finally {
    context.cache.drop(change.path);
  }
  prepared.settle(changeId, `was sent at ${at} and answered ${answer.status}`);
  const recordId =
    change.method === 'POST' && answer.status === 201 && isRecord(answer.body) ? answer.body.id : undefined;
  const before = beforeAndAround(change, waiting.record, answer.body);
  const unwritten = noteEnd(journal, changeId, {
    state: 'sent',
    status: answer.status,
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
    ...(recordId === undefined ? {} : { recordId: String(recordId) }),
    ...(before === undefined ? {} : { before }),
  });
  rememberOwn(context, change, answer.body);
  const sent = describeSent(waiting, answer);
  if (unwritten !== undefined) return { ...sent, notApplied: [...sent.notApplied, unwritten] };
  const entry = journal.find(changeId);
  const canBeUndone = entry !== undefined && canUndo(context.catalog, entry);
  return canBeUndone ? { ...sent, undo: `/gateway/changes/${changeId}/undo` } : sent;
}

/** What our own write left, so that it is not taken for somebody else's. */
function rememberOwn({ own }: PlanContext, { path, method }: PreparedChange, answer: unknown): void {
  const { lastUpdated, updatedBy } = stampsOf(answer);
  const id = isRecord(answer) ? answer.id : undefined;
  if (lastUpdated !== undefined) own.stamps.set(method === 'POST' ? `${path}/${id}` : path, lastUpdated);
  if (updatedBy !== undefined) own.member = updatedBy;
}

function describeSent(waiting: Waiting, { status, body, file, contentType }: ConnectWiseAnswer): SentChange {
  return {
    kind: 'sent',
    change: structuredClone(waiting.change),
    status,
    ...(body === undefined ? {} : { record: body }),
    ...(file === undefined ? {} : { file: { ...file, contentType } }),
    notApplied: describeNotApplied(waiting, body),
  };
}
