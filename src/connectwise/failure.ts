import { type ErrorCode, type ErrorDetails, GatewayError } from '../core/errors.ts';
import { defined, isRecord, readJson } from '../core/json.ts';
import type { Redact } from '../core/log.ts';
import type { NextStep } from '../core/next-step.ts';
import { dayMs } from '../core/zone.ts';
import { decodeText, findRequestId } from './answer.ts';
import { type ConnectWiseAnswer, type ConnectWiseRequest, type HttpAnswer, isWrite } from './client.ts';
import { settingNames } from './credentials.ts';
import { findFilter, joinConditions } from './lists/list-request.ts';

export interface FailureContext {
  request: ConnectWiseRequest;
  now: Date;
  /** Blanks credentials, which a server may repeat in its answer. */
  redact: Redact;
}

interface Finding {
  code: ErrorCode;
  /** Of the sentence; ConnectWise unless something else answered. */
  who?: string;
  says: string;
  hint?: string | NextStep;
  details?: ErrorDetails;
}

const credentialsHint: NextStep = {
  step: 'test_settings',
  before: `Check ${settingNames.companyId}, ${settingNames.publicKey}, ${settingNames.privateKey}, ${settingNames.clientId} and ${settingNames.apiUrl}.`,
};
const narrowHint =
  'Bound the query by dates, board or company, use ids in place of contains and names, or ask for fewer fields.';

/** The error for an answer whose status is not 2xx, or whose body is an error all the same. */
export function failureOfAnswer(http: HttpAnswer, context: FailureContext): GatewayError {
  const foreign = parseErrorBody(http, context.redact);
  const finding = lostWrite(http, foreign, context) ?? find(http, foreign, context);
  const { method, path } = context.request;
  const message = `${finding.who ?? 'ConnectWise'} ${finding.says} (${method} ${clipPath(path)}, status ${http.status}).`;
  const details = defined<ErrorDetails>({
    status: http.status,
    ...finding.details,
    requestId: findRequestId(http),
    connectwise: Object.keys(foreign).length > 0 ? foreign : undefined,
  });
  return new GatewayError(finding.code, message, defined({ hint: finding.hint, details }));
}

/** A redirect after which nothing says whether the write was made; 307 and 308 say that it was not (RFC 9110). */
const doubtfulRedirects: ReadonlySet<number> = new Set([300, 301, 302, 303]);

/** A gateway on the way that gave up waiting, or ConnectWise's own time-out: the change may have been made (CW 4.3.3). */
function lostWrite(http: HttpAnswer, foreign: ForeignError, { request }: FailureContext): Finding | undefined {
  const { status } = http;
  if (!isWrite(request.method, request.path)) return undefined;
  if (doubtfulRedirects.has(status)) {
    const { says } = findRedirect(http);
    return { code: 'write_unknown', says: `${says}, and it is not known whether the change was made` };
  }
  const gaveUp = status === 408 || status === 502 || status === 504 || (status >= 520 && status <= 524);
  // An error with a status of success contradicts itself.
  const isDoubtful = status < 300;
  if (!gaveUp && !isDoubtful && !isTimeout(status, foreign)) return undefined;
  return { code: 'write_unknown', says: `did not say whether the change was made${quote(foreign)}` };
}

