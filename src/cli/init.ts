import { resolve } from 'node:path';
import { type LoadedConfig, loadConfig, type OptionName } from '../config/index.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { type Computer, findServerCommand, readComputer, type ServerCommand } from './clients.ts';
import type { Command, CommandCall } from './command.ts';
import { readHostText } from './host-text.ts';
import { clientNames, hostOf } from './hosts.ts';
import { type Approvals, askApprovals, planRule, removeRule, setRule } from './init/approvals.ts';
import { createConnectionTest, type TestedSettings } from './init/connection-test.ts';
import {
  folderOfEntry,
  holdsKeys,
  isSandbox,
  type ReadClient,
  readClients,
  readFile,
  refuseForeign,
  refuseSecondCompany,
  removeEntry,
  setEntry,
  settingsOf,
  type WantedEntry,
} from './init/entries.ts';
import { type AnswerName, gatherSettings, readApiUrl, readWrittenSettings, welcome } from './init/gather.ts';
import { type InitOptions, initFlags, readInitOptions, readKeysFrom } from './init/options.ts';
import { applyPlans, type FilePlan, type Outcome } from './init/plans.ts';
import { createScreen, type Screen } from './init/screen.ts';
import { askWho } from './init/who.ts';
import { type JsonText, readValue, setMember } from './json-text.ts';
import { exitStatus, print } from './print.ts';

export const init: Command = {
  name: 'init',
  summary: 'connect your assistant with your ConnectWise: asks, tests each step, writes the configuration',
  examples: ['init', 'init --client claude-code --sandbox'],
  flags: initFlags,
  async run(call: CommandCall) {
    const { terminal, flags } = call;
    const options = readInitOptions(flags);
    const screen = createScreen(terminal, flags.json === true);
    const parts = { options, screen, now: () => new Date(), random: Math.random };
    const done = await (options.remove ? removeAll : setUp)(call, parts);
    if (!options.remove) sayNext(done, screen, options);
    else if (done.outcomes.every(({ action }) => action === 'unchanged')) screen.say('There is nothing to remove.');
    await print(call, { data: toData(done, screen), text: '' });
    const isRefused = !options.dryRun && done.outcomes.some(({ action }) => action === 'not written');
    return isRefused ? exitStatus.waits : exitStatus.done;
  },
};

interface InitParts {
  options: InitOptions;
  screen: Screen;
  now(): Date;
  random(): number;
}

interface Done {
  outcomes: Outcome[];
  /** The configuration for a client that init does not know; only where no client was found. */
  snippet?: string;
}

/** Asks, tests and writes; with the sandbox there is nothing to ask or test. */
async function setUp(call: CommandCall, { options, screen, now, random }: InitParts): Promise<Done> {
  const { terminal } = call;
  const computer = readComputer(terminal);
  const clients = readClients(computer, options);
  refuseForeign(clients);
  const given = await readGiven(call, options);
  const loaded = loadConfig({ ...terminal, flags: { ...folderOfEntry(clients, terminal.environment), ...given } });
  const server = findServerCommand(computer);
  if (server.doubt !== undefined) screen.status(server.doubt);
  else if ([server.command, ...server.args].some((word) => /(?:^|[\\/])npx$/.test(word))) screen.say(slowStart);
  const plans: FilePlan[] = [];
  let asks = !options.yes;
  if (loaded.config.sandbox) asks = replacesReal(clients, options, screen);
  else {
    const { connection, who } = await gather(loaded, { clients, options, screen, now, random }, terminal.environment);
    const stored = readFile(loaded.file);
    const { companyId } = readValue(stored.json);
    if (typeof companyId === 'string' && !hasOwnFolder(loaded))
      refuseSecondCompany(clients, companyId, connection.companyId);
    const after = setSettings(stored.json, connection, { ...who, ...given });
    plans.push({ title: 'Settings', before: stored, after, shown: [], heldKeys: false });
  }
  const files = clients.map(({ client }) => client);
  const isSafe = loaded.config.sandbox || loaded.config.mode === 'read-only';
  const approvals = await askApprovals(files, { screen, yes: options.yes, isSafe });
  const entries = { options, server, loaded, given, proxy: readProxy(terminal.environment), approvals };
  for (const client of clients) {
    const plan = planEntry(client, entries);
    const rule = approvals.writesRules
      ? planRule({ client: client.client, name: plan.name }, computer, false)
      : undefined;
    plans.push(plan, ...(rule === undefined ? [] : [rule]));
  }
  const outcomes = await applyPlans(plans, { screen, dryRun: options.dryRun, asks, now: now() });
  return { outcomes, ...defined({ snippet: clients.length === 0 ? renderSnippet(entries) : undefined }) };
}

