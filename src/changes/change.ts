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

/** A write that was checked and not yet sent. */
export interface PreparedChange {
  /** What a person approves: `ticket-4711_status-Closed_k3f9q2xw`. */
  changeId: string;
  method: Exclude<Method, 'GET'>;
  /** Concrete path. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  form?: WriteForm;
  /** One sentence: what happens to what. */
  sentence: string;
  /** PATCH only: the members before and after. */
  differences?: readonly MemberDifference[];
  warnings: readonly string[];
  /** ISO times, whole seconds. */
  preparedAt: string;
  expiresAt: string;
}

export interface SentChange {
  change: PreparedChange;
  status: number;
  /** The record as ConnectWise answered it. */
  record?: unknown;
}

export interface WriteRequest {
  method: Exclude<Method, 'GET'>;
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  /** False sends a body that the checks would refuse or repair. */
  strict?: boolean;
}
