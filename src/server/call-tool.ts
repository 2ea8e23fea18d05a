import { setImmediate } from 'node:timers/promises';
import type * as z from 'zod';
import { GatewayError } from '../core/errors.ts';
import { defined, isTooDeep, maxLevels, withoutHash } from '../core/json.ts';
import type { Redact } from '../core/log.ts';
import {
  isReadOnly,
  type Person,
  type Reply,
  renderErrorReply,
  renderReply,
  type Tool,
  type ToolContext,
  toGatewayError,
  tools,
} from '../gateway/index.ts';
import { toObjectSchema } from './list-tools.ts';

/** What comes with a call besides its arguments. */
interface CallExtras {
  signal: AbortSignal;
  /** Where the client can put questions to its user. */
  person?: Person | undefined;
  /** Reports to the client, where it asked for it. */
  progress(done: number, total: number | undefined, message: string): void;
}

/** Returns undefined for a tool that does not exist. A failure of a tool is a reply, not an error. */
export type CallTool = (
  name: string,
  given: Readonly<Record<string, unknown>>,
  extras: CallExtras,
) => Promise<Reply | undefined>;

interface CallParts {
  context: Omit<ToolContext, 'progress'>;
  redact: Redact;
  /** Blanks only the gateway's own keys. */
  blankKeys: Redact;
  /** A short random text, different for each call. */
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
    // Calls that wait for nothing would otherwise run one after the other before the process reads what has arrived:
    // cancellations, other calls, the end of the connection.
    await setImmediate();
    return tool && callTool(tool, schemaOf(tool), given, parts, extras);
  };
}

async function callTool(
  tool: Tool,
  inputSchema: InputSchema,
  given: Readonly<Record<string, unknown>>,
  { context, redact, blankKeys, randomId, inWords = (error) => error }: CallParts,
  { signal, progress, person }: CallExtras,
): Promise<Reply> {
  const id = randomId();
  const started = performance.now();
  let failure: GatewayError | undefined;
  try {
    const input = parseArguments(tool.name, tool.input, inputSchema, given);
    refuseKeys(input, blankKeys);
    const result = await tool.run(
      input,
      {
        ...asDeclared(context, tool),
        ...{ progress, calledAs: tool.name },
        ...(person !== undefined && { person }),
      },
      signal,
    );
    return renderReply(tool.render(result), { redact, fence: id });
  } catch (error) {
    failure = inWords(toGatewayError(error, id));
    return renderErrorReply(failure, { redact });
  } finally {
    const ms = Math.round(performance.now() - started);
    if (failure?.code === 'internal')
      context.log.error('a tool failed', { id, tool: tool.name, ms, stack: stackOf(failure.cause) });
    else context.log.debug('tool called', { tool: tool.name, ms, ...defined({ error: failure?.code }) });
  }
}

/** The context of a tool, which keeps only what its annotations say: as they are listed, so in mode `allow` too. */
function asDeclared(context: CallParts['context'], { access }: Tool): CallParts['context'] {
  const keeps = () => !isReadOnly(access) || (access === 'prepare' && context.mode() === 'allow');
  const refuse = async () => {
    throw new GatewayError('invalid_argument', 'The file was not saved: this tool only reads.', {
      hint: 'save_file with the same path saves it.',
    });
  };
  return { ...context, keeps, downloads: () => (keeps() ? context.downloads() : { save: refuse }) };
}

/**
 * A key in a call would be stored in the journal, a saved query or a record of ConnectWise.
 * @throws GatewayError `invalid_argument` naming the argument
 */
function refuseKeys(input: Readonly<Record<string, unknown>>, blankKeys: Redact): void {
  const field = Object.keys(input).find((name) => holdsKey(input[name], blankKeys));
  if (field === undefined) return;
  throw new GatewayError('invalid_argument', `${field} holds one of the gateway's own keys.`, {
    details: { field },
    hint: 'Keys belong in the settings; the gateway adds them to requests itself. Leave the key out and call again.',
  });
}

function holdsKey(value: unknown, blankKeys: Redact): boolean {
  if (typeof value === 'string') return blankKeys(value) !== value;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => holdsKey(name, blankKeys) || holdsKey(member, blankKeys));
}

const stackOf = (error: unknown) => (error instanceof Error ? error.stack : String(error));

/** The part of a JSON Schema that says which texts may be converted. */
interface PropertySchema {
  type?: unknown;
  anyOf?: readonly { type?: unknown }[];
}

interface InputSchema {
  properties?: Record<string, PropertySchema>;
}

/**
 * Arguments as the schema has them. Where the meaning is certain, text is converted: JSON of an object or array, a number
 * in digits, true and false. Optional arguments that a host filled in empty count as left out.
 * @throws GatewayError `invalid_argument` with every fault at once
 */
