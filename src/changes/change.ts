import type { Method } from '../catalog/endpoint.ts';
import type { UploadFile } from '../connectwise/documents/uploads.ts';

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
  /** ISO times, whole seconds. */
  preparedAt: string;
  expiresAt: string;
}

export interface SentChange {
  kind: 'sent';
  change: PreparedChange;
  status: number;
  /** The record as ConnectWise answered it. */
  record?: unknown;
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
  /** False sends a body that the checks would refuse or repair. */
  strict?: boolean;
}
