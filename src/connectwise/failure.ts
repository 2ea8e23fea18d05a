import { type ErrorCode, type ErrorDetails, GatewayError } from '../core/errors.ts';
import type { Redact } from '../core/log.ts';
import { findRequestId } from './answer.ts';
import { boundByDate } from './bound-by-date.ts';
import type { ConnectWiseRequest, HttpAnswer } from './client.ts';
import { type ForeignError, parseErrorBody } from './error-body.ts';
import { isWrite } from './is-write.ts';
import { parseRetryAfter } from './retry-after.ts';
import { settingNames } from './setting-names.ts';

export interface FailureContext {
  request: ConnectWiseRequest;
  now: Date;
  /** Blanks credentials, which a server may repeat in what it says. */
  redact: Redact;
}

interface Finding {
  code: ErrorCode;
  /** Follows "ConnectWise" in the sentence. */
  says: string;
  hint?: string;
  details?: ErrorDetails;
}

const credentialsHint = `Check ${settingNames.companyId}, ${settingNames.publicKey}, ${settingNames.privateKey}, ${settingNames.clientId} and ${settingNames.apiUrl}; \`doctor\` tests them.`;
const narrowHint =
  'Bound the query by dates, board or company, use ids in place of contains and names, or ask for fewer fields.';

/** The error for an answer whose status is not 2xx. */
export function failureOfAnswer(http: HttpAnswer, context: FailureContext): GatewayError {
  const foreign = parseErrorBody(http, context.redact);
  const finding = lostWrite(http, foreign, context) ?? find(http, foreign, context);
  const requestId = findRequestId(http);
  const { method, path } = context.request;
  return new GatewayError(
    finding.code,
    `ConnectWise ${finding.says} (${method} ${clipPath(path)}, status ${http.status}).`,
    {
      ...(finding.hint !== undefined && { hint: finding.hint }),
      details: {
        status: http.status,
        ...finding.details,
        ...(requestId !== undefined && { requestId }),
        ...(Object.keys(foreign).length > 0 && { connectwise: foreign }),
      },
    },
  );
}

/** Gateways on the way that gave up waiting, and ConnectWise's own time-out: the change may have been made (CW 4.3.3). */
function lostWrite({ status }: HttpAnswer, foreign: ForeignError, { request }: FailureContext): Finding | undefined {
  if (!isWrite(request.method, request.path)) return undefined;
  const gaveUp = status === 408 || status === 502 || status === 504 || (status >= 520 && status <= 524);
  if (!gaveUp && !isTimeout(status, foreign)) return undefined;
  return { code: 'write_unknown', says: `did not say whether the change was made${quote(foreign)}` };
}

function find(http: HttpAnswer, foreign: ForeignError, context: FailureContext): Finding {
  const { status } = http;
  if (isCredentialFailure(status, foreign)) {
    return { code: 'credentials_rejected', says: `rejected the credentials${quote(foreign)}`, hint: credentialsHint };
  }
  if (status >= 500) return findServerFailure(http, foreign, context);
  if (status < 400) return findRedirect(http);
  switch (status) {
    case 403:
      return findForbidden(foreign);
    case 404:
      return findNotFound(foreign);
    case 405:
      return { code: 'unknown_endpoint', says: 'does not know this method at this path' };
    case 408:
      return { code: 'timed_out', says: 'gave up waiting', hint: narrowHint };
    case 409:
      return { code: 'conflict', says: `reports a conflict${quote(foreign)}` };
    case 415:
      // CW 4.2.24
      return {
        code: 'request_rejected',
        says: `takes no JSON here${quote(foreign)}`,
        hint: 'Documents are sent as multipart/form-data.',
      };
    case 429:
      return findRateLimit(http, foreign, context);
    default:
      return findRejected(foreign);
  }
}

/** The disguises of wrong credentials (CW 1.3.7); the fifth, a 404 for every path, shows in more than one answer only. */
function isCredentialFailure(status: number, { message = '' }: ForeignError): boolean {
  if (status === 401) return true;
  return (
    status >= 400 && status < 500 && /^cannot route|usernotauthenticated|incorrect public\/private key/i.test(message)
  );
}

