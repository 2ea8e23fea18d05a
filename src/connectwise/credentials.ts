import { GatewayError } from '../core/errors.ts';
import { settingNames } from './setting-names.ts';

export interface CredentialSettings {
  companyId?: string | undefined;
  publicKey?: string | undefined;
  privateKey?: string | undefined;
  authPrefix?: string | undefined;
  clientId?: string | undefined;
}

/** What a request proves itself with (CW 1.3.1, 1.3.5). */
export interface Credentials {
  /** Company, plus sign, public key. */
  userName: string;
  /** The private key. */
  password: string;
  clientId: string;
  /** The login company: whose data it is. */
  company: string;
}

const guidPattern = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i;

/** Whether a text has the form of client ids. */
export const isGuid = (text: string): boolean => guidPattern.test(text);

/**
 * User name = prefix + public key; without a prefix, the company is the prefix. Configurations made for the Python
 * gateway hold the client id, a GUID, in the company's setting, and the company in the prefix.
 * @throws GatewayError `not_configured` naming every missing setting, `configuration_invalid` for one that cannot be sent
 */
export function readCredentials(settings: CredentialSettings): Credentials {
  const { prefix, publicKey, privateKey, clientId } = readParts(settings);
  if (!prefix || !publicKey || !privateKey || !clientId) throw notConfigured(settings);
  checkSendable(prefix, publicKey, clientId, settings.authPrefix ? settingNames.authPrefix : settingNames.companyId);
  return { userName: `${prefix}${publicKey}`, password: privateKey, clientId, company: prefix.slice(0, -1) };
}

/** The value of the `Authorization` header. */
export function basicAuthorization({ userName, password }: Credentials): string {
  return `Basic ${Buffer.from(`${userName}:${password}`, 'utf8').toString('base64')}`;
}

/** Texts that must appear in no log, reply or error. */
export function secrets(credentials: Credentials): string[] {
  const publicKey = credentials.userName.slice(credentials.company.length + 1);
  const encoded = basicAuthorization(credentials).slice('Basic '.length);
  return [credentials.password, publicKey, credentials.clientId, encoded];
}

/** The error that names what is missing of the credentials, and of `others`. */
export function notConfigured(settings: CredentialSettings, others: readonly string[] = []): GatewayError {
  const { prefix, publicKey, privateKey, clientId, companyIsClientId } = readParts(settings);
  const missing = [...others];
  if (!prefix) missing.push(settingNames.companyId);
  if (!publicKey) missing.push(settingNames.publicKey);
  if (!privateKey) missing.push(settingNames.privateKey);
  if (!clientId) missing.push(settingNames.clientId);
  const reason =
    !prefix && companyIsClientId
      ? ` ${settingNames.companyId} holds a client id (a GUID): put the company you log in with into ${settingNames.authPrefix}.`
      : '';
  const be = missing.length === 1 ? 'is' : 'are';
  return new GatewayError(
    'not_configured',
    `ConnectWise cannot be called: ${missing.join(', ')} ${be} not set.${reason}`,
    {
      details: { settings: missing },
    },
  );
}

/** What the settings hold, each in its own place; what is missing is undefined. The prefix ends in a plus sign. */
export function readParts(settings: CredentialSettings) {
  const companyId = settings.companyId?.trim();
  const guid = companyId?.match(guidPattern)?.[1];
  return {
    prefix: toPrefix(settings.authPrefix) ?? (guid === undefined ? toPrefix(companyId) : undefined),
    publicKey: settings.publicKey?.trim(),
    privateKey: settings.privateKey?.trim(),
    clientId: settings.clientId?.trim().replace(guidPattern, '$1') || guid,
    companyIsClientId: guid !== undefined,
  };
}

function toPrefix(text: string | undefined): string | undefined {
  const company = text?.trim().replace(/\++$/, '').trimEnd();
  return company ? `${company}+` : undefined;
}

function checkSendable(prefix: string, publicKey: string, clientId: string, prefixSetting: string): void {
  // RFC 7617: the first colon ends the user name.
  const holdsColon = prefix.includes(':')
    ? prefixSetting
    : publicKey.includes(':')
      ? settingNames.publicKey
      : undefined;
  if (holdsColon !== undefined) throw unsendable(holdsColon, 'a colon');
  // The client id travels as a header as it is, and header values are visible ASCII.
  if (!/^[\x21-\x7e]+$/.test(clientId)) throw unsendable(settingNames.clientId, 'spaces or letters outside ASCII');
}

function unsendable(field: string, what: string): GatewayError {
  return new GatewayError('configuration_invalid', `The setting ${field} may not contain ${what}.`, {
    details: { field },
  });
}
