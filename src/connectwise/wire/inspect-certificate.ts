import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import { findAuthority, openTrust } from '../certificates.ts';

/** What a server shows of itself, and whether it is believed. */
export interface SeenCertificate {
  validUntil: Date;
  /** Name of who signed it. */
  issuer: string;
  /** Which store believes it; undefined where none does. */
  trustedBy?: string;
  /** OpenSSL's word for why not, such as `CERT_HAS_EXPIRED`. */
  distrust?: string;
}

/**
 * Shakes hands with the server and sends nothing. The certificate is looked at before it is believed, since the reason
 * why it is not is what this is for.
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
  const socket = tls.connect({
    host,
    port: Number(port || 443),
    // Names go with the handshake, addresses may not (RFC 6066).
    ...(isIP(host) === 0 && { servername: host }),
    secureContext: trust,
    // Nothing is sent on this connection.
    rejectUnauthorized: false,
  });
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
  const seen = { validUntil: new Date(certificate.valid_to), issuer: String(organisation ?? name ?? 'nobody named') };
  // Types say Error; what is there is its code.
  if (!socket.authorized) return { ...seen, distrust: String(socket.authorizationError) };
  const chain: X509Certificate[] = [];
  // Ten is longer than any chain; the last one names itself as its issuer.
  for (let link = certificate; chain.length < 10 && link?.raw !== undefined; link = link.issuerCertificate) {
    chain.push(new X509Certificate(link.raw));
    if (link.issuerCertificate === link) break;
  }
  return { ...seen, trustedBy: await findAuthority(chain, caFile) };
}
