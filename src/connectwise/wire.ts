import type { Method } from '../catalog/index.ts';
import type { Timer } from '../core/async.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { createRedaction } from '../core/log.ts';
import { decodeText } from './answer.ts';
import { type ConnectWiseRequest, type HttpAnswer, type HttpRequest, isWrite, type Transport } from './client.ts';
import type { CodebaseFinder } from './codebase.ts';
import { type Credentials, secretsOf } from './credentials.ts';
import { failureOfAnswer } from './failure.ts';
import { failureOfError } from './network-failure.ts';
import { toHttpRequest, userAgent } from './request.ts';
import type { Site } from './site.ts';

export interface WireRequest extends Omit<ConnectWiseRequest, 'method' | 'form'> {
  /** GET unless it is one of the POSTs that read. */
  method?: Method;
  /** Other credentials than the user's; `anonymous` sends none. */
  as?: Credentials | 'anonymous';
  withoutClientId?: boolean;
}

/** An answer as it came, whatever its status. */
export interface WireAnswer {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** JSON where it is JSON, text otherwise; absent for an empty answer. */
  body: unknown;
  /** ConnectWise's own code of an error, such as `ApiFindCondition`. */
  code?: string;
  bytes: number;
  ms: number;
  /** What a call would report of a status that is not 2xx. */
  failure?: GatewayError;
}

/**
 * Raw access to the site, for examining the connection or ConnectWise itself: one request is one answer with its headers,
 * nothing is retried, and only reads are sent.
 */
export interface Wire {
  site: Site;
  company: string;
  credentials: Credentials;
  /** False for the sandbox in this process, which has no certificate and no address. */
  isRemote: boolean;
  /** The API root in use, with the code base that the cloud names. */
  findRoot(signal?: AbortSignal): Promise<string>;
  /** @throws GatewayError `read_only` for a write, and for what the network does */
  read(request: WireRequest, signal?: AbortSignal): Promise<WireAnswer>;
  /** A path of the origin itself, without credentials. */
  readOpenly(path: string, signal?: AbortSignal): Promise<WireAnswer>;
  close(): Promise<void>;
}

export interface WireOptions {
  site: Site;
  credentials: Credentials;
  transport: Transport;
  isRemote: boolean;
  timer: Timer;
  /** For one request. */
  timeoutMs: number;
  now(): Date;
  apiVersion?: string | undefined;
  /** For the cloud; the site's own root without it. */
  codebase?: CodebaseFinder | undefined;
}

export function createWire(options: WireOptions): Wire {
  const { site, credentials, transport, isRemote, apiVersion, codebase } = options;
  const exchange = createExchange(options);
  const findRoot = (signal?: AbortSignal) => codebase?.findRoot(signal) ?? Promise.resolve(site.root);
  return {
    site,
    company: credentials.company,
    credentials,
    isRemote,
    findRoot,
    async read({ method = 'GET', as = credentials, withoutClientId = false, ...request }, signal) {
      const root = await findRoot(signal);
      const sender = as === 'anonymous' ? credentials : as;
      const { headers, ...http } = toHttpRequest({ method, ...request }, { root, credentials: sender, apiVersion });
      const { authorization, clientid, ...others } = headers;
      const isAnonymous = as === 'anonymous';
      const sent = defined<Record<string, string>>({
        ...others,
        authorization: isAnonymous ? undefined : authorization,
        clientid: isAnonymous || withoutClientId ? undefined : clientid,
      });
      return exchange({ ...http, headers: sent }, request.path, signal);
    },
    readOpenly(path, signal) {
      const headers = { accept: 'application/json', 'user-agent': userAgent };
      return exchange({ method: 'GET', url: `${site.origin}${path}`, headers }, path, signal);
    },
    close: () => transport.close(),
  };
}

/** One request and its answer. This is the last place where a write could be sent, so it is refused here. */
function createExchange({ site, credentials, transport, timer, timeoutMs, now }: WireOptions) {
  const redact = createRedaction(secretsOf(credentials));
  return async (http: HttpRequest, path: string, signal?: AbortSignal): Promise<WireAnswer> => {
    const { method } = http;
    if (isWrite(method, path)) throw new GatewayError('read_only', `${method} ${path} was not sent: it may write.`);
    if (signal?.aborted) throw new GatewayError('cancelled', 'The checks were cancelled.', { cause: signal.reason });
    const timeout = AbortSignal.timeout(timeoutMs);
    const context = { request: { method, path }, now: now(), redact };
    const started = timer.nowMs();
    let answer: HttpAnswer;
    try {
      answer = await transport.send(http, signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
    } catch (error) {
      const [cancelled, timedOut] = [signal?.aborted === true, timeout.aborted];
      throw failureOfError(error, { ...context, host: site.host, timeoutMs, cancelled, timedOut });
    }
    const ms = Math.round(timer.nowMs() - started);
    const { status, headers } = answer;
    const seen = { status, headers, body: parseLeniently(answer), bytes: answer.body.byteLength, ms };
    if (status >= 200 && status < 300) return seen;
    const failure = failureOfAnswer(answer, context);
    return defined({ ...seen, code: failure.details.connectwise?.code, failure });
  };
}

/** JSON where it parses, else the text; undefined for an empty body. A damaged answer is part of what is examined. */
function parseLeniently({ body, headers }: Pick<HttpAnswer, 'body' | 'headers'>): unknown {
  const text = decodeText(body, headers['content-type'] ?? '').replace(/^\uFEFF/, '');
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
