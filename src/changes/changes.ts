import { createReadCache } from '../connectwise/index.ts';
import type { Timer } from '../core/async.ts';
import { GatewayError } from '../core/errors.ts';
import { defined, isRecord } from '../core/json.ts';
import { partChangeId } from './bulk-run.ts';
import type {
  Approval,
  Confirmed,
  PreparedChange,
  RenewedChange,
  SentChange,
  WriteMode,
  WriteRequest,
} from './change.ts';
import { describeEnd, type Journal, type JournalEntry, type JournalQuery, usedChange } from './journal.ts';
import type { PlanContext } from './plan.ts';
import { allowsAtOnce, type Policy, refuseDenied } from './policy.ts';
import { prepareChange, wholeSeconds } from './prepare-change.ts';
import { createPreparedChanges, type Preparing, type Waiting } from './prepared-changes.ts';
import { beforeOf, describeStale, sendAndNote } from './send-change.ts';
import { canUndo, planUndo } from './undo.ts';

/** Prepared writes of this process: only `confirm` sends anything. */
export interface Changes {
  /**
   * Checks and previews a write; sends nothing.
   * @throws GatewayError `read_only`, `change_denied`, `invalid_body`, `invalid_argument` for a PUT where PATCH exists
   * and for a file that must not be sent, or what reading the record met
   */
  prepare(request: WriteRequest, signal?: AbortSignal): Promise<PreparedChange>;
  /**
   * Sends one prepared change, once; one of many records returns its progress, and continues when it is confirmed
   * again. Where the record has changed, or the id has expired, it prepares a new preview instead. The signal counts
   * until the change is sent: a write under way is never cancelled.
   * @throws GatewayError `unknown_change`, `read_only`, `change_denied`, `write_unknown`, or what ConnectWise answered
   */
  confirm(changeId: string, signal?: AbortSignal): Promise<Confirmed>;
  /** A change of this process that waits for its approval. */
  find(changeId: string): PreparedChange | undefined;
  /** Who approves a change of this process that waits or is being sent; undefined for any other id. */
  findApproval(changeId: string): Approval | undefined;
  /** Whether mode and policy allow sending this change without showing it first. */
  isAllowed(change: PreparedChange): boolean;
  /**
   * Prepares the change that undoes a sent one.
   * @throws GatewayError `unknown_change`, `conflict` for what cannot be undone, and as `prepare` does
   */
  prepareUndo(changeIdOrNumber: string, signal?: AbortSignal): Promise<PreparedChange>;
  /**
   * Ends a prepared change, so that it cannot be sent: the user said no, or it was not what was meant. Discarding it
   * twice is no error.
   * @throws GatewayError `unknown_change`, `conflict` for one that was sent
   */
  discard(changeIdOrNumber: string): JournalEntry;
  /** What was sent first, of this tenant. */
  history(query: JournalQuery): Promise<JournalEntry[]>;
  /** Whether `prepareUndo` would prepare something. */
  canUndo(entry: JournalEntry): boolean;
  /** @throws GatewayError `unknown_change` */
  getEntry(changeIdOrNumber: string): JournalEntry;
}

