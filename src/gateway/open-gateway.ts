import type { SandboxData } from '../../sandbox/index.ts';
import { createSettingWords, type LoadedConfig, type SettingWords } from '../config/index.ts';
import { createDownloads, type Probed, type ProbeOptions, runProbes } from '../connectwise/index.ts';
import { defined } from '../core/json.ts';
import type { Redact } from '../core/log.ts';
import { onceSync } from '../core/once.ts';
import { version } from '../core/version.ts';
import { createLearning, type Me } from '../memory/index.ts';
import { isConfigured, siteOf } from './connection.ts';
import { downloadFolders } from './folders.ts';
import { createChangesEndpoints } from './local/changes.ts';
import type { LocalEndpoints } from './local/local-endpoints.ts';
import { createLocalEndpoints } from './local/local-endpoints.ts';
import { createMeEndpoints } from './local/me.ts';
import type { StatusLine } from './local/status/status-line.ts';
import { createStatusEndpoint, readStatus, type StatusOptions, type StatusParts } from './local/status.ts';
import { createConfigRedaction, createLazyLog } from './log.ts';
import { createOpeners, type Openers, systemTimeZone } from './openers.ts';
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
  /** What the sandbox need not read and make itself, where several gateways of one process share it. */
  sandboxData?: SandboxData;
  /** `off` for commands: a scheduled script shows nothing about what a person needs. The setting, unless given. */
  learn?: 'off';
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
    load,
  };
  const local = createLocal(statusParts, openers, () => meOf(load()));
  // Only prepared changes get the connection that writes, never tools.
  const { connection: _, wire: __, ...forTools } = openers;
  const context: Gateway['context'] = {
    ...forTools,
    log,
    now,
    local,
    mode: () => load().config.mode,
    site: () => siteOf(load()),
    downloads: () => createDownloads({ folders: downloadFolders(load()), platform: load().platform }),
    learning: createLearning({
      ...openers,
      learn: () => parts.learn ?? load().config.learn,
      configured: () => parts.learn !== 'off' && isConfigured(load()),
    }),
  };
  return {
    redact,
    words,
    blankKeys,
    context,
    readStatus: (options) => readStatus(statusParts, options),
    probe: async (options) => runProbes(await openers.wire(), options),
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

/** Who the user is by the settings; what they said of themselves takes precedence. */
function meOf({ config: { member, timeZone } }: LoadedConfig): Me {
  return defined({ member, timeZone });
}

/** What was never asked for, or failed to open, needs no closing. */
async function closeAll({ wire, connection, journal, results, memory, catalog }: Openers): Promise<void> {
  for (const opener of [wire, connection, journal, results, memory, catalog]) {
    await (await opener.made()?.catch(() => undefined))?.close();
  }
}
