// Fast Memory: the everyday reads solved once by search and call and saved, then asked again in words in a new process
// (calls, and bytes of instructions and arguments); and 10,000 saved queries listed and searched.
// Usage: npm run bench -- memory [--runs 200] [--write]
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from '../tests/support/connect.ts';
import { median, writeFigures } from './figures.ts';
import type { SecondTime } from './memory/asking-process.ts';
import { environment, findLastTable, jobs } from './memory/jobs.ts';
import { sizeOfCall } from './memory/size-of-call.ts';

const runs = Number(process.argv[process.argv.indexOf('--runs') + 1] || 200) || 200;
const many = 10_000;
const run = promisify(execFile);

/** Search and call, as without a memory; answers the bytes of each. */
async function solveOnce(dataDir: string): Promise<number[]> {
  await using app = await connect({ dataDir, environment });
  const memory = await app.gateway.context.memory();
  const builtIn = memory.builtIn().map(({ name = '' }) => name);
  for (const name of builtIn) memory.setHidden(name, true);
  const sizes: number[] = [];
  for (const { asks, path, params, saved } of jobs) {
    const search = { query: asks };
    const found = await app.call('natural_language_api_search', search);
    const call = { path, params };
    const answered = await app.call('execute_api_call', call);
    if ((await findLastTable(app))?.state !== 'complete') throw new Error(`${asks}: ${answered.text}`);
    sizes.push(sizeOfCall(search, found) + sizeOfCall(call, answered));
    const kept = await app.call('save_to_fast_memory', { path, ...saved });
    if (kept.isError) throw new Error(kept.text);
  }
  for (const name of builtIn) memory.setHidden(name, false);
  return sizes;
}

async function askAgain(dataDir: string): Promise<SecondTime[]> {
  const script = join(import.meta.dirname, 'memory', 'asking-process.ts');
  const { stdout } = await run(process.execPath, ['--import', 'tsx', script, dataDir], { maxBuffer: 10_000_000 });
  return JSON.parse(stdout) as SecondTime[];
}

async function timeOf(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let at = -20; at < runs; at++) {
    const start = performance.now();
    await work();
    if (at >= 0) times.push(performance.now() - start);
  }
  return median(times);
}

async function measureMany(): Promise<string[]> {
  await using app = await connect({ environment });
  const memory = await app.gateway.context.memory();
  const requests = jobs.map(({ asks }) => asks);
  let turn = 0;
  const search = () => app.call('natural_language_api_search', { query: requests[turn++ % requests.length] ?? '' });
  const alone = await timeOf(search);
  const nouns = ['tickets', 'invoices', 'agreements', 'contacts', 'projects', 'time entries', 'configurations'];
  memory.import(
    Array.from({ length: many }, (_, at) => ({
      description: `${at % 3 === 0 ? 'Open' : 'Recent'} ${nouns[at % nouns.length]} of team ${at % 97} for report ${at}`,
      method: 'GET' as const,
      path: '/service/tickets',
      params: { conditions: `company/name={company} and id>${at}` },
    })),
  );
  memory.accept();
  const list = await timeOf(() => [memory.list(undefined, 50), memory.count()]);
  const term = await timeOf(() => [memory.list('team 42', 50), memory.count('team 42')]);
  const words = await timeOf(() => memory.search(requests[turn++ % requests.length] ?? '', 8));
  const withMany = await timeOf(search);
  const ms = (value: number) => value.toFixed(2);
  return [
    '| 10,000 saved queries | ms | target |',
    '| --- | --: | --: |',
    `| list the most used | ${ms(list)} | 5 |`,
    `| list those with a term | ${ms(term)} | 5 |`,
    `| search by words | ${ms(words)} | 5 |`,
    `| search for a request, endpoints and saved queries | ${ms(withMany)} | |`,
    `| the same over an empty memory | ${ms(alone)} | |`,
    `| slower by | ${ms(withMany - alone)} | 2 |`,
  ];
}

const dataDir = mkdtempSync(join(tmpdir(), 'bench memory '));
try {
  const first = await solveOnce(dataDir);
  const second = await askAgain(dataDir);
  const shares = second.map(({ bytes }, at) => bytes / (first[at] ?? 1));
  for (const [at, { job, right, bytes, outcome }] of second.entries())
    console.log(
      `${job} ${right ? 'right' : 'WRONG'} ${first[at]} -> ${bytes} bytes (${((shares[at] ?? 0) * 100).toFixed(0)} %) ${outcome}`,
    );
  const lines = [
    `| ${jobs.length} reads of the everyday jobs | the first time | again, in words, in a new process | target |`,
    '| --- | --: | --: | --: |',
    `| right | ${jobs.length} | ${second.filter(({ right }) => right).length} | ${jobs.length} |`,
    '| calls | 2 | 1 | 1 |',
    `| bytes of instructions and arguments, median | ${median(first)} | ${median(second.map(({ bytes }) => bytes))} | |`,
    `| share of the first time, median | | ${(median(shares) * 100).toFixed(0)} % | 25 % |`,
    `| share of the first time, most | | ${(Math.max(...shares) * 100).toFixed(0)} % | 25 % |`,
    '',
    ...(await measureMany()),
  ];
  console.log(lines.join('\n'));
  if (process.argv.includes('--write'))
    writeFigures('memory', `medians of ${runs} runs each`, 'npm run bench -- memory', lines);
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
