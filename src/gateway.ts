import { join } from 'node:path';
import { type OpenedCatalog, openCatalog } from './catalog/open-catalog.ts';
import { loadSearchIndex } from './catalog/search/load-index.ts';
import { searchIndexKey } from './catalog/search/stored-index.ts';
import { createChanges } from './changes/create-changes.ts';
import type { Journal } from './changes/journal/journal.ts';
import { openJournal } from './changes/journal/open-journal.ts';
import { readingClient, writingClient } from './changes/policy/guard-client.ts';
import { readPolicy } from './changes/policy/read-policy.ts';
import type { LoadedConfig } from './config.ts';
import { optionNames, options } from './config.ts';
import type { ConnectWiseClient } from './connectwise/client.ts';
import { readConnection } from './connectwise/connection.ts';
import { type Credentials, secrets } from './connectwise/credentials.ts';
import { createDownloads } from './connectwise/documents/downloads.ts';
import { createUploads } from './connectwise/documents/uploads.ts';
import { createFetchTransport } from './connectwise/fetch-transport.ts';
import { createLookups } from './connectwise/lookups/create-lookups.ts';
import { forgettingClient } from './connectwise/lookups/forgetting-client.ts';
import { openClient } from './connectwise/open-client.ts';
import { parseSite, type Site } from './connectwise/site.ts';
import { systemTimer } from './connectwise/timer.ts';
import { GatewayError } from './errors.ts';
import { createChangesEndpoints } from './local/changes.ts';
import { createLocalEndpoints } from './local/local-endpoints.ts';
import { createMeEndpoints } from './local/me.ts';
import { createStatusEndpoint, readStatus, type StatusLine } from './local/status.ts';
import { createLog, createRedaction, type Log, type Redact } from './log.ts';
import { createLearning } from './memory/learning.ts';
import type { FastMemory } from './memory/memory.ts';
import { openMemory } from './memory/open-memory.ts';
import { once } from './once.ts';
import type { ResultStore } from './results/result-store.ts';
import { openResultStore } from './results/store/open-result-store.ts';
import { createZone, type Zone } from './time/zone.ts';
import { createMemoryCommands, type MemoryCommands } from './tools/memory-commands.ts';
import type { ToolContext } from './tools/tool.ts';
import { version } from './version.ts';

export interface GatewayParts {
  /** Reads the settings; called on first use, not at start. */
  load(): LoadedConfig;
  /** The catalog built with the program. */
  shippedCatalog: string;
  /** The program of the process that answers SQL. */
  sqlProgram: string;
  nodeVersion: string;
  stderr: { write(line: string): unknown };
  clock(): Date;
  /** From 0 up to 1. */
  random(): number;
}

export interface Gateway {
  context: Omit<ToolContext, 'progress'>;
  /** What the command line does with Fast Memory. */
  memoryCommands: MemoryCommands;
  redact: Redact;
  readStatus(signal?: AbortSignal): Promise<StatusLine[]>;
  close(): Promise<void>;
}

