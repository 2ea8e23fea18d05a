// Every measurement, one after the other, each writing its block of docs/benchmarks.md. Takes ten minutes on a quiet
// machine, and nothing else should run meanwhile. Usage: npm run bench
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const failed: string[] = [];
for (const [name, command] of Object.entries(scripts)) {
  const [, file] = / (bench\/[\w-]+\.ts)$/.exec(command) ?? [];
  // The model to be asked, and who pays for it, only a person can say.
  if (file === undefined || name === 'bench' || name === 'eval') continue;
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', file, '--write'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? '\nAll figures are written.' : `\nFailed, or missed a target: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
