import type { Method } from '../../catalog/index.ts';
import type { Timer } from '../../core/async.ts';
import { GatewayError } from '../../core/errors.ts';
import { createRedaction } from '../../core/log.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../client.ts';
import type { CodebaseFinder } from '../codebase.ts';
import { type Credentials, secrets } from '../credentials.ts';
import { parseErrorBody } from '../error-body.ts';
import { failureOfAnswer } from '../failure.ts';
import { isWrite } from '../is-write.ts';
import { failureOfError } from '../network-failure.ts';
import { toHttpRequest } from '../request.ts';
import type { Site } from '../site.ts';
import { userAgent } from '../user-agent.ts';
import { parseLeniently } from './parse-leniently.ts';

export interface WireRequest {
  /** GET unless it is one of the POSTs that read. */
  method?: Method;
  /** Below the root of the API, encoded. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  paging?: 'forward-only';
  /** Other credentials than the user's; `nobody` sends none. */
  as?: Credentials | 'nobody';
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
 * The site seen as it is, for whoever examines the connection or ConnectWise itself: one request is one answer with its
 * headers, nothing is repeated, and nothing but reading leaves.
 */
export interface Wire {
  site: Site;
  company: string;
  credentials: Credentials;
  /** The user's own network is between, so that the site has a certificate and an address. */
  isRemote: boolean;
  /** The API root in use; asks the cloud for its code base as every client does. */
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
      const sender = as === 'nobody' ? credentials : as;
      const requestOptions = { userAgent, ...(apiVersion !== undefined && { apiVersion }) };
      const { headers, ...http } = toHttpRequest({ method, ...request }, { root }, sender, requestOptions);
      const { authorization, clientid, ...others } = headers;
      const sent = {
        ...others,
        ...(as !== 'nobody' && authorization !== undefined && { authorization }),
        ...(as !== 'nobody' && !withoutClientId && clientid !== undefined && { clientid }),
      };
      return exchange({ ...http, headers: sent }, request.path, signal);
    },
    readOpenly(path, signal) {
      const headers = { accept: 'application/json', 'user-agent': userAgent };
      return exchange({ method: 'GET', url: `${site.origin}${path}`, headers }, path, signal);
    },
    close: () => transport.close(),
  };
}

/** One request and its answer; the last place where a write could leave, and does not. */
function createExchange({ site, credentials, transport, timer, timeoutMs, now }: WireOptions) {
  const redact = createRedaction(secrets(credentials));
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
    const { code } = parseErrorBody(answer, redact);
    return { ...seen, ...(code !== undefined && { code }), failure: failureOfAnswer(answer, context) };
  };
}
