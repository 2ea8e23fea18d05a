import { defineConfig } from 'vitest/config';

/** Tests that start processes, by folder; `tests/contract/projects.test.ts` finds missing ones. */
const starting = [
  'tests/{bundle,cli,conformance,model-eval,security,transcripts,transports}/**/*.test.ts',
  'tests/connectwise/impostor.test.ts',
  'tests/contract/readme-commands.test.ts',
  'tests/results/lifetime.test.ts',
  'tests/tools/sdk-1-client.test.ts',
];

/**
 * Tests whose size is a choice and that take long even at the small size. `atDepth` of `tests/support/depth.ts` chooses
 * the size, here and in properties of the other projects; CWM_TEST_DEPTH=full selects the full size.
 */
const slow = [
  'tests/{fuzz,soak}/*.test.ts',
  'tests/changes/killed.test.ts',
  'tests/memory/{concurrency,killed}.test.ts',
  'tests/sandbox/every-get.test.ts',
  'tests/tools/{any-input,writes-random}.test.ts',
];

const seconds = 1_000;
const isWhole = process.env.CWM_TEST_DEPTH === 'full';

/**
 * Time limits only end what hangs; they are wide enough for a machine under a load of eight. In the whole form a property
 * has twenty times as many runs, in every project.
 */
const project = (name: string, usual: number, include: string[], exclude: string[] = []) => {
  const limit = isWhole ? 3_600 : usual;
  return {
    extends: true as const,
    test: { name, include, exclude, testTimeout: limit * seconds, hookTimeout: Math.max(limit, 120) * seconds },
  };
};

export default defineConfig({
  test: {
    // The program has no state at module level, so files can share a process.
    isolate: false,
    // A small CI machine has two cores; more workers only make the spawned servers compete.
    maxWorkers: 2,
    expect: { poll: { timeout: 30 * seconds } },
    setupFiles: ['tests/support/seed-properties.ts'],
    projects: [
      project('unit', 60, ['{src,sandbox}/**/*.test.ts']),
      project('in-process', 60, ['tests/**/*.test.ts'], ['**/node_modules/**', ...starting, ...slow]),
      project('process', 120, starting),
      project('slow', 300, slow),
    ],
  },
});
