import { type Method, methods } from '../catalog/index.ts';
import { GatewayError } from '../core/errors.ts';
import { defined, isTooDeep, maxLevels } from '../core/json.ts';
import { type ParsedPath, parsePath } from './parse-path.ts';
import type { Site } from './site.ts';

export interface RawRequest extends ParsedPath {
  method: Method;
  /** JSON value; absent for none. */
  body?: unknown;
}

/** A line with more brackets before its body than any real query is refused, since each one costs an attempt at parsing. */
const maxBodyCandidates = 50;

const form = 'METHOD /path?query [JSON body], such as GET /service/tickets?conditions=closedFlag=false';

/**
 * One line `METHOD /path?query [JSON body]`. The query may hold spaces, quotes, `[dates]` and braces: the body is what
 * follows white space, begins with `{` or `[`, parses as JSON and ends the line.
 * @throws GatewayError `invalid_argument` without a method, `invalid_path`, `invalid_body` for JSON that does not parse
 */
export function parseRawRequest(line: string, site: Pick<Site, 'host'>): RawRequest {
  const written = line.trim();
  const [word = ''] = /^\S*/.exec(written) ?? [];
  const method = methods.find((known) => known === word.toUpperCase());
  if (method === undefined) throw unknownMethod(word);
  const { target, body } = splitBody(written.slice(word.length).trim());
  const parsed = parsePath(target.replace(/\s+HTTP\/[\d.]+$/i, ''), site);
  if (isTooDeep(body?.value)) throw tooDeep();
  return body === undefined ? { method, ...parsed } : { method, ...parsed, body: body.value };
}

function tooDeep(): GatewayError {
  return new GatewayError('invalid_body', `The body of raw_request is nested deeper than ${maxLevels} levels.`, {
    details: { field: 'raw_request' },
  });
}

function splitBody(rest: string): { target: string; body?: { value: unknown } } {
  let tried = 0;
  let failed: { at: number; cause: unknown } | undefined;
  for (const match of rest.matchAll(/\s[{[]/g)) {
    tried += 1;
    if (tried > maxBodyCandidates) break;
    const at = match.index + 1;
    const text = rest.slice(at);
    try {
      return { target: rest.slice(0, at).trimEnd(), body: { value: JSON.parse(text) } };
    } catch (cause) {
      if (looksLikeBody(text)) failed ??= { at, cause };
    }
  }
  if (failed === undefined && tried <= maxBodyCandidates) return { target: checkTarget(rest) };
  throw invalidBody(rest, failed);
}

/** A path holds no white space, so what follows it was meant for a body. */
function checkTarget(rest: string): string {
  const [path = '', after = ''] = rest.replace(/\s+HTTP\/[\d.]+$/i, '').split(/\s(.*)/s);
  if (after.trim() === '' || path.includes('?')) return rest;
  const shown = JSON.stringify(after.length > 40 ? `${after.slice(0, 40)}…` : after);
  throw new GatewayError('invalid_body', `raw_request has ${shown} after its path, which is not JSON.`, {
    hint: `Write the request as ${form}; names and texts of the body in double quotes.`,
    details: { field: 'raw_request' },
  });
}

/** Distinguishes a broken body from a `[date]` or a `{name}` of the query. */
function looksLikeBody(text: string): boolean {
  return /^(?:\{\s*(?:["'}]|$)|\[\s*(?:[{\]]|$))/.test(text);
}

function invalidBody(rest: string, failed: { at: number; cause: unknown } | undefined): GatewayError {
  const reason = failed?.cause instanceof Error ? `: ${failed.cause.message}` : '';
  return new GatewayError('invalid_body', `The body of raw_request is not valid JSON${reason}.`, {
    hint: `Write the request as ${form}; names and texts of the body in double quotes.`,
    details: defined({ field: 'raw_request', position: failed?.at, length: rest.length }),
    cause: failed?.cause,
  });
}

function unknownMethod(word: string): GatewayError {
  const shown = word.length > 40 ? `${word.slice(0, 40)}…` : word;
  return new GatewayError(
    'invalid_argument',
    `raw_request starts with ${JSON.stringify(shown)}, which is not a method.`,
    {
      hint: `Write it as ${form}.`,
      details: { field: 'raw_request', candidates: methods },
    },
  );
}
