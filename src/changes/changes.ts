import type { ConnectWiseAnswer } from '../connectwise/client.ts';
import { createReadCache } from '../connectwise/lookups/read-cache.ts';
import type { Timer } from '../core/async.ts';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import { partChangeId } from './bulk-run.ts';
import type { ManySent, PreparedChange, RenewedChange, SentChange, WriteRequest } from './change.ts';
import { stampsOf } from './effects/read-effects.ts';
import type { Journal, JournalEntry, JournalQuery } from './journal.ts';
import type { PlanContext } from './plan.ts';
import { allowsAtOnce, type Policy, refuseDenied } from './policy.ts';
import { type Preparing, prepareChange } from './prepare-change.ts';
import { createPreparedChanges, usedChange, type Waiting } from './prepared-changes.ts';
import {
  beforeAndAround,
  beforeOf,
  describeNotApplied,
  describeStale,
  explainFailure,
  noteEnd,
  sendChange,
} from './send-change.ts';
import { canUndo, planUndo } from './undo.ts';

/** read-only: no change ever. confirm: sent by `confirm` only. allow: the caller confirms at once. */
export type WriteMode = 'read-only' | 'confirm' | 'allow';

export type Confirmed = SentChange | RenewedChange | ManySent;

/** Prepared writes of this process: nothing is sent but by `confirm`. */
export interface Changes {
  /**
   * Checks and previews a write; sends nothing.
   * @throws GatewayError `read_only`, `change_denied`, `invalid_body`, `invalid_argument` for a PUT where PATCH exists
   * and for a file that must not be sent, or what reading the record met
   */
  prepare(request: WriteRequest, signal?: AbortSignal): Promise<PreparedChange>;
  /**
   * Sends one prepared change, once; one of many records answers how far it is, and goes on when it is confirmed again.
   * Prepares it anew where the record has changed, or the id has expired. The signal counts until it is sent: a write
   * under way is never given up.
   * @throws GatewayError `unknown_change`, `read_only`, `change_denied`, `write_unknown`, or what ConnectWise answered
   */
  confirm(changeId: string, signal?: AbortSignal): Promise<Confirmed>;
  /** Whether mode and policy let this change be sent without being shown first. */
  isAllowed(change: PreparedChange): boolean;
  /**
   * Prepares what takes a sent change back.
   * @throws GatewayError `unknown_change`, `conflict` for what cannot be taken back, and as `prepare` does
   */
  prepareUndo(changeIdOrNumber: string, signal?: AbortSignal): Promise<PreparedChange>;
  /** Latest first, of this tenant. */
  history(query: JournalQuery): Promise<JournalEntry[]>;
  /** @throws GatewayError `unknown_change` */
  getEntry(changeIdOrNumber: string): JournalEntry;
}

export interface ChangesOptions extends Omit<PlanContext, 'own' | 'cache'> {
  mode: WriteMode;
  /** Read anew each time: a line that is added holds from then on. */
  policy(): Policy;
  journal: Journal;
  timer: Timer;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export function createChanges({ mode, policy, journal, timer, random, ...options }: ChangesOptions): Changes {
  const { now } = options;
  const context: PlanContext = { ...options, own: { stamps: new Map() }, cache: createReadCache(now) };
  const prepared = createPreparedChanges(now);
  const check: Preparing['check'] = (change) => refuseDenied(mode, policy(), change);
  const parts: Preparing = { context, prepared, journal, timer, random, check };
  const getEntry = (id: string): JournalEntry => {
    const entry = journal.find(id.trim());
    if (entry !== undefined) return entry;
    throw new GatewayError('unknown_change', `The journal has no change ${JSON.stringify(id.slice(0, 80))}.`, {
      hint: 'GET /gateway/changes lists the changes there are.',
    });
  };

  const partsOf = ({ changeId, request }: JournalEntry) =>
    request.forEach?.flatMap((id) => journal.find(partChangeId(changeId, String(id))) ?? []) ?? [];

  return {
    prepare: (request, signal) => prepareChange(parts, request, {}, signal),
    async confirm(changeId, signal) {
      refuseDenied(mode, policy(), undefined);
      return confirmChange(parts, changeId.trim(), signal);
    },
    isAllowed: (change) => mode === 'allow' && change.many === undefined && allowsAtOnce(policy(), change),
    async prepareUndo(id, signal) {
      const entry = getEntry(id);
      const { request, warnings } = planUndo(context.catalog, entry, partsOf(entry));
      return prepareChange(parts, request, { undoes: entry.changeId, warnings }, signal);
    },
    async history(query) {
      await journal.settleLeftOvers();
      return journal.list(query);
    },
    getEntry,
  };
}

/** Sends a prepared change, once, or prepares it anew. */
async function confirmChange(parts: Preparing, id: string, signal?: AbortSignal): Promise<Confirmed> {
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
