/**
 * How much a test does whose size is a choice: little on each run, all of it with CWM_TEST_DEPTH=full, which
 * `npm run test:slow` sets.
 */
export function atDepth(short: number, whole: number): number {
  return process.env.CWM_TEST_DEPTH === 'full' ? whole : short;
}

/** Runs of a property of cheap values. */
export const manyRuns = atDepth(500, 10_000);
