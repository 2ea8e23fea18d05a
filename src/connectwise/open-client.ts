import PQueue from 'p-queue';
import { systemTimer, type Timer } from '../core/async.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { createRedaction, type Log } from '../core/log.ts';
import { createAnswerBlanking, parseAnswer } from './answer.ts';
import {
  type ConnectWiseAnswer,
  type ConnectWiseClient,
  type ConnectWiseRequest,
  type HttpAnswer,
  type HttpRequest,
  isWrite,
  type Transport,
} from './client.ts';
import { type CodebaseFinder, createCodebaseFinder, isCodebaseOpen } from './codebase.ts';
import { type Credentials, secretsOf } from './credentials.ts';
import { failureOfAnswer, isErrorBody, isTimeoutMessage } from './failure.ts';
import { failureOfError, isLostConnection, type NetworkContext } from './network-failure.ts';
import { toHttpRequest } from './request.ts';
import { type Site, withCodebase } from './site.ts';
import { createUndiciTransport, type Proxies } from './transport.ts';

export interface ClientSettings {
  timeoutSeconds: number;
  concurrency: number;
  requestsPerMinute: number;
  apiVersion?: string | undefined;
  codebase?: string | undefined;
  caFile?: string | undefined;
}

export interface OpenClientOptions {
  site: Site;
  credentials: Credentials;
  settings: ClientSettings;
  now(): Date;
  random(): number;
  log: Log;
  /** As the usual variables name them. */
  proxies?: Proxies | undefined;
  /** For a job that nobody waits for: reads that failed for a passing reason are tried for minutes. */
  patience?: Patience;
  /** Instead of the network, and so without a limit of requests a minute and with the code base of the site. */
  transport?: Transport;
}

/**
 * The client of one company with its limits. Nothing is asked before the first request.
 * @throws GatewayError `configuration_invalid` for an invalid code base
 */
export function openClient(options: OpenClientOptions): ConnectWiseClient {
  const { settings, credentials, now, random, log } = options;
  const { apiVersion, caFile, concurrency, requestsPerMinute } = settings;
  const site = settings.codebase === undefined ? options.site : withCodebase(options.site, settings.codebase);
  const isNetwork = options.transport === undefined;
  const transport = options.transport ?? createUndiciTransport({ caFile, proxies: options.proxies });
  const timer = systemTimer;
  const isAsked = isNetwork && settings.codebase === undefined && isCodebaseOpen(site);
  const codebase = isAsked
    ? createCodebaseFinder({ site, company: credentials.company, transport, timer, log })
    : undefined;
  const timeoutMs = settings.timeoutSeconds * 1000;
  const client = createClient({ site, credentials, transport, timeoutMs, now, log, apiVersion, codebase });
  const perMinute = isNetwork ? requestsPerMinute : Number.POSITIVE_INFINITY;
  const limits = { timer, random, concurrency, requestsPerMinute: perMinute, log };
  return limitClient(client, { ...limits, ...defined({ patience: options.patience }) });
}

// One request: keys, code base, time limit, failures

export interface ClientOptions {
  site: Site;
  credentials: Credentials;
  transport: Transport;
  /** For one request, from the first byte sent to the last received. */
  timeoutMs: number;
  now(): Date;
  log?: Log | undefined;
  /** Pins the model that ConnectWise answers in, such as `2025.16`. */
  apiVersion?: string | undefined;
  /** For the cloud; the site's own root without it. */
  codebase?: CodebaseFinder | undefined;
}

/**
 * A client of one site and company. One `send` is one request, except for a read that meets a 404 because an upgrade
 * of ConnectWise has changed the code base (CW 1.2.3).
 */
