import {
  companyInfoPath,
  inspectCertificate,
  type SeenCertificate,
  type Wire,
  type WireAnswer,
} from '../../../connectwise/index.ts';
import { mapAtOnce } from '../../../core/async.ts';
import { GatewayError } from '../../../core/errors.ts';
import { isRecord } from '../../../core/json.ts';
import { dayMs } from '../../../core/zone.ts';
import type { OwnRecords } from '../../calls/own-records.ts';
import { checkRecords } from './check-records.ts';
import { failureLine, fixOf, okLine, type StatusLine, warningLine } from './status-line.ts';

// What only ConnectWise can answer, in the order of the report.

/** Whether the site answers, where its API is, and whether it knows the company: asked without credentials (CW 1.2). */
export async function checkHost(wire: Wire, signal?: AbortSignal): Promise<StatusLine> {
  const { site, company } = wire;
  if (!wire.isRemote) return okLine('host', 'the sandbox of this process');
  const root = await wire.findRoot(signal);
  const codebase = `code base ${/\/([^/]+)\/apis\/3\.0$/.exec(root)?.[1] ?? site.codebase}`;
  const answer = await wire.readOpenly(companyInfoPath(company), signal);
  // CW 1.2.2
  if (answer.status === 200 && (answer.body === null || answer.body === undefined)) {
    const fix = 'Write CONNECTWISE_COMPANY_ID as you type it when you log in, and check the region of the site.';
    return failureLine('host', `${site.host} has no company ${JSON.stringify(company)}`, fix);
  }
  if (answer.status === 200 && isRecord(answer.body))
    return okLine('host', `${site.host}, ${codebase}, knows the company`);
  return okLine('host', `${site.host}, ${codebase}; it gives no information about companies (status ${answer.status})`);
}

const handshakeTimeoutMs = 8_000;

/** Who issued the certificate, how long it is valid, and whether it is trusted. */
export async function checkTls(
  { site, isRemote }: Pick<Wire, 'site' | 'isRemote'>,
  { config: { caFile }, isProxied }: { config: { caFile?: string | undefined }; isProxied: boolean },
  now: Date,
  signal?: AbortSignal,
): Promise<StatusLine[]> {
  if (!isRemote) return [];
  if (!site.origin.startsWith('https:')) return [okLine('TLS', 'none: plain http within this computer')];
  // A handshake made here would bypass the proxy.
  if (isProxied) return [okLine('TLS', 'goes through a proxy; each request checks the certificate')];
  const timeout = AbortSignal.timeout(handshakeTimeoutMs);
  try {
    const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    return [describeCertificate(site.host, await inspectCertificate(site.origin, caFile, both), now)];
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (signal?.aborted) throw new GatewayError('cancelled', 'The checks were cancelled.', { cause: error });
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer in time';
    const fix = 'Check the site, its port and the network; a firewall may block the connection.';
    return [failureLine('TLS', `no handshake with ${site.host} (${code})`, fix)];
  }
}

/** Renewals are planned a month ahead. */
const soonDays = 30;

function describeCertificate(host: string, seen: SeenCertificate, now: Date): StatusLine {
  const { validUntil, issuer, trustedBy, distrust } = seen;
  const until = validUntil.toISOString().slice(0, 10);
  const signed = `signed by ${JSON.stringify(issuer)}, valid until ${until}`;
  if (distrust === 'CERT_HAS_EXPIRED' || validUntil <= now)
    return failureLine(
      'TLS',
      `certificate of ${host} has expired: ${signed}`,
      'Ask the administrator of the server to renew it.',
    );
  if (distrust !== undefined) {
    const fix = distrust.includes('ALTNAME')
      ? 'Write the name that the certificate is issued for into CONNECTWISE_API_URL.'
      : 'Put the certificate of your server or of your security software, as a PEM file, into CONNECTWISE_CA_FILE.';
    return failureLine('TLS', `certificate of ${host} is not trusted (${distrust}): ${signed}`, fix);
  }
  const days = Math.floor((validUntil.getTime() - now.getTime()) / dayMs);
  const detail = `certificate ${signed}, trusted by ${trustedBy ?? 'this system'}`;
  if (days >= soonDays) return okLine('TLS', detail);
  return warningLine('TLS', `${detail}: ${days} days left`, 'Ask the administrator of the server to renew it in time.');
}

/** Clocks that are set by the network differ by seconds; a clock that runs free may differ by minutes. */
const skewMs = 180_000;

/** Compares the clocks: dates in conditions and the validity of certificates use the one of this computer. */
export function checkClock({ headers, ms }: WireAnswer, now: Date): StatusLine {
  const theirs = Date.parse(headers.date ?? '');
  if (Number.isNaN(theirs)) return okLine('clock', 'not compared: the answer has no date');
  // The header is as old as the answer took to arrive, and has whole seconds.
  const skew = now.getTime() - theirs;
  const apart = Math.max(0, Math.abs(skew) - ms - 1_000);
  if (apart <= skewMs) return okLine('clock', `agrees with ConnectWise within ${Math.ceil(apart / 1000)} s`);
  const minutes = Math.round(apart / 60_000);
  const detail = `this computer is ${minutes} min ${skew > 0 ? 'ahead of' : 'behind'} ConnectWise`;
  return warningLine('clock', detail, 'Let the system set its clock by the network; dates such as today depend on it.');
}

/** The request that a login is tried with: it needs credentials and no particular right (CW 1.3.8). */
export const loginPath = '/system/info';