const slowStart = `The entry starts npx, which takes half a second more each time. To start at once:
npm install --global cwm-api-gateway-mcp, then cwm-api-gateway-mcp init.`;

/** Texts of settings given now, by flags of either name and from stdin. */
async function readGiven({ terminal, settings, flags }: CommandCall, { keysFromStdin }: InitOptions) {
  const keys = keysFromStdin ? await readKeysFrom(terminal.stdin) : {};
  const { site, company } = flags;
  return {
    ...settings,
    ...defined({
      apiUrl: typeof site === 'string' ? readApiUrl(site) : undefined,
      companyId: typeof company === 'string' ? company : undefined,
    }),
    ...keys,
  };
}

/**
 * Whether to ask before the sandbox is written: only where it would replace a real connection.
 * @throws GatewayError `usage` where it has to ask outside of a terminal
 */
function replacesReal(clients: readonly ReadClient[], { yes, dryRun }: InitOptions, { asker }: Screen): boolean {
  const real = clients.find(({ entry }) => entry !== undefined && !isSandbox(entry));
  if (real === undefined || yes || dryRun) return false;
  if (asker !== undefined) return true;
  const entry = `The entry "${real.entry?.name}" of ${real.client.title}`;
  throw new GatewayError('usage', `${entry} is connected to your ConnectWise.`, {
    hint: 'Add the sandbox beside it with --name connectwise-sandbox, or replace it with --yes.',
  });
}

interface Gather extends InitParts {
  clients: readonly ReadClient[];
}

async function gather(
  loaded: LoadedConfig,
  { clients, options, screen, now, random }: Gather,
  environment: Computer['environment'],
): Promise<{ connection: TestedSettings; who: Texts }> {
  const { config, origins, computersZone } = loaded;
  const isGivenNow = (name: OptionName) => origins[name] === 'flag' || origins[name] === 'environment';
  const entry = clients.find((client) => client.entry !== undefined)?.entry;
  const inEntry = entry === undefined ? {} : settingsOf(entry);
  // As when the program runs: what the entry passes on takes precedence over the settings file.
  const stored = { ...readWrittenSettings(pick(config, (name) => !isGivenNow(name))), ...readWrittenSettings(inEntry) };
  const givenNow = readWrittenSettings(pick(config, isGivenNow));
  const known = { ...stored, ...givenNow };
  const settled = new Set(Object.keys(options.yes ? known : givenNow) as AnswerName[]);
  const caFile = config.caFile ?? inEntry.caFile;
  const test = createConnectionTest({ caFile, timeoutSeconds: config.timeoutSeconds, now, random });
  if (screen.asker !== undefined && settled.size < 5) screen.say(welcome);
  const tested = options.untested ? undefined : test;
  const connection = await gatherSettings({ screen, test: tested, known, settled, explained: new Set() });
  if (screen.asker === undefined || options.yes) return { connection, who: {} };
  const isUnknown = config.member === undefined && tested !== undefined;
  const who = await askWho({
    screen,
    people: isUnknown ? await screen.during('Reading the members', () => test.people(connection)) : undefined,
    userName: environment.USER ?? environment.USERNAME,
    zone: config.timeZone === undefined ? computersZone.name : undefined,
  });
  return { connection, who };
}

