import { type Endpoint, type EndpointMatch, type Method, nearestEndpoints } from '../../catalog/index.ts';
import { type ParsedPath, parsePath } from '../../connectwise/parse-path.ts';
import { checkText } from '../../connectwise/path-segments.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ToolContext } from '../tools/tool.ts';

/** A path as a person wrote it, understood. */
export interface Target {
  method: Method;
  /** Concrete, or the template itself where that was given. */
  path: string;
  /** What stood behind `?` in the path. */
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
  throw new GatewayError('unknown_endpoint', message, {
    details: { field: 'path', candidates: nearest },
    ...(nearest.length > 0
      ? { hint: 'Call again with the one that is meant, or look for it with natural_language_api_search.' }
      : {}),
  });
}

/** The same for a path already parsed, without an endpoint where the catalog knows none. */
export async function findTarget(context: ToolContext, method: Method, { path, query }: ParsedPath): Promise<Target> {
  const catalog = await context.catalog();
  const match: EndpointMatch | undefined = catalog.findEndpoint(method, path);
  return { method, path, query, pathValues: match?.pathValues ?? {}, ...(match ? { endpoint: match.endpoint } : {}) };
}

const placeholder = /\{([^{}]+)\}/g;

/**
 * Fills the placeholders of a template from params of the same name, which are then no query members.
 * @throws GatewayError `invalid_argument` naming each placeholder without a value; `invalid_path` for one that no path may hold
 */
export function fillPath(
  path: string,
  params: Readonly<Record<string, string>>,
): { path: string; query: Record<string, string> } {
  const query = { ...params };
  const missing: string[] = [];
  const filled = path.replace(placeholder, (whole, name: string) => {
    const key = Object.keys(params).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (key === undefined) {
      missing.push(name);
      return whole;
    }
    delete query[key];
    const value = params[key] ?? '';
    checkText(value);
    return encodeURIComponent(value);
  });
  if (missing.length === 0) return { path: filled, query };
  throw new GatewayError(
    'invalid_argument',
    `The path ${path} needs ${missing.map((name) => `{${name}}`).join(' and ')}.`,
    {
      details: { field: 'path' },
      hint: `Write the id into the path, as in ${path.replace(placeholder, '123')}, or give it in params.`,
    },
  );
}

/** Fills every placeholder but the last, which `for_each` fills with one id after the other. */
export function fillAllButLast(
  path: string,
  params: Readonly<Record<string, string>>,
): { path: string; query: Record<string, string> } {
  const last = path.lastIndexOf('{');
  if (last < 0) {
    throw new GatewayError('invalid_argument', `The path ${path} has no place for the ids of for_each.`, {
      details: { field: 'path' },
      hint: 'Write {id} where they belong, as in /finance/agreements/{id}/additions.',
    });
  }
  const { path: filled, query } = fillPath(path.slice(0, last), params);
  return { path: filled + path.slice(last), query };
}
