// Runs every check of the project, also after one has failed; the last line counts checks and tests.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installTestTools } from './install-test-tools.mjs';

const root = join(import.meta.dirname, '..');
const report = join(root, '.build', 'tests.json');
mkdirSync(join(root, '.build'), { recursive: true });
rmSync(report, { force: true });

const bin = (path) => [process.execPath, join(root, 'node_modules', path)];
const steps = [
  ['format and lint', [...bin('@biomejs/biome/bin/biome'), 'ci', '--reporter=summary', '.']],
  ['types', [...bin('typescript/bin/tsc'), '--noEmit']],
  ['dead code', bin('knip/bin/knip.js')],
  ['dead code of the program', [...bin('knip/bin/knip.js'), '--production']],
  ['generated docs', [process.execPath, '--import', 'tsx', 'scripts/generate-docs.ts', '--check']],
  ['Inspector', [process.execPath, 'scripts/inspect.mjs']],
  [
    'tests',
    [process.execPath, 'scripts/test.mjs', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ],
];

// The types of the tests need them.
installTestTools();

let passed = 0;
let failed = 0;
for (const [name, [command, ...args]] of steps) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (name === 'tests') {
    const counts = readCounts();
    passed += counts.passed;
    failed += counts.failed;
    // A run that ended before it could count is one failure.
    if (status !== 0 && counts.failed === 0) failed += 1;
  } else if (status === 0) passed += 1;
  else failed += 1;
  if (status !== 0) console.log(`== ${name}: FAILED`);
}
process.exitCode = failed === 0 ? 0 : 1;
console.log(`\n${passed} passed, ${failed} failed`);

function readCounts() {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
