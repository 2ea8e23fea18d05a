import { setTimeout } from 'node:timers/promises';

/** Time as limits and waits know it; a test brings its own and does not sleep. */
export interface Timer {
  /** Milliseconds since some moment; never goes back, unlike the clock on the wall, which `--now` can stop. */
  nowMs(): number;
  /** @throws the signal's reason, or an `AbortError`, when the signal ends first */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemTimer: Timer = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
};
