// Runs the tests: builds dist/ where it is older than the source, installs the heavy test tools where they are
// missing or older than their lock file, then vitest with the arguments given. With `--full`, tests whose size is a
// choice run at full size, and only the projects that have such tests.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { installTestTools } from './install-test-tools.mjs';

const root = join(import.meta.dirname, '..');

function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

const modified = (file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
const newest = (patterns) => Math.max(...globSync(patterns, { cwd: root }).map(modified));

const built = Math.min(modified('dist/main.js'), modified('dist/catalog.db'));
if (
  built <
  newest([
    'src/{catalog,search,core}/**/*.ts',
    'scripts/*definition*.ts',
    'scripts/read-declarations.ts',
    'scripts/apply-additions.ts',
    'scripts/definition/*',
    'scripts/finding/**/*.{ts,txt}',
    'tests/evals/requests.jsonl',
  ])
)
  run(process.execPath, ['scripts/build.mjs']);
else if (built < newest(['{src,sandbox}/**/*.{ts,json}', 'package.json']))
  run(process.execPath, ['scripts/build.mjs', '--program']);

installTestTools();

const given = process.argv.slice(2);
const isFull = given.includes('--full');
if (isFull) process.env.CWM_TEST_DEPTH = 'full';
process.env.CWM_TEST_SEED ??= String(randomInt(2 ** 31));
// The program and its parts are compiled once for all the processes that tests start.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'compiled');
console.log(`Property tests: CWM_TEST_SEED=${process.env.CWM_TEST_SEED} gives the same values again.`);

const projects = isFull ? ['--project=unit', '--project=in-process', '--project=slow'] : [];
run(process.execPath, [
  'node_modules/vitest/vitest.mjs',
  'run',
  ...projects,
  ...given.filter((word) => word !== '--full'),
]);
