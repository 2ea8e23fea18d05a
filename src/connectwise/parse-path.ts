import { checkText, decodeSegment, invalidPath } from './path-segments.ts';
import { parseQueryText } from './query-text.ts';
import { type Site, stripApiPrefix, toApiHost } from './site.ts';

export interface ParsedPath {
  /** Below the API root, each segment encoded; `{names}` to be filled in stay as they are. */
  path: string;
  /** Members of a query string that stood in the path, decoded. */
  query: Record<string, string>;
}

const placeholderPattern = /^\{[A-Za-z_]\w*\}$/;

/**
 * What people give as a path: with or without the first slash, the API prefix or a query string; a full URL of the
 * site; an `_info` link, which may name the host of the user interface and double a slash (CW 5.14).
 * @throws GatewayError `invalid_path` for other hosts and for whatever could lead out of the API root
 */
export function parsePath(text: string, site: Pick<Site, 'host'>): ParsedPath {
  const written = text.trim();
  checkText(written);
  const mark = written.indexOf('?');
  const location = mark < 0 ? written : written.slice(0, mark);
  if (location.includes('\\')) throw invalidPath(location, 'holds a backslash');
  if (location.includes('#')) throw invalidPath(location, 'holds a fragment (#)');
  const segments = withoutHost(location, site.host)
    .split('/')
    .filter((segment) => segment.trim() !== '');
  const { rest } = stripApiPrefix(segments);
  if (rest.length === 0) throw invalidPath(written, 'names no endpoint');
  return {
    path: `/${rest.map(normalizeSegment).join('/')}`,
    query: mark < 0 ? {} : parseQueryText(written.slice(mark + 1)),
  };
}

function normalizeSegment(segment: string): string {
  const written = segment.trim();
  return placeholderPattern.test(written) ? written : encodeURIComponent(decodeSegment(written));
}

/** The path of a URL, of a URL without its scheme, or the text as it is. */
function withoutHost(location: string, host: string): string {
  const withScheme = /^([a-z][a-z\d+.-]*):\/\/([^/]*)/i.exec(location);
  if (withScheme !== null) {
    const [whole, scheme = '', authority = ''] = withScheme;
    // http is the same server; the request itself goes to the configured origin either way.
    if (!/^https?$/i.test(scheme) || !isSameHost(authority, host)) throw otherHost(location, host);
    return location.slice(whole.length);
  }
  // No module has a dot, colon or @ in its name (CW 1.1.1), so such a first segment is a host: `//host/…`, `host/…`.
  const first = location.split('/').find((segment) => segment !== '') ?? '';
  if (isSameHost(first, host)) return location.slice(location.indexOf(first) + first.length);
  if (/[.:@]/.test(first) && !first.includes('..')) throw otherHost(location, host);
  return location;
}

function isSameHost(authority: string, host: string): boolean {
  return toApiHost(authority.replace(/:443$/, '')) === host;
}

function otherHost(location: string, host: string) {
  return invalidPath(location, `is not on ${host}`);
}
