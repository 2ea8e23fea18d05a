import { join } from 'node:path';
import type { SandboxData } from '../../sandbox/index.ts';
import { openCatalog } from '../catalog/index.ts';
import { createChanges, openJournal, readingClient, readPolicies, writingClient } from '../changes/index.ts';
import { createSettingWords, type LoadedConfig, type SettingWords } from '../config/index.ts';
import {
  type ConnectWiseClient,
  type Credentials,
  createCodebaseFinder,
  createDownloads,
  createFetchTransport,
  createLookups,
  createUndiciTransport,
  createUploads,
  createWire,
  forgettingClient,
  isCodebaseOpen,
  openClient,
  type Patience,
  type Probed,
  type ProbeOptions,
  readConnection,
  runProbes,
  type Site,
  type Transport,
  type Wire,
  withCodebase,
} from '../connectwise/index.ts';
import { systemTimer } from '../core/async.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import type { Log, Redact } from '../core/log.ts';
import { once, onceSync } from '../core/once.ts';
import { unlessStorageFails } from '../core/storage.ts';
import { version } from '../core/version.ts';
import { createZone, type Zone } from '../core/zone.ts';
import { createLearning, openMemory } from '../memory/index.ts';
import { openResultStore } from '../results/index.ts';
import { loadSearchIndex, searchIndexKey, searchModelKey } from '../search/index.ts';
import { createOwnRecords } from './calls/own-records.ts';
import { createChangesEndpoints } from './local/changes.ts';
import { createLocalEndpoints, type LocalEndpoints } from './local/local-endpoints.ts';
import { createMeEndpoints } from './local/me.ts';
import { createReadings, createReadingsEndpoints } from './local/readings.ts';
import type { StatusLine } from './local/status/status-line.ts';
import { createStatusEndpoint, readStatus, type StatusOptions, type StatusParts } from './local/status.ts';
import { createConfigRedaction, createLazyLog } from './log.ts';
import { dataFolder, downloadFolders, isConfigured, siteOf } from './settings-in-use.ts';
import type { ToolContext } from './tools/tool.ts';

export interface GatewayParts {
  /** Reads the settings; called on first use, not at start. */
  load(): LoadedConfig;
  /** How settings are named to the user; as variables unless given. */
  words?: SettingWords;
  /** The catalog built with the program. */
  shippedCatalog: string;
  /** The program of the process that answers SQL. */
  sqlProgram: string;
  nodeVersion: string;
  stderr: { write(line: string): unknown };
  clock(): Date;
  /** From 0 up to 1. */
  random(): number;
  /** Data of the sandbox, where several gateways of one process share it. */
  sandboxData?: SandboxData;
  /** `off` for commands: a scheduled script shows nothing about what a person needs. The setting, unless given. */
  learn?: 'off';
  /** For commands, which answer with all rows and then end: only the disk limits how large the stored answers are. */
  wholeAnswers?: true;
  /** For a job that nobody waits for: reads that failed for a passing reason are tried for minutes. */
  patience?: Patience;
}

export interface Gateway {
  context: Omit<ToolContext, 'progress'>;
  redact: Redact;
  /** Blanks only the gateway's own keys. */
  blankKeys: Redact;
  words: SettingWords;
  readStatus(options?: StatusOptions): Promise<StatusLine[]>;
  /** Checks by reading which uncertain facts about ConnectWise are true here. */
  probe(options?: ProbeOptions): Promise<Probed[]>;
  close(): Promise<void>;
}