export function createClient(options: ClientOptions): ConnectWiseClient {
  const { site, credentials, transport, timeoutMs, now, apiVersion, codebase, log } = options;
  const redact = createRedaction(secretsOf(credentials));
  const blank = createAnswerBlanking(credentials);

  async function exchange(request: ConnectWiseRequest, root: string, signal?: AbortSignal): Promise<ConnectWiseAnswer> {
    const http = toHttpRequest(request, { root, credentials, apiVersion });
    if (signal?.aborted) throw cancelledUnsent(signal.reason);
    const allowedMs = timeoutMs + sendingMs(http);
    const timeout = AbortSignal.timeout(allowedMs);
    const context = (): NetworkContext => ({
      request,
      now: now(),
      redact,
      host: site.host,
      timeoutMs: allowedMs,
      cancelled: signal?.aborted === true,
      timedOut: timeout.aborted,
    });
    let answer: HttpAnswer;
    try {
      answer = blank(await transport.send(http, signal === undefined ? timeout : AbortSignal.any([signal, timeout])));
      if (answer.status >= 200 && answer.status < 300) {
        const parsed = await parseAnswer(answer);
        if (!isErrorBody(parsed.body)) return parsed;
      }
    } catch (error) {
      throw failureOfError(error, context());
    }
    throw failureOfAnswer(answer, context());
  }

  async function sendLogged(request: ConnectWiseRequest, root: string, signal?: AbortSignal) {
    const start = now().getTime();
    const line = { method: request.method, path: withoutValues(request.path) };
    try {
      const answer = await exchange(request, root, signal);
      const { status, requestId } = answer;
      log?.debug('request', { ...line, status, ms: now().getTime() - start, requestId });
      return answer;
    } catch (error) {
      const { code, details } = error instanceof GatewayError ? error : { code: 'internal', details: {} };
      const { status, requestId } = details;
      log?.debug('request', { ...line, error: code, status, ms: now().getTime() - start, requestId });
      throw error;
    }
  }

  return {
    tenant: { host: site.host, company: credentials.company },
    async send(request, signal) {
      if (codebase === undefined) return sendLogged(request, site.root, signal);
      const root = await codebase.findRoot(signal).catch((cause) => Promise.reject(cancelledUnsent(cause)));
      try {
        return await sendLogged(request, root, signal);
      } catch (error) {
        if (isWrite(request.method, request.path) || !isUnknownPath(error)) throw error;
        const other = await codebase.findOtherRoot(root, signal).catch(() => undefined);
        if (other === undefined) throw error;
        return sendLogged(request, other, signal);
      }
    },
    close: () => transport.close(),
  };
}

/** Time for sending a file over a slow line of 2 Mbit/s: a write that is given up half-way has an unknown outcome. */
function sendingMs({ body }: HttpRequest): number {
  return body instanceof Uint8Array ? Math.ceil(body.byteLength / 250) : 0;
}

/** A record that does not exist is another 404, which ConnectWise itself gave. */
function isUnknownPath(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'unknown_endpoint' && error.details.status === 404;
}

function cancelledUnsent(cause: unknown): GatewayError {
  return new GatewayError('cancelled', 'The call was cancelled before anything was sent.', { cause });
}

/** A path for the log: only plain words stay, since ids and names may identify people (CW 10.1). */
function withoutValues(path: string): string {
  return path
    .split('/')
    .map((segment) => (/^[A-Za-z]*$/.test(segment) ? segment : '{…}'))
    .join('/');
}

// The queue of a company, and what is sent again

export interface LimitOptions {
  timer: Timer;
  /** From 0 up to 1. */
  random(): number;
  /** Requests at once, over all calls (CW 6.9). */
  concurrency?: number;
  /** Above 1,000 a minute ConnectWise throttles (CW 4.3.1); others use the same company. Infinite for the sandbox. */
  requestsPerMinute?: number;
  /** For one `send` with its retries; no wait begins that would outlast it. */
  budgetMs?: number;
  patience?: Patience;
  log?: Log;
}

/** How a job waits that nobody waits for. */
export interface Patience {
  /** Told before a wait that a person would notice. */
  onWait(what: string): void;
}

