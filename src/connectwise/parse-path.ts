import { GatewayError } from '../core/errors.ts';
import { type Site, stripApiPrefix, toApiHost } from './site.ts';

export interface ParsedPath {
  /** Below the API root, each segment encoded; `{names}` to be filled in stay as they are. */
  path: string;
  /** Members of a query string in the path, decoded. */
  query: Record<string, string>;
  /** How it was read, where it was not written as a path of the API. */
  note?: string;
}

const placeholderPattern = /^\{[A-Za-z_]\w*\}$/;

/**
 * What people give as a path: with or without the first slash, the API prefix or a query string; a full URL of the
 * site; an `_info` link, which may name the host of the user interface and double a slash (CW 5.14); the address of a
 * ticket's web page (CW 6.17); a ticket's number with its `#`.
 * @throws GatewayError `invalid_path` for other hosts and for whatever could lead out of the API root
 */
export function parsePath(text: string, site: Pick<Site, 'host'>): ParsedPath {
  const given = text.trim();
  checkPathText(given);
  // The number of a ticket as people write it, alone or in its place in a path.
  const written = given.replace(/^#(?=\d+$)/, '/service/tickets/').replace(/\/#(?=\d+(?:[/?]|$))/g, '/');
  const mark = written.indexOf('?');
  const location = mark < 0 ? written : written.slice(0, mark);
  if (location.includes('\\')) throw invalidPath(location, 'holds a backslash');
  if (location.includes('#')) throw invalidPath(location, 'holds a fragment (#)');
  const segments = withoutHost(location, site.host)
    .split('/')
    .filter((segment) => segment.trim() !== '');
  const { rest } = stripApiPrefix(segments);
  if (rest.length === 0) throw invalidPath(written, 'names no endpoint');
  const query = mark < 0 ? {} : parseQueryText(written.slice(mark + 1));
  if (/\.(?:rails|aspx)$/i.test(rest.at(-1) ?? '')) return ticketOfPage(location, query);
  const path = `/${rest.map(normalizeSegment).join('/')}`;
  return /^#\d+$/.test(given) ? { path, query, note: `${given} was read as ${path}.` } : { path, query };
}

/** The ticket whose web page people copied (CW 6.17). */
function ticketOfPage(location: string, query: Readonly<Record<string, string>>): ParsedPath {
  const [, id] = Object.entries(query).find(([name]) => /^(?:service_)?recid$/i.test(name)) ?? [];
  const of = query.routeTo ?? 'ServiceFV';
  if (id === undefined || !/^\d+$/.test(id) || of.toLowerCase() !== 'servicefv') {
    throw invalidPath(location, 'is a web page of ConnectWise, and not that of a ticket');
  }
  const path = `/service/tickets/${id}`;
  return { path, query: {}, note: `The web page was read as ${path}.` };
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

// The query string

/**
 * The members of a query string as people and links write it: encoded or not, with spaces, quotes and ampersands in
 * quotes.
 * @throws GatewayError `invalid_path` when a member comes twice
 */
function parseQueryText(text: string): Record<string, string> {
  const members = new Map<string, string>();
  for (const piece of splitMembers(text)) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    const name = decodeValue(equals < 0 ? piece : piece.slice(0, equals)).trim();
    if (name === '') throw invalidPath(piece, 'has a query value without a name');
    if (members.has(name)) throw invalidPath(name, 'is given twice in the query');
    members.set(name, equals < 0 ? '' : decodeValue(piece.slice(equals + 1)).trim());
  }
  return Object.fromEntries(members);
}

/** Splits at `&name=`, except inside quotes: `company/name="A&B=C"` is one value. */
function splitMembers(text: string): string[] {
  const members: string[] = [];
  let start = 0;
  let scanned = 0;
  let quote: string | undefined;
  for (const { index } of text.matchAll(/&(?=[A-Za-z_][\w.-]*=|$)/g)) {
    quote = quoteAfter(text.slice(scanned, index), quote);
    scanned = index;
    // A quote without a closing one is an apostrophe, as in O'Brien.
    if (quote !== undefined && text.lastIndexOf(quote) > index) continue;
    members.push(withoutTrailingAmpersands(text.slice(start, index)));
    start = scanned = index + 1;
    quote = undefined;
  }
  members.push(text.slice(start));
  return members;
}

/** The quote that is open after `text`, when `open` was before it. */
function quoteAfter(text: string, open: string | undefined): string | undefined {
  let quote = open;
  for (const character of text) {
    if (quote === undefined && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = undefined;
  }
  return quote;
}

function withoutTrailingAmpersands(text: string): string {
  let end = text.length;
  while (text[end - 1] === '&') end -= 1;
  return text.slice(0, end);
}

/**
 * A value with a space in it was not encoded: `like '%20 %'` is meant literally. Otherwise escapes are decoded when
 * all of them are valid, and `+` is a space where others are escapes, as `Link` writes it (CW 3.3).
 */
function decodeValue(text: string): string {
  if (/\s/.test(text) || !text.includes('%')) return text;
  const spaced = text.includes('%20') ? text : text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return text;
  }
}

// Segments

const allowedPaths = 'a path below the API root, such as /service/tickets/123';

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const controlPattern = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * One path segment as the server will read it. Servers differ in when they decode, so what could change the path at
 * any stage is refused in every form: `..`, slashes and backslashes, control characters, and a second encoding.
 * @throws GatewayError `invalid_path`
 */
export function decodeSegment(segment: string): string {
  const decoded = decode(segment);
  if (decoded === undefined) throw invalidPath(segment, 'is not valid percent-encoding');
  if (/%[\da-f]{2}/i.test(decoded)) throw invalidPath(segment, 'is encoded twice');
  if (decoded === '' || decoded === '.' || decoded.includes('..')) throw invalidPath(segment, 'would leave its folder');
  if (/[/\\]/.test(decoded)) throw invalidPath(segment, 'holds a slash or backslash');
  checkPathText(decoded);
  return decoded;
}

/** @throws GatewayError `invalid_path` for control characters and halves of surrogate pairs */
export function checkPathText(text: string): void {
  if (controlPattern.test(text)) throw invalidPath(text, 'holds control characters or line breaks');
  if (!text.isWellFormed()) throw invalidPath(text, 'holds half of a surrogate pair');
}

export function invalidPath(text: string, problem: string): GatewayError {
  // JSON shows invisible characters as escapes.
  const shown = JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
  return new GatewayError('invalid_path', `The path cannot be called: ${shown} ${problem}.`, {
    hint: `Give ${allowedPaths}.`,
    details: { field: 'path' },
  });
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
