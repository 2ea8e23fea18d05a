import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,sandbox}/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 20_000,
    // Two workers: what a small CI machine has; more only makes the spawned servers compete.
    maxWorkers: 2,
  },
});
