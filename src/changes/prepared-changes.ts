import { GatewayError } from '../errors.ts';
import type { PreparedChange } from './change.ts';
import { oneLine } from './wording.ts';

/** Enough for a day's work of one process, and no more memory than that. */
const capacity = 500;

/** A change that waits, or in few words what became of it. */
type Entry = { change: PreparedChange } | { outcome: string };

/** The changes that this process prepared: each is handed out once. */
export interface PreparedChanges {
  has(changeId: string): boolean;
  add(change: PreparedChange): void;
  /** @throws GatewayError `unknown_change` for one that is not there or was used, `change_expired` */
  take(changeId: string): PreparedChange;
  /** Says what became of a change that was taken, in the words that follow "it". */
  settle(changeId: string, outcome: string): void;
}

export function createPreparedChanges(now: () => Date): PreparedChanges {
  // Insertion order is age.
  const entries = new Map<string, Entry>();

  const isExpired = ({ expiresAt }: PreparedChange) => now() >= new Date(expiresAt);
  const waiting = () =>
    [...entries].filter(([, entry]) => 'change' in entry && !isExpired(entry.change)).map(([changeId]) => changeId);

  return {
    has: (changeId) => entries.has(changeId),
    add(change) {
      entries.set(change.changeId, { change });
      for (const oldest of entries.keys()) {
        if (entries.size <= capacity) break;
        entries.delete(oldest);
      }
    },
    take(changeId) {
      const entry = entries.get(changeId);
      if (entry === undefined) throw unknownChange(changeId, waiting());
      if ('outcome' in entry) throw usedChange(changeId, entry.outcome);
      if (isExpired(entry.change)) throw expiredChange(entry.change);
      // Set before anything is awaited: a second call in the same moment must not find it free.
      entries.set(changeId, { outcome: 'is being sent' });
      return entry.change;
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

function usedChange(changeId: string, outcome: string): GatewayError {
  return new GatewayError('unknown_change', `The change ${changeId} was used: it ${outcome}. An id works once.`, {
    details: { field: 'change_id' },
    hint: 'If it is wanted once more, prepare it again with execute_api_call.',
  });
}

function expiredChange({ changeId, preparedAt }: PreparedChange): GatewayError {
  return new GatewayError('change_expired', `The change ${changeId} was prepared at ${preparedAt} and has expired.`, {
    details: { field: 'change_id' },
    hint: 'The record may have changed meanwhile: prepare the change again with execute_api_call.',
  });
}
