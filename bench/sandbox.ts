// The sandbox in a process of its own, asked 200 times a second for 30 seconds: whether it keeps up, how much of one
// processor it takes, whether its memory grows. Usage: npm run bench -- sandbox [--seconds 30] [--write]
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { writeFigures } from './figures.ts';

const perSecond = 200;
const seconds = Number(process.argv[process.argv.indexOf('--seconds') + 1] || 30) || 30;
/** Ticks of the kernel's clock in `/proc/PID/stat`. */
const ticksPerSecond = 100;

async function startSandbox(): Promise<{ child: ChildProcess; root: string }> {
  const program = join(import.meta.dirname, '..', 'dist', 'main.js');
  const child = spawn(process.execPath, [program, 'sandbox'], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const root = /http:\S+/.exec(line)?.[0];
    if (root !== undefined) return { child, root };
  }
  throw new Error('the sandbox ended before it answered');
}

const { child, root } = await startSandbox();
const headers = {
  authorization: `Basic ${Buffer.from('sandbox+public:private').toString('base64')}`,
  clientid: 'bench',
  'content-type': 'application/json',
};
const send = (method: string, path: string, body?: unknown) =>
  fetch(root + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

const list = (conditions: string) => `/service/tickets?pageSize=25&conditions=${encodeURIComponent(conditions)}`;
const reads = [
  list('board/id=1 and closedFlag=false'),
  `${list("company/id=2 and summary contains 'print'")}&orderBy=_info/lastUpdated%20desc`,
  '/service/tickets/1100',
  '/service/tickets/1100/allNotes',
  '/service/tickets/count?conditions=closedFlag=false',
  '/company/contacts?pageSize=25&fields=id,firstName,lastName',
  `/time/entries?pageSize=25&conditions=${encodeURIComponent("member/identifier='asmith'")}`,
  '/company/companies/2',
  '/system/reports/Service?pageSize=25',
];

/** One in ten requests writes: a ticket is made, changed and deleted in turn, so that the number of records stays. */
let ticketId: number | undefined;
let step = 0;
async function write(): Promise<Response> {
  const turn = step++ % 3;
  if (turn === 0 || ticketId === undefined) {
    const made = await send('POST', '/service/tickets', { summary: 'Bench', company: { id: 2 } });
    ticketId = ((await made.clone().json()) as { id: number }).id;
    return made;
  }
  const path = `/service/tickets/${ticketId}`;
  if (turn === 1) return send('PATCH', path, [{ op: 'replace', path: 'summary', value: `Bench ${step}` }]);
  return send('DELETE', path);
}

const cpuSeconds = () => {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};
const megabytes = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;

const times: number[] = [];
let failed = 0;
async function ask(number: number): Promise<void> {
  const start = performance.now();
  const response = number % 10 === 9 ? await write() : await send('GET', reads[number % reads.length] ?? '');
  await response.arrayBuffer();
  times.push(performance.now() - start);
  // Writes overlap where the machine is slow: a ticket may be gone by then.
  if (response.status >= 400 && response.status !== 404) failed += 1;
}

// Half the time again to warm up, so that memory is that of a sandbox at work.
const warmUp = seconds / 2;
const samples: number[] = [];
let cpuAtStart = 0;
const total = perSecond * (warmUp + seconds);
const running: Promise<void>[] = [];
const begin = performance.now();
for (let number = 0; number < total; number++) {
  const due = begin + (number * 1000) / perSecond;
  if (due > performance.now()) await wait(due - performance.now());
  if (number === perSecond * warmUp) {
    cpuAtStart = cpuSeconds();
    times.length = 0;
  }
  if (number >= perSecond * warmUp && number % perSecond === 0) samples.push(megabytes());
  running.push(ask(number));
}
await Promise.all(running);
const took = (performance.now() - begin) / 1000 - warmUp;
const cpu = cpuSeconds() - cpuAtStart;
child.kill();

const sorted = times.toSorted((a, b) => a - b);
const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
const third = Math.max(1, Math.floor(samples.length / 3));
const [first, last] = [mean(samples.slice(0, third)), mean(samples.slice(-third))];
const lines = [
  `| ${perSecond} requests a second for ${seconds} s, one in ten a write | measured | target |`,
  '| --- | --- | --- |',
  `| requests answered per second | ${(sorted.length / took).toFixed(0)} | ${perSecond} |`,
  `| failed | ${failed} | 0 |`,
  `| response time, median, ms | ${at(0.5)} | |`,
  `| response time, p99, ms | ${at(0.99)} | |`,
  `| share of one processor | ${((100 * cpu) / took).toFixed(0)} % | 100 % |`,
  `| resident memory, first and last third, MiB | ${first.toFixed(0)}, ${last.toFixed(0)} | flat |`,
];
console.log(lines.join('\n'));
if (process.argv.includes('--write'))
  writeFigures('sandbox', `one run after ${warmUp} s of the same`, 'npm run bench -- sandbox', lines);
