import type { Timer } from '../core/async.ts';

export interface LongCallOptions {
  timer: Timer;
  /** How long the caller waits: hosts give up after a minute, whatever progress says. 40 s unless told. */
  budgetMs?: number;
  /** Of the call. Ends the work while the caller waits, and not after. */
  signal?: AbortSignal;
}

/** Work that goes on after its call was answered. */
export interface RunningWork<Value> {
  /** What it ends with; may be awaited by many, or by nobody. */
  value: Promise<Value>;
  /** The value, or undefined when it is not there after so long. */
  waitFor(ms: number, signal?: AbortSignal): Promise<{ value: Value } | undefined>;
  /** Aborts the signal that the work was given. */
  cancel(): void;
}

export type LongCall<Value> = { state: 'finished'; value: Value } | { state: 'running'; work: RunningWork<Value> };

const defaultBudgetMs = 40_000;

/**
 * Runs `work` and answers after the budget at the latest: with its value, or with the work that goes on. What it has
 * found by then is for the work itself to keep where the caller can see it.
 * @throws whatever the work throws within the budget
 */
export async function startLongCall<Value>(
  work: (signal: AbortSignal) => Promise<Value>,
  { timer, budgetMs = defaultBudgetMs, signal }: LongCallOptions,
): Promise<LongCall<Value>> {
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  const value = work(stop.signal);
  // Nobody may ever ask for it; a failure then is no crash.
  value.catch(() => undefined);
  const running: RunningWork<Value> = {
    value,
    waitFor: (ms, until) => waitFor(value, ms, timer, until),
    cancel: () => stop.abort(),
  };
  try {
    const finished = await running.waitFor(budgetMs);
    return finished === undefined ? { state: 'running', work: running } : { state: 'finished', value: finished.value };
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function waitFor<Value>(
  work: Promise<Value>,
  ms: number,
  timer: Timer,
  signal?: AbortSignal,
): Promise<{ value: Value } | undefined> {
  const over = new AbortController();
  const end = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const alarm = timer.sleep(ms, end).catch(() => undefined);
  try {
    return await Promise.race([work.then((value) => ({ value })), alarm.then(() => undefined)]);
  } finally {
    over.abort();
  }
}
