import { isGuid, parseWrittenSite, readCredentialParts } from '../connectwise/index.ts';
import type { TestedSettings } from './connection-test.ts';

type Written = { [Name in keyof TestedSettings | 'authPrefix']?: string | undefined };

/** Where the API of a site is, however a person writes the site. */
export function readApiUrl(written: string): string {
  return parseWrittenSite(written).root;
}

/**
 * Settings as people and older configurations write them, each in its own place: a client id that stands as the
 * company, a company that stands in the prefix or before the public key.
 */
export function readWrittenSettings(written: Written): Partial<TestedSettings> {
  const { prefix, publicKey, privateKey, clientId } = readCredentialParts(written);
  const companyId = prefix?.slice(0, -1);
  const apiUrl = written.apiUrl?.trim();
  return {
    ...(apiUrl ? { apiUrl: readApiUrl(apiUrl) } : {}),
    ...(companyId ? { companyId } : {}),
    ...(publicKey ? { publicKey: withoutPrefix(publicKey, prefix) } : {}),
    ...(privateKey ? { privateKey } : {}),
    ...(clientId ? { clientId } : {}),
  };
}

/** ConnectWise's own examples write company, plus sign and key as one. */
function withoutPrefix(publicKey: string, prefix: string | undefined): string {
  const repeats = prefix !== undefined && publicKey.toLowerCase().startsWith(prefix.toLowerCase());
  return repeats ? publicKey.slice(prefix.length) : publicKey;
}

/** What is visibly wrong with a value, before anything is asked of ConnectWise; it never repeats the value. */
export function findFault(name: keyof TestedSettings, value: string): string | undefined {
  if (name === 'clientId' && !isGuid(value))
    return 'A client id looks like 00000000-0000-0000-0000-000000000000; this does not.';
  if (name === 'publicKey' || name === 'privateKey') {
    if (/\s/.test(value)) return 'A key has no spaces in it. Copy it alone.';
    if (isGuid(value)) return 'This looks like the client id, not like a key.';
    if (name === 'publicKey' && value.includes(':')) return 'A public key has no colon in it.';
  }
  return undefined;
}
