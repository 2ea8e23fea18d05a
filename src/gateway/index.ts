import type { SandboxData } from '../../sandbox/index.ts';
import type { LoadedConfig } from '../config/index.ts';
import { createSettingWords, type SettingWords } from '../config/setting-words.ts';
import { createDownloads, type Probed, type ProbeOptions, runProbes } from '../connectwise/index.ts';
import type { Redact } from '../core/log.ts';
import { onceSync } from '../core/once.ts';
import { version } from '../core/version.ts';
import { createLearning, type Me } from '../memory/index.ts';
import { isConfigured, siteOf } from './connection.ts';
import { describeNodeVariables } from './describe-node-variables.ts';
import { describeKeys, describeSettings, foldersToCheck } from './describe-settings.ts';
import { downloadFolders } from './folders.ts';
import { createChangesEndpoints } from './local/changes.ts';
import type { LocalEndpoints } from './local/local-endpoint.ts';
import { createLocalEndpoints } from './local/local-endpoints.ts';
import { createMeEndpoints } from './local/me.ts';
import type { StatusLine } from './local/status/status-line.ts';
import { createStatusEndpoint, readStatus, type StatusOptions, type StatusParts } from './local/status.ts';
import { createConfigRedaction, createLazyLog } from './log.ts';
import { createOpeners, type Openers } from './openers.ts';
import { type CallCommands, createCallCommands } from './tools/call-commands.ts';
import { createMemoryCommands, type MemoryCommands } from './tools/memory-commands.ts';
import type { ToolContext } from './tools/tool.ts';
import { systemTimeZone } from './zones.ts';

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
  /** What the sandbox need not read and make itself, where several gateways of one process share it. */
  sandboxData?: SandboxData;
  /** Of a command: told how far a long list is. */
  progress?: ToolContext['progress'];
}

export interface Gateway {
  context: Omit<ToolContext, 'progress'>;
  /** What the command line does with Fast Memory. */
  memoryCommands: MemoryCommands;
  /** What it does with endpoints. */
  callCommands: CallCommands;
  redact: Redact;
  /** Blanks the gateway's own keys alone. */
  blankKeys: Redact;
  words: SettingWords;
  readStatus(options?: StatusOptions): Promise<StatusLine[]>;
  /** Checks weak facts about ConnectWise by reading. */
  probe(options?: ProbeOptions): Promise<Probed[]>;
  close(): Promise<void>;
}

/** Puts everything together; each part opens on its first use, and what was opened is closed. */
export function openGateway(parts: GatewayParts): Gateway {
  const load = onceSync(parts.load);
  const now = () => load().config.now ?? parts.clock();
  const words = parts.words ?? createSettingWords({});
  const { redact, blankKeys } = createConfigRedaction(load);
  const log = createLazyLog(parts, load, redact);
  const openers = createOpeners({ ...parts, load, log, now }, () => local);
  const statusParts: StatusParts = {
    ...openers,
    words,
    version,
    nodeVersion: parts.nodeVersion,
    now: parts.clock,
    settings: () => describeSettings(load()),
    keys: () => describeKeys(load()),
    environment: async () => describeNodeVariables(load()),
    folders: () => foldersToCheck(load()),
    route: () => ({ caFile: load().config.caFile, isProxied: load().isProxied }),
    fastMemory: openers.memory,
  };
  const local = createLocal(statusParts, openers, () => meOf(load()));
  // The connection that writes stays here: prepared changes have it, tools never do.
  const { connection: _, wire: __, ...forTools } = openers;
  const context: Gateway['context'] = {
    ...forTools,
    log,
    now,
    local,
    mode: () => load().config.mode,
    site: () => siteOf(load()),
    downloads: () => createDownloads({ folders: downloadFolders(load()), platform: load().platform }),
    learning: createLearning({ ...openers, learn: () => load().config.learn, configured: () => isConfigured(load()) }),
  };
  // A script that runs each hour says nothing about what a person needs.
  const learning = createLearning({ ...openers, learn: () => 'off', configured: () => false });
  const forCommands: ToolContext = { ...context, learning, progress: parts.progress ?? (() => undefined) };
  return {
    redact,
    words,
    blankKeys,
    context,
    readStatus: (options) => readStatus(statusParts, options),
    probe: async (options) => runProbes(await openers.wire(), options),
    memoryCommands: createMemoryCommands(forCommands),
    callCommands: createCallCommands(forCommands),
    async close() {
      await closeAll(openers);
      await log.flush();
    },
  };
}

function createLocal(
  statusParts: StatusParts,
  { changes, memory, client }: Openers,
  settings: () => Me,
): LocalEndpoints {
  return createLocalEndpoints([
    createStatusEndpoint(statusParts),
    ...createChangesEndpoints(changes),
    ...createMeEndpoints({ memory, client, settings, systemTimeZone }),
  ]);
}

/** Who the user is by the settings; what they said of themselves wins. */
function meOf({ config: { member, timeZone } }: LoadedConfig): Me {
  return { ...(member === undefined ? {} : { member }), ...(timeZone === undefined ? {} : { timeZone }) };
}

/** What was never asked for, or failed to open, needs no closing. */
async function closeAll({ wire, connection, journal, results, memory, catalog }: Openers): Promise<void> {
  for (const opener of [wire, connection, journal, results, memory, catalog]) {
    await (await opener.made()?.catch(() => undefined))?.close();
  }
}
