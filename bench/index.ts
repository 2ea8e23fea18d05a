// Runs measurements: npm run bench -- NAME [options of it]. Without a name it runs them all, each writing its block of
// docs/benchmarks.md: ten minutes on a quiet machine, with nothing else running. `list` names them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Each is the file of its name in this folder. */
const measurements: Readonly<Record<string, string>> = {
  start: 'from spawn to the first tools/list, and memory then',
  'first-answer': 'from an empty folder to the first answer, as npm package and as bundle',
  stdio: 'one call over the pipes of the built program',
  tokens: 'tokens of the tool list and of typical replies',
  search: 'how often the right endpoint is found',
  conditions: 'parsing and printing of conditions',
  call: 'one list through tool, client layer and fetch',
  lists: 'reading a long list to its end',
  tables: 'storing results and querying them with SQL',
  export: '60,000 whole tickets to a file, with failing requests too, and the memory it takes',
  questions: 'thirty questions answered with SQL, compared with reading JSON',
  'sandbox-data': 'generating and reading the data of the sandbox',
  sandbox: 'requests that the sandbox answers, and its memory',
  memory: 'Fast Memory: saved queries asked again, and 10,000 of them',
  trips: 'requests and round trips to ConnectWise of everyday jobs',
  walk: 'files and functions that one call runs',
};
/** They have their own npm scripts, since they exit with an error if something is wrong. */
const checks = ['fuzz', 'soak', 'conformance'];

const [name, ...options] = process.argv.slice(2);

/** @returns whether it ended well */
function run(file: string, given: readonly string[]): boolean {
  const args = ['--import', 'tsx', join(import.meta.dirname, `${file}.ts`), ...given];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;
}

if (name === undefined) {
  const failed = [...Object.keys(measurements), ...checks].filter((one) => {
    console.log(`\n== ${one}`);
    return !run(one, ['--write']);
  });
  console.log(
    failed.length === 0 ? '\nAll figures are written.' : `\nFailed, or missed a target: ${failed.join(', ')}.`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
} else if (Object.hasOwn(measurements, name)) {
  process.exitCode = run(name, options) ? 0 : 1;
} else {
  for (const [one, what] of Object.entries(measurements)) console.log(`${one.padEnd(14)}${what}`);
  if (name !== 'list') {
    console.error(`\nUnknown measurement ${name}; the list above has all names.`);
    process.exitCode = 2;
  }
}