function find(http: HttpAnswer, foreign: ForeignError, context: FailureContext): Finding {
  const status = http.status < 300 ? statusOf(foreign) : http.status;
  if (isCredentialFailure(status, foreign)) {
    return { code: 'credentials_rejected', says: `rejected the credentials${quote(foreign)}`, hint: credentialsHint };
  }
  if (isVersionRefused(status, foreign)) return findVersion(foreign);
  if (status >= 500) return findServerFailure({ ...http, status }, foreign, context);
  if (status < 400) return findRedirect(http);
  if (status === 407) return proxyLogin;
  // Wrong keys can be a 404 of any form (CW 1.2.4), and a method that is not there a page of the server.
  if (status !== 404 && status !== 405 && isWebPage(http)) return findStranger(foreign);
  switch (status) {
    case 403:
      return findForbidden(foreign);
    case 404:
      return findNotFound(foreign);
    case 405:
      return { code: 'unknown_endpoint', says: 'does not accept this method at this path' };
    case 408:
      return { code: 'timed_out', says: 'gave up waiting', hint: narrowHint };
    case 409:
      return { code: 'conflict', says: `reports a conflict${quote(foreign)}` };
    case 415:
      return {
        code: 'request_rejected',
        // CW 4.2.24
        says: `does not accept JSON here${quote(foreign)}`,
        hint: 'Documents are sent as multipart/form-data.',
      };
    case 429:
      return findRateLimit(http, foreign, context);
    default:
      return findRejected(foreign);
  }
}

/** A proxy between here and ConnectWise that wants to know who asks. */
const proxyLogin: Finding = {
  code: 'unreachable',
  who: 'A proxy on the way to ConnectWise',
  says: 'wants a login',
  hint: 'Write name and password into the proxy variable: HTTPS_PROXY=http://name:password@host:port.',
};

/** The API answers JSON, the router plain text (CW 4.1): a page comes from something in between, or from another server. */
function isWebPage({ headers, body }: HttpAnswer): boolean {
  const start = decodeText(body.subarray(0, 200), headers['content-type'] ?? '');
  return /^\uFEFF?\s*<(!doctype|html|head|body|title|h\d|center|p)\b/i.test(start);
}

/** A refusal that is not of the API: no right in ConnectWise and no other argument would change it. */
function findStranger(foreign: ForeignError): Finding {
  return {
    code: 'unreachable',
    who: 'Something on the way to ConnectWise',
    says: `refused the request with a web page${quote(foreign)}`,
    hint: `A firewall, a proxy or a web filter does this. Ask whoever runs it, and check ${settingNames.apiUrl}; \`doctor\` tests the way.`,
  };
}

/** The version that a setting pins in the header `Accept` (CW 1.4.1). */
function isVersionRefused(status: number, { code, message = '' }: ForeignError): boolean {
  if (status === 406) return true;
  // An unknown member is no such refusal, though its message names the version (CW 4.2.15).
  if (status < 400 || /could not find member/i.test(message)) return false;
  const refused = /(not support|unsupported|invalid|unknown|not recogni[sz]ed)[^.]{0,40}\bversion\b/i;
  return (
    refused.test(message) ||
    /\bversion\b[^.]{0,60}(not support|unsupported|invalid)/i.test(message) ||
    code === 'UnsupportedApiVersion'
  );
}

function findVersion(foreign: ForeignError): Finding {
  return {
    code: 'configuration_invalid',
    says: `does not support the API version${quote(foreign)}`,
    hint: 'CONNECTWISE_API_VERSION pins it: leave that out for the newest, or set one that this site has.',
    details: { field: 'CONNECTWISE_API_VERSION' },
  };
}

/** The status that an error has where it comes with the right one (CW 4.2). */
function statusOf({ code = '', message = '' }: ForeignError): number {
  if (/too many requests/i.test(message)) return 429;
  if (isTimeoutMessage(message)) return 500;
  if (/endpoint does not exist/i.test(message)) return 404;
  return { notfound: 404, security: 403, unauthorized: 401 }[code.toLowerCase()] ?? 400;
}

/** The forms in which wrong credentials are answered (CW 1.3.7), except a 404 for every path, which one answer cannot show. */
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
      says: 'requires https and the API host',
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
      ? { step: 'describe_endpoint', before: 'Check the path, and that ids are numbers.' }
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
    details: fields.length === 1 ? defined({ field: fields[0] }) : {},
  };
}