function parseArguments<Input extends z.ZodObject>(
  tool: string,
  schema: Input,
  jsonSchema: InputSchema,
  given: Readonly<Record<string, unknown>>,
): z.infer<Input> {
  const read = Object.fromEntries(
    Object.entries(given)
      // Models send null for arguments that they leave out.
      .filter(([name, value]) => value !== null && (Object.hasOwn(schema.shape, name) || !isOfHost(name, value)))
      .map(([name, value]) => [name, readText(name, value, own(jsonSchema.properties, name))] as const)
      .filter(([name, value]) => !isFilledInEmpty(own(schema.shape, name), value)),
  );
  const result = schema.safeParse(read);
  if (result.success) {
    checkDepth(result.data);
    return result.data;
  }
  const known = Object.keys(schema.shape);
  const found = result.error.issues.flatMap((issue) => describeIssue(issue, known, read));
  // One for each argument, the last: of a number that is too large, the first only says that it is not a safe integer.
  const faults = [...new Map(found.map((fault) => [fault.path, fault])).values()];
  const first = faults[0];
  const message = first ? `${tool}: ${first.path} ${first.problem}` : `${tool}: the arguments are wrong`;
  throw new GatewayError('invalid_argument', `${message}.`, {
    details: { ...defined({ field: first?.path }), faults: faults.slice(0, 10) },
    hint: `Arguments of ${tool}: ${known.join(', ') || 'none'}.`,
  });
}

/** Arguments that hosts add to the schemas of all tools, and that say nothing about the call. */
const hostArguments: ReadonlySet<string> = new Set([
  // Gemini CLI: whether its calls run one after the other.
  'wait_for_previous',
]);

/** Whether an argument that the tool does not have is the host's own, or empty: it then cannot change the meaning. */
function isOfHost(name: string, value: unknown): boolean {
  const isEmpty = value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return hostArguments.has(name) || name.startsWith('_') || isEmpty;
}

/** A member of that name, and not what every object has, such as `constructor`. */
const own = <T>(members: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;

/**
 * Some hosts fill in each optional argument. What the argument could not be otherwise counts as left out; an object or a
 * list without members stays where it is allowed, since `params: {}` has a meaning.
 */
function isFilledInEmpty(property: z.ZodType | undefined, value: unknown): boolean {
  if (property === undefined || !property.safeParse(undefined).success) return false;
  if (typeof value === 'string' && /^(?:|null)$/i.test(value.trim())) return true;
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  // Of true and false, 0 is a choice.
  return (isEmpty || value === 0) && !property.safeParse(value).success && !property.safeParse(true).success;
}

function checkDepth(given: Readonly<Record<string, unknown>>): void {
  const field = Object.keys(given).find((name) => isTooDeep(given[name]));
  if (field === undefined) return;
  throw new GatewayError('invalid_argument', `${field} is nested deeper than ${maxLevels} levels.`, {
    details: { field },
    hint: 'No body of ConnectWise has more than a few levels: correct it and call again.',
  });
}

function readText(name: string, value: unknown, property: PropertySchema | undefined): unknown {
  if (typeof value !== 'string' || property === undefined) return value;
  const types = [property.type, ...(property.anyOf ?? []).map((option) => option.type)];
  if (types.includes('string')) return value;
  const text = value.trim();
  const digits = withoutHash(text);
  if (/^-?\d+$/.test(digits) && (types.includes('integer') || types.includes('number'))) return Number(digits);
  if (/^(true|false)$/i.test(text) && types.includes('boolean')) return text.toLowerCase() === 'true';
  if (/^(?:|null)$/i.test(text)) return value;
  // Names separated by commas are a list of them.
  if (types.includes('array') && !types.includes('object') && !/^[[{]/.test(text))
    return text.split(',').flatMap((one) => one.trim() || []);
  if (types.includes('object') || types.includes('array')) return readJson(name, text);
  return value;
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('invalid_argument', `${name} is text that is not JSON: ${reason}.`, {
      cause,
      details: { field: name },
      hint: `Give ${name} as an object, or as its JSON text.`,
    });
  }
}

interface Fault {
  path: string;
  problem: string;
}

function describeIssue(issue: z.core.$ZodIssue, known: readonly string[], given: unknown): Fault[] {
  const path = issue.path.map(String).join('/') || 'arguments';
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: key, problem: `is not an argument; valid: ${known.join(', ')}` }));
    case 'too_big':
      return [
        {
          path,
          problem: `is too ${issue.origin === 'string' ? 'long' : 'large'}: at most ${issue.maximum}${unit(issue.origin)}`,
        },
      ];
    case 'too_small':
      return [
        {
          path,
          problem:
            issue.origin === 'string' ? 'is empty' : `is too small: at least ${issue.minimum}${unit(issue.origin)}`,
        },
      ];
    case 'invalid_value':
      return [{ path, problem: `must be one of ${issue.values.map(String).join(', ')}` }];
    case 'invalid_type': {
      const missing = valueAt(given, issue.path) === undefined;
      return [
        { path, problem: missing ? `is missing: ${issue.expected} expected` : `must be of type ${issue.expected}` },
      ];
    }
    case 'invalid_union':
      return [{ path, problem: 'has the wrong type' }];
    default:
      return [{ path, problem: issue.message }];
  }
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, name) => (at === null || at === undefined ? at : Reflect.get(Object(at), name)), value);

const unit = (origin: string) => (origin === 'string' ? ' characters' : '');
