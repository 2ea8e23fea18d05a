import { GatewayError } from '../core/errors.ts';
import { createRedaction, type Log } from '../core/log.ts';
import { parseAnswer } from './answer.ts';
import { createAnswerBlanking } from './blank-answer.ts';
import type {
  ConnectWiseAnswer,
  ConnectWiseClient,
  ConnectWiseRequest,
  HttpAnswer,
  HttpRequest,
  Transport,
} from './client.ts';
import type { CodebaseFinder } from './codebase.ts';
import { type Credentials, secrets } from './credentials.ts';
import { failureOfAnswer } from './failure.ts';
import { isWrite } from './is-write.ts';
import { failureOfError, type NetworkContext } from './network-failure.ts';
import { toHttpRequest } from './request.ts';
import type { Site } from './site.ts';
import { userAgent } from './user-agent.ts';

export interface ClientOptions {
  site: Site;
  credentials: Credentials;
  transport: Transport;
  /** For one request, from the first byte sent to the last received. */
  timeoutMs: number;
  now(): Date;
  log?: Log;
  /** Pins the model that ConnectWise answers in, such as `2025.16`. */
  apiVersion?: string;
  /** For the cloud; the site's own root without it. */
  codebase?: CodebaseFinder;
}

/**
 * A client of one site and company. One `send` is one request, but for a read that meets a 404 because an upgrade of
 * ConnectWise has changed the code base (CW 1.2.3).
 */
export function createClient(options: ClientOptions): ConnectWiseClient {
  const { site, credentials, transport, timeoutMs, now, apiVersion, codebase, log } = options;
  const redact = createRedaction(secrets(credentials));
  const blank = createAnswerBlanking(credentials);
  const requestOptions = { userAgent, ...(apiVersion !== undefined && { apiVersion }) };

  async function exchange(request: ConnectWiseRequest, root: string, signal?: AbortSignal): Promise<ConnectWiseAnswer> {
    const http = toHttpRequest(request, { root }, credentials, requestOptions);
    if (signal?.aborted) throw cancelled(signal.reason);
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
      if (answer.status >= 200 && answer.status < 300) return parseAnswer(answer);
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
      log?.debug('request', {
        ...line,
        status: answer.status,
        ms: now().getTime() - start,
        requestId: answer.requestId,
      });
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
      const root = await codebase.findRoot(signal).catch((cause) => Promise.reject(cancelled(cause)));
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

/** Time that a file takes on its way over a slow line of 2 Mbit/s: given up half-way it would be a write of unknown end. */
function sendingMs({ body }: HttpRequest): number {
  return body instanceof Uint8Array ? Math.ceil(body.byteLength / 250) : 0;
}

/** A record that does not exist is another 404, which ConnectWise itself gave. */
function isUnknownPath(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'unknown_endpoint' && error.details.status === 404;
}

function cancelled(cause: unknown): GatewayError {
  return new GatewayError('cancelled', 'The call was cancelled before anything was sent.', { cause });
}

/** A path without what may tell of people: only plain words stay, ids and names do not (CW 10.1). */
function withoutValues(path: string): string {
  return path
    .split('/')
    .map((segment) => (/^[A-Za-z]*$/.test(segment) ? segment : '{…}'))
    .join('/');
}