/** Puts everything together; each part opens on its first use, and what was opened is closed. */
export function openGateway(parts: GatewayParts): Gateway {
  const { clock, nodeVersion, words = createSettingWords({}) } = parts;
  const load = onceSync(parts.load);
  const now = () => load().config.now ?? clock();
  const { redact, blankKeys } = createConfigRedaction(load);
  const log = createLazyLog(parts, load, redact);
  const opened = createOpeners({ ...parts, load, log, now }, () => local);
  const readings = createReadings();
  const ownRecords = createOwnRecords(opened.client);
  const status: StatusParts = { ...opened, ownRecords, words, version, nodeVersion, now: clock, load };
  const local: LocalEndpoints = createLocalEndpoints([
    createStatusEndpoint(status),
    ...createChangesEndpoints({ ...opened, now, site: () => siteOf(load()) }),
    ...createMeEndpoints({
      ...opened,
      mode: () => load().config.mode,
      settings: () => memberOf(load()),
      computersZone: () => load().computersZone,
    }),
    ...createReadingsEndpoints(readings),
  ]);
  // Only prepared changes get the connection that writes, never tools.
  const { connection: _, wire, ...forTools } = opened;
  const context: Gateway['context'] = {
    ...forTools,
    log,
    now,
    local,
    readings,
    ownRecords,
    mode: () => load().config.mode,
    keeps: () => true,
    site: () => siteOf(load()),
    downloads: () => createDownloads({ folders: downloadFolders(load()), platform: load().platform }),
    learning: createLearning({
      ...opened,
      memory: opened.remembered,
      learn: () => parts.learn ?? load().config.learn,
      configured: () => parts.learn !== 'off' && isConfigured(load()),
      now: clock,
    }),
  };
  return {
    redact,
    words,
    blankKeys,
    context,
    readStatus: (options) => readStatus(status, options),
    probe: async (options) => runProbes(await wire(), options),
    async close() {
      await readings.endAll();
      const { connection, journal, results, memory, catalog } = opened;
      for (const opener of [wire, connection, journal, results, memory, catalog]) {
        // What was never opened, or failed to open, needs no closing.
        await (await opener.made()?.catch(() => undefined))?.close();
      }
      await log.flush();
    },
  };
}

/** Who the user is by the settings, which take precedence over what was said in a conversation. */
const memberOf = ({ config: { member, timeZone } }: LoadedConfig) => defined({ member, timeZone });

interface OpenerParts extends Omit<GatewayParts, 'words' | 'learn'> {
  log: Log;
  now(): Date;
}

/**
 * What can be opened, each on its first use, with the parts that it needs.
 * @param local the endpoints of the gateway itself, which the catalog lists
 */
function createOpeners(parts: OpenerParts, local: () => LocalEndpoints) {
  const { load, log, now, random } = parts;
  const folder = () => dataFolder(load());
  const catalog = once(() => {
    const { catalogFile, dataDir } = load().config;
    const files = { dataFolder: dataDir, shippedFile: parts.shippedCatalog, localEndpoints: local().definitions };
    return openCatalog({ ...files, ...defined({ flagFile: catalogFile }) });
  });
  const searchIndex = once(async () => {
    const opened = await catalog();
    return loadSearchIndex(opened.searchIndex(searchIndexKey), opened.endpoints, opened.searchIndex(searchModelKey));
  });
  /** The sandbox of this process: its records are made by the first request. */
  const sandbox = once(async () => {
    const { createSandbox } = await import('../../sandbox/index.ts');
    const made = createSandbox({ catalog: await catalog(), now, ...parts.sandboxData });
    return createFetchTransport((request) => made.fetch(request));
  });
  /** Reads and writes; only for prepared changes. */
  const waiting = defined({ patience: parts.patience });
  const connection = once(() => openConnection(load(), { ...waiting, sandbox, log, now, random }));
  /** Reads; for tools. */
  const client = once(async () => readingClient(await connection()));
  /** Checks the connection; reads as well. */
  const wire = once(() => openWire(load(), { sandbox, log, now }));
  const lookups = once(async () => createLookups({ client: await client(), catalog: await catalog(), now }));
  // Every stored row has its tenant, so memory and journal need settings that name one.
  const memory = once(async () => {
    const { tenant } = await client();
    return logNotice(log, await openMemory({ file: join(folder(), 'fast_memory.db'), tenant, now }));
  });
  const spareMemory = once(async () => openMemory({ file: ':memory:', tenant: (await client()).tenant, now }));
  /** What is done without: each is said once. */
  const fallbacks = new Set<string>();
  const pending: string[] = [];
  const noteFallback = ({ message }: GatewayError, instead: string) => {
    const sentence = `${message.replace(/\.$/, '')}: ${instead}. \`doctor\` looks at the data folder.`;
    if (fallbacks.has(instead)) return;
    fallbacks.add(instead);
    log.warn(sentence);
    pending.push(sentence);
  };
  /** What is remembered, for calls that work without it too; nothing where the file cannot be used. */
  const remembered = async () => {
    try {
      return await memory();
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'storage_failed') throw error;
      noteFallback(error, 'nothing is remembered, and no saved query of yours is at hand');
      return spareMemory();
    }
  };
  /** What the user said of themselves, which a call works without too. */
  const storedMe = () => unlessStorageFails(async () => (await remembered()).me(), {});
  const journal = once(async () => {
    const { tenant } = await client();
    const { auditFile } = load().config;
    return logNotice(log, await openJournal(defined({ folder: folder(), tenant, now, random, auditFile })));
  });
  // Asking `Intl` each time would cost more than most local calls.
  const zones = new Map<string, Zone>();
  const zone = async () => {
    const own = load().config.timeZone ?? (await storedMe()).timeZone;
    const { name, problem } = own === undefined ? load().computersZone : { name: own };
    const known = zones.get(name) ?? createZone(name);
    zones.set(name, known);
    return problem === undefined ? known : { ...known, problem };
  };
  const me = async () => load().config.member ?? (await storedMe()).member;
  const results = once(async () => {
    const timeZone = async () => (await zone()).name;
    const { sqlProgram, wholeAnswers } = parts;
    return openResultStore({
      folder: join(folder(), 'results'),
      sqlProgram,
      timeZone,
      now,
      random,
      limits: wholeAnswers ? { maxBytes: Number.POSITIVE_INFINITY } : {},
      onSpare: (failure) => noteFallback(failure, 'answers are kept in a temporary folder'),
    });
  });
  const policy = () => readPolicies(load().config.policyFile, join(folder(), 'policy.json'));
  const changes = once(async () => {
    const { config, home } = load();
    const { mode, uploadDirs = [] } = config;
    return createChanges({
      client: forgettingClient(writingClient(await connection(), mode, policy), lookups.made),
      catalog: await catalog(),
      lookups: await lookups(),
      uploads: createUploads({ home, moreFolders: uploadDirs, now }),
      me,
      mode,
      policy,
      journal: await journal(),
      timer: systemTimer,
      zone,
      now,
      random,
    });
  });
  /** Sentences that were not said yet, about what of the data folder cannot be used. */
  const takeFallback = () => (pending.length === 0 ? undefined : pending.splice(0).join(' '));
  const opened = {
    catalog,
    searchIndex,
    connection,
    client,
    wire,
    lookups,
    memory,
    journal,
    zone,
    me,
    results,
    changes,
  };
  return { ...opened, policy, remembered, takeFallback };
}

