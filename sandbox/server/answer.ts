import { readRefusal } from './refusal.ts';

/** Headers that every answer of ConnectWise carries (CW 1.5). */
const constantHeaders = {
  'cache-control': 'no-cache',
  pragma: 'no-cache',
  'x-server-name': 'SANDBOX',
} as const;

type HeaderValues = Readonly<Record<string, string>>;

export function jsonAnswer(status: number, body: unknown, headers: HeaderValues = {}): Response {
  return textAnswer(status, JSON.stringify(body), { 'content-type': 'application/json; charset=utf-8', ...headers });
}

export function textAnswer(status: number, text: string, headers: HeaderValues = {}): Response {
  return new Response(text, {
    status,
    headers: { ...constantHeaders, 'content-type': 'text/plain; charset=utf-8', ...headers },
  });
}

/** A file, under its name where it has one (CW 5.8.2). */
export function fileAnswer(bytes: Uint8Array<ArrayBuffer>, mediaType: string, fileName?: string): Response {
  const headers = new Headers({ ...constantHeaders, 'content-type': mediaType });
  if (fileName !== undefined) headers.set('content-disposition', `attachment; filename=${quoteFileName(fileName)}`);
  return new Response(bytes, { status: 200, headers });
}

/** Headers hold no letters beyond ASCII: these follow in the extended form of RFC 6266. */
function quoteFileName(name: string): string {
  const plain = `"${name.replace(/[^\x20-\x7e]|["\\]/g, '_')}"`;
  return plain === `"${name}"` ? plain : `${plain}; filename*=UTF-8''${encodeURIComponent(name)}`;
}

export function emptyAnswer(status: number): Response {
  return new Response(null, { status, headers: constantHeaders });
}

/**
 * The response for what a handler threw. Error bodies are pretty-printed over several lines (CW 4.1).
 * Anything but a refusal is a defect and is thrown on.
 */
export function refusedAnswer(error: unknown): Response {
  const refused = readRefusal(error);
  if (refused === undefined) throw error;
  const { status, body } = refused;
  if (typeof body === 'string') return textAnswer(status, body);
  // Slashes come escaped in errors (CW 2.7.7).
  const text = JSON.stringify(body, null, 2).replaceAll('/', '\\/');
  return textAnswer(status, text, { 'content-type': 'application/json; charset=utf-8' });
}
