import type { Method } from '../../catalog/index.ts';
import type { MemberDifference, WriteRequest } from '../change.ts';

/** What became of a change. `sending`: on its way, its process lives. `unknown`: nobody knows whether it happened. */
export const journalStates = ['prepared', 'renewed', 'sending', 'sent', 'failed', 'unknown'] as const;
export type JournalState = (typeof journalStates)[number];

export interface JournalEntry {
  number: number;
  changeId: string;
  state: JournalState;
  /** ISO times, whole seconds. */
  preparedAt: string;
  sentAt?: string;
  endedAt?: string;
  tool?: string;
  method: Exclude<Method, 'GET'>;
  path: string;
  /** As it was asked for, without secrets. */
  request: WriteRequest;
  /** Whether the request is all there: a secret was left out where not. */
  complete: boolean;
  sentence: string;
  differences?: readonly MemberDifference[];
  /** Members as they were before, or the record that was deleted. */
  before?: Readonly<Record<string, unknown>>;
  status?: number;
  requestId?: string;
  error?: string;
  /** Of the record that was made. */
  recordId?: string;
  /** The change of many records that it belongs to. */
  partOf?: string;
  undoes?: string;
  undoneBy?: string;
}

export type NewJournalEntry = Pick<
  JournalEntry,
  'changeId' | 'method' | 'path' | 'request' | 'sentence' | 'differences' | 'partOf' | 'undoes' | 'tool'
>;

export type JournalEnd = { state: 'sent' | 'failed' | 'unknown' | 'renewed' } & Partial<
  Pick<JournalEntry, 'before' | 'status' | 'requestId' | 'error' | 'recordId'>
>;

export interface JournalQuery {
  limit: number;
  state?: JournalState;
  /** Parts of a change of many records are left out unless that change is named. */
  partOf?: string;
}

/** Every change of a tenant: written before its request leaves, kept for 400 days. */
export interface Journal {
  prepared(entry: NewJournalEntry): void;
  /** @throws GatewayError `storage_failed`, upon which nothing may be sent */
  sending(changeId: string, before: Readonly<Record<string, unknown>> | undefined): void;
  ended(changeId: string, end: JournalEnd): void;
  find(changeIdOrNumber: string): JournalEntry | undefined;
  /** Latest first. */
  list(query: JournalQuery): JournalEntry[];
  /** Makes `unknown` of what dead processes were sending; answers those that are new since the last asking. */
  settleLeftOvers(): Promise<JournalEntry[]>;
  /** Its user should be told: the file was damaged and set aside. */
  readonly notice?: string;
  close(): void;
}