/** A nightly job outlasts a restart of ConnectWise and a quarter of an hour of throttling; longer is for a person to see. */
const patientBudgetMs = 900_000;
const patientCapMs = 60_000;
const noticeableMs = 5_000;

// The limit is one of a minute: whatever a server says, asking again after a minute is within it.
const longestHoldMs = 60_000;

/**
 * The one queue of a company: every request of every call waits for its turn here. Reads that failed for a passing
 * reason are retried; writes never are. After a 429 all requests wait, since the limit is the company's.
 */
export function limitClient(client: ConnectWiseClient, options: LimitOptions): ConnectWiseClient {
  const { timer, random, concurrency = 4, requestsPerMinute = 900, patience, log } = options;
  const { budgetMs = patience === undefined ? 40_000 : patientBudgetMs } = options;
  const queue = createQueue(concurrency, requestsPerMinute);
  let heldUntilMs = Number.NEGATIVE_INFINITY;

  /** Waits as long as an earlier 429 asked for. */
  async function hold(untilMs: number, signal?: AbortSignal): Promise<void> {
    const holdMs = heldUntilMs - timer.nowMs();
    if (holdMs <= 0) return;
    if (timer.nowMs() + holdMs >= untilMs) throw held(holdMs);
    await timer.sleep(holdMs, signal).catch((cause) => Promise.reject(cancelledWaiting(cause)));
  }

  /**
   * The queue is given turns and never answers: it keeps what has left it until it is empty, which a list whose pages
   * always wait for each other never lets it be.
   */
  async function takeTurn(
    request: ConnectWiseRequest,
    untilMs: number,
    signal?: AbortSignal,
  ): Promise<ConnectWiseAnswer> {
    // The queue would also give up a task that runs; but only the client knows the outcome of a request that was sent.
    const waiting = new AbortController();
    const leave = () => waiting.abort();
    signal?.addEventListener('abort', leave, { once: true });
    if (signal?.aborted) leave();
    const begun = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const turn = () => {
      signal?.removeEventListener('abort', leave);
      begun.resolve();
      return over.promise;
    };
    queue.add(turn, { signal: waiting.signal }).catch(begun.reject);
    try {
      await begun.promise.catch((error: unknown) => {
        throw waiting.signal.aborted ? cancelledWaiting(error) : error;
      });
      await hold(untilMs, signal);
      return await client.send(request, signal);
    } finally {
      over.resolve();
    }
  }

  function noteThrottle({ code, details }: GatewayError): void {
    if (code !== 'rate_limited') return;
    const holdMs = Math.min(longestHoldMs, (details.retryAfterSeconds ?? unsaidThrottleSeconds) * 1000);
    heldUntilMs = Math.max(heldUntilMs, timer.nowMs() + holdMs);
  }

  function tellWait({ code, message }: GatewayError, waitMs: number): void {
    const seconds = Math.ceil(waitMs / 1000);
    if (patience === undefined) return;
    log?.warn('a read failed and is tried again', { code, seconds });
    patience.onWait(`${message.replace(/\.$/, '')}. Trying again in ${seconds} s`);
  }

  return {
    tenant: client.tenant,
    async send(request, signal) {
      const untilMs = timer.nowMs() + budgetMs;
      const write = isWrite(request.method, request.path);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await takeTurn(request, untilMs, signal);
        } catch (failure) {
          if (!(failure instanceof GatewayError) || isHeld(failure)) throw failure;
          noteThrottle(failure);
          const leftMs = untilMs - timer.nowMs();
          const isPatient = patience !== undefined;
          const decision = decideRetry({ failure, attempt, isWrite: write, leftMs, random: random(), isPatient });
          if (decision === 'stop') throw failure;
          if (decision.waitMs > noticeableMs) tellWait(failure, decision.waitMs);
          log?.debug('again', { code: failure.code, attempt, waitMs: Math.round(decision.waitMs) });
          await timer.sleep(decision.waitMs, signal).catch((cause) => Promise.reject(cancelledWaiting(cause)));
        }
      }
    },
    async close() {
      queue.clear();
      await client.close();
    },
  };
}

