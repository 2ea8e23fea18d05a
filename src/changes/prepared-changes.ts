import { GatewayError } from '../core/errors.ts';
import type { BulkRun } from './bulk-run.ts';
import type { PreparedChange, Values, WriteRequest } from './change.ts';
import { oneLine } from './wording.ts';

/** Enough for a day's work of one process, and no more memory than that. */
const capacity = 500;

/** A change that waits, with what it was made from. */
export interface Waiting {
  change: PreparedChange;
  /** As it was asked for, for preparing it again. */
  given: WriteRequest;
  /** The record that the preview rests on. */
  record?: Values;
  /** The change that this one takes back. */
  undoes?: string;
  /** Of a change of many records: its sending, which can be gone on with. */
  bulk?: BulkRun;
}

/** A change that waits, or in few words what became of it. */
type Entry = { waiting: Waiting } | { outcome: string; begun?: BulkRun };

/** The changes that this process prepared: each is handed out once. */
export interface PreparedChanges {
  has(changeId: string): boolean;
  /** The sending of a change of many records that has begun. */
  findBegun(changeId: string): BulkRun | undefined;
  /** From now on the id goes on with this sending, instead of being used up. */
  begin(changeId: string, bulk: BulkRun): void;
  add(waiting: Waiting): void;
  /** @throws GatewayError `unknown_change` for one that is not there or was used */
  take(changeId: string): { waiting: Waiting; expired: boolean };
  /** Gives back one that was taken and of which nothing was sent. */
  release(waiting: Waiting): void;
  /** Says what became of a change that was taken, in the words that follow "it". */
  settle(changeId: string, outcome: string): void;
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
    settle(changeId, outcome) {
      if (entries.has(changeId)) entries.set(changeId, { outcome });
    },
  };
}

function unknownChange(changeId: string, waiting: readonly string[]): GatewayError {
  const shown = oneLine(changeId, 80);
  return new GatewayError('unknown_change', `No change ${JSON.stringify(shown)} was prepared by this process.`, {
    details: { field: 'change_id', candidates: waiting.slice(-5) },
    hint: 'Ids are not to be made up, and end with the process: prepare the change with execute_api_call.',
  });
}

export function usedChange(changeId: string, outcome: string): GatewayError {
  return new GatewayError('unknown_change', `The change ${changeId} was used: it ${outcome}. An id works once.`, {
    details: { field: 'change_id' },
    hint: 'If it is wanted once more, prepare it again with execute_api_call.',
  });
}
