import {
  companyInfoPath,
  inspectCertificate,
  type SeenCertificate,
  type Wire,
  type WireAnswer,
} from '../../../connectwise/index.ts';
import { GatewayError } from '../../../core/errors.ts';
import { isRecord } from '../../../core/json.ts';
import { failureLine, okLine, type StatusLine, warningLine } from './status-line.ts';

/** How the settings lead to the site. */
export interface Route {
  caFile: string | undefined;
  /** A proxy stands between, which a handshake of one's own would go past. */
  isProxied: boolean;
}

const handshakeTimeoutMs = 8_000;
const dayMs = 86_400_000;
/** Renewals are planned a month ahead. */
const soonDays = 30;
/** Clocks that are set by the network differ by seconds; what counts days by its own clock may be off by minutes. */
const skewMs = 180_000;

/** Whether the site is there, where its API lies, and whether it knows the company: asked without credentials (CW 1.2). */
export async function checkHost(wire: Wire, signal?: AbortSignal): Promise<StatusLine[]> {
  const { site, company } = wire;
  if (!wire.isRemote) return [okLine('host', 'the sandbox of this process')];
  const root = await wire.findRoot(signal);
  const codebase = `code base ${/\/([^/]+)\/apis\/3\.0$/.exec(root)?.[1] ?? site.codebase}`;
  const answer = await wire.readOpenly(companyInfoPath(company), signal);
  // CW 1.2.2
  if (answer.status === 200 && (answer.body === null || answer.body === undefined)) {
    const fix = 'Write CONNECTWISE_COMPANY_ID as you type it when you log in, and check the region of the site.';
    return [failureLine('host', `${site.host} has no company ${JSON.stringify(company)}`, fix)];
  }
  if (answer.status === 200 && isRecord(answer.body))
    return [okLine('host', `${site.host}, ${codebase}, knows the company`)];
  return [okLine('host', `${site.host}, ${codebase}; it does not tell about companies (status ${answer.status})`)];
}

/** Until when the certificate holds and who vouches for it; why it is not believed. */
export async function checkTls(
  { site, isRemote }: Pick<Wire, 'site' | 'isRemote'>,
  { caFile, isProxied }: Route,
  now: Date,
  signal?: AbortSignal,
): Promise<StatusLine[]> {
  if (!isRemote) return [];
  if (!site.origin.startsWith('https:')) return [okLine('TLS', 'none: plain http within this computer')];
  if (isProxied) return [okLine('TLS', 'goes through a proxy; each request checks the certificate')];
  const timeout = AbortSignal.timeout(handshakeTimeoutMs);
  try {
    const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    return [describeCertificate(site.host, await inspectCertificate(site.origin, caFile, both), now)];
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (signal?.aborted) throw new GatewayError('cancelled', 'The checks were cancelled.', { cause: error });
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer in time';
    const fix = 'Check the site, its port and the network; a firewall may stand between.';
    return [failureLine('TLS', `no handshake with ${site.host} (${code})`, fix)];
  }
}

export function describeCertificate(host: string, seen: SeenCertificate, now: Date): StatusLine {
  const { validUntil, issuer, trustedBy, distrust } = seen;
  const until = validUntil.toISOString().slice(0, 10);
  const signed = `signed by ${JSON.stringify(issuer)}, valid until ${until}`;
  if (distrust === 'CERT_HAS_EXPIRED' || validUntil <= now)
    return failureLine(
      'TLS',
      `certificate of ${host} has expired: ${signed}`,
      'Whoever runs the server has to renew it.',
    );
  if (distrust !== undefined) {
    const fix = distrust.includes('ALTNAME')
      ? 'Write the name that the certificate is made for into CONNECTWISE_API_URL.'
      : 'Put the certificate of your server or of your security software, as a PEM file, into CONNECTWISE_CA_FILE.';
    return failureLine('TLS', `certificate of ${host} is not trusted (${distrust}): ${signed}`, fix);
  }
  const days = Math.floor((validUntil.getTime() - now.getTime()) / dayMs);
  const detail = `certificate ${signed}, trusted by ${trustedBy ?? 'this system'}`;
  if (days >= soonDays) return okLine('TLS', detail);
  return warningLine('TLS', `${detail}: ${days} days left`, 'Have it renewed before then by whoever runs the server.');
}

/** Compares the clocks: dates in conditions and the validity of certificates go by the one of this computer. */
export function checkClock({ headers, ms }: WireAnswer, now: Date): StatusLine[] {
  const theirs = Date.parse(headers.date ?? '');
  if (Number.isNaN(theirs)) return [okLine('clock', 'the answer does not say what time it is there')];
  // The header is older than its arrival by the way, and has no parts of a second.
  const skew = now.getTime() - theirs;
  const apart = Math.max(0, Math.abs(skew) - ms - 1_000);
  if (apart <= skewMs) return [okLine('clock', `agrees with ConnectWise within ${Math.ceil(apart / 1000)} s`)];
  const minutes = Math.round(apart / 60_000);
  const detail = `this computer is ${minutes} min ${skew > 0 ? 'ahead of' : 'behind'} ConnectWise`;
  return [warningLine('clock', detail, 'Let the system set its clock by the network; dates such as today go by it.')];
}