function createQueue(concurrency: number, requestsPerMinute: number): PQueue {
  if (!Number.isFinite(requestsPerMinute)) return new PQueue({ concurrency });
  // Without `strict` two full windows can meet at their edge: a third above the limit.
  return new PQueue({ concurrency, intervalCap: requestsPerMinute, interval: 60_000, strict: true });
}

function held(holdMs: number): GatewayError {
  const seconds = Math.ceil(holdMs / 1000);
  return new GatewayError('rate_limited', 'ConnectWise asked this company for fewer requests; nothing was sent.', {
    hint: `Wait ${seconds} s, then call again.`,
    details: { retryAfterSeconds: seconds },
  });
}

/** The gateway's own refusal: a 429 of ConnectWise has a status. */
function isHeld({ code, details }: GatewayError): boolean {
  return code === 'rate_limited' && details.status === undefined;
}

function cancelledWaiting(cause: unknown): GatewayError {
  return new GatewayError('cancelled', 'The call was cancelled while it waited for its turn.', { cause });
}

/** A failed attempt, and what is left for others. */
export interface FailedAttempt {
  failure: GatewayError;
  /** Attempts so far, this one included. */
  attempt: number;
  /** Whether it may have changed ConnectWise. */
  isWrite: boolean;
  /** What is left of the time of the call. */
  leftMs: number;
  /** From 0 up to 1: calls that failed together must not be retried at the same moment. */
  random: number;
  /** Only the time limits how often it is sent. */
  isPatient?: boolean;
}

export type RetryDecision = { waitMs: number } | 'stop';

// Within the Guide's advice for callers who wait: two or three retries, doubling, capped at 2 to 5 s (CW 4.3.2).
const maxAttempts = 4;
const baseMs = 250;
const capMs = 5_000;
/** The Guide's own 429 says 30 s, and the one client that met it live waited as long and succeeded (CW 4.3.1). */
const unsaidThrottleSeconds = 30;

/** Maintenance, and a content network that did not reach ConnectWise (CW 4.2.28); 500 can be permanent (CW 4.2.29). */
const passingStatuses: ReadonlySet<number> = new Set([502, 503, 504, 520, 521, 522, 523, 524]);

/** Whether a request is sent again, and after how long. A wait that would outlast the call does not begin. */
export function decideRetry(failed: FailedAttempt): RetryDecision {
  const { failure, attempt, isWrite, leftMs, random, isPatient = false } = failed;
  const mayPass = isPassing(failure) || (isPatient && attempt < maxAttempts && isOfPage(failure));
  if (isWrite || (attempt >= maxAttempts && !isPatient) || !mayPass) return 'stop';
  const { retryAfterSeconds } = failure.details;
  const seconds = retryAfterSeconds ?? (failure.code === 'rate_limited' ? unsaidThrottleSeconds : undefined);
  const growing = baseMs * 2 ** (attempt - 1);
  const jitterMs = random * Math.min(capMs, growing);
  // The first attempts are quick, as for everybody; then it waits as long again as it has waited so far.
  const patientMs = isPatient && attempt >= maxAttempts ? Math.min(patientCapMs, growing) : 0;
  const waitMs = Math.max((seconds ?? 0) * 1000, patientMs) + jitterMs;
  return waitMs < leftMs ? { waitMs } : 'stop';
}

/** Whether one page of many can fail so while the next succeed: a server that is too slow or overloaded at the moment. */
const isOfPage = ({ code }: GatewayError) =>
  code === 'connectwise_failed' || code === 'timed_out' || code === 'unreadable_answer';

function isPassing(failure: GatewayError): boolean {
  if (failure.code === 'rate_limited') return true;
  const { status, connectwise } = failure.details;
  if (status === undefined) return isLostConnection(failure);
  // The same query would take as long again (CW 4.2.26).
  return passingStatuses.has(status) && !isTimeoutMessage(connectwise?.message);
}
