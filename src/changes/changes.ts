import type { ManySent, PreparedChange, RenewedChange, SentChange, WriteRequest } from './change.ts';
import type { JournalEntry, JournalQuery } from './journal/journal.ts';

/** read-only: no change ever. confirm: sent by `confirm` only. allow: the caller confirms at once. */
export type WriteMode = 'read-only' | 'confirm' | 'allow';

export type Confirmed = SentChange | RenewedChange | ManySent;

/** Prepared writes of this process: nothing is sent but by `confirm`. */
export interface Changes {
  /**
   * Checks and previews a write; sends nothing.
   * @throws GatewayError `read_only`, `change_denied`, `invalid_body`, `invalid_argument` for a PUT where PATCH exists
   * and for a file that must not be sent, or what reading the record met
   */
  prepare(request: WriteRequest, signal?: AbortSignal): Promise<PreparedChange>;
  /**
   * Sends one prepared change, once; one of many records answers how far it is, and goes on when it is confirmed again.
   * Prepares it anew where the record has changed, or the id has expired. The signal counts until it is sent: a write
   * under way is never given up.
   * @throws GatewayError `unknown_change`, `read_only`, `change_denied`, `write_unknown`, or what ConnectWise answered
   */
  confirm(changeId: string, signal?: AbortSignal): Promise<Confirmed>;
  /** Whether mode and policy let this change be sent without being shown first. */
  isAllowed(change: PreparedChange): boolean;
  /**
   * Prepares what takes a sent change back.
   * @throws GatewayError `unknown_change`, `conflict` for what cannot be taken back, and as `prepare` does
   */
  prepareUndo(changeIdOrNumber: string, signal?: AbortSignal): Promise<PreparedChange>;
  /** Latest first, of this tenant. */
  history(query: JournalQuery): Promise<JournalEntry[]>;
  /** @throws GatewayError `unknown_change` */
  getEntry(changeIdOrNumber: string): JournalEntry;
}
