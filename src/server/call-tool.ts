import { setImmediate } from 'node:timers/promises';
import { GatewayError } from '../core/errors.ts';
import type { Redact } from '../core/log.ts';
import { type Reply, renderErrorReply, renderReply, toGatewayError } from '../gateway/calls/reply.ts';
import { tools } from '../gateway/tools/index.ts';
import type { Tool, ToolContext } from '../gateway/tools/tool.ts';
import type { CallExtras, CallTool } from './create-server.ts';
import { toObjectSchema } from './list-tools.ts';
import { type InputSchema, parseArguments } from './validate.ts';

export interface CallParts {
  context: Omit<ToolContext, 'progress'>;
  redact: Redact;
  /** Blanks the gateway's own keys alone. */
  blankKeys: Redact;
  /** A short random text, new at each call. */
  randomId(): string;
  /** Names settings in an error as this user finds them. */
  inWords?(error: GatewayError): GatewayError;
}

/** The path of a call: validate, run, reply. A failure is a reply too. */
export function createCallTool(parts: CallParts): CallTool {
  const known = new Map(tools.map((tool) => [tool.name, tool]));
  const schemas = new Map<string, InputSchema>();
  const schemaOf = (tool: Tool) => {
    const schema = schemas.get(tool.name) ?? (toObjectSchema(tool.input, 'input') as InputSchema);
    schemas.set(tool.name, schema);
    return schema;
  };
  return async (name, given, extras) => {
    const tool = known.get(name);
    // Calls that find all they need in this process would run one after the other without a look at what came in
    // meanwhile: cancellations, other calls, the client's going.
    await setImmediate();
    return tool && callTool(tool, schemaOf(tool), given, parts, extras);
  };
}

async function callTool(
  tool: Tool,
  inputSchema: InputSchema,
  given: Readonly<Record<string, unknown>>,
  { context, redact, blankKeys, randomId, inWords = (error) => error }: CallParts,
  { signal, progress }: CallExtras,
): Promise<Reply> {
  const id = randomId();
  const started = performance.now();
  let failure: GatewayError | undefined;
  try {
    const input = parseArguments(tool.name, tool.input, inputSchema, given);
    refuseKeys(input, blankKeys);
    const result = await tool.run(input, { ...context, progress, calledAs: tool.name }, signal);
    return renderReply(tool.render(result), { redact, fence: id });
  } catch (error) {
    failure = inWords(toGatewayError(error, id));
    return renderErrorReply(failure, { redact });
  } finally {
    const ms = Math.round(performance.now() - started);
    if (failure?.code === 'internal')
      context.log.error('a tool failed', { id, tool: tool.name, ms, stack: stackOf(failure.cause) });
    else context.log.debug('tool called', { tool: tool.name, ms, ...(failure ? { error: failure.code } : {}) });
  }
}

/**
 * The keys of the settings must not be in a call: a journal, a saved query or a record of ConnectWise would keep them.
 * @throws GatewayError `invalid_argument` naming the argument
 */
function refuseKeys(input: Readonly<Record<string, unknown>>, blankKeys: Redact): void {
  const field = Object.keys(input).find((name) => holdsKey(input[name], blankKeys));
  if (field === undefined) return;
  throw new GatewayError('invalid_argument', `${field} holds one of the gateway's own keys.`, {
    details: { field },
    hint: 'Keys belong in the settings; the gateway adds them to requests itself. Leave it out and call again.',
  });
}

function holdsKey(value: unknown, blankKeys: Redact): boolean {
  if (typeof value === 'string') return blankKeys(value) !== value;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => holdsKey(name, blankKeys) || holdsKey(member, blankKeys));
}

const stackOf = (error: unknown) => (error instanceof Error ? error.stack : String(error));