export interface ChangesOptions extends Omit<PlanContext, 'own' | 'cache' | 'findSchema'> {
  mode: WriteMode;
  /** Read for every request: an added line applies at once. */
  policy(): Policy;
  journal: Journal;
  timer: Timer;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export function createChanges({ mode, policy, journal, timer, random, ...options }: ChangesOptions): Changes {
  const { now, catalog } = options;
  const context: PlanContext = {
    ...options,
    findSchema: (name) => catalog.findSchema(name),
    own: { stamps: new Map() },
    cache: createReadCache(now),
  };
  const prepared = createPreparedChanges(now);
  const check: Preparing['check'] = (change) => refuseDenied(mode, policy(), change);
  const parts: Preparing = { context, prepared, journal, timer, random, check };
  const getEntry = (id: string): JournalEntry => {
    const entry = journal.find(id.trim());
    if (entry !== undefined) return entry;
    throw new GatewayError('unknown_change', `The journal has no change ${JSON.stringify(id.slice(0, 80))}.`, {
      hint: 'GET /gateway/changes lists all changes.',
    });
  };

  const partsOf = ({ changeId, request }: JournalEntry) =>
    (request.forEach ?? request.steps?.map((_, index) => index + 1) ?? []).flatMap(
      (id) => journal.find(partChangeId(changeId, String(id))) ?? [],
    );

  return {
    prepare: (request, signal) => prepareChange(parts, request, {}, signal),
    async confirm(changeId, signal) {
      refuseDenied(mode, policy(), undefined);
      return confirmChange(parts, changeId.trim(), signal);
    },
    find: (changeId) => prepared.find(changeId),
    findApproval: (changeId) => prepared.findApproval(changeId),
    isAllowed: (change) => {
      const writes = change.steps ?? [change];
      // What leaves this computer is seen first, whatever the policy says.
      const isShown = change.many !== undefined || change.form !== undefined || change.steps?.some(({ file }) => file);
      return mode === 'allow' && !isShown && writes.every((write) => allowsAtOnce(policy(), write));
    },
    async prepareUndo(id, signal) {
      const entry = getEntry(id);
      const { request, warnings } = planUndo(catalog, entry, partsOf(entry));
      return prepareChange(parts, request, { undoes: entry.changeId, warnings }, signal);
    },
    discard(id) {
      const { changeId } = getEntry(id);
      journal.withdraw(changeId, 'discarded');
      const entry = getEntry(changeId);
      if (entry.state !== 'discarded') throw notDiscarded(entry);
      prepared.withdraw(changeId, describeEnd(entry));
      return entry;
    },
    canUndo: (entry) => canUndo(catalog, entry, partsOf(entry)),
    async history(query) {
      await journal.settleLeftOvers();
      return journal.list(query);
    },
    getEntry,
  };
}

function notDiscarded(entry: JournalEntry): GatewayError {
  const { changeId, state } = entry;
  const hint = state === 'sent' ? `POST /gateway/changes/${changeId}/undo prepares its undo.` : undefined;
  const message = `The change ${changeId} cannot be discarded: it ${describeEnd(entry)}.`;
  return new GatewayError('conflict', message, defined({ hint }));
}

/** Sends a prepared change, once, or prepares a new preview. */
async function confirmChange(parts: Preparing, id: string, signal?: AbortSignal): Promise<Confirmed> {
  refuseCancelled(signal);
  const { prepared, context, journal, check } = parts;
  const entry = id === '' ? undefined : journal.find(id);
  // Another process may have withdrawn what this one has prepared.
  if (entry?.state === 'discarded' || entry?.state === 'renewed') prepared.withdraw(id, describeEnd(entry));
  const lost = prepared.has(id) ? undefined : refuseUsed(entry, id);
  if (lost !== undefined) {
    const reason = whyPreparedAgain[await journal.preparedBy(id)];
    return renew(parts, { changeId: id, given: lost.request, undoes: lost.undoes }, reason, signal);
  }
  const begun = prepared.findBegun(id);
  if (begun !== undefined) return begun.confirm(signal);
  const { waiting, expired } = prepared.take(id);
  let isOnItsWay = false;
  try {
    for (const write of waiting.change.steps ?? [waiting.change]) check(write);
    if (expired) {
      const reason = `The change was prepared at ${waiting.change.preparedAt} and has expired.`;
      return await renew(parts, renewalOf(waiting), reason, signal);
    }
    if (waiting.bulk !== undefined) {
      const changed = await waiting.bulk.findStale(signal);
      if (changed !== undefined) return await renew(parts, renewalOf(waiting), changed, signal);

      refuseCancelled(signal);
      prepared.begin(id, waiting.bulk);
      return await waiting.bulk.confirm(signal);
    }
    const current = await readCurrent(context, waiting, signal);
    const stale = current === undefined ? undefined : describeStale(waiting, current);
    if (stale !== undefined) return await renew(parts, renewalOf(waiting), stale, signal);
    refuseCancelled(signal);
    journal.sending(id, beforeOf(waiting.change, current ?? waiting.record));
    isOnItsWay = true;
    return await sendOnce(parts, current === undefined ? waiting : { ...waiting, record: current });
  } catch (error) {
    // Before it is sent nothing has happened, and the id stays valid.
    if (!isOnItsWay) prepared.release(waiting);
    throw error;
  }
}

function refuseCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new GatewayError('cancelled', 'The call was cancelled before anything was sent.');
}

