import { join } from 'node:path';
import type { SandboxData } from '../../sandbox/index.ts';
import { type OpenedCatalog, openCatalog } from '../catalog/index.ts';
import type { Changes } from '../changes/changes.ts';
import { createChanges } from '../changes/create-changes.ts';
import type { Journal } from '../changes/journal/journal.ts';
import { openJournal } from '../changes/journal/open-journal.ts';
import { readingClient, writingClient } from '../changes/policy/guard-client.ts';
import { readPolicies } from '../changes/policy/read-policy.ts';
import type { LoadedConfig } from '../config/index.ts';
import {
  type ConnectWiseClient,
  createLookups,
  createUploads,
  forgettingClient,
  type Lookups,
  type Wire,
} from '../connectwise/index.ts';
import { systemTimer } from '../core/async.ts';
import { defined } from '../core/json.ts';
import type { Log } from '../core/log.ts';
import { type Once, once, onceSync } from '../core/once.ts';
import { createZone, type Zone } from '../core/zone.ts';
import { type FastMemory, openMemory } from '../memory/index.ts';
import { openResultStore, type ResultStore } from '../results/index.ts';
import { loadSearchIndex, type SearchIndex, searchIndexKey } from '../search/index.ts';
import { openConnection, openSandboxTransport, openWire } from './connection.ts';
import { dataFolder } from './folders.ts';
import type { LocalEndpoints } from './local/local-endpoints.ts';

export interface OpenerParts {
  load(): LoadedConfig;
  log: Log;
  now(): Date;
  random(): number;
  shippedCatalog: string;
  sqlProgram: string;
  sandboxData?: SandboxData;
}

/** What can be opened, each on its first use. */
export interface Openers {
  catalog: Once<OpenedCatalog>;
  searchIndex: Once<SearchIndex>;
  /** Reads and writes; only for prepared changes. */
  connection: Once<ConnectWiseClient>;
  /** Reads; for tools. */
  client: Once<ConnectWiseClient>;
  /** Examines the connection; reads as well. */
  wire: Once<Wire>;
  lookups: Once<Lookups>;
  memory: Once<FastMemory>;
  journal: Once<Journal>;
  results: Once<ResultStore>;
  changes: Once<Changes>;
  zone(): Promise<Zone>;
  policy(): ReturnType<typeof readPolicies>;
}

/** @param local what the catalog lists of the gateway itself; asked when the catalog is opened */
export function createOpeners(parts: OpenerParts, local: () => LocalEndpoints): Openers {
  const catalog = once(() => openCatalogOf(parts, local()));
  const sandbox = once(() => openSandboxTransport({ ...parts, catalog }));
  const connection = once(() => openConnection(parts.load(), { ...parts, sandbox }));
  const wire = once(() => openWire(parts.load(), { ...parts, sandbox }));
  const client = once(async () => readingClient(await connection()));
  const lookups = once(async () => createLookups({ client: await client(), catalog: await catalog(), now: parts.now }));
  const opened = { catalog, connection, client, wire, lookups, ...createFileOpeners(parts, catalog, client) };
  return { ...opened, changes: once(() => openChanges(parts, opened)) };
}

function openCatalogOf({ load, shippedCatalog }: OpenerParts, local: LocalEndpoints): Promise<OpenedCatalog> {
  const { catalogFile, dataDir } = load().config;
  const files = { dataFolder: dataDir, shippedFile: shippedCatalog, localEndpoints: local.definitions };
  return openCatalog({ ...files, ...defined({ flagFile: catalogFile }) });
}

/** What is kept in files of this computer. Every stored row has its tenant, so settings must name one first. */
function createFileOpeners(parts: OpenerParts, catalog: Once<OpenedCatalog>, client: Once<ConnectWiseClient>) {
  const { load, log, now, random, sqlProgram } = parts;
  const folder = () => dataFolder(load());
  const searchIndex = once(async () => {
    const opened = await catalog();
    return loadSearchIndex(opened.searchIndex(searchIndexKey), opened.endpoints);
  });
  const memory = once(async () => {
    const { tenant } = await client();
    return logNotice(log, await openMemory({ file: join(folder(), 'fast_memory.db'), tenant, now }));
  });
  const journal = once(async () => {
    const { tenant } = await client();
    const { auditFile } = load().config;
    const options = { folder: folder(), tenant, now, random };
    return logNotice(log, await openJournal({ ...options, ...defined({ auditFile }) }));
  });
  // Asking Node for it each time would cost more than most local calls.
  const computersZone = onceSync(systemTimeZone);
  const zone = createZones(memory, () => load().config.timeZone ?? computersZone());
  const results = once(async () => {
    const timeZone = async () => (await zone()).name;
    return openResultStore({ folder: join(folder(), 'results'), sqlProgram, timeZone, now, random });
  });
  const policy = () => readPolicies(load().config.policyFile, join(folder(), 'policy.json'));
  return { searchIndex, memory, journal, zone, results, policy };
}

/** That a file was damaged and set aside belongs in the log, too. */
function logNotice<T extends { notice?: string | undefined }>(log: Log, opened: T): T {
  if (opened.notice !== undefined) log.warn(opened.notice);
  return opened;
}

async function openChanges({ load, now, random }: OpenerParts, opened: Omit<Openers, 'changes'>): Promise<Changes> {
  const { config, home } = load();
  const { policy, zone, memory, lookups } = opened;
  return createChanges({
    client: forgettingClient(writingClient(await opened.connection(), config.mode, policy), lookups.made),
    catalog: await opened.catalog(),
    lookups: await lookups(),
    uploads: createUploads({ home, moreFolders: config.uploadDirs ?? [], now }),
    me: async () => (await memory()).me().member ?? config.member,
    mode: config.mode,
    policy,
    journal: await opened.journal(),
    timer: systemTimer,
    zone,
    now,
    random,
  });
}

/** Zones by name, each made once; what the user said of themselves takes precedence over the setting. */
function createZones(memory: () => Promise<FastMemory>, fallback: () => string): () => Promise<Zone> {
  const known = new Map<string, Zone>();
  return async () => {
    const name = (await memory()).me().timeZone ?? fallback();
    const zone = known.get(name) ?? createZone(name);
    known.set(name, zone);
    return zone;
  };
}

export const systemTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
