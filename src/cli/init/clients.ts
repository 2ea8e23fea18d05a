import { options } from '../../config/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { type ClientFile, findClientFiles, type Place, usualClientFiles } from '../clients/find-clients.ts';
import { isSandbox, settingsOf } from './entry.ts';
import type { InitOptions } from './init-options.ts';
import { type ReadClient, readClient } from './plan.ts';

/**
 * The clients that the words mean, with what they have of this program: those on this computer, or the one that was
 * named, there or not.
 * @throws GatewayError `configuration_invalid` for a file that does not parse
 */
export function readClients(place: Place, wanted: InitOptions): ReadClient[] {
  const { client } = wanted;
  const found = findClientFiles(place).filter((one) => client === undefined || one.client === client);
  const files: ClientFile[] = found.length > 0 || client === undefined ? found : usualClientFiles(place, client);
  return files.map((file) => readClient(file, place, wanted));
}

/** @throws GatewayError `usage` where the name belongs to another program */
export function refuseForeign(clients: readonly ReadClient[]): void {
  for (const { entry, client } of clients) {
    if (entry === undefined || entry.isOwn) continue;
    throw new GatewayError('usage', `${client.title} has an entry "${entry.name}" that starts another program.`, {
      hint: 'Choose another name with --name.',
      details: { field: client.file },
    });
  }
}

/** The data folder that an entry names, unless one is named now: its settings file is the one that counts. */
export function folderOfEntry(clients: readonly ReadClient[], environment: Place['environment']): { dataDir?: string } {
  const folders = clients.flatMap(({ entry }) => (entry === undefined ? [] : (settingsOf(entry).dataDir ?? [])));
  const [dataDir] = environment[options.dataDir.variable] ? [] : folders;
  return dataDir === undefined ? {} : { dataDir };
}

/**
 * One settings file is one company. An entry that is left alone and reads the same file would silently change to the
 * other one.
 * @throws GatewayError `usage`
 */
export function refuseSecondCompany(clients: readonly ReadClient[], stored: string, wanted: string): void {
  if (stored.toLowerCase() === wanted.toLowerCase()) return;
  const others = clients.flatMap(({ entries, entry }) => entries.filter((one) => one !== entry && one.isOwn));
  const other = others.find((one) => !isSandbox(one) && settingsOf(one).dataDir === undefined);
  if (other === undefined) return;
  throw new GatewayError(
    'usage',
    `The entry "${other.name}" works with company ${stored}, and would change to ${wanted}.`,
    { hint: 'Give the second company a folder of its own: --data-dir ~/.cwm-api-gateway-2.' },
  );
}
