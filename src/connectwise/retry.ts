import type { GatewayError } from '../core/errors.ts';
import { isTimeoutMessage } from './failure.ts';
import { isLostConnection } from './network-failure.ts';

/** One that failed, and what there is to go on with. */
export interface FailedAttempt {
  failure: GatewayError;
  /** Attempts so far, this one included. */
  attempt: number;
  /** Whether ConnectWise may have been changed by it. */
  isWrite: boolean;
  /** What is left of the time of the call. */
  leftMs: number;
  /** From 0 up to 1: calls that failed together must not come back together. */
  random: number;
}

export type RetryDecision = { waitMs: number } | 'stop';

// Within the Guide's advice for callers who wait: two or three tries more, doubling, capped at 2 to 5 s (CW 4.3.2).
const maxAttempts = 4;
const baseMs = 250;
const capMs = 5_000;
/** The Guide's own 429 says 30 s, and the one client that met it live was cured by as much (CW 4.3.1). */
export const unsaidThrottleSeconds = 30;

/** Maintenance, and a content network that did not reach ConnectWise (CW 4.2.28); 500 can be for good (CW 4.2.29). */
const passingStatuses: ReadonlySet<number> = new Set([502, 503, 504, 520, 521, 522, 523, 524]);

/** Whether a request is sent again, and after how long. A wait that would outlive the call is not begun. */
export function decideRetry({ failure, attempt, isWrite, leftMs, random }: FailedAttempt): RetryDecision {
  if (isWrite || attempt >= maxAttempts || !isPassing(failure)) return 'stop';
  const { retryAfterSeconds } = failure.details;
  const seconds = retryAfterSeconds ?? (failure.code === 'rate_limited' ? unsaidThrottleSeconds : undefined);
  const jitterMs = random * Math.min(capMs, baseMs * 2 ** (attempt - 1));
  const waitMs = (seconds ?? 0) * 1000 + jitterMs;
  return waitMs < leftMs ? { waitMs } : 'stop';
}

function isPassing(failure: GatewayError): boolean {
  if (failure.code === 'rate_limited') return true;
  const { status, connectwise } = failure.details;
  if (status === undefined) return isLostConnection(failure);
  // The same query would take as long again (CW 4.2.26).
  return passingStatuses.has(status) && !isTimeoutMessage(connectwise?.message);
}
