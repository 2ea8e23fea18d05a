import { GatewayError } from '../core/errors.ts';
import { isTooDeep, maxLevels } from '../core/json.ts';
import type { ConnectWiseAnswer, HttpAnswer } from './client.ts';
import { readDisposition } from './documents/content-disposition.ts';
import { findLastPage, findNextPage } from './link.ts';

/**
 * The value of a successful answer: JSON parsed, text as text, nothing for an empty body, a file for the rest.
 * @throws GatewayError `unreadable_answer` for JSON that does not parse and for web pages
 */
export function parseAnswer(http: HttpAnswer): ConnectWiseAnswer {
  const contentType = http.headers['content-type'] ?? '';
  const next = findNextPage(http.headers.link);
  const lastPage = findLastPage(http.headers.link);
  const requestId = findRequestId(http);
  const { isAttachment, fileName } = readDisposition(http.headers['content-disposition']);
  // A web page or a JSON file that somebody attached is a file, not an answer (CW 5.8.2).
  const value = isAttachment && http.body.byteLength > 0 ? http.body : parseBody(http, contentType);
  return {
    status: http.status,
    ...(value instanceof Uint8Array
      ? { body: undefined, file: { content: value, ...(fileName !== undefined && { fileName }) } }
      : { body: value }),
    contentType,
    ...(next && { next }),
    ...(lastPage !== undefined && { lastPage }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** What ConnectWise's support asks for (CW 1.5). */
export function findRequestId(http: HttpAnswer): string | undefined {
  return http.headers['x-cw-request-id']?.slice(0, 100);
}

/** Text of a body in the character set its type names, without a byte order mark. */
export function decodeText(body: Uint8Array, contentType: string): string {
  const [, label = 'utf-8'] = /charset="?([\w-]+)/i.exec(contentType) ?? [];
  try {
    return new TextDecoder(label).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

/** Bytes for what is a file. */
function parseBody(http: HttpAnswer, contentType: string): unknown {
  if (http.body.byteLength === 0) return undefined;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isJson = /^application\/(?:[\w.-]+\+)?json$/.test(type);
  const isPage = type === 'text/html' || type === 'application/xhtml+xml';
  if (!isJson && !isPage && type !== '')
    return type.startsWith('text/') ? decodeText(http.body, contentType) : http.body;
  const text = decodeText(http.body, contentType);
  if (text.trim() === '') return undefined;
  const value = parseJson(text, (cause) => {
    if (type === '') return http.body;
    throw unreadable(http, isPage, cause);
  });
  if (isTooDeep(value)) throw tooDeep(http);
  return value;
}

function parseJson(text: string, otherwise: (cause: unknown) => unknown): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return otherwise(cause);
  }
}

/** No record is: it comes from something else than ConnectWise. */
function tooDeep(http: HttpAnswer): GatewayError {
  return new GatewayError('unreadable_answer', `The answer is nested deeper than ${maxLevels} levels.`, {
    details: { status: http.status },
  });
}

function unreadable(http: HttpAnswer, isPage: boolean, cause: unknown): GatewayError {
  const requestId = findRequestId(http);
  const details = { status: http.status, ...(requestId !== undefined && { requestId }) };
  // With a status of success a page comes from something in between: a sign-in page, a proxy, a wrong site.
  if (isPage)
    return new GatewayError('unreadable_answer', 'A web page was answered where ConnectWise answers JSON.', {
      details,
    });
  return new GatewayError(
    'unreadable_answer',
    `The answer (${http.body.byteLength} bytes of JSON) is cut off or damaged.`,
    {
      hint: 'Call again; if it stays, ask for fewer fields or a smaller pageSize.',
      details,
      cause,
    },
  );
}
