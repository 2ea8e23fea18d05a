import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { GatewayError } from '../errors.ts';
import type { Redact } from '../log.ts';
import { tools } from '../tools/index.ts';
import { type Reply, renderErrorReply, renderReply, toGatewayError } from '../tools/reply.ts';
import type { Access, Tool, ToolContext } from '../tools/tool.ts';
import { type InputSchema, parseArguments } from './validate.ts';

export interface ServerParts {
  version: string;
  context: ToolContext;
  /** Asked at each reply: which secrets there are is known once the settings are read. */
  redact: Redact;
  /** A short random text, new at each call. */
  randomId(): string;
}

// A client may keep the list for as long as the process lives: the tools never change.
const cacheHint = { ttlMs: 3_600_000, cacheScope: 'public' } as const;

/** One MCP server for one connection: the path of a call is validate, run, reply. */
export function createServer({ version, context, redact, randomId }: ServerParts): Server {
  const listed = listTools();
  const server = new Server(
    { name: 'cwm-api-gateway-mcp', title: 'ConnectWise PSA gateway', version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {} },
      cacheHints: { 'tools/list': cacheHint, 'server/discover': cacheHint },
    },
  );
  server.setRequestHandler('tools/list', () => ({ tools: listed.map(({ definition }) => definition) }));
  // Declared and empty: some clients ask for both lists whatever the capabilities say.
  server.setRequestHandler('prompts/list', () => ({ prompts: [] }));
  server.setRequestHandler('resources/list', () => ({ resources: [] }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [] }));
  server.setRequestHandler('tools/call', async (request, call) => {
    const { name, arguments: given = {} } = request.params;
    const entry = listed.find(({ tool }) => tool.name === name);
    if (!entry) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${JSON.stringify(name)}.`);
    }
    const id = randomId();
    const reply = await callTool(entry, given, { context, redact, id, signal: call.mcpReq.signal });
    return { ...reply };
  });
  return server;
}

interface CallParts {
  context: ToolContext;
  redact: Redact;
  id: string;
  signal: AbortSignal;
}

async function callTool(
  { tool, inputSchema }: ListedTool,
  given: Record<string, unknown>,
  { context, redact, id, signal }: CallParts,
): Promise<Reply> {
  const started = performance.now();
  let failure: GatewayError | undefined;
  try {
    const input = parseArguments(tool.name, tool.input, inputSchema, given);
    return renderReply(await tool.run(input, context, signal), { redact, fence: id });
  } catch (error) {
    failure = toGatewayError(error, id);
    return renderErrorReply(failure, { redact });
  } finally {
    const ms = Math.round(performance.now() - started);
    if (failure?.code === 'internal') context.log.error('a tool failed', { id, tool: tool.name, ms, stack: stackOf(failure.cause) });
    else context.log.debug('tool called', { tool: tool.name, ms, ...(failure ? { error: failure.code } : {}) });
  }
}

const stackOf = (error: unknown) => (error instanceof Error ? error.stack : String(error));

interface ListedTool {
  tool: Tool;
  inputSchema: InputSchema;
  definition: ReturnType<typeof defineForProtocol>;
}

/** The tools as `tools/list` carries them. */
export function listTools(): ListedTool[] {
  return tools.map((tool) => {
    const definition = defineForProtocol(tool);
    return { tool, inputSchema: definition.inputSchema, definition };
  });
}

function defineForProtocol(tool: Tool) {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: toObjectSchema(tool.input, 'input'),
    outputSchema: toObjectSchema(tool.output, 'output'),
    annotations: annotationsOf(tool.access),
  };
}

function toObjectSchema(schema: z.ZodObject, io: 'input' | 'output') {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return { ...rest, type: 'object' as const, properties: rest.properties as Record<string, object> };
}

/** Derived, so that no tool can contradict its own access. */
function annotationsOf(access: Access) {
  return {
    readOnlyHint: access === 'local' || access === 'read' || access === 'prepare',
    destructiveHint: access === 'write',
    idempotentHint: access !== 'write' && access !== 'local-write',
    openWorldHint: access === 'read' || access === 'prepare' || access === 'write',
  };
}
