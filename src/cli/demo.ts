import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GatewayError } from '../core/errors.ts';
import { asObject } from '../core/json.ts';
import type { Command, Terminal } from './command.ts';
import { exitStatus } from './print.ts';
import { createPalette } from './terminal.ts';

/** Lines of a reply that the terminal shows. */
const maxLines = 14;

interface Step {
  says: string;
  tool: string;
  arguments: Record<string, unknown>;
}

const openTickets = { conditions: "status/name='Open' and priority/name='High'" };

export const demo: Command = {
  name: 'demo',
  summary: "a technician's session on the sandbox: no credentials, no network",
  examples: ['demo', 'demo --json'],
  async run({ terminal, flags }) {
    const dataDir = mkdtempSync(join(tmpdir(), 'cwm-demo-'));
    const words = ['serve', '--sandbox', '--data-dir', dataDir, '--log-level', 'error'];
    const client = await openStdioClient(terminal.program, words);
    try {
      const asJson = flags.json === true;
      await runSession(asJson ? createRecorder(terminal, client) : createNarrator(terminal, client));
      if (!asJson) {
        terminal.stdout.write(
          `\nThat was the sandbox. README.md says how Claude Desktop gets these tools for your ConnectWise.\n`,
        );
      }
      return exitStatus.done;
    } finally {
      await client.close();
      // Windows holds a file for a moment after it was closed.
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** Find, read, create, change, save, run again, as an assistant would. */
async function runSession(show: (step: Step) => Promise<ToolResult>): Promise<void> {
  await show({
    says: '“Find all open service tickets that are high priority.” Which endpoint is that?',
    tool: 'natural_language_api_search',
    arguments: { query: 'find all open service tickets that are high priority' },
  });
  await show({
    says: 'How is it called?',
    tool: 'get_api_endpoint_details',
    arguments: { path: '/service/tickets', method: 'GET' },
  });
  await show({
    says: 'The tickets themselves.',
    tool: 'execute_api_call',
    arguments: {
      path: '/service/tickets',
      params: { ...openTickets, fields: 'id,summary,company/name,owner/identifier' },
    },
  });
  const created = await show({
    says: '“Open a ticket: server is down.” A write is prepared, not sent.',
    tool: 'execute_api_call',
    arguments: {
      path: '/service/tickets',
      method: 'POST',
      data: { summary: 'Server is down', board: { id: 1 }, company: { id: 2 }, status: { id: 1 }, priority: { id: 3 } },
    },
  });
  const ticket = await confirm(show, created);
  const changed = await show({
    says: '“Make it low priority.” The preview shows before and after.',
    tool: 'execute_api_call',
    arguments: { path: `/service/tickets/${ticket}`, method: 'PATCH', data: { priority: { name: 'Low' } } },
  });
  await confirm(show, changed);
  await show({
    says: 'Save the query to Fast Memory for next time.',
    tool: 'save_to_fast_memory',
    arguments: {
      path: '/service/tickets',
      method: 'GET',
      description: 'High priority open tickets',
      params: openTickets,
    },
  });
  await show({
    says: 'Next time the path alone is enough.',
    tool: 'execute_api_call',
    arguments: { path: '/service/tickets' },
  });
}

/** Confirms a prepared change and returns the id of its record. */
async function confirm(show: (step: Step) => Promise<ToolResult>, prepared: ToolResult): Promise<unknown> {
  const sent = await show({
    says: 'The person approves; now it is sent, once.',
    tool: 'confirm_api_write',
    arguments: { change_id: prepared.structuredContent?.change_id },
  });
  return asObject(sent.structuredContent?.record).id;
}

/** Calls a tool and prints request and reply. */
function createNarrator(terminal: Terminal, client: StdioClient) {
  const palette = createPalette(terminal);
  let number = 0;
  return async ({ says, tool, arguments: given }: Step): Promise<ToolResult> => {
    number += 1;
    terminal.stdout.write(
      `\n${palette.bold(`${number}. ${says}`)}\n${palette.cyan(`> ${tool}`)} ${JSON.stringify(given)}\n`,
    );
    const started = performance.now();
    const result = await client.callTool(tool, given);
    const ms = performance.now() - started;
    const lines = result.content.flatMap(({ text }) => (text ?? '').split('\n'));
    const paint = result.isError ? palette.red : palette.green;
    for (const line of lines.slice(0, maxLines))
      terminal.stdout.write(`${paint('|')} ${clipLine(line, terminal.stdout.columns)}\n`);
    if (lines.length > maxLines) terminal.stdout.write(palette.dim(`| … ${lines.length - maxLines} more lines\n`));
    terminal.stdout.write(palette.dim(`  ${Math.round(ms)} ms\n`));
    return result;
  };
}

/** Calls a tool and prints the step as one line of JSON. */
function createRecorder({ stdout }: Terminal, client: StdioClient) {
  return async (step: Step): Promise<ToolResult> => {
    const result = await client.callTool(step.tool, step.arguments);
    const text = result.content.flatMap(({ text: one }) => one ?? []).join('\n');
    stdout.write(`${JSON.stringify({ ...step, text, is_error: result.isError === true })}\n`);
    return result;
  };
}

function clipLine(line: string, columns: number | undefined): string {
  const width = Math.max(60, (columns ?? 160) - 3);
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

/** The part of a tool's result that the demo shows. */
interface ToolResult {
  content: readonly { type: string; text?: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

interface StdioClient {
  callTool(name: string, given: Record<string, unknown>): Promise<ToolResult>;
  close(): Promise<void>;
}

/**
 * Starts a server and calls its tools as a client of protocol version 2025-11-25.
 * The SDK's client would be a quarter of the program (ARCHITECTURE.md, decisions).
 */
async function openStdioClient(program: readonly string[], args: readonly string[]): Promise<StdioClient> {
  const [command = '', ...before] = program;
  const child = spawn(command, [...before, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: GatewayError): void }>();
  let lastId = 0;
  const fail = (message: string) => {
    for (const { reject } of waiting.values()) reject(new GatewayError('unreachable', message));
    waiting.clear();
  };
  child.once('error', (cause) => fail(`The server could not be started: ${cause.message}.`));
  child.once('exit', () => fail('The server ended before it answered.'));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, result, error } = JSON.parse(line) as { id?: number; result?: unknown; error?: { message: string } };
    const call = waiting.get(id ?? 0);
    waiting.delete(id ?? 0);
    if (error) call?.reject(new GatewayError('request_rejected', error.message));
    else call?.resolve(result);
  });
  const send = (message: Record<string, unknown>) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const request = (method: string, params: Record<string, unknown>) =>
    new Promise<unknown>((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      send({ id: lastId, method, params });
    });
  await request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'demo', version: '1' },
  });
  send({ method: 'notifications/initialized' });
  return {
    callTool: async (name, given) => (await request('tools/call', { name, arguments: given })) as ToolResult,
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}
