import type { PreparedChange, SentChange, WriteRequest } from './change.ts';

/** read-only: no change ever. confirm: sent by `confirm` only. allow: the caller confirms at once. */
export type WriteMode = 'read-only' | 'confirm' | 'allow';

/** Prepared writes of this process: nothing is sent but by `confirm`. */
export interface Changes {
  /**
   * Checks and previews a write; sends nothing.
   * @throws GatewayError `read_only`, `invalid_body`, `invalid_argument` for a PUT where PATCH exists and for
   * a file that must not be sent, or what reading the record met
   */
  prepare(request: WriteRequest, signal?: AbortSignal): Promise<PreparedChange>;
  /**
   * Sends one prepared change, once. The signal counts until it is sent: a write under way is never given up.
   * @throws GatewayError `unknown_change`, `change_expired`, `read_only`, `write_unknown`, or what ConnectWise answered
   */
  confirm(changeId: string, signal?: AbortSignal): Promise<SentChange>;
}
