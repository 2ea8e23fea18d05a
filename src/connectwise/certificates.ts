import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import { GatewayError } from '../core/errors.ts';
import { settingNames } from './credentials.ts';

/**
 * What servers are verified with: Node's own authorities, those of the system (security software that inspects
 * connections adds its own there), and those of `caFile`, which on-premises servers need (CW 1.1.4). Insecure
 * versions and ciphers are excluded, whatever the variables of Node say.
 * @throws GatewayError `configuration_invalid` for a file that cannot be read or holds no certificate, or for
 * `--tls-cipher-list` in NODE_OPTIONS where no cipher is left
 */
export async function openTrust(caFile: string | undefined): Promise<tls.SecureContext> {
  const system = systemCertificates();
  const own = caFile === undefined ? [] : await readCertificates(caFile);
  // Without `ca` Node takes its own authorities and those of NODE_EXTRA_CA_CERTS.
  const isDefault = system === undefined && caFile === undefined;
  const ca = isDefault ? {} : { ca: [...new Set([...(system ?? tls.rootCertificates), ...own])] };
  try {
    // Made once: parsing some hundred certificates for each connection costs more than the connection.
    return tls.createSecureContext({ ...ca, ...protection() });
  } catch (cause) {
    throw new GatewayError('configuration_invalid', 'No cipher of --tls-cipher-list in NODE_OPTIONS encrypts.', {
      hint: 'Remove --tls-cipher-list from NODE_OPTIONS.',
      cause,
    });
  }
}

/** `--tls-min-v1.0` and `--tls-cipher-list` in NODE_OPTIONS would weaken every connection of the process. */
function protection(): tls.SecureContextOptions {
  return {
    minVersion: tls.DEFAULT_MIN_VERSION === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2',
    // `!` removes for good: ciphers without a certificate, and those without encryption.
    ciphers: `${tls.DEFAULT_CIPHERS}:!aNULL:!eNULL`,
  };
}

/** Absent on Node 22 before 22.15. */
function systemCertificates(): readonly string[] | undefined {
  if (typeof tls.getCACertificates !== 'function') return undefined;
  return [...tls.getCACertificates('default'), ...tls.getCACertificates('system')];
}

/**
 * The certificates of a file, in PEM form.
 * @param setting the one that names the file
 * @throws GatewayError `configuration_invalid` for a file that cannot be read, holds none or a damaged one
 */
export async function readCertificates(file: string, setting: string = settingNames.caFile): Promise<string[]> {
  const invalid = (problem: string, cause?: unknown) =>
    new GatewayError('configuration_invalid', `The file ${JSON.stringify(file)} of ${setting} ${problem}.`, {
      hint: 'Name a file with your authority\'s certificates in PEM form ("-----BEGIN CERTIFICATE-----").',
      details: { field: setting },
      cause,
    });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw invalid('cannot be read', cause);
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw invalid('holds no certificate');
  try {
    // OpenSSL skips what it cannot read, and the connection would then fail without naming this file.
    for (const certificate of found) new X509Certificate(certificate);
  } catch (cause) {
    throw invalid('holds a certificate that is damaged', cause);
  }
  return found;
}

/** The certificate that a server shows, and whether it is trusted. */
export interface SeenCertificate {
  validUntil: Date;
  /** Name of the authority that signed it. */
  issuer: string;
  /** The store that trusts it; absent where none does. */
  trustedBy?: string;
  /** OpenSSL's code of the reason why not, such as `CERT_HAS_EXPIRED`. */
  distrust?: string;
}

/**
 * Opens a TLS connection, sends nothing, and closes it. An untrusted certificate is accepted here, so that the reason
 * why it is not trusted can be read from it.
 * @throws GatewayError for the file of `caFile`, or what the network throws
 */
export async function inspectCertificate(
  origin: string,
  caFile: string | undefined,
  signal: AbortSignal,
): Promise<SeenCertificate> {
  const trust = await openTrust(caFile);
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const options: tls.ConnectionOptions = {
    host,
    port: Number(port || 443),
    secureContext: trust,
    // Nothing is sent on this connection.
    rejectUnauthorized: false,
  };
  // The handshake may carry a name, but not an address (RFC 6066).
  if (isIP(host) === 0) options.servername = host;
  const socket = tls.connect(options);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  socket.once('secureConnect', resolve).on('error', reject);
  try {
    await promise;
    return await describe(socket, caFile);
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}

async function describe(socket: tls.TLSSocket, caFile: string | undefined): Promise<SeenCertificate> {
  const certificate = socket.getPeerCertificate(true);
  const { O: organisation, CN: name } = certificate.issuer;
  const seen = { validUntil: new Date(certificate.valid_to), issuer: String(organisation ?? name ?? 'unknown') };
  // The type is Error, but the value is its code.
  if (!socket.authorized) return { ...seen, distrust: String(socket.authorizationError) };
  const chain: X509Certificate[] = [];
  // Ten is longer than any chain; the last one names itself as its issuer.
  for (let link = certificate; chain.length < 10 && link?.raw !== undefined; link = link.issuerCertificate) {
    chain.push(new X509Certificate(link.raw));
    if (link.issuerCertificate === link) break;
  }
  return { ...seen, trustedBy: await findAuthority(chain, caFile) };
}

/** The one of the three stores that the chain of a trusted certificate ends in. */
async function findAuthority(chain: readonly X509Certificate[], caFile: string | undefined): Promise<string> {
  const isOf = (store: readonly string[]) => {
    const known = new Set(store.map((pem) => new X509Certificate(pem).fingerprint256));
    return chain.some(({ fingerprint256 }) => known.has(fingerprint256));
  };
  if (caFile !== undefined && isOf(await readCertificates(caFile))) return `the file of ${settingNames.caFile}`;
  if (isOf(tls.rootCertificates)) return "Node's own list";
  return 'the list of this system';
}