function pick(config: LoadedConfig['config'], isWanted: (name: OptionName) => boolean) {
  return Object.fromEntries(connectionSettings.flatMap((name) => (isWanted(name) ? [[name, config[name]]] : [])));
}

/** A data folder other than the default, which the entry then names. */
const hasOwnFolder = ({ origins }: LoadedConfig) => origins.dataDir === 'flag' || origins.dataDir === 'environment';

interface EntryParts {
  options: InitOptions;
  server: ServerCommand;
  loaded: LoadedConfig;
  given: Texts;
  proxy: Record<string, string>;
  approvals: Approvals;
}

function planEntry({ client, bytes, json, entry }: ReadClient, parts: EntryParts): FilePlan & { name: string } {
  const name = entry?.name ?? parts.options.name;
  const host = hostOf(client.client);
  const { writesRules, readOnly } = parts.approvals;
  const wanted = wantedEntry(name, parts);
  if (readOnly.has(client.file) && !entry?.args.includes('--read-only')) wanted.flags.push('--read-only');
  const set = setEntry(json, host, entry, wanted);
  const after = writesRules ? setRule(set, { client, name }) : set;
  const before = { bytes, json };
  return { title: client.title, before, after, shown: [host.key, name], client, name, heldKeys: holdsKeys(entry) };
}

/** The flags of the entry, and the settings that it leaves to its flags and to the settings file. */
function decide({ loaded, given }: EntryParts) {
  const { config } = loaded;
  const isOwnFolder = hasOwnFolder(loaded);
  const flags = [
    ...(config.sandbox ? ['--sandbox'] : []),
    ...(given.mode === 'allow' ? ['--mode', 'allow'] : []),
    ...(isOwnFolder ? ['--data-dir', config.dataDir] : []),
  ];
  const decided = (Object.keys(given) as OptionName[]).concat('sandbox', isOwnFolder ? ['dataDir'] : []);
  // An entry that becomes the sandbox's keeps its keys, which may be stored nowhere else.
  return { flags, settled: new Set<OptionName>(config.sandbox ? decided : [...decided, ...connectionSettings]) };
}

function renderSnippet(parts: EntryParts): string {
  const host = hostOf('claude-desktop');
  return setEntry(readHostText(undefined, '', host), host, undefined, wantedEntry(parts.options.name, parts)).text;
}

const wantedEntry = (name: string, parts: EntryParts): WantedEntry & { flags: string[] } => ({
  ...{ name, server: parts.server, ...decide(parts) },
  proxy: parts.proxy,
});

/** Variables that lead through a proxy, and to the certificates behind it. */
const proxyNames = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS'] as const;

function readProxy(environment: CommandCall['terminal']['environment']): Record<string, string> {
  return Object.fromEntries(
    proxyNames.flatMap((name) => {
      const text = environment[name] || environment[name.toLowerCase()];
      return text ? [[name, text]] : [];
    }),
  );
}

/** Removes the entries, and the keys once no client needs them. Saved queries, journal and log stay. */
async function removeAll(call: CommandCall, { options, screen, now }: InitParts): Promise<Done> {
  const { terminal, settings } = call;
  const computer = readComputer(terminal);
  const clients = readClients(computer, options);
  refuseForeign(clients);
  const plans = clients.flatMap((client) => planRemoval(client, computer));
  const flags = { ...folderOfEntry(clients, terminal.environment), ...settings };
  const loaded = loadConfig({ ...terminal, flags });
  const everywhere = readClients(computer, { ...options, client: undefined });
  if (!everywhere.some((client) => needsSettings(client, plans, loaded))) {
    const before = readFile(loaded.file);
    plans.push({ title: 'Settings', before, after: withoutConnection(before.json), shown: [], heldKeys: true });
  }
  const { dryRun, yes } = options;
  const outcomes = await applyPlans(plans, { screen, dryRun, asks: !yes, now: now() });
  if (outcomes.some(({ action }) => action === 'written')) {
    screen.say(`\nThe keys stay valid in ConnectWise until you delete them there: My Account > API Keys (those of an
API member: System > Members > API Members). Saved queries, the change journal and the log are still in
${loaded.config.dataDir}: delete that folder if you do not need them.`);
  }
  return { outcomes };
}

