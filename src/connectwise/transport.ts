import type { SecureContext } from 'node:tls';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { untilAborted } from '../core/async.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { openTrust } from './certificates.ts';
import type { HttpAnswer, HttpRequest, Transport } from './client.ts';
import { findDistrust } from './network-failure.ts';
import { isLoopback } from './site.ts';

/** More than the largest page of full records or an ordinary document; a larger answer is a mistake or an attack. */
const defaultMaxBytes = 50_000_000;
/** A connection with such a pause within an answer is dead: ConnectWise has finished a query before its answer begins. */
const defaultIdleMs = 15_000;

/** What HTTPS_PROXY and HTTP_PROXY say. */
export interface Proxies {
  https?: string;
  http?: string;
}

export interface UndiciTransportOptions {
  /** Largest body, before and after unpacking. */
  maxBytes?: number;
  /** The longest pause within an answer; the whole of it is bound by the signal. */
  idleMs?: number;
  /** Proxies as the usual variables name them; those of the environment unless given. */
  proxies?: Proxies | undefined;
  /** Certificates in PEM form that are trusted in addition to those of Node and of the system. */
  caFile?: string | undefined;
}

/**
 * HTTP over undici with keep-alive and the usual proxy variables. Redirects are not followed and nothing is retried. The
 * library is loaded with the first request, since loading it takes longer than starting the rest.
 */
export function createUndiciTransport(options: UndiciTransportOptions = {}): Transport {
  const { maxBytes = defaultMaxBytes, idleMs = defaultIdleMs, caFile, proxies } = options;
  const opened: { plain?: Promise<Agents>; secure?: Promise<Agents> } = {};
  const openPlain = () => openAgents({ idleMs, trust: undefined, proxies });
  const openSecure = async () => openAgents({ idleMs, trust: await openTrust(caFile), proxies });
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

// One exchange

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

const unzip = promisify(gunzip);

async function unpack(packed: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const kind = encoding?.trim().toLowerCase() ?? '';
  if (kind === '' || kind === 'identity' || packed.length === 0) return packed;
  if (kind !== 'gzip' && kind !== 'x-gzip') {
    const message = `The answer is packed as "${kind.slice(0, 40)}", which was not asked for.`;
    throw new GatewayError('unreadable_answer', message);
  }
  try {
    // Bounded, because a small gzip can hold gigabytes.
    return await unzip(packed, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new GatewayError('unreadable_answer', 'The answer is packed with gzip and damaged or cut off.', { cause });
  }
}

function tooLarge(maxBytes: number): GatewayError {
  const message = `The answer is larger than ${Math.round(maxBytes / 1e6)} MB and was stopped.`;
  return new GatewayError('unreadable_answer', message, {
    hint: 'Ask for fewer fields, a smaller pageSize, or narrower conditions.',
  });
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
  );
  return Object.fromEntries(entries);
}

// Connections

/** Connections that are kept and used again. */
interface Agents {
  direct: Dispatcher;
  /** Through the proxy that the usual variables name, if any. */
  proxied: Dispatcher;
}

/** For a connection to be made, with or without a proxy; the time-out of the whole request is the caller's signal. */
const connectTimeoutMs = 10_000;

interface AgentOptions {
  /** What servers and https proxies are verified with; undefined for plain http. */
  trust: SecureContext | undefined;
  /** The longest pause within an answer. */
  idleMs: number;
  proxies: Proxies | undefined;
}

/** @throws GatewayError `configuration_invalid` for proxy variables that name no HTTP proxy */
async function openAgents({ trust, idleMs, proxies = {} }: AgentOptions): Promise<Agents> {
  const httpsProxy = proxies.https && readProxy('HTTPS_PROXY', proxies.https);
  const httpProxy = proxies.http && readProxy('HTTP_PROXY', proxies.http);
  // A CommonJS package: once bundled, its own chunk exports the default alone.
  const {
    default: { Agent, EnvHttpProxyAgent, Pool },
  } = await import('undici');
  // Said here, because NODE_TLS_REJECT_UNAUTHORIZED=0 switches checking off wherever it is left to Node.
  const tls = defined({ rejectUnauthorized: true, secureContext: trust });
  // undici's own timers tick once a second and restart with every byte: right for a pause, wrong for the whole.
  const options = {
    headersTimeout: 0,
    bodyTimeout: idleMs,
    connect: { timeout: connectTimeoutMs, ...tls },
    requestTls: tls,
    proxyTls: tls,
  };
  const clientFactory = (proxy: URL, poolOptions: object) => {
    const pool = new Pool(proxy, { ...poolOptions, headersTimeout: connectTimeoutMs });
    const connect = pool.connect.bind(pool);
    // Without this, undici reconnects forever when a proxy hangs up on CONNECT.
    const openTunnel = (tunnel: Parameters<typeof connect>[0]) =>
      connect(tunnel).catch((cause) => Promise.reject(proxyFailure(proxy, cause)));
    return Object.assign(pool, { connect: openTunnel });
  };
  try {
    return {
      direct: new Agent(options),
      proxied: new EnvHttpProxyAgent({ ...options, ...defined({ httpsProxy, httpProxy }), clientFactory }),
    };
  } catch (cause) {
    throw new GatewayError('configuration_invalid', 'A proxy variable (HTTPS_PROXY, HTTP_PROXY) is not a URL.', {
      hint: 'Write it as http://host:port.',
      cause,
    });
  }
}

/**
 * The address of a proxy; `host:port` is one of http, as most programs read it.
 * @throws GatewayError `configuration_invalid`
 */
function readProxy(variable: string, text: string): string {
  const written = text.trim();
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(written) ? written : `http://${written}`;
  const url = URL.parse(address);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return address;
  // Nothing else of the address is shown: it may hold a password.
  const what = url === null ? 'is not an address' : `names a proxy of ${url.protocol}//`;
  throw new GatewayError(
    'configuration_invalid',
    `${variable} ${what}; proxies of http:// and https:// are supported.`,
    {
      hint: 'Write it as http://host:port, http://name:password@host:port or host:port.',
      details: { field: variable },
    },
  );
}

function proxyFailure(proxy: URL, cause: unknown): GatewayError {
  const distrust = findDistrust(cause, `the proxy ${proxy.host}`, 'HTTPS_PROXY');
  const message = distrust?.message ?? `The proxy ${proxy.host} did not open a connection to ConnectWise.`;
  const hint = distrust?.hint ?? 'Check the proxy variables: HTTPS_PROXY, HTTP_PROXY, NO_PROXY.';
  return new GatewayError('unreachable', message, { hint, cause });
}

// Without a network

/** HTTP without a network: a function that answers requests, such as the sandbox in this process. */
export function createFetchTransport(answer: (request: Request) => Promise<Response>): Transport {
  return {
    async send({ method, url, headers, body }, signal) {
      // A copy, because the platform's types want bytes of their own memory.
      const sent = typeof body === 'string' ? body : body && new Uint8Array(body);
      const request = new Request(url, defined<RequestInit>({ method, headers, signal, body: sent }));
      const response = await untilAborted(answer(request), signal);
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: new Uint8Array(await untilAborted(response.arrayBuffer(), signal)),
      };
    },
    close: async () => {},
  };
}
