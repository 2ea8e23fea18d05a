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
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
