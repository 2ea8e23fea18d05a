// From an empty folder to the first right answer: the packed npm package by the commands a person types, and the
// one-click bundle from unpacking. Usage: npm run bench -- first-answer [--runs 3] [--write]
import { execFileSync, execSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packBundle } from '../scripts/bundle/pack-bundle.ts';
import { startBundle, unpackBundle } from '../tests/bundle/install-bundle.ts';
import { type LoopbackSandbox, openLoopbackSandbox } from '../tests/bundle/loopback-sandbox.ts';
import { testNow } from '../tests/support/connect.ts';
import { makeFolder } from '../tests/support/folders.ts';
import { runNpm } from '../tests/support/run-npm.ts';
import { cleanEnvironment } from '../tests/support/spawn.ts';
import { median, writeFigures } from './figures.ts';

const root = join(import.meta.dirname, '..');
const runs = Number(process.argv[process.argv.indexOf('--runs') + 1] || 3) || 3;
const targetSeconds = 60;

interface Timed {
  name: string;
  seconds: number;
}

/** Ids of the open tickets of the Service Desk without an owner, found without conditions. */
async function readAnswer(sandbox: LoopbackSandbox): Promise<number[]> {
  const right: number[] = [];
  for (let page = 1; ; page += 1) {
    const tickets = await sandbox.get(`/service/tickets?pageSize=1000&page=${page}`);
    if (tickets.length === 0) return right.sort((a, b) => a - b);
    for (const { id, board, owner, closedFlag } of tickets) {
      if (board.name === 'Service Desk' && !closedFlag && !owner) right.push(id);
    }
  }
}

function check(found: readonly number[], right: readonly number[]): void {
  const sorted = [...found].sort((a, b) => a - b);
  if (right.length === 0 || sorted.join() !== right.join()) throw new Error(`not the answer: ${sorted.join()}`);
}

async function timed<T>(name: string, steps: Timed[], run: () => T | Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await run();
  steps.push({ name, seconds: (performance.now() - started) / 1000 });
  return result;
}

async function fromPackage(tarball: string, right: readonly number[]): Promise<Timed[]> {
  using place = makeFolder();
  const [folder, home] = [join(place.path, 'empty'), join(place.path, 'home')];
  for (const path of [folder, home]) mkdirSync(path);
  const more = { HOME: home, USERPROFILE: home, npm_config_cache: join(home, 'npm'), CONNECTWISE_NOW: testNow };
  const options = { cwd: folder, env: cleanEnvironment(more), encoding: 'utf8', stdio: 'pipe' } as const;
  const steps: Timed[] = [];
  const type = (line: string, typed = line) => timed(`\`${typed}\``, steps, () => execSync(line, options));
  await type(`npm install "${tarball}"`, 'npm install ./cwm-api-gateway-mcp-….tgz');
  await type('npx cwm-api-gateway-mcp init --sandbox --client claude-desktop');
  const asked = 'npx cwm-api-gateway-mcp memory run unassigned-tickets --arg "board=Service Desk" --sandbox';
  const csv = await type(asked);
  check(
    csv
      .split('\n')
      .slice(1)
      .flatMap((line) => (/^\d+/.test(line) ? Number.parseInt(line, 10) : [])),
    right,
  );
  return steps;
}

async function fromBundle(bundle: string, sandbox: LoopbackSandbox, right: readonly number[]): Promise<Timed[]> {
  using place = makeFolder();
  const steps: Timed[] = [];
  const unpacked = await timed('unpack', steps, () => unpackBundle(bundle, place.path));
  const config = await unpacked.fillIn(sandbox.fields);
  if (config === undefined) throw new Error('a required field is empty');
  await using started = await timed('start, with the fields filled in', steps, () => startBundle(unpacked, config));
  const request = 'open tickets on the service desk board that nobody owns';
  const found = await timed('search', steps, () => started.call('natural_language_api_search', { query: request }));
  const { path } = found.data.endpoints[0];
  const params = { conditions: "board/name='Service Desk' and closedFlag=false and owner=null", fields: 'id,summary' };
  const given = { path, params, all_pages: true, sql: 'SELECT id FROM it ORDER BY id', max_tokens: 8_000 };
  const answer = await timed('call', steps, () => started.call('execute_api_call', given));
  check(
    answer.data.table.rows.map(([id]: [number]) => id),
    right,
  );
  return steps;
}

/** The median of each step over the runs, and of all of them together. */
function summarize(of: string, all: readonly Timed[][]): string[] {
  const totals = all.map((steps) => steps.reduce((sum, { seconds }) => sum + seconds, 0));
  const first = all[0] ?? [];
  const rows = first.map(({ name }, at) => {
    const seconds = median(all.map((steps) => steps[at]?.seconds ?? Number.NaN));
    return `| ${name} | ${seconds.toFixed(1)} | |`;
  });
  return [...rows, `| **${of}** | **${median(totals).toFixed(1)}** | ${targetSeconds} |`];
}

execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
using place = makeFolder();
await runNpm(['pack', '--ignore-scripts', '--pack-destination', place.path], root);
const tarball = join(place.path, readdirSync(place.path)[0] ?? '');
const bundle = join(place.path, 'gateway.mcpb');
packBundle(bundle);
await using sandbox = await openLoopbackSandbox();
const right = await readAnswer(sandbox);

const measured: { package: Timed[][]; bundle: Timed[][] } = { package: [], bundle: [] };
for (let run = 0; run < runs; run += 1) {
  measured.package.push(await fromPackage(tarball, right));
  measured.bundle.push(await fromBundle(bundle, sandbox, right));
}
const lines = [
  `| to the right ${right.length} tickets, from an empty folder | s | target |`,
  '| --- | --: | --: |',
  ...summarize('npm package, three commands', measured.package),
  ...summarize('bundle', measured.bundle),
];
console.log(lines.join('\n'));
if (process.argv.includes('--write'))
  writeFigures('first-answer', `medians of ${runs} runs`, 'npm run bench -- first-answer', lines);
