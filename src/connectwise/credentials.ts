import { GatewayError } from '../core/errors.ts';

/** The settings of a connection, under the names that users know. */
export const settingNames = {
  apiUrl: 'CONNECTWISE_API_URL',
  companyId: 'CONNECTWISE_COMPANY_ID',
  publicKey: 'CONNECTWISE_PUBLIC_KEY',
  privateKey: 'CONNECTWISE_PRIVATE_KEY',
  authPrefix: 'CONNECTWISE_AUTH_PREFIX',
  clientId: 'CONNECTWISE_CLIENT_ID',
  caFile: 'CONNECTWISE_CA_FILE',
  codebase: 'CONNECTWISE_CODEBASE',
} as const;

export interface CredentialSettings {
  companyId?: string | undefined;
  publicKey?: string | undefined;
  privateKey?: string | undefined;
  authPrefix?: string | undefined;
  clientId?: string | undefined;
}

/** What authenticates a request (CW 1.3.1, 1.3.5). */
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
  const { prefix, publicKey, privateKey, clientId } = readCredentialParts(settings);
  if (!prefix || !publicKey || !privateKey || !clientId) throw notConfigured(settings);
  checkSendable(prefix, publicKey, clientId, settings.authPrefix ? settingNames.authPrefix : settingNames.companyId);
  return { userName: `${prefix}${publicKey}`, password: privateKey, clientId, company: prefix.slice(0, -1) };
}

/** The value of the `Authorization` header. */
export function basicAuthorization({ userName, password }: Credentials): string {
  return `Basic ${Buffer.from(`${userName}:${password}`, 'utf8').toString('base64')}`;
}

/** Texts that must appear in no log, reply or error. */
export function secretsOf(credentials: Credentials): string[] {
  const publicKey = credentials.userName.slice(credentials.company.length + 1);
  const encoded = basicAuthorization(credentials).slice('Basic '.length);
  return [credentials.password, publicKey, credentials.clientId, encoded];
}

/** The error that names what is missing of the credentials, and of `others`. */
export function notConfigured(settings: CredentialSettings, others: readonly string[] = []): GatewayError {
  const { prefix, publicKey, privateKey, clientId, companyIsClientId } = readCredentialParts(settings);
  const missing = [...others];
  if (!prefix) missing.push(settingNames.companyId);
  if (!publicKey) missing.push(settingNames.publicKey);
  if (!privateKey) missing.push(settingNames.privateKey);
  if (!clientId) missing.push(settingNames.clientId);
  const reason =
    !prefix && companyIsClientId
      ? ` ${settingNames.companyId} holds a client id (a GUID): put the company you log in with in ${settingNames.authPrefix}.`
      : '';
  const be = missing.length === 1 ? 'is' : 'are';
  const message = `ConnectWise cannot be called: ${missing.join(', ')} ${be} not set.${reason}`;
  return new GatewayError('not_configured', message, { details: { settings: missing } });
}

/** The parts of the credentials, wherever the settings hold them; undefined where missing. The prefix ends in a plus sign. */
export function readCredentialParts(settings: CredentialSettings) {
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

// Likely mistakes

/** What seems wrong about a setting, described without its value. */
export interface CredentialMistake {
  setting: string;
  problem: string;
  fix: string;
}

type Name = 'companyId' | 'publicKey' | 'privateKey' | 'authPrefix' | 'clientId';
interface Given {
  name: Name;
  setting: string;
  text: string;
}

const isKey = (name: Name) => name === 'publicKey' || name === 'privateKey';

/** Likely copying mistakes, found by the form alone: only ConnectWise knows whether keys are right. */
export function findCredentialMistakes(settings: CredentialSettings): CredentialMistake[] {
  const names: readonly Name[] = ['companyId', 'publicKey', 'privateKey', 'authPrefix', 'clientId'];
  const given = names.flatMap((name): Given[] => {
    const text = settings[name]?.trim();
    return text ? [{ name, setting: settingNames[name], text }] : [];
  });
  return [...given.flatMap((one) => findFormMistake(one) ?? []), ...findMixUps(given)];
}

function findFormMistake(given: Given): CredentialMistake | undefined {
  const { name, setting, text } = given;
  const found = (problem: string, fix: string) => ({ setting, problem, fix });
  if (/^["'`“”‘’«»]|["'`“”‘’«»]$/.test(text)) return found('has quotes around it', 'Write it without quotes.');
  if (/^your\b|example|^<.*>$|xxxx|^0{8}-/i.test(text))
    return found('is a placeholder', 'Replace it with your own value.');
  if (name === 'companyId' && /^https?:|\.(?:com|net)\b|@/i.test(text))
    return found('is an address', 'Write the company as you type it when you log in; the site has its own setting.');
  if (name === 'companyId' && /\+./.test(text))
    return found('holds more than the company', 'Write only the part before the plus sign.');
  if (isKey(name) && text.includes('+'))
    return found('holds a plus sign', 'Write the key alone, without the company and the plus sign before it.');
  if (/\s/.test(text) && (isKey(name) || name === 'clientId'))
    return found('has white space within it', 'Copy it again, in one piece.');
  return undefined;
}

function findMixUps(given: readonly Given[]): CredentialMistake[] {
  const textOf = (name: Name) => given.find((one) => one.name === name)?.text;
  const keys = given.filter(({ name }) => isKey(name));
  const mistakes: CredentialMistake[] = [];
  const [first, second] = keys;
  if (first !== undefined && second !== undefined && first.text === second.text) {
    const fix = 'Copy each from ConnectWise; the private one is shown once, when the key is made.';
    mistakes.push({ setting: second.setting, problem: `is the same as ${first.setting}`, fix });
  }
  for (const { setting, text } of keys) {
    if (!isGuid(text)) continue;
    mistakes.push({ setting, problem: 'is a GUID, as client ids are', fix: `Put it in ${settingNames.clientId}.` });
  }
  const clientId = textOf('clientId');
  if (clientId !== undefined && !isGuid(clientId)) {
    const fix = 'Copy it from developer.connectwise.com/ClientID: eight, four, four, four and twelve characters.';
    mistakes.push({ setting: settingNames.clientId, problem: 'is not a GUID', fix });
  }
  return mistakes;
}
