import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import { GatewayError } from '../core/errors.ts';
import { settingNames } from './setting-names.ts';

/**
 * What servers are believed by: Node's own authorities, those of the system (security software that looks into
 * connections puts its own there), and those of `caFile`, which is what on-premises servers need (CW 1.1.4).
 * @throws GatewayError `configuration_invalid` for a file that cannot be read or holds no certificate
 */
export async function openTrust(caFile: string | undefined): Promise<tls.SecureContext | undefined> {
  const system = systemCertificates();
  // What Node does by itself also knows NODE_EXTRA_CA_CERTS, which `ca` would put out of use.
  if (system === undefined && caFile === undefined) return undefined;
  const own = caFile === undefined ? [] : await readCertificates(caFile);
  // Made once: parsing some hundred certificates for each connection costs more than the connection.
  return tls.createSecureContext({ ca: [...new Set([...(system ?? tls.rootCertificates), ...own])] });
}

/** Which of the three stores the chain of a believed certificate ends in. */
export async function findAuthority(chain: readonly X509Certificate[], caFile: string | undefined): Promise<string> {
  const isOf = (store: readonly string[]) => {
    const known = new Set(store.map((pem) => new X509Certificate(pem).fingerprint256));
    return chain.some(({ fingerprint256 }) => known.has(fingerprint256));
  };
  if (caFile !== undefined && isOf(await readCertificates(caFile))) return `the file of ${settingNames.caFile}`;
  if (isOf(tls.rootCertificates)) return "Node's own list";
  return 'the list of this system';
}

/** Absent on Node 22 before 22.15. */
function systemCertificates(): readonly string[] | undefined {
  if (typeof tls.getCACertificates !== 'function') return undefined;
  return [...tls.getCACertificates('default'), ...tls.getCACertificates('system')];
}

async function readCertificates(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw invalidFile(file, 'cannot be read', cause);
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw invalidFile(file, 'holds no certificate');
  try {
    // OpenSSL passes over what it cannot read, and the server is not believed without a word why.
    for (const certificate of found) new X509Certificate(certificate);
  } catch (cause) {
    throw invalidFile(file, 'holds a certificate that is damaged', cause);
  }
  return found;
}

function invalidFile(file: string, problem: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'configuration_invalid',
    `The file ${JSON.stringify(file)} of ${settingNames.caFile} ${problem}.`,
    {
      hint: 'Name a file with your authority\'s certificates in PEM form ("-----BEGIN CERTIFICATE-----").',
      details: { field: settingNames.caFile },
      cause,
    },
  );
}
