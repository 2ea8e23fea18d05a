import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { createBlanking } from '../core/log.ts';
import type { ConnectWiseAnswer, HttpAnswer } from './client.ts';
import { type Credentials, secretsOf } from './credentials.ts';
import { decode, decodeInPieces, readJsonInPieces } from './read-json.ts';

/**
 * The value of a successful answer: JSON parsed, text as text, nothing for an empty body, a file for the rest.
 * @throws GatewayError `unreadable_answer` for JSON that does not parse or is too much, and for web pages
 */
export async function parseAnswer(http: HttpAnswer): Promise<ConnectWiseAnswer> {
  const contentType = http.headers['content-type'] ?? '';
  const { isAttachment, fileName } = readDisposition(http.headers['content-disposition']);
  // A web page or a JSON file that somebody attached is a file, not an answer (CW 5.8.2).
  const value = isAttachment && http.body.byteLength > 0 ? http.body : await parseBody(http, contentType);
  const isFile = value instanceof Uint8Array;
  const answer = defined({
    status: http.status,
    contentType,
    file: isFile ? defined({ content: value, fileName }) : undefined,
    next: findNextPage(http.headers.link),
    lastPage: findLastPage(http.headers.link),
    requestId: findRequestId(http),
  });
  return { ...answer, body: isFile ? undefined : value };
}

/** What ConnectWise's support asks for (CW 1.5). */
export function findRequestId(http: HttpAnswer): string | undefined {
  return http.headers['x-cw-request-id']?.slice(0, 100);
}

/** The number in an answer of `/count` (CW 3.6). */
export function findCount(body: unknown): number | undefined {
  const count = typeof body === 'object' && body !== null && 'count' in body ? body.count : undefined;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

// The body

/** Text of a body in the character set its type names, without a byte order mark. */
export function decodeText(body: Uint8Array, contentType: string): string {
  return decode(body, charsetOf(contentType)) ?? new TextDecoder().decode(body);
}

function charsetOf(contentType: string): string {
  const [, label = 'utf-8'] = /charset="?([\w-]+)/i.exec(contentType) ?? [];
  return label;
}

/** Bytes for what is a file. */
async function parseBody(http: HttpAnswer, contentType: string): Promise<unknown> {
  if (http.body.byteLength === 0) return undefined;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isJson = /^application\/(?:[\w.-]+\+)?json$/.test(type);
  const isPage = type === 'text/html' || type === 'application/xhtml+xml';
  if (!isJson && !isPage && type !== '' && !type.startsWith('text/')) return http.body;
  const text =
    (await decodeInPieces(http.body, charsetOf(contentType))) ?? (await decodeInPieces(http.body, 'utf-8')) ?? '';
  if (!isJson && !isPage && type !== '') return text;
  if (text.trim() === '') return undefined;
  const read = await readJsonInPieces(text).catch((cause: unknown) => {
    if (type === '') return { value: http.body };
    throw isPage ? webPage(http, cause) : damaged(http, cause);
  });
  if ('value' in read) return read.value;
  throw unreadable(http, `The answer ${read.refused}.`, {
    hint: 'Ask for fewer fields or a smaller pageSize; check that the site setting points at a ConnectWise server.',
  });
}

/** With a status of success a page comes from something in between: a sign-in page, a proxy, a wrong site. */
function webPage(http: HttpAnswer, cause: unknown): GatewayError {
  return unreadable(http, 'A web page was answered where ConnectWise answers JSON.', { cause });
}

function damaged(http: HttpAnswer, cause: unknown): GatewayError {
  return unreadable(http, `The answer (${http.body.byteLength} bytes of JSON) is cut off or damaged.`, {
    hint: 'Call again; if this persists, ask for fewer fields or a smaller pageSize.',
    cause,
  });
}

function unreadable(http: HttpAnswer, message: string, more: { hint?: string; cause?: unknown } = {}): GatewayError {
  const details = defined({ status: http.status, requestId: findRequestId(http) });
  return new GatewayError('unreadable_answer', message, { ...more, details });
}

// The header Link (RFC 8288)

/**
 * The page that a `Link` header names as next. Only the number is taken, never the host: it can differ from the
 * configured one, and credentials go nowhere else (CW 3.3, 3.4).
 */
export function findNextPage(link: string | undefined): ConnectWiseAnswer['next'] {
  const numbers = findNumbers(link, 'next');
  const pageId = numbers?.get('pageid');
  if (pageId !== undefined) return { pageId };
  const page = numbers?.get('page');
  return page === undefined ? undefined : { page };
}

/** The number of the last page, which navigable paging names too (CW 3.3). */
function findLastPage(link: string | undefined): number | undefined {
  return findNumbers(link, 'last')?.get('page');
}

/** The numbers in the first target of a relation that has a page in it. */
function findNumbers(link: string | undefined, relation: string): Map<string, number | undefined> | undefined {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!isRelation(parameters, relation)) continue;
    const query = new URLSearchParams(target.slice(target.indexOf('?') + 1));
    const numbers = new Map([...query].map(([name, value]) => [name.toLowerCase(), toNumber(value)]));
    if (numbers.get('pageid') !== undefined || numbers.get('page') !== undefined) return numbers;
  }
  return undefined;
}

