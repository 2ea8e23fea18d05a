import type { Readable, Writable } from 'node:stream';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  inputRequired,
  inputResponse,
  PROTOCOL_VERSION_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  type Tool as ProtocolTool,
  ResourceNotFoundError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { asObject, isRecord } from '../core/json.ts';
import type { Person } from '../gateway/index.ts';
import type { CallTool } from './call-tool.ts';
import { createLineRepair } from './repair-lines.ts';
import { formFor, type ReplyForm, replyInForm, toolInForm } from './reply-form.ts';

export interface ServerParts {
  version: string;
  listed: ProtocolTool[];
  /** Loads what calls need; called with the first one. */
  openCalls(): Promise<CallTool>;
  /** The form of replies; by what is known of the client unless given. */
  form?: ReplyForm | undefined;
  /** Blanks the gateway's keys in errors that repeat a name from the client. */
  redact?(text: string): Promise<string>;
}

interface StdioServer {
  close(): Promise<void>;
}

/** Where messages come from and go to: the streams of the process, or those of a test. */
interface StdioStreams {
  stdin: Readable;
  stdout: Writable;
}

interface StdioEvents {
  /** A message came that is not of the protocol; its content is not passed on. */
  onError(message: string): void;
  /** The connection has ended, possibly before stdin: a line that is too long ends it. */
  onClose(): void;
}

/** Serves every protocol version on stdin and stdout; nothing is opened before a tool is called. */
export function openStdioServer(
  parts: ServerParts,
  { stdin, stdout }: StdioStreams,
  { onError, onClose }: StdioEvents,
): StdioServer {
  const repaired = createLineRepair((error) => {
    // Fails where the client has gone.
    wire.send(error).catch(() => undefined);
  });
  const wire = new StdioServerTransport(stdin.pipe(repaired), stdout);
  stdin.once('error', (error) => repaired.destroy(error));
  const served = serveStdio(() => createServer(parts), {
    transport: wire,
    onerror: (error) => onError(withoutContent(error.message)),
  });
  // The library set this when it started; it has no other event for the end.
  const endServing = wire.onclose;
  wire.onclose = () => {
    stdin.unpipe(repaired).pause();
    endServing?.();
    onClose();
  };
  return served;
}

/** The library's messages quote what it received, which must not reach a log. */
function withoutContent(message: string): string {
  const [words = ''] = message.split(/[[{"']/, 1);
  return words.trim().slice(0, 200) || 'a message that is not of the protocol';
}

// These lists depend neither on settings nor on the client, but may differ in the next version.
const forAll = { ttlMs: 3_600_000, cacheScope: 'public' } as const;
const cacheHints = {
  // Annotations depend on the mode: no other set-up may see this list, and a changed mode has to show soon.
  'tools/list': { ttlMs: 300_000, cacheScope: 'private' },
  'prompts/list': forAll,
  'resources/list': forAll,
  'resources/templates/list': forAll,
  'server/discover': forAll,
} as const;

/**
 * What hosts put before the conversation, and what those that load tools late search in: the words that people ask with.
 */
const instructions =
  'ConnectWise PSA (Manage): tickets, time, schedule, companies, contacts, configurations, agreements, invoices, projects, opportunities. Start with natural_language_api_search. Changes are only prepared; show the preview to the user, who decides before confirm_api_write sends it.';

/** Loads how tools are called, which starting and listing do without. */
export const loadCallTool = async () => (await import('./call-tool.ts')).createCallTool;

/** One MCP server for one connection, for every protocol version. */
export function createServer({ version, listed, openCalls, form, redact = async (text) => text }: ServerParts): Server {
  const server = new Server(
    // Part of every result of the 2026 version, so without an icon.
    { name: 'cwm-api-gateway-mcp', title: 'ConnectWise PSA gateway', version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {} },
      cacheHints,
      instructions,
    },
  );
  /** What the client says of itself: in the 2026 version with each request, in the older ones once. */
  const clientOf = ({ mcpReq: { envelope } }: ServerContext) => {
    const said: Readonly<Record<string, unknown>> = envelope ?? {};
    return {
      info: asObject(said[CLIENT_INFO_META_KEY] ?? server.getClientVersion()),
      capabilities: asObject(said[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities()),
      protocolVersion: String(said[PROTOCOL_VERSION_META_KEY] ?? server.getNegotiatedProtocolVersion()),
    };
  };
  const formOf = (context: ServerContext) => {
    const { info, protocolVersion } = clientOf(context);
    return form ?? formFor({ name: String(info.name ?? ''), protocolVersion });
  };
  server.setRequestHandler('tools/list', (_request, context) => {
    const asked = formOf(context);
    return { tools: listed.map((tool) => toolInForm(tool, asked)) };
  });
  // Loaded on first use: not every client asks for prompts.
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
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const { mcpReq } = context;
    const callTool = await openCalls();
    const token = mcpReq._meta?.progressToken;
    let last = -1;
    let isOpen = true;
    const progress = (done: number, total: number | undefined, message: string) => {
      // The protocol: progress must increase, and must end with the request, answered or cancelled.
      if (token === undefined || !isOpen || mcpReq.signal.aborted || done <= last) return;
      last = done;
      const params = { progressToken: token, progress: done, message, ...(total === undefined ? {} : { total }) };
      // Fails where the client has gone; the call continues.
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
    };
    let question: Question | undefined;
    const person: Person | undefined = canAsk(clientOf(context).capabilities)
      ? {
          ask(key, message) {
            const view = inputResponse(mcpReq.inputResponses, key);
            if (view.kind === 'elicit') return view.action;
            question = { key, message };
            return undefined;
          },
        }
      : undefined;
    const extras = { signal: mcpReq.signal, progress, person };
    const reply = await callTool(params.name, params.arguments ?? {}, extras).finally(() => {
      isOpen = false;
    });
    if (question !== undefined) return putQuestion(question);
    if (reply) return { ...replyInForm(reply, formOf(context)) };
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, await redact(`There is no tool ${shown(params.name)}.`));
  });
  return server;
}

/** Whether the client can show its user a question: `{}` means forms, as does the member; some can open pages only. */
function canAsk({ elicitation }: Readonly<Record<string, unknown>>): boolean {
  return isRecord(elicitation) && (isRecord(elicitation.form) || elicitation.url === undefined);
}

interface Question {
  key: string;
  message: string;
}

/** Accept or decline, without a field: some clients fold the text above one. */
function putQuestion({ key, message }: Question) {
  const requestedSchema = { type: 'object' as const, properties: {} };
  return inputRequired({ inputRequests: { [key]: inputRequired.elicit({ message, requestedSchema }) } });
}

/** A name from the client, short and on one line, also for readers that break lines at U+2028. */
const shown = (name: string) =>
  JSON.stringify(
    name
      .slice(0, 100)
      .replace(/[\u2028\u2029]/g, ' ')
      .toWellFormed(),
  );
