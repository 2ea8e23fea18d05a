import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GatewayError } from '../../src/core/errors.ts';
import { createManifest, type PackageFile } from './manifest.ts';
import type { Preset } from './preset.ts';

const root = join(import.meta.dirname, '..', '..');
const mcpb = join(root, 'tests', 'tools', 'node_modules', '@anthropic-ai', 'mcpb', 'dist', 'cli', 'cli.js');

/** What runs, and the licences: no source maps, no documents, nothing of the build machine. */
const runs = ['dist/*.js', 'dist/parts/*.js', 'dist/catalog.db', 'dist/LICENSES.txt', 'LICENSE', 'NOTICE'];

/**
 * Packs the built program into one file that hosts install, after the manifest was validated.
 * @throws GatewayError `usage` where the program is not built or the manifest is refused
 */
export function packBundle(file: string, preset?: Preset): void {
  const packageFile = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageFile;
  const folder = mkdtempSync(join(tmpdir(), 'cwm-bundle-'));
  try {
    for (const path of globSync(runs, { cwd: root })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      cpSync(join(root, path), join(folder, path));
    }
    const write = (name: string, value: unknown) =>
      writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
    write('manifest.json', createManifest(packageFile, preset));
    // Makes Node read the program's files as modules.
    write('package.json', { name: packageFile.name, version: packageFile.version, private: true, type: 'module' });
    if (preset?.policy !== undefined) write('policy.json', preset.policy);
    const { status, stdout, stderr } = spawnSync(process.execPath, [mcpb, 'pack', folder, file], { encoding: 'utf8' });
    if (status === 0) return;
    throw new GatewayError('usage', `The bundle could not be packed:\n${stdout}${stderr}`, {
      hint: 'Run npm run build, then this again.',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