function findRateLimit(http: HttpAnswer, foreign: ForeignError, { now }: FailureContext): Finding {
  // Without a header, the body says how long (CW 4.2.25).
  const [, inWords] = /in (\d{1,5}) seconds/i.exec(foreign.message ?? '') ?? [];
  const seconds =
    parseRetryAfter(http.headers['retry-after'], now) ?? (inWords === undefined ? undefined : Number(inWords));
  const says = 'is rate limiting';
  if (seconds === undefined) return { code: 'rate_limited', says };
  const hint = `Wait ${seconds} s, then call again.`;
  return { code: 'rate_limited', says, hint, details: { retryAfterSeconds: seconds } };
}

function findServerFailure(http: HttpAnswer, foreign: ForeignError, context: FailureContext): Finding {
  if (isTimeout(http.status, foreign) || http.status === 504 || http.status === 524) {
    return { code: 'timed_out', says: `took too long${quote(foreign)}`, ...adviseNarrower(context) };
  }
  const retryAfterSeconds = parseRetryAfter(http.headers['retry-after'], context.now);
  return { code: 'connectwise_failed', says: `failed${quote(foreign)}`, details: defined({ retryAfterSeconds }) };
}

/** Redirects are not followed: credentials go to the configured origin only. */
function findRedirect(http: HttpAnswer): Finding {
  const host = URL.parse(http.headers.location ?? '')?.host;
  const where = host === undefined ? '' : ` to ${clipPath(host)}`;
  return {
    code: 'unreadable_answer',
    says: `redirected${where}; redirects are not followed`,
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

/** Whole seconds of a `Retry-After` header, which is a number of seconds or a date (RFC 9110); never negative. */
export function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  // Date.parse alone would take "30.5" or "-1" for a year.
  const time = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.max(0, Math.ceil((time - now.getTime()) / 1000));
}

// Answers of success that are none

/** The members of an error (CW 4.1); a record has others. */
const errorMembers: ReadonlySet<string> = new Set(['code', 'error', 'message', 'errors', 'details']);

/** Whether the body of an answer is an error, whatever its status says: nothing but members of one, with code and message. */
export function isErrorBody(body: unknown): boolean {
  if (!isRecord(body) || typeof body.message !== 'string' || typeof (body.code ?? body.error) !== 'string')
    return false;
  return Object.keys(body).every((name) => errorMembers.has(name));
}

/** Of an answer that is not understood; enough to see what it is. */
const shownCharacters = 200;

/**
 * The error for an answer of another kind than the endpoint gives: an envelope or nothing in place of a list.
 * @param expected what it should be, such as `a list`
 */
export function unexpectedAnswer(
  { method, path }: Pick<ConnectWiseRequest, 'method' | 'path'>,
  { status, body, requestId }: ConnectWiseAnswer,
  expected: string,
): GatewayError {
  const beginning = clip(beginningOf(body), shownCharacters);
  const message = `ConnectWise answered ${kindOf(body)}, not ${expected} (${method} ${clipPath(path)}, status ${status}).`;
  return new GatewayError('unreadable_answer', message, {
    hint: `What answered may not be ConnectWise: check ${settingNames.apiUrl} and what is between here and there; \`doctor\` looks at both.`,
    details: defined({ status, requestId, connectwise: beginning === '' ? undefined : { message: beginning } }),
  });
}

function kindOf(body: unknown): string {
  if (body === undefined || body === '') return 'nothing';
  if (body === null) return 'null';
  if (Array.isArray(body)) return 'a list';
  return { string: 'a text', number: 'a number', boolean: 'true or false' }[typeof body as string] ?? 'an object';
}

/** The first characters of a value as JSON. Of wide ones only the first members are looked at. */
function beginningOf(body: unknown): string {
  if (body === undefined) return '';
  const text = typeof body === 'string' ? body : JSON.stringify(body, (_, value: unknown) => narrowed(value));
  return text.slice(0, 2 * shownCharacters);
}

function narrowed(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, shownCharacters);
  if (Array.isArray(value)) return value.slice(0, 5);
  if (!isRecord(value)) return value;
  const first: Record<string, unknown> = {};
  let left = 20;
  for (const name in value) {
    if (left === 0) break;
    left -= 1;
    first[name] = value[name];
  }
  return first;
}

