import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { loadConfig } from '../../src/config/settings.ts';
import { type Gateway, openGateway } from '../../src/gateway/index.ts';
import { createCallTool } from '../../src/server/call-tool.ts';
import { createServer } from '../../src/server/create-server.ts';
import { listTools } from '../../src/server/list-tools.ts';
import { sandboxDataOf, sharedCatalog, shippedCatalog, sqlProgram } from './shared.ts';

/** The clock of every test that does not say otherwise. */
export const testNow = '2026-03-10T15:00:00Z';

export interface Reply {
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  data: any;
  isError: boolean;
}

export interface ConnectOptions {
  era?: 'legacy' | 'modern';
  environment?: Record<string, string>;
  /** The answer of the user to each question that the client is asked to put; without it the client cannot ask. */
  answer?: (question: string) => 'accept' | 'decline' | 'cancel';
  /** Kept after the test when given. */
  dataDir?: string;
  /** The user's own folder; one in the data folder unless given. */
  home?: string;
}

export interface Connection extends AsyncDisposable {
  client: Client;
  gateway: Gateway;
  dataDir: string;
  /** Lines of the log. */
  log: string[];
  call(tool: string, given?: Record<string, unknown>): Promise<Reply>;
}

/** A client on the real server, with the real catalog and the sandbox, in this process. */
export async function connect({
  era = 'modern',
  environment = {},
  dataDir,
  home,
  answer,
}: ConnectOptions = {}): Promise<Connection> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'cwm test '));
  const variables: Record<string, string> = {
    CONNECTWISE_SANDBOX: 'true',
    CONNECTWISE_NOW: testNow,
    ...environment,
    CONNECTWISE_DATA_DIR: folder,
  };
  const log: string[] = [];
  const gateway = openGateway({
    load: () => loadConfig({ environment: variables, home: home ?? join(folder, 'home') }),
    shippedCatalog,
    sqlProgram,
    nodeVersion: process.versions.node,
    stderr: { write: (line: string) => log.push(line) },
    clock: () => new Date(),
    random: Math.random,
    sandboxData: sandboxDataOf(await sharedCatalog()),
  });
  let ids = 0;
  const { context, redact, blankKeys } = gateway;
  const callTool = createCallTool({ context, redact, blankKeys, randomId: () => `id${++ids}` });
  const listed = listTools(variables.CONNECTWISE_MODE === 'allow');
  const createTestServer = () => createServer({ version: '0.0.0-test', listed, openCalls: async () => callTool });
  const client = await connectTo(createTestServer, era, { answer });
  return {
    client,
    gateway,
    dataDir: folder,
    log,
    async call(tool, given = {}) {
      const result = await client.callTool({ name: tool, arguments: given });
      const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
      return { text, data: result.structuredContent, isError: result.isError === true };
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await gateway.close();
      // Windows keeps a file for a moment after it was closed.
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

type CreateServer = () => ReturnType<typeof createServer>;

/** The SDK's client on a server in this process, by either version of the protocol. */
export async function connectTo(
  create: CreateServer,
  era: 'modern' | 'legacy',
  { name = 'test', answer }: { name?: string; answer?: ConnectOptions['answer'] } = {},
): Promise<Client> {
  const client = new Client(
    { name, version: '0' },
    {
      ...(answer && { capabilities: { elicitation: { form: {} } } }),
      ...(era === 'modern' && { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
    },
  );
  if (answer) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      const action = answer(params.message);
      return action === 'accept' ? { action, content: {} } : { action };
    });
  }
  await (era === 'modern' ? connectModern(create, client) : connectLegacy(create, client));
  return client;
}

async function connectModern(create: CreateServer, client: Client): Promise<void> {
  const handler = createMcpHandler(create);
  const fetch = (url: string | URL, init?: RequestInit) => handler.fetch(new Request(url, init));
  await client.connect(new StreamableHTTPClientTransport(new URL('http://gateway.test/mcp'), { fetch }));
}

async function connectLegacy(create: CreateServer, client: Client): Promise<void> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await create().connect(far);
  await client.connect(near);
}
