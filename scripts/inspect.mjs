// Asks the built program through the MCP Inspector, which is installed on first use: npm run inspect
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installTestTools } from './install-test-tools.mjs';

installTestTools('inspector');
const { status } = spawnSync(
  process.execPath,
  [join(import.meta.dirname, 'test.mjs'), '--config', 'tests/inspector/vitest.config.ts', ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
