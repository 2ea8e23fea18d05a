// From spawn to the first answer of tools/list, and resident memory then: this program beside a minimal server of the
// same SDK, bundled the same way, in turn. Usage: npm run bench -- start [--runs 10] [--write]
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { median, writeFigures } from './figures.ts';
import { buildMinimalServer } from './start/build-minimal-server.ts';

const root = join(import.meta.dirname, '..');
const runs = Number(process.argv[process.argv.indexOf('--runs') + 1] || 10) || 10;

const minimal = await buildMinimalServer();

const requests = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/list' },
];

interface Run {
  ms: number;
  megabytes: number;
}

async function start(file: string, args: string[]): Promise<Run> {
  const started = performance.now();
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  for (const request of requests) child.stdin.write(`${JSON.stringify(request)}\n`);
  for await (const line of createInterface({ input: child.stdout })) {
    if (JSON.parse(line).id !== 2) continue;
    const ms = performance.now() - started;
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
    child.stdin.end();
    await exited;
    return { ms, megabytes: kilobytes / 1024 };
  }
  throw new Error(`${file} ended before it answered`);
}

const contenders = { program: [join(root, 'dist', 'main.js'), ['serve']], minimal: [minimal, []] } as const;
const results: Record<keyof typeof contenders, Run[]> = { program: [], minimal: [] };
for (let run = -1; run < runs; run++) {
  for (const [name, [file, args]] of Object.entries(contenders)) {
    const result = await start(file, [...args]);
    // The first pair only warms the file cache.
    if (run >= 0) results[name as keyof typeof contenders].push(result);
  }
}

const [ours, theirs] = [results.program, results.minimal].map((list) => ({
  ms: median(list.map(({ ms }) => ms)),
  megabytes: median(list.map(({ megabytes }) => megabytes)),
}));
if (!ours || !theirs) throw new Error('no runs');
const lines = [
  '| | this program | minimal SDK server | ratio | target |',
  '| --- | --- | --- | --- | --- |',
  `| spawn to first \`tools/list\`, ms | ${ours.ms.toFixed(0)} | ${theirs.ms.toFixed(0)} | ${(ours.ms / theirs.ms).toFixed(2)} | 1.15 |`,
  `| resident memory then, MiB | ${ours.megabytes.toFixed(0)} | ${theirs.megabytes.toFixed(0)} | ${(ours.megabytes / theirs.megabytes).toFixed(2)} | 1.50 |`,
];
console.log(lines.join('\n'));
if (process.argv.includes('--write'))
  writeFigures('start', `medians of ${runs} runs each, in turn`, 'npm run bench -- start', lines);
