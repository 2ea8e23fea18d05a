import { type Catalog, type Endpoint, type Method, methods, nearestEndpoints } from '../../catalog/index.ts';
import { checkPathText, type ParentId, type ParsedPath, parsePath } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord, withoutHash } from '../../core/json.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { ForEachRows } from './for-each.ts';

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
  /** Ids that fill the one `{…}` left in the path: many lists as one, or one change of many records. */
  parents?: readonly ParentId[];
  /** Of a SELECT: the values that fill placeholders of a write. */
  rows?: ForEachRows;
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
  /** How the path was read, where it was not written as one of the API. */
  note?: string;
}

/** What reading a path needs. */
export type EndpointContext = Pick<ToolContext, 'catalog' | 'site'>;

/**
 * The endpoint that a path means.
 * @throws GatewayError `invalid_path`; `unknown_endpoint` with the methods that exist and the nearest endpoints
 */
export async function requireEndpoint(
  context: EndpointContext,
  method: Method,
  text: string,
): Promise<Target & { endpoint: Endpoint }> {
  const catalog = await context.catalog();
  const parsed = parsePath(text, context.site());
  const target = await findTarget(context, method, withModule(catalog, method, parsed));
  if (target.endpoint) return { ...target, endpoint: target.endpoint };
  const others = catalog.methodsOf(target.path);
  const nearest = nearestEndpoints(catalog, method, target.path, 5).map((near) => `${near.method} ${near.path}`);
  const message =
    others.length > 0
      ? `${target.path} has no ${method}; it has ${others.join(', ')}.`
      : `The catalog has no endpoint ${method} ${target.path}.`;
  throw new GatewayError('unknown_endpoint', message, {
    details: { field: 'path', candidates: nearest },
    hint: { step: 'find_endpoint', named: nearest.length > 0 },
  });
}

/** The same for a path already parsed, without an endpoint where the catalog has none. */
export async function findTarget(
  context: EndpointContext,
  method: Method,
  { path: written, query, note }: ParsedPath,
): Promise<Target> {
  const match = (await context.catalog()).findEndpoint(method, written);
  const path = match ? inSpellingOf(match.endpoint.path, written) : written;
  return defined<Target>({ method, path, query, pathValues: match?.pathValues ?? {}, endpoint: match?.endpoint, note });
}

/** The path with the names of its template: `/Service/Tickets/1` is `/service/tickets/1`. */
function inSpellingOf(template: string, path: string): string {
  const names = template.split('/');
  const given = path.split('/');
  return given
    .map((segment, at) => (names[at]?.toLowerCase() === segment.toLowerCase() ? names[at] : segment))
    .join('/');
}

/** A path of a read without its module, as `companies`, where only one module has it. */
function withModule(catalog: Catalog, method: Method, parsed: ParsedPath): ParsedPath {
  if (method !== 'GET' || catalog.findEndpoint(method, parsed.path)) return parsed;
  const modules = new Set(catalog.endpoints.map(({ module }) => module));
  const paths = [...modules].map((module) => `/${module}${parsed.path}`);
  const [path, ...others] = paths.filter((one) => catalog.findEndpoint(method, one));
  if (path === undefined || others.length > 0) return parsed;
  return { ...parsed, path, note: `${parsed.path} was read as ${path}.` };
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
    if (isLeftOut(name, value)) continue;
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

/** Parameters that a host filled in without a value: an empty one, the text null, page 0. */
function isLeftOut(name: string, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'object') return Object.keys(value).length === 0;
  const text = String(value).trim();
  return text === '' || /^null$/i.test(text) || (text === '0' && /^page(?:Size)?$/i.test(name));
}

/** The body of a call: an empty one of a GET, as some clients fill it in, is none. */
export function bodyOf(method: Method, data: unknown): unknown {
  const isEmpty = typeof data === 'object' && data !== null && Object.keys(data).length === 0;
  return method === 'GET' && isEmpty ? undefined : data;
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
    const value = withoutHash(params[key] ?? '');
    checkPathText(value);
    return encodeURIComponent(value);
  });
  if (missing.length === 0) return { path: filled, query };
  throw new GatewayError('invalid_argument', `The path ${path} needs ${missing.join(' and ')}.`, {
    details: { field: 'path' },
    hint: {
      step: 'fill_path',
      example: path.replace(placeholder, '123'),
      names: missing.map((name) => name.slice(1, -1)),
    },
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
