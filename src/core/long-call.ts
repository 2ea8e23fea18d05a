import type { Timer } from './async.ts';

export interface LongCallOptions {
  timer: Timer;
  /** How long the caller waits; 40 s by default, because clients give up after a minute even when progress is reported. */
  budgetMs?: number;
  /** Of the call. Ends the work while the caller waits, and not afterwards. */
  signal?: AbortSignal;
}

/** Work that goes on after its call was answered. */
export interface RunningWork<Value> {
  /** The result of the work; may be awaited by many or not at all. */
  value: Promise<Value>;
  /** The value, or undefined when the work still runs after this time. */
  waitFor(ms: number, signal?: AbortSignal): Promise<{ value: Value } | undefined>;
  /** Aborts the signal of the work. */
  cancel(): void;
}

export type LongCall<Value> = { state: 'finished'; value: Value } | { state: 'running'; work: RunningWork<Value> };

const defaultBudgetMs = 40_000;

/**
 * Runs `work` and returns after the budget at the latest: its value, or the work that goes on. The work itself makes what
 * it has found by then visible to the caller.
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
  // A failure that is never awaited must not be an unhandled rejection.
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
