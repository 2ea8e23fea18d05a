import PQueue from 'p-queue';
import type { Timer } from '../core/async.ts';
import { GatewayError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ConnectWiseAnswer, ConnectWiseClient, ConnectWiseRequest } from './client.ts';
import { isWrite } from './is-write.ts';
import { decideRetry, unsaidThrottleSeconds } from './retry.ts';

export interface LimitOptions {
  timer: Timer;
  /** From 0 up to 1. */
  random(): number;
  /** Requests at once, over all calls (CW 6.9). */
  concurrency?: number;
  /** Above 1,000 a minute ConnectWise throttles (CW 4.3.1); others use the same company. Without end for the sandbox. */
  requestsPerMinute?: number;
  /** For one `send` with its repetitions; no wait is begun that would outlive it. */
  budgetMs?: number;
  log?: Log;
}

// The limit is one of a minute: whatever a server says, asking again after that is no offence.
const longestHoldMs = 60_000;

/**
 * The one queue of a company: every request of every call waits its turn here. Reads that failed for a passing reason
 * are sent again; writes never are. After a 429 all requests wait, since the limit is the company's.
 */
export function limitClient(client: ConnectWiseClient, options: LimitOptions): ConnectWiseClient {
  const { timer, random, concurrency = 4, requestsPerMinute = 900, budgetMs = 40_000, log } = options;
  const queue = createQueue(concurrency, requestsPerMinute);
  let heldUntilMs = Number.NEGATIVE_INFINITY;

  /** Waits out what an earlier 429 asked for. */
  async function hold(untilMs: number, signal?: AbortSignal): Promise<void> {
    const holdMs = heldUntilMs - timer.nowMs();
    if (holdMs <= 0) return;
    if (timer.nowMs() + holdMs >= untilMs) throw held(holdMs);
    await timer.sleep(holdMs, signal).catch((cause) => Promise.reject(cancelled(cause)));
  }

  function takeTurn(request: ConnectWiseRequest, untilMs: number, signal?: AbortSignal): Promise<ConnectWiseAnswer> {
    // The queue gives up a task that runs, too; but what became of a request that was sent, only the client can say.
    const waiting = new AbortController();
    const leave = () => waiting.abort();
    signal?.addEventListener('abort', leave, { once: true });
    if (signal?.aborted) leave();
    const turn = async () => {
      signal?.removeEventListener('abort', leave);
      await hold(untilMs, signal);
      return client.send(request, signal);
    };
    return queue.add(turn, { signal: waiting.signal }).catch((error: unknown) => {
      throw waiting.signal.aborted ? cancelled(error) : error;
    });
  }

  function noteThrottle({ code, details }: GatewayError): void {
    if (code !== 'rate_limited') return;
    const holdMs = Math.min(longestHoldMs, (details.retryAfterSeconds ?? unsaidThrottleSeconds) * 1000);
    heldUntilMs = Math.max(heldUntilMs, timer.nowMs() + holdMs);
  }

  return {
    tenant: client.tenant,
    async send(request, signal) {
      const untilMs = timer.nowMs() + budgetMs;
      const write = isWrite(request.method, request.path);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await takeTurn(request, untilMs, signal);
        } catch (failure) {
          if (!(failure instanceof GatewayError) || isHeld(failure)) throw failure;
          noteThrottle(failure);
          const leftMs = untilMs - timer.nowMs();
          const decision = decideRetry({ failure, attempt, isWrite: write, leftMs, random: random() });
          if (decision === 'stop') throw failure;
          log?.debug('again', { code: failure.code, attempt, waitMs: Math.round(decision.waitMs) });
          await timer.sleep(decision.waitMs, signal).catch((cause) => Promise.reject(cancelled(cause)));
        }
      }
    },
    async close() {
      queue.clear();
      await client.close();
    },
  };
}

function createQueue(concurrency: number, requestsPerMinute: number): PQueue {
  if (!Number.isFinite(requestsPerMinute)) return new PQueue({ concurrency });
  // Without `strict` two full windows can meet at their edge: a third above the limit.
  return new PQueue({ concurrency, intervalCap: requestsPerMinute, interval: 60_000, strict: true });
}

function held(holdMs: number): GatewayError {
  const seconds = Math.ceil(holdMs / 1000);
  return new GatewayError('rate_limited', 'ConnectWise asked this company for fewer requests; nothing was sent.', {
    hint: `Wait ${seconds} s, then call again.`,
    details: { retryAfterSeconds: seconds },
  });
}

/** A refusal of our own: a 429 of ConnectWise has a status. */
function isHeld({ code, details }: GatewayError): boolean {
  return code === 'rate_limited' && details.status === undefined;
}

function cancelled(cause: unknown): GatewayError {
  return new GatewayError('cancelled', 'The call was cancelled while it waited for its turn.', { cause });
}
