import type { Timer } from '../core/async.ts';
import { GatewayError } from '../core/errors.ts';
import type { Approval, ManySent, PreparedChange, Values, WriteRequest } from './change.ts';
import { type Journal, usedChange } from './journal.ts';
import type { PlanContext } from './plan.ts';
import type { JudgedRequest } from './policy.ts';
import { oneLine } from './wording.ts';

/** Enough for a day's work of one process, and a limit for its memory. */
const capacity = 500;

/** A prepared change that is not sent yet, with what it was made from. */
export interface Waiting {
  change: PreparedChange;
  /** As it was asked for, for preparing it again. */
  given: WriteRequest;
  /** The record that the preview is based on. */
  record?: Values;
  /** The change that this one undoes. */
  undoes?: string;
  /** Sends a change of many records, or several writes. */
  bulk?: BulkRun;
  /** One of them. */
  isPart?: boolean;
}

/** The sending of a change of many records, or of several writes. */
export interface BulkRun {
  /** Of several writes: why none of them may be sent as they were shown, in one sentence. */
  findStale(signal?: AbortSignal): Promise<string | undefined>;
  /** Sends what has not been sent; answers after 40 s at the latest and continues in the background. */
  confirm(signal?: AbortSignal): Promise<ManySent>;
}

/** A change that waits, or what happened to it, in a few words. */
type Entry = { waiting: Waiting } | { outcome: string; begun?: BulkRun };

/** The changes that this process prepared: each can be taken once. */
export interface PreparedChanges {
  has(changeId: string): boolean;
  /** A change that waits for its approval; undefined for any other id, and once it has expired. */
  find(changeId: string): PreparedChange | undefined;
  /** Undefined for an unknown or used id. */
  findApproval(changeId: string): Approval | undefined;
  /** The sending of a change of many records that has begun. */
  findBegun(changeId: string): BulkRun | undefined;
  /** From now on the id continues this sending, instead of being used up. */
  begin(changeId: string, bulk: BulkRun): void;
  add(waiting: Waiting): void;
  /** @throws GatewayError `unknown_change` for an unknown or used id */
  take(changeId: string): { waiting: Waiting; expired: boolean };
  /** Puts back a change that was taken and of which nothing was sent. */
  release(waiting: Waiting): void;
  /** Ends a change that waits; one that was taken, or is unknown, is left alone. */
  withdraw(changeId: string, outcome: string): void;
  /** Notes what happened to a change that was taken, in words that follow "it". */
  settle(changeId: string, outcome: string): void;
}

/** What preparing and sending a change need. */
export interface Preparing {
  context: PlanContext;
  prepared: PreparedChanges;
  journal: Journal;
  timer: Timer;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** @throws GatewayError where mode or policy refuse this write */
  check(request: JudgedRequest): void;
}

export function createPreparedChanges(now: () => Date): PreparedChanges {
  // Insertion order is age.
  const entries = new Map<string, Entry>();

  const isExpired = ({ expiresAt }: PreparedChange) => now() >= new Date(expiresAt);
  const waitingIds = () =>
    [...entries]
      .filter(([, entry]) => 'waiting' in entry && !isExpired(entry.waiting.change))
      .map(([changeId]) => changeId);

  return {
    has: (changeId) => entries.has(changeId),
    find(changeId) {
      const entry = entries.get(changeId);
      if (entry === undefined || !('waiting' in entry) || isExpired(entry.waiting.change)) return undefined;
      return structuredClone(entry.waiting.change);
    },
    findApproval(changeId) {
      const entry = entries.get(changeId);
      if (entry === undefined) return undefined;
      if ('waiting' in entry) return entry.waiting.change.approval;
      // Of many records, which are always shown.
      return entry.begun === undefined ? undefined : 'user';
    },
    findBegun(changeId) {
      const entry = entries.get(changeId);
      return entry !== undefined && 'begun' in entry ? entry.begun : undefined;
    },
    begin(changeId, bulk) {
      entries.set(changeId, { outcome: 'is being sent', begun: bulk });
    },
    add(waiting) {
      entries.set(waiting.change.changeId, { waiting });
      for (const oldest of entries.keys()) {
        if (entries.size <= capacity) break;
        entries.delete(oldest);
      }
    },
    take(changeId) {
      const entry = entries.get(changeId);
      if (entry === undefined) throw unknownChange(changeId, waitingIds());
      if ('outcome' in entry) throw usedChange(changeId, entry.outcome);
      // Set before anything is awaited: a second call in the same moment must not find it free.
      entries.set(changeId, { outcome: 'is being sent' });
      return { waiting: entry.waiting, expired: isExpired(entry.waiting.change) };
    },
    release(waiting) {
      entries.set(waiting.change.changeId, { waiting });
    },
    withdraw(changeId, outcome) {
      const entry = entries.get(changeId);
      if (entry !== undefined && 'waiting' in entry) entries.set(changeId, { outcome });
    },
    settle(changeId, outcome) {
      if (entries.has(changeId)) entries.set(changeId, { outcome });
    },
  };
}

function unknownChange(changeId: string, waiting: readonly string[]): GatewayError {
  const shown = oneLine(changeId, 80);
  return new GatewayError('unknown_change', `No change ${JSON.stringify(shown)} was prepared by this process.`, {
    details: { field: 'change_id', candidates: waiting.slice(-5) },
    hint: { step: 'prepare_again', before: 'Change ids cannot be invented.' },
  });
}
