/** The longest time that the process did nothing else since the last `take`. */
export interface HoldMeter extends Disposable {
  takeMs(): number;
}

const everyMs = 5;

/**
 * Measures how long something held the process: how late a timer is, but no more than the CPU time used meanwhile, since
 * on a busy machine other programs delay it too.
 */
export function startHoldMeter(): HoldMeter {
  const usedMs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  let last = { at: performance.now(), used: usedMs() };
  let longest = 0;
  const tick = () => {
    const now = { at: performance.now(), used: usedMs() };
    longest = Math.max(longest, Math.min(now.at - last.at, now.used - last.used) - everyMs);
    last = now;
  };
  const timer = setInterval(tick, everyMs);
  return {
    takeMs() {
      tick();
      const taken = longest;
      longest = 0;
      return taken;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
