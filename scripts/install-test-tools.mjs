// Installs tools of the tests where they are missing or older than their lock file.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Ends the process where npm fails.
 * @param {string} name the folder in tests/ that has the tools' package.json
 */
export function installTestTools(name = 'tools') {
  const folder = join(import.meta.dirname, '..', 'tests', name);
  const modified = (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return;
  const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: folder, stdio: 'inherit' };
  const npm = process.env.npm_execpath;
  // On Windows npm is a batch file, which only a shell starts.
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...install], options)
    : spawnSync('npm', install, { ...options, shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
