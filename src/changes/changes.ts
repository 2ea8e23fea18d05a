import type { PreparedChange, SentChange, WriteRequest } from './change.ts';

/** Prepared writes of this process: nothing is sent but by `confirm`. */
export interface Changes {
  /**
   * Checks and previews a write; sends nothing.
   * @throws GatewayError `read_only`, `invalid_body`, or what reading the record met
   */
  prepare(request: WriteRequest, signal?: AbortSignal): Promise<PreparedChange>;
  /**
   * Sends one prepared change, once.
   * @throws GatewayError `unknown_change`, `change_expired`, `read_only`, or what ConnectWise answered
   */
  confirm(changeId: string, signal?: AbortSignal): Promise<SentChange>;
}