/**
 * A change that this process does not have and that was not sent.
 * @throws GatewayError `unknown_change` for one that was used, with what happened to it
 */
function refuseUsed(entry: JournalEntry | undefined, id: string): JournalEntry | undefined {
  if (entry === undefined || entry.changeId !== id) return undefined;
  if (entry.state !== 'prepared') throw usedChange(id, describeEnd(entry));
  return entry.complete ? entry : undefined;
}

/** By the process that prepared the change. Another server may run beside this one, for another client. */
const whyPreparedAgain = {
  this: 'Hundreds of changes were prepared after this one, so the record may have changed.',
  running: 'The change was prepared by another server that is running, and is prepared here in its place.',
  ended: 'The change was prepared by a process that has ended, so the record may have changed.',
} as const;

interface Renewal {
  changeId: string;
  given: WriteRequest;
  undoes: string | undefined;
}

const renewalOf = ({ change: { changeId }, given, undoes }: Waiting): Renewal => ({ changeId, given, undoes });

/** Prepares a change again. One yes must not send it twice, so the first id ends for every process. */
async function renew(
  { prepared, journal, ...others }: Preparing,
  { changeId, given, undoes }: Renewal,
  reason: string,
  signal?: AbortSignal,
): Promise<RenewedChange> {
  const change = await prepareChange({ prepared, journal, ...others }, given, { undoes }, signal);
  if (!journal.withdraw(changeId, 'renewed')) {
    // Sent or discarded by another process in the meantime.
    journal.withdraw(change.changeId, 'discarded');
    const outcome = describeEnd(journal.find(changeId));
    prepared.settle(changeId, outcome);
    throw usedChange(changeId, outcome);
  }
  prepared.settle(changeId, `was replaced by a new preview, ${change.changeId}`);
  return { kind: 'renewed', reason, change };
}

/** The record as it is now, where the preview is based on it. */
async function readCurrent({ client }: PlanContext, { change, record }: Waiting, signal?: AbortSignal) {
  if (record === undefined) return undefined;
  const { body } = await client.send({ method: 'GET', path: change.path }, signal);
  return isRecord(body) ? body : undefined;
}

async function sendOnce(parts: Preparing, waiting: Waiting): Promise<SentChange> {
  const { context, prepared, journal } = parts;
  const { changeId } = waiting.change;
  const sentAt = wholeSeconds(context.now());
  let sent: SentChange;
  try {
    sent = await sendAndNote(parts, waiting);
  } catch (error) {
    const code = error instanceof GatewayError ? error.code : 'internal';
    const state = code === 'write_unknown' ? 'unknown' : 'failed';
    prepared.settle(changeId, describeEnd({ state, sentAt, error: code }));
    throw error;
  }
  prepared.settle(changeId, describeEnd({ state: 'sent', sentAt, status: sent.status }));
  const entry = journal.find(changeId);
  const canBeUndone = entry !== undefined && canUndo(context.catalog, entry);
  return canBeUndone ? { ...sent, undo: `/gateway/changes/${changeId}/undo` } : sent;
}
