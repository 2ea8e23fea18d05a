import type { Method } from '../catalog/index.ts';
import type { AnsweredFile, UploadFile } from '../connectwise/index.ts';

/** The members of a record, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** A request that writes. */
export interface Write {
  method: Exclude<Method, 'GET'>;
  /** Concrete path; of a change of many records the template. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
}

/** A write as it is asked for. */
export interface WriteRequest extends Write {
  /** Ids for the one `{…}` left in the path: the same for many records. */
  forEach?: readonly (number | string)[];
  /** What is sent to each of them in place of `body`, by id. */
  bodies?: Readonly<Record<string, unknown>>;
  /** Name of the tool that asked, for the journal. */
  tool?: string;
  /** False sends a body that the checks would refuse or repair. */
  strict?: boolean;
}

/** One member before and after. `after` is absent when it is removed, `before` when it was empty. */
export interface MemberDifference {
  member: string;
  before?: unknown;
  after?: unknown;
}

/** The body is sent as the fields of a form, with a file that is read when it is sent. */
export interface WriteForm {
  file?: UploadFile;
}

/**
 * Who approves a change. `client`: one reversible internal record, for which the client's own question is enough.
 * `user`: many records, a deletion, or what is mailed or billed; it is shown to the user, who answers in words.
 */
export type Approval = 'client' | 'user';

/** A write that was checked and not yet sent. */
export interface PreparedChange extends Write {
  /** What a person approves: `ticket-4711_status-Closed_k3f9q2xw`. */
  changeId: string;
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
  /** The kinds of differences with their counts; rare ones, the outliers, with their ids. */
  groups: readonly { change: string; count: number; ids?: readonly string[] }[];
  /** A row for each record: its id, its title, what changes. */
  rows: readonly (readonly [id: string, title: string, change: string])[];
}

export type PartState = 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown' | 'stale';

/** Progress of a change of many records. */
export interface ManySent {
  kind: 'many';
  change: PreparedChange;
  /** `stopped`: too many failed, or the call was cancelled; confirming again continues. */
  state: 'running' | 'finished' | 'stopped';
  counts: Readonly<Record<PartState, number>>;
  /** A row for each record; `applied` where it was sent and not all of it was applied. */
  results: readonly { id: string; state: PartState; applied?: Exclude<Applied, 'all'>; detail?: string }[];
  /** Why it stopped. */
  reason?: string;
}

/** How much of what was sent the answer has; `nothing` where the record is as it was. */
export type Applied = 'all' | 'part' | 'nothing';

export interface SentChange {
  kind: 'sent';
  change: PreparedChange;
  status: number;
  /** Whole, as ConnectWise answered. */
  record?: unknown;
  /** What became of the record: its id, the members that were sent, and those that ConnectWise changed along with them. */
  changed?: unknown;
  /** Id of the record that was made. */
  recordId?: string;
  /** A file that it answered in place of a record, such as a PDF. */
  file?: AnsweredFile & { contentType: string };
  applied: Applied;
  /** What was sent and is not in the answer, as sentences. */
  notApplied: readonly string[];
  /** What else the user must know, as sentences. */
  notes: readonly string[];
  /** Path of the call that prepares the undo; absent where the change cannot be undone. */
  undo?: string;
}

/** Nothing was sent: a new preview was prepared, which needs a new approval. */
export interface RenewedChange {
  kind: 'renewed';
  /** Why, in one sentence. */
  reason: string;
  change: PreparedChange;
}

export type Confirmed = SentChange | RenewedChange | ManySent;

/** read-only: no writes. confirm: `confirm` alone sends. allow: the caller confirms at once. */
export type WriteMode = 'read-only' | 'confirm' | 'allow';
