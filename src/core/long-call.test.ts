import { describe, expect, test } from 'vitest';
import type { Timer } from './async.ts';
import { startLongCall } from './long-call.ts';

/** Waits end when the test ends them. */
function createManualTimer() {
  const waits: { ms: number; end: () => void }[] = [];
  const timer: Timer = {
    nowMs: () => 0,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        waits.push({ ms, end: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  return { timer, waits };
}

describe('a call that takes long', () => {
  test('answers with its value when that is there in time', async () => {
    const { timer, waits } = createManualTimer();
    await expect(startLongCall(async () => 7, { timer })).resolves.toEqual({ state: 'finished', value: 7 });
    expect(waits[0]?.ms).toBe(40_000);
  });

  test('fails as its work fails within the time', async () => {
    const { timer } = createManualTimer();
    const failure = new Error('x');
    await expect(startLongCall(() => Promise.reject(failure), { timer })).rejects.toBe(failure);
  });

  test('answers without its value when the time is over, and the work goes on', async () => {
    const { timer, waits } = createManualTimer();
    const finish = Promise.withResolvers<string>();
    const started = startLongCall(() => finish.promise, { timer, budgetMs: 500 });
    waits[0]?.end();
    const call = await started;
    if (call.state !== 'running') throw new Error('cannot happen');
    const soon = call.work.waitFor(100);
    expect(waits.map(({ ms }) => ms)).toEqual([500, 100]);
    waits[1]?.end();
    await expect(soon).resolves.toBeUndefined();
    const later = call.work.waitFor(100);
    finish.resolve('rows');
    await expect(later).resolves.toEqual({ value: 'rows' });
    await expect(call.work.value).resolves.toBe('rows');
  });

  test('is ended by its caller while that waits, and only by its owner after', async () => {
    const { timer, waits } = createManualTimer();
    const caller = new AbortController();
    let seen: AbortSignal | undefined;
    const work = (signal: AbortSignal) => {
      seen = signal;
      return new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const early = startLongCall(work, { timer, signal: caller.signal });
    caller.abort(new Error('left'));
    await expect(early).rejects.toThrow('left');

    const other = new AbortController();
    const started = startLongCall(work, { timer, signal: other.signal });
    waits[1]?.end();
    const call = await started;
    if (call.state !== 'running') throw new Error('cannot happen');
    other.abort();
    expect(seen?.aborted).toBe(false);
    call.work.cancel();
    expect(seen?.aborted).toBe(true);
    await expect(call.work.value).rejects.toThrow();
  });
});