/** Whether ConnectWise accepts this login. */
export function checkCredentials(wire: Wire, answer: WireAnswer): StatusLine[] {
  const { failure, body } = answer;
  if (failure === undefined) {
    const release = isRecord(body) && typeof body.version === 'string' ? `, version ${body.version}` : '';
    const detail = `${wire.site.host} answers for company ${wire.company}${release}`;
    return [okLine('credentials', detail), okLine('client id', 'accepted together with the keys')];
  }
  if (!isRejected(failure)) return [failureLine('credentials', failure.message, fixOf(failure))];
  // CW 1.3.6, 1.3.7
  const detail = 'not known: ConnectWise answers a wrong client id and wrong keys alike';
  const fix =
    'Check whether the two keys are swapped. Once they are right, compare CONNECTWISE_CLIENT_ID with developer.connectwise.com/ClientID.';
  return [failureLine('credentials', failure.message, fixOf(failure)), warningLine('client id', detail, fix)];
}

/**
 * Whether the failure of `loginPath` means that ConnectWise rejected the login. Every server has this path, so a 404 is
 * a rejection: the cloud can answer wrong credentials like that (CW 1.2.4, 1.3.7).
 */
export function isRejected({ code, details }: GatewayError): boolean {
  return code === 'credentials_rejected' || (code === 'unknown_endpoint' && details.status === 404);
}

interface Sample {
  name: string;
  path: string;
  /** Read for `checkRecords`. */
  fields?: string;
}

/** What everyday work reads, at least one of each module (CW 1.1.1). */
const samples: readonly Sample[] = [
  { name: 'tickets', path: '/service/tickets', fields: 'id,owner/identifier,resources,_info/enteredBy' },
  { name: 'time', path: '/time/entries', fields: 'id,member/identifier,_info/enteredBy' },
  { name: 'schedule', path: '/schedule/entries', fields: 'id,member/identifier,_info/enteredBy' },
  { name: 'companies', path: '/company/companies' },
  { name: 'contacts', path: '/company/contacts' },
  { name: 'configurations', path: '/company/configurations' },
  { name: 'projects', path: '/project/projects' },
  { name: 'agreements', path: '/finance/agreements' },
  { name: 'invoices', path: '/finance/invoices' },
  { name: 'opportunities', path: '/sales/opportunities' },
  { name: 'activities', path: '/sales/activities' },
  { name: 'purchase orders', path: '/procurement/purchaseorders' },
  { name: 'expenses', path: '/expense/entries' },
  { name: 'members', path: '/system/info/members' },
];

interface Tried {
  name: string;
  /** Where no answer came. */
  error?: GatewayError;
  answer?: WireAnswer;
}

const newestRows = 25;

/** Which everyday records this login may read, whose they are, and how long an answer takes: one GET of each kind. */
export async function checkRole(
  wire: Wire,
  ownRecords: Pick<OwnRecords, 'learn'>,
  signal?: AbortSignal,
): Promise<StatusLine[]> {
  // As many at once as a client of ConnectWise should send (CW 6.9).
  const tried = await mapAtOnce(samples, 4, (sample) => trySample(wire, sample, signal));
  for (const [at, { path, fields }] of samples.entries())
    if (fields !== undefined && tried[at]?.answer?.status === 200) ownRecords.learn(path, tried[at].answer.body);
  return [
    ...describeModules(tried),
    ...checkRecords(tried.map(({ name, answer }) => ({ name, records: answer?.body }))),
    ...describeLatency(tried),
  ];
}

async function trySample(wire: Wire, { name, path, fields }: Sample, signal?: AbortSignal): Promise<Tried> {
  const query: Record<string, string> =
    fields === undefined
      ? { pageSize: '1', fields: 'id' }
      : { pageSize: String(newestRows), orderBy: 'id desc', fields };
  try {
    return { name, answer: await wire.read({ path, query }, signal) };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    return { name, error };
  }
}

function describeModules(tried: readonly Tried[]): StatusLine[] {
  const list = (some: readonly Tried[]) => some.map(({ name }) => name).join(', ');
  const read = tried.filter(({ answer }) => answer?.status === 200);
  const denied = tried.filter(({ answer }) => answer?.status === 403);
  const failed = tried.filter((one) => !read.includes(one) && !denied.includes(one));
  if (read.length === 0 && denied.length > 0) {
    const fix = 'Give the security role of the member who owns the keys Inquire for what the work needs.';
    return [failureLine('role', `may read none of ${list(tried)}`, fix)];
  }
  const closed = denied.length === 0 ? '' : `; may not read ${list(denied)}: such calls fail with 403`;
  const lines = read.length === 0 ? [] : [okLine('role', `may read ${list(read)}${closed}`)];
  if (failed.length === 0) return lines;
  const reasons = failed.map(({ name, answer, error }) => `${name} (${answer?.status ?? error?.code ?? 'failed'})`);
  const fix = 'Try again. If it fails again, call one of them and read the error.';
  return [...lines, warningLine('role', `could not be checked for ${reasons.join(', ')}`, fix)];
}

/** Single reads take 0.5 to 1.2 s (CW 4.3.4). */
const slowMs = 3_000;

function describeLatency(tried: readonly Tried[]): StatusLine[] {
  const times = tried.flatMap(({ answer }) => answer?.ms ?? []).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  if (median === undefined) return [];
  const detail = `${median} ms for a short read, the median of ${times.length} (${times[0]} to ${times.at(-1)} ms)`;
  if (median < slowMs) return [okLine('latency', detail)];
  return [warningLine('latency', detail, 'Ask for few fields and bounded dates; check proxy, VPN and network.')];
}
