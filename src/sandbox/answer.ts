import { readRefusal } from './refusal.ts';

/** Headers that every answer of ConnectWise carries (CW 1.5). */
const constantHeaders = {
  'cache-control': 'no-cache',
  pragma: 'no-cache',
  'x-server-name': 'SANDBOX',
} as const;

export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...constantHeaders, 'content-type': 'application/json; charset=utf-8', ...headers },
  });
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
  const plain = typeof body === 'string';
  return new Response(plain ? body : JSON.stringify(body, null, 2), {
    status,
    headers: {
      ...constantHeaders,
      'content-type': plain ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    },
  });
}
