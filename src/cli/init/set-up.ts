import { type LoadedConfig, loadConfig, type OptionName } from '../../config/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { createConnectionTest, type TestedSettings } from '../../gateway/connection-test.ts';
import { readApiUrl, readWrittenSettings } from '../../gateway/written-settings.ts';
import { readJsonText, readValue } from '../clients/json-text.ts';
import { readPlace } from '../clients/place.ts';
import type { CommandCall } from '../command.ts';
import { applyPlans, type Outcome } from './apply.ts';
import { folderOfEntry, readClients, refuseForeign, refuseSecondCompany } from './clients.ts';
import { isSandbox, setEntry, settingsOf } from './entry.ts';
import { gatherSettings } from './gather.ts';
import type { InitOptions } from './init-options.ts';
import { readKeysFrom } from './keys-from-stdin.ts';
import { type FilePlan, holdsKeys, type ReadClient, readFile } from './plan.ts';
import { type AnswerName, welcome } from './questions.ts';
import type { Screen } from './screen.ts';
import { findServerCommand, type ServerCommand } from './server-command.ts';
import { connectionSettings, setSettings } from './settings-file.ts';

export interface SetUp {
  options: InitOptions;
  screen: Screen;
  now(): Date;
  random(): number;
}

export interface Done {
  outcomes: Outcome[];
  /** What to put into a client that init does not know; only where none was found. */
  snippet?: string;
}

/** Asks, tests and writes; with the sandbox there is nothing to ask and nothing to test. */
export async function setUp(call: CommandCall, { options, screen, now, random }: SetUp): Promise<Done> {
  const { terminal } = call;
  const place = readPlace(terminal);
  const clients = readClients(place, options);
  refuseForeign(clients);
  const given = await readGiven(call, options);
  const loaded = loadConfig({ ...terminal, flags: { ...folderOfEntry(clients, terminal.environment), ...given } });
  const server = findServerCommand(place);
  if (server.doubt !== undefined) screen.status(server.doubt);
  const plans: FilePlan[] = [];
  let asks = true;
  if (loaded.config.sandbox) asks = replacesReal(clients, options, screen);
  else {
    const connection = await gather(loaded, { clients, options, screen, now, random });
    const stored = readFile(loaded.file);
    const { companyId } = readValue(stored.json);
    if (typeof companyId === 'string' && !hasOwnFolder(loaded))
      refuseSecondCompany(clients, companyId, connection.companyId);
    const after = setSettings(stored.json, connection, given);
    plans.push({ title: 'Settings', before: stored, after, shown: [], heldKeys: false });
  }
  const entries = { options, server, loaded, given };
  plans.push(...clients.map((client) => planEntry(client, entries)));
  const outcomes = await applyPlans(plans, { screen, options, asks, now: now() });
  return { outcomes, ...(clients.length === 0 && { snippet: renderSnippet(entries) }) };
}

/** Texts of settings given now, by flags of either name and from stdin. */
async function readGiven({ terminal, settings, flags }: CommandCall, { keysFromStdin }: InitOptions) {
  const keys = keysFromStdin ? await readKeysFrom(terminal.stdin) : {};
  const { site, company } = flags;
  return {
    ...settings,
    ...(typeof site === 'string' && { apiUrl: readApiUrl(site) }),
    ...(typeof company === 'string' && { companyId: company }),
    ...keys,
  };
}

/** The sandbox asks nothing, unless it would take the place of a connection that works. */
function replacesReal(clients: readonly ReadClient[], { yes, dryRun }: InitOptions, { asker }: Screen): boolean {
  const real = clients.find(({ entry }) => entry !== undefined && !isSandbox(entry));
  if (real === undefined || yes || dryRun) return false;
  if (asker !== undefined) return true;
  throw new GatewayError(
    'usage',
    `The entry "${real.entry?.name}" of ${real.client.title} works with your ConnectWise.`,
    {
      hint: 'Put the sandbox beside it with --name connectwise-sandbox, or in its place with --yes.',
    },
  );
}

interface Gather extends SetUp {
  clients: readonly ReadClient[];
}

async function gather(
  loaded: LoadedConfig,
  { clients, options, screen, now, random }: Gather,
): Promise<TestedSettings> {
  const { config, origins } = loaded;
  const isGivenNow = (name: OptionName) => origins[name] === 'flag' || origins[name] === 'environment';
  const entry = clients.find((client) => client.entry !== undefined)?.entry;
  const inEntry = entry === undefined ? {} : settingsOf(entry);
  // As when the program runs: what the entry passes on wins over the settings file.
  const stored = { ...readWrittenSettings(pick(config, (name) => !isGivenNow(name))), ...readWrittenSettings(inEntry) };
  const givenNow = readWrittenSettings(pick(config, isGivenNow));
  const known = { ...stored, ...givenNow };
  const settled = new Set(Object.keys(options.yes ? known : givenNow) as AnswerName[]);
  const caFile = config.caFile ?? inEntry.caFile;
  const test = createConnectionTest({ caFile, timeoutSeconds: config.timeoutSeconds, now, random });
  if (screen.asker !== undefined && settled.size < 5) screen.say(welcome);
  const tested = options.untested ? undefined : test;
  return gatherSettings({ screen, test: tested, known, settled, explained: new Set() });
}

function pick(config: LoadedConfig['config'], isWanted: (name: OptionName) => boolean) {
  return Object.fromEntries(connectionSettings.flatMap((name) => (isWanted(name) ? [[name, config[name]]] : [])));
}

/** Another data folder than the usual one, which the entry then names. */
const hasOwnFolder = ({ origins }: LoadedConfig) => origins.dataDir === 'flag' || origins.dataDir === 'environment';

interface EntryParts {
  options: InitOptions;
  server: ServerCommand;
  loaded: LoadedConfig;
  given: Readonly<Partial<Record<OptionName, string>>>;
}

function planEntry({ client, bytes, json, entry }: ReadClient, parts: EntryParts): FilePlan {
  const name = entry?.name ?? parts.options.name;
  const after = setEntry(json, entry, { name, client: client.client, server: parts.server, ...decide(parts) });
  const before = { bytes, json };
  return { title: client.title, before, after, shown: ['mcpServers', name], client, name, heldKeys: holdsKeys(entry) };
}

/** What the entry says itself, and what it leaves to the settings file. */
function decide({ loaded, given }: EntryParts) {
  const { config } = loaded;
  const isOwnFolder = hasOwnFolder(loaded);
  const flags = [
    ...(config.sandbox ? ['--sandbox'] : []),
    ...(given.mode === 'allow' ? ['--mode', 'allow'] : []),
    ...(isOwnFolder ? ['--data-dir', config.dataDir] : []),
  ];
  const decided = (Object.keys(given) as OptionName[]).concat('sandbox', isOwnFolder ? ['dataDir'] : []);
  // Keys of an entry that becomes the sandbox's stay: nothing else has them.
  return { flags, settled: new Set<OptionName>(config.sandbox ? decided : [...decided, ...connectionSettings]) };
}

function renderSnippet(parts: EntryParts): string {
  const { name } = parts.options;
  const wanted = { name, client: 'claude-desktop' as const, server: parts.server, ...decide(parts) };
  return setEntry(readJsonText(undefined, ''), undefined, wanted).text;
}
