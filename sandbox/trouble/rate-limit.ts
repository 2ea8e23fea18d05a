const minuteMs = 60_000;

/** Counts the requests of the last minute; refused ones do not count. */
export interface RateLimit {
  /** Whether one more request stays within `most` a minute; it is counted if so. */
  admit(most: number): boolean;
}

export function createRateLimit(clock: () => number): RateLimit {
  let times: number[] = [];
  let first = 0;
  return {
    admit(most) {
      const now = clock();
      while (first < times.length && (times[first] ?? now) <= now - minuteMs) first += 1;
      if (times.length - first >= most) return false;
      // What is over is dropped in bulk, so that a request does not cost a copy.
      if (first > 1000) {
        times = times.slice(first);
        first = 0;
      }
      times.push(now);
      return true;
    },
  };
}
