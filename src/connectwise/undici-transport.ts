import type { Dispatcher } from 'undici';
import { untilAborted } from '../core/async.ts';
import { GatewayError } from '../core/errors.ts';
import { openTrust } from './certificates.ts';
import type { HttpAnswer, HttpRequest, Transport } from './client.ts';
import { gunzip } from './gunzip.ts';
import { isLoopback } from './site.ts';
import { type Agents, openAgents } from './undici-agents.ts';

/** More than the largest page of full records or an ordinary document; a larger answer is a mistake or an attack. */
const defaultMaxBytes = 50_000_000;
/** A connection on which nothing moved for so long is dead: no query is worked on any more once an answer began. */
const defaultIdleMs = 15_000;

export interface UndiciTransportOptions {
  /** Largest body, before and after unpacking. */
  maxBytes?: number;
  /** The longest pause within an answer; the whole of it is bound by the signal. */
  idleMs?: number;
  /** Certificates in PEM form that are trusted besides those of Node and of the system. */
  caFile?: string;
}

/**
 * HTTP over undici with keep-alive and the usual proxy variables. Nothing is followed or repeated. The library is
 * loaded with the first request, since loading it takes longer than starting the rest.
 */
export function createUndiciTransport(options: UndiciTransportOptions = {}): Transport {
  const { maxBytes = defaultMaxBytes, idleMs = defaultIdleMs, caFile } = options;
  const opened: { plain?: Promise<Agents>; secure?: Promise<Agents> } = {};
  const openPlain = () => openAgents({ idleMs, trust: undefined });
  const openSecure = async () => openAgents({ idleMs, trust: await openTrust(caFile) });
  function agentsFor(protocol: string): Promise<Agents> {
    if (protocol === 'https:') {
      opened.secure ??= openSecure();
      return opened.secure;
    }
    opened.plain ??= openPlain();
    return opened.plain;
  }
  return {
    async send(request, signal) {
      const url = new URL(request.url);
      const { direct, proxied } = await agentsFor(url.protocol);
      // A proxy would be given the credentials in plain text; loopback needs none.
      const dispatcher = isLoopback(url.hostname) ? direct : proxied;
      // undici notices the signal only once it is connected.
      return untilAborted(exchange(dispatcher, url, request, signal, maxBytes), signal);
    },
    async close() {
      for (const agents of Object.values(opened)) {
        const open = await agents.catch(() => undefined);
        await Promise.all([open?.direct.destroy(), open?.proxied.destroy()]);
      }
    },
  };
}

async function exchange(
  dispatcher: Dispatcher,
  url: URL,
  request: HttpRequest,
  signal: AbortSignal,
  maxBytes: number,
): Promise<HttpAnswer> {
  const response = await dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: request.method,
    headers: { ...request.headers, 'accept-encoding': 'gzip' },
    body: request.body ?? null,
    signal,
  });
  const headers = flatten(response.headers);
  const packed = await readBody(response.body, Number(headers['content-length'] ?? 0), maxBytes);
  return { status: response.statusCode, headers, body: await unpack(packed, headers['content-encoding'], maxBytes) };
}

async function readBody(body: Dispatcher.ResponseData['body'], announced: number, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = announced > maxBytes ? announced : 0;
  if (size === 0) {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) break;
    }
  }
  if (size <= maxBytes) return Buffer.concat(chunks, size);
  // Ends the connection: draining the rest would be reading it all.
  body.on('error', () => undefined).destroy();
  throw tooLarge(maxBytes);
}

async function unpack(packed: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const kind = encoding?.trim().toLowerCase() ?? '';
  if (kind === '' || kind === 'identity' || packed.length === 0) return packed;
  if (kind !== 'gzip' && kind !== 'x-gzip') {
    throw new GatewayError(
      'unreadable_answer',
      `The answer is packed as "${kind.slice(0, 40)}", which was not asked for.`,
    );
  }
  return (await gunzip(packed, maxBytes)) ?? Promise.reject(tooLarge(maxBytes));
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError(
    'unreadable_answer',
    `The answer is larger than ${Math.round(maxBytes / 1e6)} MB and was stopped.`,
    {
      hint: 'Ask for fewer fields, a smaller pageSize, or narrower conditions.',
    },
  );
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
  );
  return Object.fromEntries(entries);
}
