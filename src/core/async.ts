import { setImmediate, setTimeout } from 'node:timers/promises';
import { weightOf } from './budget.ts';
import { defined } from './json.ts';

/** Waits for the work until the signal aborts, whether or not the work listens to it; throws the signal's reason. */
export async function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The clock of limits and waits; a test passes its own and does not sleep. */
export interface Timer {
  /** Milliseconds since some moment; never goes back, unlike the wall clock, which `--now` can stop. */
  nowMs(): number;
  /** @throws the signal's reason, or an `AbortError`, when the signal ends first */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemTimer: Timer = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, defined({ signal })),
};

/** Lets other work of the process run. */
export const otherWork = (): Promise<void> => setImmediate();

/** What is gone through in one go: some 50 ms of work. */
export const weightAtOnce = 15_000;

/** Goes through values in their order, with pauses for other work by what they weigh. */
export async function visitInParts<Value>(values: readonly Value[], visit: (value: Value) => void): Promise<void> {
  let weight = 0;
  for (const value of values) {
    weight += weightOf(value, weightAtOnce);
    if (weight > weightAtOnce) {
      await otherWork();
      weight = 0;
    }
    visit(value);
  }
}

/** Runs at most `limit` items at a time; results in the order of the items. After a failure no more are started. */
export async function mapAtOnce<Item, Result>(
  items: readonly Item[],
  limit: number,
  run: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const stop = (error: unknown) => {
    next = items.length;
    throw error;
  };
  const work = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      const item = items[index];
      if (item !== undefined) results[index] = await run(item, index).catch(stop);
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
