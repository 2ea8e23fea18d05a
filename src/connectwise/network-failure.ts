import { type ErrorCode, type ErrorDetails, GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { isWrite } from './client.ts';
import { settingNames } from './credentials.ts';
import { adviseNarrower, type FailureContext } from './failure.ts';

export interface NetworkContext extends FailureContext {
  /** Host that was called. */
  host: string;
  timeoutMs: number;
  /** The caller gave up. */
  cancelled: boolean;
  timedOut: boolean;
}

interface Finding {
  code: ErrorCode;
  message: string;
  hint?: string;
  details?: ErrorDetails;
  /** Nothing can have reached ConnectWise. */
  unsent?: boolean;
}

const dnsCodes = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'];
const noRouteCodes = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'EADDRNOTAVAIL', 'ENETDOWN'];
/** What transports themselves throw before anything leaves. */
const unsentCodes: readonly ErrorCode[] = ['configuration_invalid', 'unreachable'];
const closedCodes = ['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED'];
const garbledPattern = /^(?:HPE|UND_ERR_RES_|UND_ERR_HEADERS_OVERFLOW)/;
const certificatePattern = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|HOSTNAME_MISMATCH/;

/** The error for what a transport threw, or for an answer that arrived and could not be read. */
export function failureOfError(error: unknown, context: NetworkContext): GatewayError {
  const { method, path } = context.request;
  const finding = find(error, context);
  // What was sent and not answered may have changed something, and nothing makes it safe to send again (CW 4.3.3).
  if (isWrite(method, path) && finding.unsent !== true) {
    const message = `It is unknown whether ${method} ${path.slice(0, 100)} changed ConnectWise: ${finding.message}`;
    const details = error instanceof GatewayError ? error.details : {};
    return new GatewayError('write_unknown', message, { details, cause: error });
  }
  if (error instanceof GatewayError) return error;
  const { code, message, hint, details } = finding;
  return new GatewayError(code, message, defined({ hint, details, cause: error }));
}

/** Whether a failure is of a connection that was made and broke, so that the same request may well succeed. */
export function isLostConnection(failure: GatewayError): boolean {
  if (failure.code !== 'unreachable' || failure.cause instanceof GatewayError) return false;
  const { codes } = describe(failure.cause);
  return codes.some((code) => closedCodes.includes(code));
}

function find(error: unknown, context: NetworkContext): Finding {
  if (error instanceof GatewayError) {
    return { code: error.code, message: error.message, unsent: unsentCodes.includes(error.code) };
  }
  if (context.cancelled) return { code: 'cancelled', message: 'The call was cancelled before ConnectWise answered.' };
  if (context.timedOut) {
    const message = `${context.host} did not answer within ${context.timeoutMs / 1000} s.`;
    return { code: 'timed_out', message, ...adviseNarrower(context) };
  }
  const { codes, message, connecting } = describe(error);
  const distrust = findDistrust(error, context.host, settingNames.apiUrl);
  return (
    findProxyFailure(message, context.host) ??
    (distrust && { code: 'unreachable', ...distrust, unsent: true, details: { reason: 'certificate' } }) ??
    findConnectionFailure(codes, connecting, context.host) ??
    findBrokenAnswer(codes, context.host) ??
    unexpected(codes)
  );
}

/** A proxy that answered and refused. */
function findProxyFailure(message: string, host: string): Finding | undefined {
  if (!/^proxy response/i.test(message)) return undefined;
  const status = Number(/\((\d{3})\)/.exec(message)?.[1] ?? 0);
  const proxy = `The proxy on the way to ${host}`;
  const unsent = { code: 'unreachable', unsent: true } as const;
  switch (status) {
    case 407: {
      const hint = 'Write name and password into the proxy variable: HTTPS_PROXY=http://name:password@host:port.';
      return { ...unsent, message: `${proxy} wants a login (407).`, hint };
    }
    case 403: {
      const hint = `Ask whoever runs the proxy to allow ${host}; or, where it can be reached without, name it in NO_PROXY.`;
      return { ...unsent, message: `${proxy} does not allow connections to it (403).`, hint };
    }
    case 502:
    case 503:
    case 504: {
      const hint = `Check the host in ${settingNames.apiUrl}; if it is right, ask whoever runs the proxy.`;
      return { ...unsent, message: `${proxy} could not reach it (${status}).`, hint };
    }
    default: {
      const hint = 'Check the proxy variables: HTTPS_PROXY, HTTP_PROXY, NO_PROXY.';
      return { ...unsent, message: `${proxy} refused the connection${status === 0 ? '' : ` (${status})`}.`, hint };
    }
  }
}