/** Knows how to open everything, opens each on first use, and closes what was opened. */
export function openGateway(parts: GatewayParts): Gateway {
  const load = onceSync(parts.load);
  const config = () => load().config;
  const now = () => config().now ?? parts.clock();
  const redact = createConfigRedaction(load);
  const log = createLazyLog(parts, load, redact);
  const systemTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

  const settings = () => ({
    ...(config().member === undefined ? {} : { member: config().member as string }),
    ...(config().timeZone === undefined ? {} : { timeZone: config().timeZone as string }),
  });
  const statusParts = {
    version,
    nodeVersion: parts.nodeVersion,
    now: parts.clock,
    settings: () => describeSettings(load()),
    catalog: (): Promise<OpenedCatalog> => catalog(),
    client: (): Promise<ConnectWiseClient> => client(),
    fastMemory: () => memory(),
    policy: () => policy(),
    journal: () => journal(),
  };
  const local = createLocalEndpoints([
    createStatusEndpoint(statusParts),
    ...createChangesEndpoints(() => changes()),
    ...createMeEndpoints({ memory: () => memory(), client: () => client(), settings, systemTimeZone }),
  ]);

  const catalog = once(() =>
    openCatalog({
      ...(config().catalogFile === undefined ? {} : { flagFile: config().catalogFile as string }),
      dataFolder: config().dataDir,
      shippedFile: parts.shippedCatalog,
      localEndpoints: local.definitions,
    }),
  );
  const searchIndex = once(async () => {
    const opened = await catalog();
    return loadSearchIndex(opened.searchIndex(searchIndexKey), opened.endpoints);
  });
  const connection = once(async () => clientOf(load(), { catalog, log, now, random: parts.random }));
  // All but prepared changes read: no tool gets hold of a client that writes.
  const client = once(async () => readingClient(await connection()));
  // The tenant is part of every stored row, so Fast Memory cannot open before the settings name one.
  const memory = once(async (): Promise<FastMemory> => {
    const { tenant } = await client();
    const opened = await openMemory({ file: join(dataFolder(load()), 'fast_memory.db'), tenant, now });
    if (opened.notice !== undefined) log.warn(opened.notice);
    return opened;
  });
  const lookups = once(async () => createLookups({ client: await client(), catalog: await catalog(), now }));
  const zone = createZones(
    () => memory(),
    () => config().timeZone ?? systemTimeZone(),
  );
  const results = once(
    async (): Promise<ResultStore> =>
      openResultStore({
        folder: join(dataFolder(load()), 'results'),
        sqlProgram: parts.sqlProgram,
        timeZone: async () => (await zone()).name,
        now,
        random: parts.random,
      }),
  );
  const policy = () => readPolicy(join(dataFolder(load()), 'policy.json'));
  const journal = once(async (): Promise<Journal> => {
    const { tenant } = await client();
    const { auditFile } = config();
    const options = { folder: dataFolder(load()), tenant, now, random: parts.random };
    const opened = await openJournal({ ...options, ...(auditFile === undefined ? {} : { auditFile }) });
    if (opened.notice !== undefined) log.warn(opened.notice);
    return opened;
  });
  const changes = once(async () =>
    createChanges({
      client: forgettingClient(writingClient(await connection(), config().mode, policy), lookups.made),
      catalog: await catalog(),
      lookups: await lookups(),
      uploads: createUploads({ home: load().home, moreFolders: config().uploadDirs ?? [], now }),
      me: async () => (await memory()).me().member ?? config().member,
      mode: config().mode,
      policy,
      journal: await journal(),
      timer: systemTimer,
      zone,
      now,
      random: parts.random,
    }),
  );

  const context: Gateway['context'] = {
    zone,
    log,
    now,
    mode: () => config().mode,
    site: () => hostOf(load()),
    catalog,
    searchIndex,
    client,
    lookups,
    memory,
    changes,
    results,
    downloads: () => createDownloads({ folders: downloadFolders(load()), platform: load().platform }),
    local,
    learning: createLearning({
      learn: () => config().learn,
      configured: () => isConfigured(load()),
      catalog,
      memory,
    }),
  };

  return {
    redact,
    readStatus: (signal) => readStatus(statusParts, signal),
    context,
    memoryCommands: createMemoryCommands({ ...context, progress: () => undefined }),
    async close() {
      await (await connection.made()?.catch(() => undefined))?.close();
      (await journal.made()?.catch(() => undefined))?.close();
      await (await results.made())?.close();
      (await memory.made()?.catch(() => undefined))?.close();
      (await catalog.made()?.catch(() => undefined))?.close();
      await log.flush();
    },
  };
}

/** The sandbox has files of its own: what is saved there is not about the real company. */
function dataFolder({ config }: LoadedConfig): string {
  return config.sandbox ? join(config.dataDir, 'sandbox') : config.dataDir;
}

/** The setting's folder, else the user's own where there is one; nobody looks there for what the sandbox made up. */
function downloadFolders(loaded: LoadedConfig): [string, ...string[]] {
  const { config, home } = loaded;
  if (config.downloadDir !== undefined) return [config.downloadDir];
  const own = join(dataFolder(loaded), 'downloads');
  return config.sandbox ? [own] : [join(home, 'Downloads'), own];
}

interface ClientParts {
  catalog(): Promise<OpenedCatalog>;
  log: Log;
  now(): Date;
  random(): number;
}