function planRemoval({ client, bytes, json, entry }: ReadClient, computer: Computer): FilePlan[] {
  if (entry === undefined) return [];
  const { name } = entry;
  const host = hostOf(client.client);
  const after = removeEntry(removeRule(json, { client, name }), host, entry);
  const rule = planRule({ client, name }, computer, true);
  const shown = [host.key, name];
  const plan = { title: client.title, before: { bytes, json }, after, shown, client, name, heldKeys: holdsKeys(entry) };
  return rule === undefined ? [plan] : [plan, rule];
}

/** Whether an entry of this program that reads the same settings file remains. */
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

type Texts = Readonly<Partial<Record<OptionName, string>>>;

/** Settings of the connection; the prefix is another form of the company. */
export const connectionSettings = [
  'apiUrl',
  'companyId',
  'publicKey',
  'privateKey',
  'authPrefix',
  'clientId',
] as const satisfies readonly OptionName[];

/**
 * The settings file with the connection and what was given as flags. It is the only file with keys: every client and
 * every terminal reads it, while clients' files are rewritten, synchronised and copied by other programs.
 */
export function setSettings(json: JsonText, connection: TestedSettings, given: Texts): JsonText {
  const texts: Record<string, string | undefined> = { ...connection, authPrefix: undefined, ...storedTexts(given) };
  return Object.entries(texts).reduce((edited, [name, text]) => setMember(edited, [name], text), json);
}

function withoutConnection(json: JsonText): JsonText {
  return connectionSettings.reduce((edited, name) => setMember(edited, [name], undefined), json);
}

/** Settings that the settings file cannot hold, or that are only for one start. */
const neverStored: readonly OptionName[] = ['dataDir', 'sandbox', 'now'];
const paths: readonly OptionName[] = ['caFile', 'catalogFile', 'auditFile', 'downloadDir'];

/** Settings given as flags, as the file stores them; paths absolute, since a client starts the program in another folder. */
function storedTexts(given: Texts): Record<string, string> {
  const stored = (Object.entries(given) as [OptionName, string][]).filter(([name, text]) => {
    const isConnection = connectionSettings.some((one) => one === name);
    // The file may not set mode `allow` (ARCHITECTURE.md, decisions).
    return !isConnection && !neverStored.includes(name) && !(name === 'mode' && text === 'allow');
  });
  return Object.fromEntries(
    stored.map(([name, text]) => [name, paths.includes(name) && !text.startsWith('~') ? resolve(text) : text]),
  );
}

function sayNext({ outcomes, snippet }: Done, screen: Screen, { dryRun }: InitOptions): void {
  if (snippet !== undefined) {
    screen.say(
      `\nNone of these was found: ${clientNames.map((name) => hostOf(name).title).join(', ')}.\nConfiguration for another MCP client:`,
    );
    screen.say(snippet);
  }
  if (outcomes.some(({ action }) => action === 'not written')) {
    screen.say(dryRun ? 'Nothing was written: this was a dry run.' : 'Nothing was written.');
    return;
  }
  const clients = outcomes.filter(({ client }) => client !== undefined);
  if (clients.length > 0 && outcomes.every(({ action }) => action === 'unchanged'))
    screen.say('\nEverything is set up already; nothing was written.');
  if (clients.length > 0) screen.heading('Next steps');
  const known = new Set(clients.flatMap(({ client }) => client ?? []));
  for (const client of known) {
    const { title, restart = `Start ${title} again.` } = hostOf(client);
    screen.say(restart);
  }
  if (clients.length > 0) screen.say('Then ask your assistant: Is the ConnectWise connection working?');
}

function toData({ outcomes, snippet }: Done, { checks }: Screen): unknown {
  const configuration: unknown = snippet === undefined ? undefined : JSON.parse(snippet);
  return { checks, files: outcomes, ...defined({ configuration }) };
}
