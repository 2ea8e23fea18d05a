import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { connect, type Reply } from './connect.ts';
import { builtProgram } from './spawn.ts';

export interface ProgramOptions {
  /** Managed by the caller: Fast Memory, journal and downloads are here. */
  dataDir: string;
  /** The clock of gateway and sandbox. */
  now: string;
  era?: 'legacy' | 'modern';
  environment?: Readonly<Record<string, string>>;
}

export interface ProgramConnection extends AsyncDisposable {
  client: Client;
  call(tool: string, given?: Record<string, unknown>): Promise<Reply>;
}

/** The same without the process and its pipes. */
export function connectHere(options: ProgramOptions): Promise<ProgramConnection> {
  const { dataDir, now, era = 'legacy', environment } = options;
  const variables = { CONNECTWISE_NOW: now, CONNECTWISE_DOWNLOAD_DIR: dataDir, ...environment };
  return connect({ dataDir, era, environment: variables });
}

/** The SDK's client on the built program, over real pipes, with the sandbox. The process gets no other variables. */
export async function connectProgram({
  dataDir,
  now,
  era = 'legacy',
  environment = {},
}: ProgramOptions): Promise<ProgramConnection> {
  const client = new Client(
    { name: 'test', version: '0' },
    era === 'modern' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {},
  );
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [builtProgram, 'serve', '--sandbox', '--data-dir', dataDir, '--now', now],
    env: { CONNECTWISE_DOWNLOAD_DIR: dataDir, ...environment },
    stderr: 'ignore',
  });
  await client.connect(transport);
  return {
    client,
    async call(tool, given = {}) {
      const result = await client.callTool({ name: tool, arguments: given });
      const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
      return { text, data: result.structuredContent, isError: result.isError === true };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