/** The log says too that a file was damaged and set aside. */
function logNotice<T extends { notice?: string | undefined }>(log: Log, opened: T): T {
  if (opened.notice !== undefined) log.warn(opened.notice);
  return opened;
}

interface ConnectionParts {
  /** Answers where the settings name the sandbox. */
  sandbox(): Promise<Transport>;
  log: Log;
  now(): Date;
  random(): number;
  patience?: Patience;
}

/** The client of the company that the settings name, or of the sandbox in this process. */
async function openConnection(loaded: LoadedConfig, parts: ConnectionParts): Promise<ConnectWiseClient> {
  const { config } = loaded;
  const { proxies } = loaded;
  const options = { ...(await connectionOf(loaded)), settings: config, proxies, ...parts };
  if (!config.sandbox) return openClient(options);
  // The sandbox has one code base, whatever the settings of the real company say.
  return openClient({ ...options, settings: { ...config, codebase: undefined }, transport: await parts.sandbox() });
}

/** A person waits for the checks, and a site that takes longer is too slow to work with. */
const checkTimeoutMs = 8_000;

/** The same site for checks of it: only reads are sent, and each answer is returned as it came. */
async function openWire(
  loaded: LoadedConfig,
  { sandbox, log, now }: Pick<ConnectionParts, 'sandbox' | 'log' | 'now'>,
): Promise<Wire> {
  const { config } = loaded;
  const { site: written, credentials } = await connectionOf(loaded);
  const { codebase: named, caFile, apiVersion, timeoutSeconds } = config;
  const timeoutMs = Math.min(timeoutSeconds * 1000, checkTimeoutMs);
  const parts = { credentials, timer: systemTimer, timeoutMs, now, apiVersion };
  if (config.sandbox) return createWire({ ...parts, site: written, transport: await sandbox(), isRemote: false });
  const site = named === undefined ? written : withCodebase(written, named);
  const transport = createUndiciTransport({ caFile, proxies: loaded.proxies });
  const asked = { site, company: credentials.company, transport, timer: systemTimer, log };
  const codebase = named === undefined && isCodebaseOpen(site) ? createCodebaseFinder(asked) : undefined;
  return createWire({ ...parts, site, transport, isRemote: true, codebase });
}

/** The sandbox has its own site and keys, whatever else is set. */
async function connectionOf({ config }: LoadedConfig): Promise<{ site: Site; credentials: Credentials }> {
  if (!config.sandbox) return readConnection(config);
  const { sandboxAccess } = await import('../../sandbox/index.ts');
  return readConnection(sandboxAccess);
}
