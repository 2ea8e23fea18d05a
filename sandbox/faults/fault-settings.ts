import { type Method, methods } from '../../src/catalog/index.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { jsonAnswer, textAnswer } from '../server/answer.ts';

/** A wait before each answer: between `ms - spreadMs` and `ms + spreadMs`. */
export interface Latency {
  ms: number;
  spreadMs: number;
}

/** A fault with the share of requests it hits, and the method and path that limit it, where given. */
export interface Fault {
  kind: FaultKind;
  probability: number;
  method?: Method;
  path?: string;
}

/** What fails in addition to what ConnectWise would refuse. Everything is off by default. */
export interface FaultSettings {
  latency?: Latency | undefined;
  faults: readonly Fault[];
  /** Requests in any minute before 429 (CW 4.3.1 documents 1,000). */
  requestsPerMinute?: number | undefined;
  /** Lists of more records than this time out where text is searched and nothing else bounds them (CW 2.2.16). */
  slowTextRows?: number | undefined;
}

export const noFaults: FaultSettings = { faults: [] };

const mostLatencyMs = 120_000;

/** @throws GatewayError `usage` for anything but `150ms`, `150ms±50` or `150ms+-50` */
export function parseLatency(text: string): Latency {
  const [, ms = '', spread = '0'] = /^(\d{1,6})(?:ms)?(?:(?:±|\+-)(\d{1,6})(?:ms)?)?$/.exec(text.trim()) ?? [];
  const latency = { ms: Number(ms), spreadMs: Number(spread) };
  if (ms !== '' && latency.ms <= mostLatencyMs && latency.spreadMs <= latency.ms) return latency;
  throw new GatewayError(
    'usage',
    `Latency ${JSON.stringify(text)} is not of the form 150ms or 150ms±50, at most ${mostLatencyMs} ms.`,
  );
}

export function renderLatency({ ms, spreadMs }: Latency): string {
  return spreadMs === 0 ? `${ms}ms` : `${ms}ms±${spreadMs}`;
}

/**
 * Reads `429:0.05,reset:0.01`; groups for one method or path are separated by a semicolon:
 * `503:0.02; POST /service/tickets 500:1`.
 * @throws GatewayError `usage` that names what is wrong and the kinds there are
 */
export function parseFaults(text: string): Fault[] {
  return text
    .split(';')
    .filter((group) => group.trim() !== '')
    .flatMap(parseGroup);
}

function parseGroup(group: string): Fault[] {
  const words = group.trim().split(/\s+/);
  const list = words.pop() ?? '';
  const where: Pick<Fault, 'method' | 'path'> = {};
  for (const word of words) {
    const method = methods.find((one) => one === word.toUpperCase());
    if (method !== undefined) where.method = method;
    else if (word.startsWith('/')) where.path = word.toLowerCase();
    else
      throw new GatewayError('usage', `Fault ${JSON.stringify(group.trim())}: ${word} is neither a method nor a path.`);
  }
  return list.split(',').map((entry) => ({ ...parseFault(entry), ...where }));
}

function parseFault(entry: string): Pick<Fault, 'kind' | 'probability'> {
  const [kind = '', share = ''] = entry.split(':');
  const probability = Number(share);
  if (isFaultKind(kind) && share !== '' && probability >= 0 && probability <= 1) return { kind, probability };
  throw new GatewayError(
    'usage',
    `Fault ${JSON.stringify(entry)} is not KIND:SHARE with a share from 0 to 1 and one of the kinds ${Object.keys(faultKinds).join(', ')}.`,
  );
}

export function renderFaults(faults: readonly Fault[]): string {
  return faults
    .map(({ kind, probability, method, path }) =>
      [method, path, `${kind}:${probability}`].filter((part) => part !== undefined).join(' '),
    )
    .join('; ');
}

/** Seconds that ConnectWise asks to wait (CW 4.2.25). */
const retryAfterSeconds = 30;

/** This body has `error` where all others have `code` (CW 4.2.25). */
export function tooManyRequests(): Response {
  const message = `Too many requests. Please try again in ${retryAfterSeconds} seconds.`;
  return jsonAnswer(429, { error: 'ConnectWiseAPI', message }, { 'retry-after': String(retryAfterSeconds) });
}

const failure = (message: string) => () => jsonAnswer(500, { code: 'ConnectWiseApi', message });

/** Pages of the content network and of maintenance are HTML (CW 4.2.28). */
function htmlPage(status: number, title: string) {
  return () =>
    textAnswer(status, `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>${title}</body></html>`, {
      'content-type': 'text/html; charset=utf-8',
    });
}

/** The kinds of faults by their name in settings; `reset` breaks the connection and has no answer. */
export const faultKinds = {
  '429': tooManyRequests,
  '500': failure('An error occurred.'),
  '502': htmlPage(502, 'Bad gateway'),
  '503': htmlPage(503, 'Service unavailable'),
  '520': htmlPage(520, 'Web server is returning an unknown error'),
  '522': htmlPage(522, 'Connection timed out'),
  // So spelt (CW 4.2.26).
  timeout: failure('A timeout has occured. Please try again.'),
  datetime: failure('String was not recognized as a valid DateTime.'),
  boolean: failure('String was not recognized as a valid Boolean.'),
  ssl: () => jsonAnswer(403, { code: 'Security', message: 'SSL is required.', errors: null }),
  empty: () => textAnswer(500, ''),
  reset: undefined,
} as const satisfies Record<string, (() => Response) | undefined>;

export type FaultKind = keyof typeof faultKinds;

function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(faultKinds, text);
}
