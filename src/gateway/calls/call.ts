import { type Endpoint, type Method, methods, nearestEndpoints } from '../../catalog/index.ts';
import { checkPathText, type ParentId, type ParsedPath, parsePath } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import type { ToolContext } from '../tools/tool.ts';

/** A call of an endpoint, as the tools and the command line ask for it. */
export interface Call {
  target: Target;
  /** As given; absent when the caller gave none: then a saved query may fill them. */
  params?: Readonly<Record<string, unknown>>;
  data?: unknown;
  /** Whether conditions, fields and bodies are checked before they are sent. */
  strict: boolean;
  /** Whether it is the call of a saved query: it is neither explained nor offered for saving. */
  saved?: true;
  /** How far lists are read; one page unless given. */
  scope?: ListScope;
  /** One SELECT over the rows of a list, as `it`. */
  sql?: string;
  /** Tokens that the reply to a list may take. */
  maxTokens?: number;
  /** For a terminal or a file: waits until a list is read to its end, and cuts no record for a model. */
  whole?: true;
}

/** How far a list is to be read. */
export interface ListScope {
  allPages: boolean;
  maxRecords?: number;
  /** Ids that fill the one `{…}` left in the path: many lists as one. */
  parents?: readonly ParentId[];
}

/** The endpoint of a call, and what its written path holds. */
export interface Target {
  method: Method;
  /** Concrete, or the template itself where that was given. */
  path: string;
  /** Parameters that were written behind `?` in the path. */
  query: Record<string, string>;
  /** Absent only where an unknown endpoint is allowed. */
  endpoint?: Endpoint;
  pathValues: Readonly<Record<string, string>>;
}

/**
 * The endpoint that a path means.
 * @throws GatewayError `invalid_path`; `unknown_endpoint` with the methods that exist and the nearest endpoints
 */
export async function requireEndpoint(
  context: ToolContext,
  method: Method,
  text: string,
): Promise<Target & { endpoint: Endpoint }> {
  const target = await findTarget(context, method, parsePath(text, context.site()));
  if (target.endpoint) return { ...target, endpoint: target.endpoint };
  const catalog = await context.catalog();
  const others = catalog.methodsOf(target.path);
  const nearest = nearestEndpoints(catalog, method, target.path, 5).map((near) => `${near.method} ${near.path}`);
  const message =
    others.length > 0
      ? `${target.path} has no ${method}; it has ${others.join(', ')}.`
      : `The catalog has no endpoint ${method} ${target.path}.`;
  const hint = 'Call again with the one that is meant, or look for it with natural_language_api_search.';
  throw new GatewayError('unknown_endpoint', message, {
    details: { field: 'path', candidates: nearest },
    ...(nearest.length > 0 && { hint }),
  });
}

/** The same for a path already parsed, without an endpoint where the catalog has none. */
export async function findTarget(context: ToolContext, method: Method, { path, query }: ParsedPath): Promise<Target> {
  const match = (await context.catalog()).findEndpoint(method, path);
  return defined<Target>({ method, path, query, pathValues: match?.pathValues ?? {}, endpoint: match?.endpoint });
}

/** @throws GatewayError `invalid_argument` naming the methods there are */
export function parseMethod(text: string): Method {
  const upper = text.trim().toUpperCase();
  const method = methods.find((known) => known === upper);
  if (method) return method;
  throw new GatewayError('invalid_argument', `method ${JSON.stringify(text)} is unknown.`, {
    details: { field: 'method', candidates: methods },
    hint: `method is one of ${methods.join(', ')}.`,
  });
}

/**
 * Query parameters as text: numbers and booleans as written, lists joined by commas, empty ones left out.
 * @throws GatewayError `invalid_argument` for a value that is an object
 */
export function parseParams(params: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined || value === '') continue;
    if (isRecord(value) || (Array.isArray(value) && value.some((item) => typeof item === 'object'))) {
      const message = `params/${name} is an object; a query parameter is text, a number or true/false.`;
      throw new GatewayError('invalid_argument', message, {
        details: { field: `params/${name}` },
        hint: 'A filter is one text, such as conditions: "status/name=\'Open\' and board/id=1". A body goes into data.',
      });
    }
    texts[name] = Array.isArray(value) ? value.join(',') : String(value);
  }
  return texts;
}

/** Of params and of a body. */
export const maxRequestBytes = 1_000_000;

/** @throws GatewayError `invalid_argument` for params or a body over the limit */
export function checkSize(given: { params?: unknown; data?: unknown }): void {
  for (const [field, value] of Object.entries(given)) {
    const bytes = value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
    if (bytes <= maxRequestBytes) continue;
    const message = `${field} holds ${bytes} bytes; at most ${maxRequestBytes} are allowed.`;
    throw new GatewayError('invalid_argument', message, { details: { field } });
  }
}

const placeholder = /\{([^{}]+)\}/g;

interface FilledPath {
  path: string;
  query: Record<string, string>;
}

/**
 * Fills the placeholders of a template from params of the same name, which are then left out of the query.
 * @throws GatewayError `invalid_argument` naming each placeholder without a value; `invalid_path` for a value that no
 * path may hold
 */
export function fillPath(path: string, params: Readonly<Record<string, string>>): FilledPath {
  const query = { ...params };
  const missing: string[] = [];
  const filled = path.replace(placeholder, (whole, name: string) => {
    const key = Object.keys(params).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (key === undefined) {
      missing.push(whole);
      return whole;
    }
    delete query[key];
    const value = params[key] ?? '';
    checkPathText(value);
    return encodeURIComponent(value);
  });
  if (missing.length === 0) return { path: filled, query };
  throw new GatewayError('invalid_argument', `The path ${path} needs ${missing.join(' and ')}.`, {
    details: { field: 'path' },
    hint: `Write the id into the path, as in ${path.replace(placeholder, '123')}, or give it in params.`,
  });
}

/** Fills every placeholder but the last, which `for_each` fills with one id after the other. */
export function fillAllButLast(path: string, params: Readonly<Record<string, string>>): FilledPath {
  const last = path.lastIndexOf('{');
  if (last < 0) {
    throw new GatewayError('invalid_argument', `The path ${path} has no placeholder for the ids of for_each.`, {
      details: { field: 'path' },
      hint: 'Write {id} where they belong, as in /finance/agreements/{id}/additions.',
    });
  }
  const { path: filled, query } = fillPath(path.slice(0, last), params);
  return { path: filled + path.slice(last), query };
}
