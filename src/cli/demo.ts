import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, Terminal } from './command.ts';
import { createPalette } from './palette.ts';
import { exitStatus } from './print.ts';
import { openStdioClient, type StdioClient, type ToolResult } from './stdio-client.ts';

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
  async run({ terminal, flags }) {
    const dataDir = mkdtempSync(join(tmpdir(), 'cwm-demo-'));
    const client = await openStdioClient(terminal.program, [
      'serve',
      '--sandbox',
      '--data-dir',
      dataDir,
      '--log-level',
      'error',
    ]);
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
      // Windows keeps a file for a moment after it was closed.
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** Find, read, create, change, save, run again: as an assistant would go through it. */
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
    says: 'Worth keeping: save the query to Fast Memory.',
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

/** Confirms what was prepared; answers the record's id. */
async function confirm(show: (step: Step) => Promise<ToolResult>, prepared: ToolResult): Promise<unknown> {
  const sent = await show({
    says: 'The person approves; now it is sent, once.',
    tool: 'confirm_api_write',
    arguments: { change_id: prepared.structuredContent?.change_id },
  });
  const record = sent.structuredContent?.record;
  return typeof record === 'object' && record !== null && 'id' in record ? record.id : undefined;
}

/** Calls a tool and prints request and reply as they went over the pipe. */
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

/** Each step as one line of JSON, for a program that checks or shows them. */
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
