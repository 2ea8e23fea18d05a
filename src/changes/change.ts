import type { Method } from '../catalog/index.ts';
import type { AnsweredFile, UploadFile } from '../connectwise/index.ts';

/** One member before and after. `after` is absent when it is removed, `before` when it was empty. */
export interface MemberDifference {
  member: string;
  before?: unknown;
  after?: unknown;
}

/** A body that goes as the fields of a form, with a file that is read when it is sent. */
export interface WriteForm {
  file?: UploadFile;
}

/**
 * Who is to see a change before it is confirmed. `client`: one reversible internal record, for which the client's own
 * question is enough. `user`: many records, a deletion, or what is mailed or billed; it is shown, and answered in words.
 */
export type Approval = 'client' | 'user';

/** A write that was checked and not yet sent. */
export interface PreparedChange {
  /** What a person approves: `ticket-4711_status-Closed_k3f9q2xw`. */
  changeId: string;
  method: Exclude<Method, 'GET'>;
  /** Concrete path; of a change of many records the template. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  form?: WriteForm;
  /** One sentence: what happens to what. */
  sentence: string;
  /** PATCH only: the members before and after. */
  differences?: readonly MemberDifference[];
  warnings: readonly string[];
  approval: Approval;
  /** Mail or billing: not covered by mode `allow` unless the policy names it. */
  customerVisible: boolean;
  /** Of a change of many records. */
  many?: ManyRecords;
  /** ISO times, whole seconds. */
  preparedAt: string;
  expiresAt: string;
}

/** What one prepared change does to many records. */
export interface ManyRecords {
  /** How many are changed. */
  count: number;
  /** What is left out, and why. */
  leftOut: readonly { id: string; reason: string }[];
  /** The kinds of differences with their numbers, the rarest with their ids: these are the outliers. */
  groups: readonly { change: string; count: number; ids?: readonly string[] }[];
  /** A row for each record: id, what it is called, what changes. */
  rows: readonly (readonly [id: string, title: string, change: string])[];
}

export type PartState = 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown' | 'stale';

/** How far a change of many records has come. */
export interface ManySent {
  kind: 'many';
  change: PreparedChange;
  /** `stopped`: too much failed, or the call was cancelled; confirming again goes on. */
  state: 'running' | 'finished' | 'stopped';
  counts: Readonly<Record<PartState, number>>;
  /** A row for each record. */
  results: readonly { id: string; state: PartState; detail?: string }[];
  /** Why it stopped. */
  reason?: string;
}

export interface SentChange {
  kind: 'sent';
  change: PreparedChange;
  status: number;
  /** The record as ConnectWise answered it. */
  record?: unknown;
  /** What it answered in the place of a record, such as a PDF that it made. */
  file?: AnsweredFile & { contentType: string };
  /** What was wanted and is not in the answer, in words. */
  notApplied: readonly string[];
  /** Path of the call that prepares taking it back; absent where nothing does. */
  undo?: string;
}

/** Nothing was sent: the change was prepared again, and is to be approved again. */
export interface RenewedChange {
  kind: 'renewed';
  /** Why, in one sentence. */
  reason: string;
  change: PreparedChange;
}

export interface WriteRequest {
  method: Exclude<Method, 'GET'>;
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  /** Ids for the one `{…}` left in the path: the same for many records. */
  forEach?: readonly (number | string)[];
  /** What is sent to each of them in place of `body`, by id. */
  bodies?: Readonly<Record<string, unknown>>;
  /** Name of the tool that asked, for the journal. */
  tool?: string;
  /** False sends a body that the checks would refuse or repair. */
  strict?: boolean;
}
