import {
  ProtocolError,
  ProtocolErrorCode,
  type Tool as ProtocolTool,
  ResourceNotFoundError,
  Server,
} from '@modelcontextprotocol/server';
import type { Reply } from '../gateway/calls/reply.ts';

/** What a call brings with it besides its arguments. */
export interface CallExtras {
  signal: AbortSignal;
  /** Tells the client, where it asked for it. */
  progress(done: number, total: number | undefined, message: string): void;
}

/** Answers nothing for a tool that does not exist; never throws for what a tool meets. */
export type CallTool = (
  name: string,
  given: Readonly<Record<string, unknown>>,
  extras: CallExtras,
) => Promise<Reply | undefined>;

export interface ServerParts {
  version: string;
  listed: ProtocolTool[];
  /** Loads what calls need, on the first one. */
  openCalls(): Promise<CallTool>;
  /** Blanks the gateway's keys in what the server says by itself of a name that a client made up. */
  redact?(text: string): Promise<string>;
}

// Nothing of these depends on settings or on who asks; the next version may differ.
const forAll = { ttlMs: 3_600_000, cacheScope: 'public' } as const;
const cacheHints = {
  // Annotations say whether calls send writes, which is a setting: no other set-up may be shown this list, and who
  // changes the mode is told the truth soon.
  'tools/list': { ttlMs: 300_000, cacheScope: 'private' },
  'prompts/list': forAll,
  'resources/list': forAll,
  'resources/templates/list': forAll,
  'server/discover': forAll,
} as const;

/** One MCP server for one connection, for every protocol version. */
export function createServer({ version, listed, openCalls, redact = async (text) => text }: ServerParts): Server {
  const server = new Server(
    // Stands in every result of the 2026 version: no icon, no more than a host shows.
    { name: 'cwm-api-gateway-mcp', title: 'ConnectWise PSA gateway', version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {} },
      cacheHints,
    },
  );
  server.setRequestHandler('tools/list', () => ({ tools: listed }));
  // Starting loads no prompt: not every client asks for them.
  const openPrompts = () => import('./prompts.ts');
  server.setRequestHandler('prompts/list', async () => ({ prompts: (await openPrompts()).listPrompts() }));
  server.setRequestHandler('prompts/get', async ({ params }) => {
    const { getPrompt } = await openPrompts();
    try {
      return getPrompt(params.name, params.arguments ?? {});
    } catch (error) {
      throw error instanceof ProtocolError ? new ProtocolError(error.code, await redact(error.message)) : error;
    }
  });
  // Declared and empty: some clients ask for these lists whatever the capabilities say.
  server.setRequestHandler('resources/list', () => ({ resources: [] }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [] }));
  server.setRequestHandler('resources/read', ({ params }) => {
    throw new ResourceNotFoundError(params.uri);
  });
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const callTool = await openCalls();
    const token = mcpReq._meta?.progressToken;
    const progress = (done: number, total: number | undefined, message: string) => {
      if (token === undefined) return;
      const told = { progressToken: token, progress: done, message, ...(total === undefined ? {} : { total }) };
      // A client that has gone is not told, and the call goes on.
      mcpReq.notify({ method: 'notifications/progress', params: told }).catch(() => undefined);
    };
    const reply = await callTool(params.name, params.arguments ?? {}, { signal: mcpReq.signal, progress });
    if (reply) return { ...reply };
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, await redact(`There is no tool ${shown(params.name)}.`));
  });
  return server;
}

/** A name that the client made up, short and on one line also for those that end lines at U+2028. */
const shown = (name: string) =>
  JSON.stringify(
    name
      .slice(0, 100)
      .replace(/[\u2028\u2029]/g, ' ')
      .toWellFormed(),
  );
