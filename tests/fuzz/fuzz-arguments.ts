import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import fc from 'fast-check';
import { createRandom } from '../../sandbox/seed/random.ts';
import { listTools } from '../../src/server/list-tools.ts';
import { makeFolder } from '../support/folders.ts';
import { builtProgram, cleanEnvironment } from '../support/spawn.ts';
import { sandboxArguments } from '../support/spawn-every-tool.ts';
import { faultsOfLog } from './faults-of-log.ts';
import { names } from './pieces.ts';
import { type ArgumentsSchema, argumentsOf } from './tool-arguments.ts';

export interface ArgumentsReport {
  findings: string[];
  calls: number;
  /** How many were answered, and not refused. */
  answered: number;
  slowestMs: number;
}

export interface ArgumentsOptions {
  seed: number;
  count: number;
  print?(line: string): void;
}

type Call = readonly [tool: string, given: Record<string, unknown>];

/** A call that takes longer hangs: no call is to take more than 40 s. */
const boundMs = 120_000;
/** Calls to one server; then a new one starts with an empty data folder. */
const perSession = 2_000;
const maxTokens = 8_000;
const maxErrorTokens = 300;

/** Random arguments for all tools, over the pipes of the built program, a few calls at a time. */
export async function fuzzArguments({ seed, count, print }: ArgumentsOptions): Promise<ArgumentsReport> {
  const report: ArgumentsReport = { findings: [], calls: 0, answered: 0, slowestMs: 0 };
  for (let session = 0; report.calls < count; session++) {
    const calls = makeCalls(seed + session, Math.min(perSession, count - report.calls));
    const before = report.findings.length;
    await runCalls(calls, { seed: seed + session, era: session % 2 === 0 ? 'legacy' : 'modern' }, report);
    print?.(`${report.calls} calls, ${report.answered} answered, ${report.findings.length} findings`);
    for (const finding of report.findings.slice(before)) print?.(`  ${finding}`);
  }
  return report;
}

function makeCalls(seed: number, count: number): Call[] {
  const random = createRandom(seed);
  const tools = listTools(false);
  const each = Math.ceil(count / tools.length);
  const all = tools.flatMap(({ name, inputSchema }, index) =>
    fc
      .sample(argumentsOf(inputSchema as ArgumentsSchema), { numRuns: each, seed: seed * 100 + index })
      .map((given): Call => [name, given]),
  );
  // In any order: what one call leaves behind is what another meets.
  const keyed = all.map((call) => [random.next(), call] as const).sort(([a], [b]) => a - b);
  return keyed.slice(0, count).map(([, call]) => call);
}

interface Session {
  seed: number;
  era: 'legacy' | 'modern';
}

async function runCalls(calls: readonly Call[], { seed, era }: Session, report: ArgumentsReport): Promise<void> {
  using folder = makeFolder();
  const negotiation = era === 'modern' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {};
  const client = new Client({ name: 'fuzz', version: '0' }, negotiation);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [builtProgram, ...sandboxArguments(folder.path)],
    env: cleanEnvironment(),
    stderr: 'pipe',
  });
  const log: string[] = [];
  transport.stderr?.on('data', (chunk) => log.push(String(chunk)));
  const find = (what: string) => report.findings.push(`seed ${seed}, ${era}: ${what}`);
  client.onerror = (error) => find(`the client says: ${error.message.slice(0, 500)}`);
  await client.connect(transport);
  // From then on the client checks each reply against the tool's output schema.
  await client.listTools();
  const known = { table: 'nothing', change: 'nothing', query: '1' };
  const random = createRandom(seed);
  for (let at = 0; at < calls.length; ) {
    const group = calls.slice(at, at + random.between(1, 5));
    at += group.length;
    await Promise.all(group.map((call) => runCall(client, fill(call, known), { report, find, known })));
  }
  await client.close();
  for (const fault of faultsOfLog(log.join(''))) find(fault);
}

/** Puts in the names that this run knows by now. */
function fill([tool, given]: Call, known: Record<keyof typeof names, string>): Call {
  const filled = Object.entries(names).reduce(
    (text, [name, mark]) => text.replaceAll(mark, known[name as keyof typeof names]),
    JSON.stringify(given),
  );
  return [tool, JSON.parse(filled)];
}

interface Run {
  report: ArgumentsReport;
  known: Record<keyof typeof names, string>;
  find(what: string): void;
}

async function runCall(client: Client, [tool, given]: Call, { report, find, known }: Run): Promise<void> {
  const called = `${tool} ${JSON.stringify(given).slice(0, 400)}`;
  const started = performance.now();
  report.calls += 1;
  try {
    const result = await client.callTool({ name: tool, arguments: given }, { timeout: boundMs });
    const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
    for (const fault of faultsOf(text, result)) find(`${called}: ${fault}`);
    if (result.isError !== true) report.answered += 1;
    known.table = /rows in (\w+_\d+)/.exec(text)?.[1] ?? known.table;
    known.change = /change_id: (\S+)/.exec(text)?.[1] ?? known.change;
    known.query = /as query (\d+)/.exec(text)?.[1] ?? known.query;
  } catch (error) {
    find(`${called}: ${error instanceof Error ? error.message.slice(0, 500) : error}`);
  }
  report.slowestMs = Math.max(report.slowestMs, performance.now() - started);
}

function faultsOf(
  text: string,
  { isError, structuredContent }: { isError?: boolean | undefined; structuredContent?: unknown },
): string[] {
  const tokens = Math.ceil(Buffer.byteLength(text) / 4);
  const faults: string[] = [];
  if (/^internal: /.test(text)) faults.push(text.slice(0, 200));
  if (text.trim() === '') faults.push('an empty text');
  if (!text.isWellFormed()) faults.push('a text that is no Unicode');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e]/.test(text))
    faults.push('control characters in the text');
  if (tokens > (isError ? maxErrorTokens : maxTokens)) faults.push(`${tokens} tokens of text`);
  if (isError) return faults;
  const structured = Math.ceil(Buffer.byteLength(JSON.stringify(structuredContent ?? null)) / 4);
  if (structuredContent === undefined) faults.push('no structuredContent');
  if (structured > maxTokens) faults.push(`${structured} tokens of structuredContent`);
  return faults;
}