async function clientOf(loaded: LoadedConfig, { catalog, ...parts }: ClientParts): Promise<ConnectWiseClient> {
  const { config } = loaded;
  const options = { ...(await connectionOf(loaded)), settings: config, ...parts };
  if (!config.sandbox) return openClient(options);
  const { createSandbox } = await import('./sandbox/sandbox.ts');
  const sandbox = createSandbox({ catalog: await catalog(), now: parts.now });
  const transport = createFetchTransport((request) => sandbox.fetch(request));
  // The sandbox has one code base, whatever the settings of the real company say.
  return openClient({ ...options, settings: { ...config, codebase: undefined }, transport });
}

/** The sandbox has a site and keys of its own, whatever else is set. */
async function connectionOf({ config }: LoadedConfig): Promise<{ site: Site; credentials: Credentials }> {
  if (!config.sandbox) return readConnection(config);
  const { sandboxAccess } = await import('./sandbox/access.ts');
  return readConnection(sandboxAccess);
}

function onceSync<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Blanks the keys that the settings hold, in whatever leaves the process. */
function createConfigRedaction(load: () => LoadedConfig): Redact {
  const redaction = onceSync(() => {
    const { config } = load();
    const known = [config.publicKey, config.privateKey, config.clientId];
    try {
      return createRedaction([...known, ...secrets(readConnection(config).credentials)]);
    } catch {
      // Incomplete settings make no credentials; what there is of them stays hidden.
      return createRedaction(known);
    }
  });
  return (text) => {
    try {
      return redaction()(text);
    } catch {
      // Settings that cannot be read hold no key that anything could have sent.
      return text;
    }
  };
}

/** The host that full URLs in a path may name. */
function hostOf({ config }: LoadedConfig): Pick<Site, 'host' | 'codebase'> {
  if (config.sandbox || config.apiUrl === undefined) return { host: '', codebase: '' };
  return parseSite(config.apiUrl);
}

function createLazyLog(parts: GatewayParts, load: () => LoadedConfig, redact: Redact): Log {
  const open = onceSync(() => {
    const { config } = load();
    return createLog({
      level: config.logLevel,
      file: join(config.dataDir, 'logs', 'gateway.log'),
      redact,
      stderr: parts.stderr,
    });
  });
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, data?: Record<string, unknown>) => {
    try {
      open()[level](message, data);
    } catch {
      // The settings are wrong, and each call says so itself; stderr is what is left for the log.
      parts.stderr.write(`${JSON.stringify({ level, msg: message })}\n`);
    }
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    flush: async () => {
      try {
        await open().flush();
      } catch {
        // Nothing was opened, nothing is pending.
      }
    },
  };
}

/** Zones by name, each made once; what the user said of themselves wins over the setting. */
function createZones(memory: () => Promise<FastMemory>, fallback: () => string): () => Promise<Zone> {
  const known = new Map<string, Zone>();
  return async () => {
    const name = (await memory()).me().timeZone ?? fallback();
    const zone = known.get(name) ?? createZone(name);
    known.set(name, zone);
    return zone;
  };
}

/** Without credentials there is no tenant whose uses to read, and searching needs none. */
function isConfigured(loaded: LoadedConfig): boolean {
  try {
    return loaded.config.sandbox || readConnection(loaded.config) !== undefined;
  } catch {
    return false;
  }
}

function describeSettings({ config, origins, file }: LoadedConfig): StatusLine[] {
  const found = optionNames.flatMap((name) => {
    const origin = origins[name];
    if (origin === undefined || origin === 'default') return [];
    // A site may be written with a password in it, which the client then refuses.
    const shown = 'secret' in options[name] ? 'set' : String(config[name]).replace(/\/\/[^/@]*@/, '//…@');
    return [`${options[name].variable} = ${shown} (${origin})`];
  });
  const detail = found.length > 0 ? found.join('; ') : `none set; the settings file is ${file}`;
  if (config.sandbox)
    return [{ check: 'settings', state: 'ok', detail: `${detail}; the sandbox needs no credentials` }];
  try {
    // The client's own reading: it knows which setting may stand for another.
    readConnection(config);
    return [{ check: 'settings', state: 'ok', detail }];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [{ check: 'settings', state: 'warning', detail, fix: error.message }];
  }
}
