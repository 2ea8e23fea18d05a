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
  /** Ids for the one `{…}` left in the path: the same for many records. Without `{…}`, numbers of new records. */
  forEach?: readonly (number | string)[];
  /** What is sent to each of them in place of `body`, by id. */
  bodies?: Readonly<Record<string, unknown>>;
  /** What is asked of each of them in place of `query`, by id. */
  queries?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Several writes in place of one, sent in this order; `{change_1.id}` is the id that the first makes. */
  steps?: readonly WriteRequest[];
  /** Of one of several: the sent change that it undoes. */
  undoes?: string;
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

/** A member that a change sets, and its value, in words. */
export interface Setting {
  member: string;
  value: string;
}

/** What a change does: the parts of its sentence, so that a preview with little room can shorten values only. */
export interface Statement {
  subject: string;
  /** Every member that is set. */
  settings: readonly Setting[];
  /** What comes unasked, and what cannot be undone, as sentences. */
  ends: readonly string[];
}

/**
 * An existing record that a change names by its number: one of its path, of an integer member such as `chargeToId`, or of
 * a reference. What a person knows it by comes from ConnectWise alone.
 */
export interface NamedRecord {
  /** The member that names it, `chargeToId` or `mergeTicketIds/0`; absent for a record of the path. */
  member?: string;
  /** For one such record in a sentence, `service ticket`; `record` where the kind is not known. */
  noun: string;
  id: number;
  /** Its summary or name; absent where it was not read. */
  title?: string;
  /** The client that it belongs to. */
  company?: { id: number; name: string };
  status?: string;
  /** Why it was not read, in words that follow the number: `could not be looked up`. */
  unread?: string;
  /** Of a merge: what becomes of it. */
  fate?: 'stays' | 'disappears';
}

/** The body is sent as the fields of a form, with a file that is read when it is sent. */
export interface WriteForm {
  file?: UploadFile;
}

/**
 * Who approves a change. `client`: one reversible internal record, for which the client's own question is enough.
 * `user`: many records, a file, what cannot be undone, or what is mailed or billed; it is shown to the user, who answers
 * in words.
 */
export type Approval = 'client' | 'user';

/** A write that was checked and not yet sent. */
export interface PreparedChange extends Write {
  /** What a person approves: `ticket-4711_status-Closed_k3f9q2xw`. */
  changeId: string;
  form?: WriteForm;
  /** One sentence: what happens to what; with what comes unasked, and what cannot be undone. */
  sentence: string;
  /** The parts of the sentence. */
  statement: Statement;
  /** PATCH only: the members before and after. */
  differences?: readonly MemberDifference[];
  /** The existing records that it names, those of the path first. */
  named?: readonly NamedRecord[];
  /** What must not be overlooked, such as records of two clients: the first line of the preview. */
  alerts?: readonly string[];
  warnings: readonly string[];
  approval: Approval;
  /** Mail, what customers read, billing: not covered by mode `allow` unless the policy names it. */
  customerVisible: boolean;
  /** Of a change of many records. */
  many?: ManyRecords;
  /** Of several writes that are sent one after the other. */
  steps?: readonly PreparedStep[];
  /** ISO times, whole seconds. */
  preparedAt: string;
  expiresAt: string;
}

/** One of several writes of a change, as it is shown: `{change_1.id}` for what is not known yet. */
export interface PreparedStep extends Write {
  sentence: string;
  /** Path of the file that is sent. */
  file?: string;
  customerVisible: boolean;
}

/** What one prepared change does to many records. */
export interface ManyRecords {
  /** How many are changed. */
  count: number;
  /** What is left out, and why. */
  leftOut: readonly { id: string; reason: string }[];
  /** The kinds of differences with their counts; rare ones, the outliers, with their ids. */
  groups: readonly { change: string; count: number; ids?: readonly string[] }[];
  /** What is the same for all, where hardly two are alike; the rows then show the rest. */
  shared?: readonly string[];
  /** A row for each record: its id, its title, what changes. */
  rows: readonly (readonly [id: string, title: string, change: string])[];
}

export type PartState = 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown' | 'stale';

/** Progress of a change of many records, or of several writes. */
export interface ManySent {
  kind: 'many';
  change: PreparedChange;
  /** `stopped`: too many failed, or the call was cancelled; confirming again continues. */
  state: 'running' | 'finished' | 'stopped';
  counts: Readonly<Record<PartState, number>>;
  /** A row for each record, or for each of several writes by its number; `applied` where it was sent and not all of it was applied. */
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