function findForbidden(foreign: ForeignError): Finding {
  if (/ssl is required/i.test(foreign.message ?? '')) {
    const hint = `Write ${settingNames.apiUrl} with https:// and, in the cloud, the host that starts with api-.`;
    return {
      code: 'configuration_invalid',
      says: 'wants https and the API host',
      hint,
      details: { field: settingNames.apiUrl },
    };
  }
  return { code: 'permission_denied', says: `denies permission${quote(foreign)}` };
}

function findNotFound(foreign: ForeignError): Finding {
  if (foreign.code === 'NotFound') return { code: 'record_not_found', says: `has no such record${quote(foreign)}` };
  const isRoute = /endpoint does not exist/i.test(foreign.message ?? '');
  return {
    code: 'unknown_endpoint',
    says: `does not know this path${quote(foreign)}`,
    // An id that is not a number is answered the same way (CW 4.2.21); in the cloud, wrong credentials too (CW 1.2.4).
    hint: isRoute
      ? 'Check the path, and that ids are numbers; get_api_endpoint_details knows the endpoint.'
      : credentialsHint,
  };
}

function findRejected(foreign: ForeignError): Finding {
  const faults = (foreign.errors ?? []).map(({ field, message }) =>
    [field, message?.replace(/\.$/, '')].filter(Boolean).join(': '),
  );
  const shown = faults.slice(0, 4).join('; ');
  const more = faults.length > 4 ? `; ${faults.slice(4).length} more in details` : '';
  const fields = [...new Set((foreign.errors ?? []).flatMap(({ field }) => (field === undefined ? [] : [field])))];
  return {
    code: 'request_rejected',
    says: `refused the request${quote(foreign)}${shown === '' ? '' : `; ${shown}${more}`}`,
    ...(fields.length === 1 && { details: { field: fields[0] ?? '' } }),
  };
}

function findRateLimit(http: HttpAnswer, foreign: ForeignError, { now }: FailureContext): Finding {
  // Without a header, the body says how long (CW 4.2.25).
  const [, inWords] = /in (\d{1,5}) seconds/i.exec(foreign.message ?? '') ?? [];
  const seconds =
    parseRetryAfter(http.headers['retry-after'], now) ?? (inWords === undefined ? undefined : Number(inWords));
  if (seconds === undefined) return { code: 'rate_limited', says: 'wants fewer requests' };
  const details = { retryAfterSeconds: seconds };
  return { code: 'rate_limited', says: 'wants fewer requests', hint: `Wait ${seconds} s, then call again.`, details };
}

function findServerFailure(http: HttpAnswer, foreign: ForeignError, context: FailureContext): Finding {
  if (isTimeout(http.status, foreign) || http.status === 504 || http.status === 524) {
    return { code: 'timed_out', says: `took too long${quote(foreign)}`, ...adviseNarrower(context) };
  }
  const seconds = parseRetryAfter(http.headers['retry-after'], context.now);
  return {
    code: 'connectwise_failed',
    says: `failed${quote(foreign)}`,
    ...(seconds !== undefined && { details: { retryAfterSeconds: seconds } }),
  };
}

/** What to ask instead of a query that took too long, which would take as long again. */
export function adviseNarrower({ request, now }: Pick<FailureContext, 'request' | 'now'>): {
  hint: string;
  details?: ErrorDetails;
} {
  const corrected = boundByDate(request, now);
  if (corrected === undefined) return { hint: narrowHint };
  return { hint: `Bound it by date: conditions ${corrected}`, details: { corrected } };
}

/** Redirects are not followed: credentials go to the configured origin only. */
function findRedirect(http: HttpAnswer): Finding {
  const host = URL.parse(http.headers.location ?? '')?.host;
  const where = host === undefined ? '' : ` to ${clipPath(host)}`;
  return {
    code: 'unreadable_answer',
    says: `redirects${where}, which is not followed`,
    hint: `Check that ${settingNames.apiUrl} is the API's own address, not a sign-in page or a proxy.`,
  };
}

function isTimeout(status: number, { message }: ForeignError): boolean {
  return status >= 500 && isTimeoutMessage(message);
}

/** CW 4.2.26, in the spelling of ConnectWise and in the right one. */
export function isTimeoutMessage(message = ''): boolean {
  return /a timeout has occur?red/i.test(message);
}

function quote({ message }: ForeignError): string {
  return message === undefined ? '' : `: ${message.replace(/\.$/, '')}`;
}

function clipPath(path: string): string {
  return path.length > 100 ? `${path.slice(0, 100)}…` : path;
}
