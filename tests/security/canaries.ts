import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Marked keys that nothing else looks like. */
export const keys = {
  CONNECTWISE_COMPANY_ID: 'acme',
  CONNECTWISE_PUBLIC_KEY: 'PublicCanary7781',
  CONNECTWISE_PRIVATE_KEY: 'PrivateCanary9923/+',
  CONNECTWISE_CLIENT_ID: 'c1a2b3d4-5566-4788-99aa-bbcanary0000',
} as const;

export const userName = `${keys.CONNECTWISE_COMPANY_ID}+${keys.CONNECTWISE_PUBLIC_KEY}`;
const pair = `${userName}:${keys.CONNECTWISE_PRIVATE_KEY}`;
/** The header with the credentials. */
export const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;

/** Members of records that hold a secret by their name or type; what ConnectWise itself would send. */
export const recordSecrets = {
  password: 'RecordPassword5521',
  accessToken: 'RecordToken5522',
  nested: { apiKey: 'RecordApiKey5523' },
  customFields: [{ id: 9, caption: 'Door', type: 'Password', entryMethod: 'EntryField', value: 'RecordDoor5524' }],
} as const;
const secretsOfRecords = /Record(?:Password|Token|ApiKey|Door)552\d/;

/** Every form in which a key may be written, computed without the code that redacts it. */
export const forms: readonly string[] = [
  ...new Set(
    [keys.CONNECTWISE_PUBLIC_KEY, keys.CONNECTWISE_PRIVATE_KEY, keys.CONNECTWISE_CLIENT_ID, userName, pair].flatMap(
      (secret) => [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret),
        // Without what pads the end, so that it is found in the middle of more.
        Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1),
        Buffer.from(secret).toString('base64url').slice(0, -1),
        encodeURIComponent(Buffer.from(secret).toString('base64')),
        Buffer.from(secret).toString('hex'),
        // The part that every Base64 of a longer text contains, at each of the three possible offsets.
        Buffer.from(`a${secret}`).toString('base64').slice(4, -4),
        Buffer.from(`ab${secret}`).toString('base64').slice(4, -4),
      ],
    ),
  ),
].filter((form) => form.length >= 8);

/** Which marks a text or file holds. */
export function foundIn(content: string | Uint8Array): string[] {
  const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
  const secret = secretsOfRecords.exec(text)?.[0];
  return [...forms.filter((form) => text.includes(form)), ...(secret === undefined ? [] : [secret])];
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

/** Files below a folder that hold a mark, each with the marks. */
export function leaksBelow(folder: string): string[] {
  return filesBelow(folder).flatMap((file) => foundIn(readFileSync(file)).map((mark) => `${file}: ${mark}`));
}
