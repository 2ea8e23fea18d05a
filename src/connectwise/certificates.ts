import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import { GatewayError } from '../core/errors.ts';
import { settingNames } from './setting-names.ts';

/**
 * What servers are believed by: Node's own authorities, those of the system (security software that looks into
 * connections puts its own there), and those of `caFile`, which is what on-premises servers need (CW 1.1.4). Versions
 * and ciphers that protect nothing are out, whatever the variables of Node say.
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
    // OpenSSL passes over what it cannot read, and the server is not believed without a word why.
    for (const certificate of found) new X509Certificate(certificate);
  } catch (cause) {
    throw invalid('holds a certificate that is damaged', cause);
  }
  return found;
}
