import { GatewayError } from '../../src/core/errors.ts';
import { type FaultKind, faultKinds, tooManyRequests } from './fault-kinds.ts';
import { createRateLimit } from './rate-limit.ts';
import { type Fault, noTrouble, type TroubleSettings } from './trouble-settings.ts';

export interface TroubleParts {
  settings?: TroubleSettings | undefined;
  /** From 0 up to 1. */
  random(): number;
  wait(ms: number): Promise<void>;
  /** Milliseconds that only go forward. */
  clock(): number;
}

/** What goes wrong on request: waits, faults, the rate limit. Its settings can be changed while the sandbox runs. */
export interface Trouble {
  settings(): TroubleSettings;
  change(settings: TroubleSettings): void;
  /** How often each fault has struck. */
  counts(): Readonly<Record<string, number>>;
  /**
   * Waits, then gives the answer of a fault that strikes this request; undefined where none does.
   * @throws GatewayError `unreachable` that `isReset` knows, for a connection that is to break
   */
  strike(method: string, path: string): Promise<Response | undefined>;
}

export function createTrouble({ settings = noTrouble, random, wait, clock }: TroubleParts): Trouble {
  let current = settings;
  const counts = new Map<FaultKind, number>();
  const limit = createRateLimit(clock);
  return {
    settings: () => current,
    change(next) {
      current = next;
      counts.clear();
    },
    counts: () => Object.fromEntries(counts),
    async strike(method, path) {
      const { latency, faults, requestsPerMinute } = current;
      if (latency !== undefined) await wait(latency.ms + (random() * 2 - 1) * latency.spreadMs);
      if (requestsPerMinute !== undefined && !limit.admit(requestsPerMinute)) return tooManyRequests();
      const fault = faults.find((one) => isAbout(one, method, path) && random() < one.probability);
      if (fault === undefined) return undefined;
      counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
      const answer = faultKinds[fault.kind];
      if (answer === undefined) throw connectionReset();
      return answer();
    },
  };
}

function isAbout({ method, path }: Fault, asked: string, askedPath: string): boolean {
  return (method === undefined || method === asked) && (path === undefined || askedPath.startsWith(path));
}

function connectionReset(): GatewayError {
  return new GatewayError('unreachable', 'The sandbox broke the connection, as it was told to.', {
    details: { reset: true },
  });
}

/** Whether an error means that the connection is to break without an answer. */
export function isReset(error: unknown): boolean {
  return error instanceof GatewayError && error.details.reset === true;
}
