import type { SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import { GatewayError } from '../core/errors.ts';
import { findDistrust } from './network-failure.ts';

/** Connections that are kept and used again. */
export interface Agents {
  direct: Dispatcher;
  /** Through the proxy that the usual variables name, if any. */
  proxied: Dispatcher;
}

/** For a connection to be made, with or without a proxy; the time-out of the whole request is the caller's signal. */
const connectTimeoutMs = 10_000;

export interface AgentOptions {
  /** What servers and https proxies are believed by; undefined where only plain http is spoken. */
  trust: SecureContext | undefined;
  /** The longest pause within an answer. */
  idleMs: number;
}

/** @throws GatewayError `configuration_invalid` for proxy variables that are not URLs */
export async function openAgents({ trust, idleMs }: AgentOptions): Promise<Agents> {
  // A CommonJS package: once bundled, its own chunk exports the default alone.
  const {
    default: { Agent, EnvHttpProxyAgent, Pool },
  } = await import('undici');
  // Said here, because NODE_TLS_REJECT_UNAUTHORIZED=0 switches checking off wherever it is left to Node.
  const tls = { rejectUnauthorized: true, ...(trust !== undefined && { secureContext: trust }) };
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
    // undici connects again without end when a proxy hangs up on CONNECT: it takes a closed socket for a chance.
    const openTunnel = (tunnel: Parameters<typeof connect>[0]) =>
      connect(tunnel).catch((cause) => Promise.reject(proxyFailure(proxy, cause)));
    return Object.assign(pool, { connect: openTunnel });
  };
  try {
    return { direct: new Agent(options), proxied: new EnvHttpProxyAgent({ ...options, clientFactory }) };
  } catch (cause) {
    throw new GatewayError('configuration_invalid', 'A proxy variable (HTTPS_PROXY, HTTP_PROXY) is not a URL.', {
      hint: 'Write it as http://host:port.',
      cause,
    });
  }
}

function proxyFailure(proxy: URL, cause: unknown): GatewayError {
  const distrust = findDistrust(cause, `the proxy ${proxy.host}`, 'HTTPS_PROXY');
  const message = distrust?.message ?? `The proxy ${proxy.host} did not open a way to ConnectWise.`;
  const hint = distrust?.hint ?? 'Check the proxy variables: HTTPS_PROXY, HTTP_PROXY, NO_PROXY.';
  return new GatewayError('unreachable', message, { hint, cause });
}
