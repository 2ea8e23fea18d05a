// What a call runs through: the files and functions of src that one call runs, by precise coverage of the program
// started from its source, and the lines of those files: what a reader who follows the call has to open. What opens on
// first use is open by then. The sandbox answers over HTTP from this process, so nothing of it is counted.
// Usage: npm run bench -- walk [--write]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { testNow } from '../tests/support/connect.ts';
import { openWatchedSandbox } from '../tests/support/watched-sandbox.ts';
import { writeFigures } from './figures.ts';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
/** A list is stored after its reply, once the program pauses; that is part of the call. */
const pauseMs = 300;

interface Call {
  tool: string;
  given: Record<string, unknown>;
}

/** A call that follows from an earlier one takes what it needs from the results so far, as JSON. */
type MakeCall = (results: string) => Call;

const search = (query: string) => () => ({ tool: 'natural_language_api_search', given: { query } });
const request = (given: Record<string, unknown>) => () => ({ tool: 'execute_api_call', given });
const ticket = '/service/tickets/1595';

const firstUses: readonly MakeCall[] = [search('agreement additions'), request({ path: '/company/companies' })];

const measured: Readonly<Record<string, MakeCall>> = {
  search: search('open tickets of a client'),
  'one record': request({ path: ticket }),
  list: request({ path: '/service/tickets', params: { conditions: 'closedFlag=false' } }),
  'PATCH, prepared': request({
    path: ticket,
    method: 'PATCH',
    data: { status: 'Waiting Customer', priority: 'Critical' },
  }),
  'PATCH, confirmed': (results) => ({
    tool: 'confirm_api_write',
    given: { change_id: lastOf(/"change_id":"([^"]+)"/g, results) },
  }),
  'saved query': () => ({ tool: 'run_fast_memory', given: { query: 'my-open-tickets' } }),
  SQL: (results) => ({
    tool: 'query_results',
    given: { sql: `SELECT company_name, count(*) AS n FROM ${lastOf(/\b(tickets_\d+)/g, results)} GROUP BY 1` },
  }),
  status: request({ path: '/gateway/status' }),
};

function lastOf(expression: RegExp, results: string): string {
  const found = [...results.matchAll(expression)].at(-1)?.[1];
  if (found === undefined) throw new Error(`no result has ${expression}`);
  return found;
}

/** Result of `Profiler.takePreciseCoverage`, as far as it is read here. */
interface Coverage {
  result: {
    url: string;
    functions: { functionName: string; ranges: [{ startOffset: number; count: number }] }[];
  }[];
}

type Profiler = (method: string, params?: object) => Promise<unknown>;

/** Connects to the debugger whose address the program prints on stderr. */
async function openProfiler(stderr: Readable): Promise<Profiler> {
  const { promise: address, resolve, reject } = Promise.withResolvers<string>();
  createInterface({ input: stderr })
    .on('line', (line) => resolveAddress(line, resolve))
    .once('close', () => reject(new Error('the program ended before its debugger listened')));
  const socket = new WebSocket(await address);
  await new Promise((opened, failed) => {
    socket.onopen = opened;
    socket.onerror = () => failed(new Error('the debugger of the program does not answer'));
  });
  const waiting: ((result: unknown) => void)[] = [];
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(String(data));
    waiting[id]?.(result);
  };
  return (method, params = {}) =>
    new Promise((done) => {
      socket.send(JSON.stringify({ id: waiting.push(done) - 1, method, params }));
    });
}

function resolveAddress(line: string, resolve: (address: string) => void): void {
  const [, address] = /^Debugger listening on (ws:\S+)/.exec(line) ?? [];
  if (address !== undefined) resolve(address);
}

/** How many functions of each file of src ran, by the file's path below src. */
function countFunctions({ result }: Coverage): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { url, functions } of result) {
    const file = url.startsWith('file:') ? relative(source, fileURLToPath(url)) : '..';
    if (file.startsWith('..')) continue;
    const run = functions.filter(({ functionName, ranges: [{ startOffset, count }] }) => {
      const isModule = functionName === '' && startOffset === 0;
      // tsx puts a helper of this name into each file.
      return count > 0 && !isModule && functionName !== '__name';
    });
    if (run.length > 0) counts.set(file, run.length);
  }
  return counts;
}

const linesIn = (file: string) => readFileSync(join(source, file), 'utf8').split('\n').length - 1;
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

function describe(what: string, counts: ReadonlyMap<string, number>): string {
  const files = [...counts.keys()];
  // A file directly in src belongs to the folder of its name, or is a room of its own.
  const rooms = Object.entries(Object.groupBy(files, (file) => file.split(sep)[0]?.replace(/\.ts$/, '') ?? ''))
    .map(([room, inside = []]) => ({ room, count: inside.length }))
    .sort((a, b) => b.count - a.count);
  const named = rooms.filter(({ count }) => count > 1).map(({ room, count }) => `${room} ${count}`);
  const lines = sum(files.map(linesIn)).toLocaleString('en');
  return `| ${what} | ${files.length} | ${sum([...counts.values()])} | ${lines} | ${rooms.length}: ${named.join(', ')} |`;
}

async function walk(environment: Record<string, string>, dataDir: string): Promise<string[]> {
  const program = [join(source, 'main.ts'), 'serve', '--data-dir', dataDir, '--now', testNow];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['--import', 'tsx', '--inspect=127.0.0.1:0', ...program],
    env: { ...environment, CONNECTWISE_DOWNLOAD_DIR: dataDir, CONNECTWISE_MEMBER: 'jdoe' },
    cwd: root,
    stderr: 'pipe',
  });
  const client = new Client({ name: 'walk', version: '0' });
  const opening = openProfiler(transport.stderr as Readable);
  await client.connect(transport);
  const profiler = await opening;
  await profiler('Profiler.enable');
  await profiler('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  let results = '';
  const run = async (make: MakeCall) => {
    const { tool, given } = make(results);
    const result = await client.callTool({ name: tool, arguments: given });
    await sleep(pauseMs);
    results += JSON.stringify(result);
    if (result.isError) throw new Error(`${tool} ${JSON.stringify(given)}: ${JSON.stringify(result.content)}`);
    return (await profiler('Profiler.takePreciseCoverage')) as Coverage;
  };
  for (const make of firstUses) await run(make);
  const rows: string[] = [];
  for (const [what, make] of Object.entries(measured)) rows.push(describe(what, countFunctions(await run(make))));
  await client.close();
  return rows;
}

const dataDir = mkdtempSync(join(tmpdir(), 'cwm walk '));
try {
  await using sandbox = await openWatchedSandbox();
  const rows = await walk(sandbox.environment, dataDir);
  const lines = [
    '| call | files | functions | lines in them | rooms, and files in each |',
    '| --- | --: | --: | --: | --- |',
    ...rows,
  ];
  console.log(lines.join('\n'));
  if (process.argv.includes('--write'))
    writeFigures('walk', 'one call each, in this order', 'npm run bench -- walk', lines);
} finally {
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
}
