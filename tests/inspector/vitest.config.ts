import { defineConfig } from 'vitest/config';

// Not named `.test.ts`: `npm test` does without the Inspector.
export default defineConfig({ test: { include: ['tests/inspector/*.check.ts'], testTimeout: 20_000 } });
