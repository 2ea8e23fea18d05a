// 60,000 whole tickets of the largest sandbox, and its 200,000 time entries, to a file by the built program: whether all
// arrive, how long it takes, and the most memory beyond that of the same command for one ticket. Then the same while 5 % of
// the requests fail with 429 and 503. Usage: npm run bench -- export [--runs 3] [--write]
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { streamXlsxRows } from 'hucre/xlsx';
import { sandboxAccess } from '../sandbox/server/authenticate.ts';
import { median, writeFigures } from './figures.ts';

const runs = Number(process.argv[process.argv.indexOf('--runs') + 1] || 2) || 2;
const program = join(import.meta.dirname, '..', 'dist', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'cwm bench '));

async function startSandbox(): Promise<{ child: ChildProcess; root: string }> {
  const words = ['sandbox', '--scale', '100', '--data', join(folder, 'provider.db'), '--data-dir', folder];
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const root = /http:\S+/.exec(line)?.[0];
    if (root !== undefined) return { child, root };
  }
  throw new Error('the sandbox ended before it answered');
}

const { child: sandbox, root } = await startSandbox();

/** Switches faults on, or all off. */
async function setFaults(fault?: string): Promise<void> {
  const body = fault === undefined ? { method: 'DELETE' } : { method: 'POST', body: JSON.stringify({ fault }) };
  const answer = await fetch(new URL('/sandbox/faults', root), body);
  if (!answer.ok) throw new Error(await answer.text());
}

interface Exported {
  seconds: number;
  /** The most that the process held, MB. */
  megabytes: number;
  /** Different tickets in the file. */
  rows: number;
  fileMegabytes: number;
  outcome: string;
}

async function exportTo(path: string, name: string, words: readonly string[]): Promise<Exported> {
  const file = join(folder, name);
  const environment = {
    CONNECTWISE_API_URL: root,
    CONNECTWISE_COMPANY_ID: sandboxAccess.companyId,
    CONNECTWISE_PUBLIC_KEY: sandboxAccess.publicKey,
    CONNECTWISE_PRIVATE_KEY: sandboxAccess.privateKey,
    CONNECTWISE_CLIENT_ID: sandboxAccess.clientId,
  };
  const call = ['call', 'GET', path, ...words, '--output', file, '--data-dir', join(folder, 'data')];
  const start = performance.now();
  const child = spawn(process.execPath, [program, ...call], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let outcome = '';
  child.stderr.on('data', (text) => {
    outcome += text;
  });
  let peak = 0;
  const ended = once(child, 'close');
  while (child.exitCode === null) {
    // The kernel's own high-water mark, which only grows.
    peak = readPeak(child) ?? peak;
    await Promise.race([ended, wait(20)]);
  }
  await ended;
  const seconds = (performance.now() - start) / 1000;
  const rows = extname(file) === '.xlsx' ? await countXlsx(file) : await countCsv(file);
  return { seconds, megabytes: peak, rows, fileMegabytes: statSync(file).size / 1e6, outcome };
}

function readPeak({ pid }: ChildProcess): number | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

/** A ticket's line begins with its id, which is the first column. */
async function countCsv(file: string): Promise<number> {
  const ids = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const id = /^(\d+),/.exec(line)?.[1];
    if (id !== undefined) ids.add(id);
  }
  return ids.size;
}

async function countXlsx(file: string): Promise<number> {
  const ids = new Set<unknown>();
  const bytes = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  for await (const { values } of streamXlsxRows(bytes)) if (typeof values[0] === 'number') ids.add(values[0]);
  return ids.size;
}

const faults = '429:0.025,503:0.025';
const tickets = { path: '/service/tickets', rows: 60_000 };
const entries = { path: '/time/entries', rows: 200_000 };
const all = ['--all'];
interface Job {
  what: string;
  path: string;
  rows: number;
  name: string;
  words: readonly string[];
  fault?: string;
}

const jobs: readonly Job[] = [
  { what: '60,000 tickets, CSV', ...tickets, name: 'all.csv', words: all },
  { what: '60,000 tickets, Excel', ...tickets, name: 'all.xlsx', words: all },
  {
    what: '60,000 tickets, sorted by SQL, CSV',
    ...tickets,
    name: 'sorted.csv',
    words: [...all, '--sql', 'select id, * from it order by summary'],
  },
  { what: '60,000 tickets, 5 % failing, CSV', ...tickets, name: 'faults.csv', words: all, fault: faults },
  { what: '60,000 tickets, 5 % failing, Excel', ...tickets, name: 'faults.xlsx', words: all, fault: faults },
  { what: '200,000 time entries, Excel', ...entries, name: 'entries.xlsx', words: all },
];

try {
  // The first request reads the tickets of the sandbox from its file.
  const one = ['--max-records', '1'];
  await exportTo(tickets.path, 'one.csv', one);
  const start = await exportTo(tickets.path, 'one.csv', one);
  const lines = [
    '| whole records | complete | s | file, MB | memory above the start’s, MiB |',
    '| --- | --: | --: | --: | --: |',
  ];
  let isMissed = false;
  for (const { what, path, rows, name, words, fault } of jobs) {
    const done: Exported[] = [];
    while (done.length < runs) {
      await setFaults(fault);
      done.push(await exportTo(path, name, words));
      await setFaults();
      console.log(what, done.at(-1));
    }
    const whole = done.filter((one) => one.rows === rows && /^COMPLETE/m.test(one.outcome)).length;
    const above = Math.max(...done.map(({ megabytes }) => megabytes)) - start.megabytes;
    isMissed ||= whole < runs || above > 100;
    const seconds = median(done.map((one) => one.seconds)).toFixed(0);
    const size = done[0]?.fileMegabytes.toFixed(1);
    lines.push(`| ${what} | ${whole} of ${runs} | ${seconds} | ${size} | ${above.toFixed(0)} |`);
  }
  lines.push(`| target | ${runs} of ${runs} | | | 100 |`);
  console.log(lines.join('\n'));
  if (process.argv.includes('--write')) {
    const how = `medians of ${runs} runs each, the most memory of them; ${start.megabytes.toFixed(0)} MiB for one ticket`;
    writeFigures('export', how, 'npm run bench -- export', lines);
  }
  if (isMissed) process.exitCode = 1;
} finally {
  sandbox.kill();
  await once(sandbox, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
