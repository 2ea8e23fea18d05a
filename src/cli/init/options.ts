import * as z from 'zod';
import { options } from '../../config/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { readJson } from '../../core/json.ts';
import type { CommandCall, Flag } from '../command.ts';
import { type ClientName, clientNames } from '../hosts.ts';

export const initFlags: Readonly<Record<string, Flag>> = {
  site: { type: 'string', description: 'Your ConnectWise: the address of its web page, or na, eu, au, aus, za' },
  company: { type: 'string', description: 'The company id you type when you log in to ConnectWise' },
  'keys-from-stdin': {
    type: 'boolean',
    description: 'Read public key, private key and client id from stdin: one per line, or JSON',
  },
  client: {
    type: 'string',
    description: `${clientNames.join(', ')} or all (default: those on this computer)`,
  },
  name: { type: 'string', description: 'Name of the entry in the client (default: connectwise)' },
  yes: { type: 'boolean', description: 'Write without asking' },
  untested: { type: 'boolean', description: 'Write without testing the settings with ConnectWise' },
  remove: { type: 'boolean', description: 'Remove the entry from the clients, and the keys from the settings file' },
  'dry-run': { type: 'boolean', description: 'Show what would change, and write nothing' },
};

export interface InitOptions {
  /** Undefined for all that are found. */
  client: ClientName | undefined;
  name: string;
  isNameGiven: boolean;
  keysFromStdin: boolean;
  yes: boolean;
  untested: boolean;
  dryRun: boolean;
  remove: boolean;
}

/** @throws GatewayError `usage` that names the flag, its value and what is allowed */
export function readInitOptions(flags: CommandCall['flags']): InitOptions {
  const { name, client = 'all' } = flags;
  const known = clientNames.find((one) => one === client);
  if (known === undefined && client !== 'all')
    throw new GatewayError('usage', `--client ${String(client)} is not one of ${clientNames.join(', ')}, all.`);
  // What clients accept as the name of a server.
  if (name !== undefined && !/^[\w-]{1,64}$/.test(String(name)))
    throw new GatewayError(
      'usage',
      `--name ${JSON.stringify(name)} is not a valid name: letters, digits, - and _ only.`,
    );
  return {
    client: known,
    name: String(name ?? 'connectwise'),
    isNameGiven: name !== undefined,
    keysFromStdin: flags['keys-from-stdin'] === true,
    yes: flags.yes === true,
    untested: flags.untested === true,
    dryRun: flags['dry-run'] === true,
    remove: flags.remove === true,
  };
}

const keyNames = ['publicKey', 'privateKey', 'clientId'] as const;
type Keys = Partial<Record<(typeof keyNames)[number], string>>;

/** Far longer than keys. */
const maxBytes = 20_000;

/**
 * The keys of `--keys-from-stdin`.
 * @throws GatewayError `usage` for anything but lines or a JSON object of keys; the text is never repeated
 */
export async function readKeysFrom(stdin: AsyncIterable<Uint8Array | string>): Promise<Keys> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > maxBytes) throw unreadable();
  }
  return parseKeys(Buffer.concat(chunks).toString('utf8'));
}

/** JSON by the names of settings or of variables; otherwise public key, private key and client id, one per line. */
export function parseKeys(text: string): Keys {
  const clean = text.replace(/^\uFEFF/, '').trim();
  if (clean.startsWith('{')) return parseObject(clean);
  const lines = clean.split(/\r?\n/).map((line) => line.trim());
  if (clean === '' || lines.length > keyNames.length) throw unreadable();
  return Object.fromEntries(lines.flatMap((line, index) => (line === '' ? [] : [[keyNames[index] ?? '', line]])));
}

function parseObject(text: string): Keys {
  const parsed = z.record(z.string(), z.string()).safeParse(readJson(text));
  if (!parsed.success) throw unreadable();
  const found = keyNames.map((name) => [name, parsed.data[name] ?? parsed.data[options[name].variable]] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

function unreadable(): GatewayError {
  return new GatewayError('usage', 'Unexpected input on stdin for --keys-from-stdin.', {
    hint: 'Give the public key, the private key and the client id, one per line; or JSON: {"publicKey": …, "privateKey": …, "clientId": …}.',
  });
}
