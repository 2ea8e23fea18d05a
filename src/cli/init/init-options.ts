import { GatewayError } from '../../core/errors.ts';
import { type ClientName, clientNames } from '../clients/find-clients.ts';
import type { CommandCall, Flag } from '../command.ts';

export const initFlags: Readonly<Record<string, Flag>> = {
  site: { type: 'string', description: 'Your ConnectWise: the address of its web page, or na, eu, au, aus, za' },
  company: { type: 'string', description: 'The company id you type when you log in to ConnectWise' },
  'keys-from-stdin': {
    type: 'boolean',
    description: 'Read public key, private key and client id from stdin: a line each, or JSON',
  },
  client: { type: 'string', description: 'claude-desktop, claude-code or all; those on this computer unless given' },
  name: { type: 'string', description: 'Name of the entry in the client, connectwise unless given' },
  yes: { type: 'boolean', description: 'Write without asking' },
  untested: { type: 'boolean', description: 'Write without trying the settings at ConnectWise' },
  remove: { type: 'boolean', description: 'Take the entry out of the clients, and the keys out of the settings file' },
  'dry-run': { type: 'boolean', description: 'Show what would change, and write nothing' },
};

export interface InitOptions {
  /** All that are found unless named. */
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
    throw new GatewayError('usage', `--client ${String(client)} is none of ${clientNames.join(', ')}, all.`);
  // What clients take as a name of a server.
  if (name !== undefined && !/^[\w-]{1,64}$/.test(String(name)))
    throw new GatewayError('usage', `--name ${JSON.stringify(name)} is no name: letters, digits, - and _ only.`);
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
