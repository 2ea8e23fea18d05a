import { resolve } from 'node:path';
import { type LoadedConfig, loadConfig } from '../../config/index.ts';
import { readPlace } from '../clients/place.ts';
import type { CommandCall } from '../command.ts';
import { applyPlans } from './apply.ts';
import { folderOfEntry, readClients, refuseForeign } from './clients.ts';
import { isSandbox, removeEntry, settingsOf } from './entry.ts';
import { type FilePlan, holdsKeys, type ReadClient, readFile } from './plan.ts';
import type { Done, SetUp } from './set-up.ts';
import { forgetConnection } from './settings-file.ts';

/** Takes the entries out, and the keys too once no client needs them any more. Saved queries, journal and log stay. */
export async function takeBack(call: CommandCall, { options, screen, now }: SetUp): Promise<Done> {
  const { terminal, settings } = call;
  const place = readPlace(terminal);
  const clients = readClients(place, options);
  refuseForeign(clients);
  const plans = clients.flatMap(planRemoval);
  const flags = { ...folderOfEntry(clients, terminal.environment), ...settings };
  const loaded = loadConfig({ ...terminal, flags });
  const everywhere = readClients(place, { ...options, client: undefined });
  if (!everywhere.some((client) => needsSettings(client, plans, loaded))) {
    const before = readFile(loaded.file);
    const after = forgetConnection(before.json);
    plans.push({ title: 'Settings', before, after, shown: [], heldKeys: true });
  }
  const outcomes = await applyPlans(plans, { screen, options, asks: true, now: now() });
  if (outcomes.some(({ action }) => action === 'written')) {
    screen.say(`\nThe keys are valid in ConnectWise until you delete them there: My Account > API Keys (those of an
API member: System > Members > API Members). Saved queries, the journal of changes and the log stay in
${loaded.config.dataDir}: delete that folder if you want them gone.`);
  }
  return { outcomes };
}

function planRemoval({ client, bytes, json, entry }: ReadClient): FilePlan[] {
  if (entry === undefined) return [];
  const { name } = entry;
  const after = removeEntry(json, entry);
  const shown = ['mcpServers', name];
  return [{ title: client.title, before: { bytes, json }, after, shown, client, name, heldKeys: holdsKeys(entry) }];
}

/** Whether an entry of this program stays that reads the same settings file. */
function needsSettings(
  { client, entries }: ReadClient,
  plans: readonly FilePlan[],
  { config, origins }: LoadedConfig,
): boolean {
  const gone = plans.filter((plan) => plan.client?.file === client.file).map(({ name }) => name);
  return entries.some((entry) => {
    const { dataDir } = settingsOf(entry);
    const readsIt = dataDir === undefined ? origins.dataDir === 'default' : resolve(dataDir) === config.dataDir;
    return entry.isOwn && readsIt && !isSandbox(entry) && !gone.includes(entry.name);
  });
}
