import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { GatewayError } from '../core/errors.ts';

/** The part of a tool's result that the demo shows. */
export interface ToolResult {
  content: readonly { type: string; text?: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

export interface StdioClient {
  callTool(name: string, given: Record<string, unknown>): Promise<ToolResult>;
  close(): Promise<void>;
}

/**
 * Starts a server and speaks MCP with it as a client of version 2025-11-25: the few messages that calling tools needs.
 * The SDK's client would be a quarter of the program, which every start of the server has to read.
 */
export async function openStdioClient(program: readonly string[], args: readonly string[]): Promise<StdioClient> {
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
