// Makes the one-click bundle of Claude Desktop: `npm run bundle [-- --preset team.json]`. A preset builds in what a
// whole team shares, so that each technician types two keys and a name.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { GatewayError } from '../src/core/errors.ts';
import { version } from '../src/core/version.ts';
import { packBundle } from './bundle/pack-bundle.ts';
import { readPreset } from './bundle/preset.ts';
import { installTestTools } from './install-test-tools.mjs';

const root = join(import.meta.dirname, '..');

try {
  const { values } = parseArgs({ options: { preset: { type: 'string' } } });
  // Before the slow steps.
  const preset = values.preset === undefined ? undefined : readPreset(values.preset);
  const team = values.preset === undefined ? '' : `-${basename(values.preset).replace(/\.json$/i, '')}`;
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  // They include the packer.
  installTestTools();
  const file = join(root, 'bundles', `cwm-api-gateway-mcp-${version}${team}.mcpb`);
  packBundle(file, preset);
  const megabytes = (statSync(file).size / 1_000_000).toFixed(1);
  console.log(`${file}: ${megabytes} MB. Install it in Claude Desktop: Settings > Extensions.`);
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!(error instanceof GatewayError) && !isUsage) throw error;
  console.error(error instanceof GatewayError ? `${error.message}\n${error.hint}` : error.message);
  process.exitCode = 2;
}