function findConnectionFailure(codes: readonly string[], connecting: boolean, host: string): Finding | undefined {
  const has = (known: readonly string[]) => codes.some((code) => known.includes(code));
  const unsent = true;
  if (has(dnsCodes)) {
    const hint = `Check the host in ${settingNames.apiUrl}, the network and its name server.`;
    return { code: 'unreachable', message: `The host ${host} was not found.`, hint, unsent };
  }
  if (has(noRouteCodes)) {
    return {
      code: 'unreachable',
      message: `${host} refuses connections or cannot be reached.`,
      unsent: connecting,
    };
  }
  if (has(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'])) {
    return { code: 'unreachable', message: `${host} does not answer on the network.`, unsent: connecting };
  }
  if (codes.some((code) => code === 'EPROTO' || code.startsWith('ERR_SSL'))) {
    const hint = `Check scheme and port in ${settingNames.apiUrl}.`;
    return { code: 'unreachable', message: `${host} does not speak TLS as expected.`, hint, unsent };
  }
  return undefined;
}

/**
 * The message for an untrusted certificate; undefined where the connection failed for another reason.
 * @param setting the one that names the host
 */
export function findDistrust(
  error: unknown,
  host: string,
  setting: string,
): { message: string; hint: string } | undefined {
  const { codes } = describe(error);
  if (!codes.some((code) => certificatePattern.test(code))) return undefined;
  const message = `The certificate of ${host} is not trusted (${codes.join(', ')}).`;
  const isFor = (word: string) => codes.some((code) => code.includes(word));
  if (isFor('CERT_HAS_EXPIRED')) {
    return { message, hint: 'It has expired: whoever runs the server has to renew it.' };
  }
  if (isFor('ALTNAME') || isFor('HOSTNAME')) {
    return { message, hint: `It is for another name: write the name that it was issued for in ${setting}.` };
  }
  // On-premises certificates are often self-signed (CW 1.1.4), and security software puts its own in between.
  const hint = `Put the certificate of your server or of your security software, as a PEM file, in ${settingNames.caFile}; what the system trusts is trusted already.`;
  return { message, hint };
}

function findBrokenAnswer(codes: readonly string[], host: string): Finding | undefined {
  if (codes.some((code) => closedCodes.includes(code))) {
    const message = `${host} closed the connection before its answer was complete.`;
    return { code: 'unreachable', message, hint: 'Call again.' };
  }
  if (codes.includes('UND_ERR_BODY_TIMEOUT')) {
    return { code: 'timed_out', message: `${host} stopped in the middle of its answer.`, hint: 'Call again.' };
  }
  if (codes.some((code) => garbledPattern.test(code))) {
    return { code: 'unreadable_answer', message: `${host} sent an invalid HTTP response.` };
  }
  return undefined;
}

function unexpected([code]: readonly string[]): Finding {
  if (code === undefined) return { code: 'internal', message: 'The request failed unexpectedly.' };
  return { code: 'unreachable', message: `The network layer failed with ${code}.` };
}

/** Codes along `cause` and the members of an AggregateError, the first message, and whether it failed to connect. */
function describe(error: unknown): { codes: string[]; message: string; connecting: boolean } {
  const codes = new Set<string>();
  let connecting = false;
  const open: unknown[] = [error];
  // A chain of causes is short; the bound is for one that points at itself.
  for (let seen = 0; open.length > 0 && seen < 20; seen += 1) {
    const current = open.shift();
    if (!(current instanceof Error)) continue;
    if ('code' in current && typeof current.code === 'string') codes.add(current.code);
    // undici's parser does not always give its errors a code.
    else if (current.name === 'HTTPParserError') codes.add('HPE');
    // The same codes can end a connection on which something was sent.
    connecting ||= 'syscall' in current && current.syscall === 'connect';
    open.push(current.cause, ...(current instanceof AggregateError ? current.errors : []));
  }
  connecting ||= codes.has('UND_ERR_CONNECT_TIMEOUT');
  return { codes: [...codes], message: error instanceof Error ? error.message : '', connecting };
}
