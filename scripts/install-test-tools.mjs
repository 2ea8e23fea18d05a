// Installs the heavy test tools of tests/tools where they are missing or older than their lock file.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'tests', 'tools');
const modified = (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Ends the process where npm fails. */
export function installTestTools() {
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return;
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