function isRelation(parameters: string, relation: string): boolean {
  const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters);
  return (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes(relation);
}

function toNumber(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

// The header Content-Disposition (RFC 6266)

interface Disposition {
  /** To be saved, whatever its type is. */
  isAttachment: boolean;
  /** As the sender wrote it: not safe as the name of a file. */
  fileName?: string;
}

/** Reads the header, of which only the file name may be in any character set. Never throws. */
export function readDisposition(header: string | undefined): Disposition {
  if (header === undefined) return { isAttachment: false };
  const isAttachment = /^\s*attachment\s*(;|$)/i.test(header);
  const fileName = readExtendedName(header) ?? readPlainName(header);
  return defined({ isAttachment, fileName: fileName?.trim() === '' ? undefined : fileName });
}

/** `filename*=UTF-8''na%C3%AFve.txt` (RFC 8187), which wins where both are given. */
function readExtendedName(header: string): string | undefined {
  const [, charset = '', encoded = ''] = /;\s*filename\*\s*=\s*"?([\w-]+)'[\w-]*'([^;"\s]+)/i.exec(header) ?? [];
  return encoded === '' ? undefined : decode(unescapeBytes(encoded, /%([\dA-Fa-f]{2})/g), charset);
}

function readPlainName(header: string): string | undefined {
  const [, quoted, token] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))/i.exec(header) ?? [];
  // A backslash before anything but a quote is one of a Windows path that was not escaped.
  const name = quoted?.replace(/\\(["\\])/g, '$1') ?? token?.trim();
  if (name === undefined) return undefined;
  return decodeWords(repairUtf8(name));
}

/** Headers are read byte by byte, and many senders write UTF-8 there all the same. */
function repairUtf8(name: string): string {
  if (!/^[\0-\xFF]*$/.test(name) || !/[\x80-\xFF]/.test(name)) return name;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(name, 'latin1'));
  } catch {
    return name;
  }
}

/** `=?utf-8?B?…?=` (RFC 2047): not meant for HTTP, but what .NET writes for a name beyond ASCII. */
function decodeWords(name: string): string {
  return name
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([\w-]+)\?([BQ])\?([^?]*)\?=/gi, (whole, charset: string, encoding: string, text: string) => {
      const bytes =
        encoding.toUpperCase() === 'B'
          ? Buffer.from(text, 'base64')
          : unescapeBytes(text.replaceAll('_', ' '), /=([\dA-Fa-f]{2})/g);
      return decode(bytes, charset) ?? whole;
    });
}

/** The bytes of a text in which `pattern` finds the hexadecimal digits of those that were escaped. */
function unescapeBytes(text: string, pattern: RegExp): Buffer {
  const bytes = text.replace(pattern, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

// Keys in answers

/**
 * A function that blanks the keys in an answer: a server or proxy that sends back what it received must not bring them
 * into tables, files and replies. Bodies are searched for the keys as they are and as a request carries them,
 * which costs little; every other form is blanked where a text leaves the process.
 */
export function createAnswerBlanking(credentials: Credentials): (answer: HttpAnswer) => HttpAnswer {
  const known = secretsOf(credentials);
  const blank = createBlanking(known);
  const needles = [...known, encodedName(credentials)]
    .filter((text) => blank(text) !== text)
    .map((text) => Buffer.from(text));
  return (answer) => {
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, blank(value)]));
    const { buffer, byteOffset, byteLength } = answer.body;
    const body = Buffer.from(buffer, byteOffset, byteLength);
    const isHit = needles.some((needle) => body.includes(needle));
    // Byte for byte, so that neither the character set nor the kind of file matters: no file holds a key by chance.
    return { ...answer, headers, body: isHit ? Buffer.from(blank(body.toString('latin1')), 'latin1') : answer.body };
  };
}

/** How the `Authorization` value begins, without the last characters, which depend on the private key too. */
function encodedName({ userName }: Credentials): string {
  const bytes = Buffer.from(userName);
  return bytes.toString('base64').slice(0, Math.floor((bytes.length * 4) / 3));
}
