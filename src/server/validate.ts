import type * as z from 'zod';
import { GatewayError } from '../core/errors.ts';
import { isTooDeep, maxLevels } from '../core/json.ts';

/** The part of a JSON Schema that forgiving reading looks at. */
interface PropertySchema {
  type?: unknown;
  anyOf?: readonly { type?: unknown }[];
}

export interface InputSchema {
  properties?: Record<string, PropertySchema>;
}

/**
 * Arguments as the schema wants them. Where the meaning is certain, text is taken for what it holds: an object
 * or array written as JSON, a number in digits.
 * @throws GatewayError `invalid_argument` with every fault at once
 */
export function parseArguments<Input extends z.ZodObject>(
  tool: string,
  schema: Input,
  jsonSchema: InputSchema,
  given: Readonly<Record<string, unknown>>,
): z.infer<Input> {
  const read = Object.fromEntries(
    Object.entries(given)
      // Models send null for what they leave out.
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, readText(name, value, jsonSchema.properties?.[name])]),
  );
  const result = schema.safeParse(read);
  if (result.success) {
    checkDepth(result.data);
    return result.data;
  }
  const known = Object.keys(schema.shape);
  const found = result.error.issues.flatMap((issue) => describeIssue(issue, known, read));
  // One for each argument, the last: the first of a number too large is that it is no safe integer.
  const faults = [...new Map(found.map((fault) => [fault.path, fault])).values()];
  const first = faults[0];
  const message = first ? `${tool}: ${first.path} ${first.problem}` : `${tool}: the arguments are wrong`;
  throw new GatewayError('invalid_argument', `${message}.`, {
    details: { ...(first ? { field: first.path } : {}), faults: faults.slice(0, 10) },
    hint: `Arguments of ${tool}: ${known.join(', ') || 'none'}.`,
  });
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
  if (/^-?\d+$/.test(text) && (types.includes('integer') || types.includes('number'))) return Number(text);
  if (/^(true|false)$/i.test(text) && types.includes('boolean')) return text.toLowerCase() === 'true';
  if (types.includes('object') || types.includes('array')) return readJson(name, text);
  return value;
}

function readJson(name: string, text: string): unknown {
  if (text === '') return undefined;
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
      return issue.keys.map((key) => ({ path: key, problem: `is an unknown argument; valid are ${known.join(', ')}` }));
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
