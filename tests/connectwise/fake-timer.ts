import type { Timer } from '../../src/core/async.ts';

export interface FakeTimer extends Timer {
  /** How long each wait would have been. */
  waits: number[];
  advance(ms: number): void;
}

/** Waits end at once, and the clock has moved by them. */
export function createFakeTimer(): FakeTimer {
  let nowMs = 0;
  const waits: number[] = [];
  return {
    waits,
    nowMs: () => nowMs,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      nowMs += ms;
    },
    advance(ms) {
      nowMs += ms;
    },
  };
}
