import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The part of a result that comes from the tool. */
export interface CallReply {
  content: unknown;
  structuredContent?: unknown;
}

export interface CallServer {
  /** Throws where the answer is an error. */
  call(tool: string, given: object): Promise<CallReply>;
  close(): Promise<void>;
}

const client = { name: 'bench', version: '1' };

/** Starts a server and sends it raw lines, so that the work of a client is not measured. */
export async function openCallServer(args: readonly string[], era: '2025-11-25' | '2026-07-28'): Promise<CallServer> {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let waiting: ((line: string) => void) | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => waiting?.(line));
  const isModern = era === '2026-07-28';
  // The 2026 version has no handshake: each request says who asks.
  const meta = {
    'io.modelcontextprotocol/protocolVersion': era,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': client,
  };
  let id = 0;
  const request = (method: string, params: object) =>
    new Promise<string>((resolve) => {
      waiting = resolve;
      id += 1;
      const sent = isModern ? { ...params, _meta: meta } : params;
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params: sent })}\n`);
    });
  if (!isModern) {
    await request('initialize', { protocolVersion: era, capabilities: {}, clientInfo: client });
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
  }
  return {
    async call(tool, given) {
      const line = await request('tools/call', { name: tool, arguments: given });
      const { result, error } = JSON.parse(line) as { result?: CallReply & { isError?: boolean }; error?: unknown };
      if (result === undefined || result.isError === true)
        throw new Error(`${tool}: ${JSON.stringify(error ?? result)}`);
      return result;
    },
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}