// What ConnectWise says of a failure

/** Foreign text, clipped. */
type ForeignError = NonNullable<ErrorDetails['connectwise']>;

const maxMessageLength = 300;
// A whole error is limited to 300 tokens; twelve faults are enough to continue with.
const maxErrors = 12;
const maxErrorLength = 160;

/**
 * `code`, `message` and `errors[]` of an error answer, in all its shapes (CW 4.1): the 429 says `error` for `code`, the
 * router answers plain text, a content network HTML (of which only the title is kept), some answers are empty.
 */
function parseErrorBody(http: HttpAnswer, redact: Redact): ForeignError {
  const text = decodeText(http.body.subarray(0, 100_000), http.headers['content-type'] ?? '').trim();
  const parsed = readJson(text);
  if (isRecord(parsed)) return readObject(parsed, redact);
  if (typeof parsed === 'string') return { message: clip(redact(parsed), maxMessageLength) };
  if (text === '') return {};
  const title = /<title[^>]*>([^<]{1,300})/i.exec(text)?.[1];
  if (title !== undefined) return { message: clip(redact(title), maxMessageLength) };
  return /^<(?:!doctype|html)/i.test(text) ? {} : { message: clip(redact(text), maxMessageLength) };
}

function readObject(parsed: Record<string, unknown>, redact: Redact): ForeignError {
  const errors = Array.isArray(parsed.errors) ? parsed.errors.filter(isRecord).slice(0, maxErrors) : [];
  return defined({
    code: readText(parsed.code ?? parsed.error, 80, redact),
    message: readText(parsed.message, maxMessageLength, redact),
    errors: errors.length > 0 ? errors.map((error) => readEntry(error, redact)) : undefined,
  });
}

function readEntry(entry: Record<string, unknown>, redact: Redact) {
  return defined({
    code: readText(entry.code, 80, redact),
    message: readText(entry.message, maxErrorLength, redact),
    field: readText(entry.field, 80, redact),
  });
}

function readText(value: unknown, maxLength: number, redact: Redact): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? clip(redact(value), maxLength) : undefined;
}

/** One line of at most `maxLength` characters. */
function clip(text: string, maxLength: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).toWellFormed()}…` : line;
}

// Queries that took too long

/** What to ask instead, since the same query would take as long again. */
export function adviseNarrower({ request, now }: Pick<FailureContext, 'request' | 'now'>): {
  hint: string;
  details?: ErrorDetails;
} {
  const corrected = boundByDate(request, now);
  if (corrected === undefined) return { hint: narrowHint };
  return { hint: `Bound it by date: conditions ${corrected}`, details: { corrected } };
}

const days = 90;
/** An error is limited to 300 tokens. */
const longestConditions = 500;

/**
 * The conditions of a query that took too long, limited to records updated within three months: they are indexed by
 * date, and so found quickly whatever the other conditions are (CW 6.3). Undefined without conditions, and where they
 * have a date already.
 */
export function boundByDate(request: ConnectWiseRequest, now: Date): string | undefined {
  const conditions = findFilter(request, 'conditions')?.trim() ?? '';
  if (conditions === '' || /\b(?:lastUpdated|dateEntered)\b/i.test(conditions)) return undefined;
  const from = new Date(Math.floor((now.getTime() - days * dayMs) / dayMs) * dayMs);
  // Whole seconds: some members refuse milliseconds (CW 5.6.2).
  const bounded = joinConditions(conditions, `lastUpdated >= [${from.toISOString().replace('.000Z', 'Z')}]`);
  return bounded.length <= longestConditions ? bounded : undefined;
}
