import type { SandboxData } from '../../sandbox/index.ts';
import type { OpenedCatalog } from '../catalog/index.ts';
import type { LoadedConfig } from '../config/index.ts';
import {
  type ConnectWiseClient,
  type Credentials,
  createCodebaseFinder,
  createFetchTransport,
  createUndiciTransport,
  createWire,
  isCodebaseOpen,
  openClient,
  parseSite,
  readConnection,
  type Site,
  type Transport,
  type Wire,
  withCodebase,
} from '../connectwise/index.ts';
import { systemTimer } from '../core/async.ts';
import type { Log } from '../core/log.ts';

interface ClientParts {
  /** What answers where the settings name the sandbox. */
  sandbox(): Promise<Transport>;
  log: Log;
  now(): Date;
  random(): number;
}

/** The sandbox of this process: its records are made by the first request. */
export async function openSandboxTransport(parts: {
  catalog(): Promise<OpenedCatalog>;
  now(): Date;
  sandboxData?: SandboxData;
}): Promise<Transport> {
  const { createSandbox } = await import('../../sandbox/index.ts');
  const sandbox = createSandbox({ catalog: await parts.catalog(), now: parts.now, ...parts.sandboxData });
  return createFetchTransport((request) => sandbox.fetch(request));
}

/** The client of the company that the settings name, or of the sandbox in this process. */
export async function openConnection(loaded: LoadedConfig, parts: ClientParts): Promise<ConnectWiseClient> {
  const { config } = loaded;
  const options = { ...(await connectionOf(loaded)), settings: config, ...parts };
  if (!config.sandbox) return openClient(options);
  const transport = await parts.sandbox();
  // The sandbox has one code base, whatever the settings of the real company say.
  return openClient({ ...options, settings: { ...config, codebase: undefined }, transport });
}

/** A person waits for the checks, and a site that takes longer is too slow to work with. */
const checkTimeoutMs = 8_000;

/** The same site for checks of it: only reads are sent, and each answer is returned as it came. */
export async function openWire(loaded: LoadedConfig, { sandbox, log, now }: ClientParts): Promise<Wire> {
  const { config } = loaded;
  const { site: written, credentials } = await connectionOf(loaded);
  const { codebase: named, caFile, apiVersion, timeoutSeconds } = config;
  const parts = {
    credentials,
    timer: systemTimer,
    timeoutMs: Math.min(timeoutSeconds * 1000, checkTimeoutMs),
    now,
    apiVersion,
  };
  if (config.sandbox) return createWire({ ...parts, site: written, transport: await sandbox(), isRemote: false });
  const site = named === undefined ? written : withCodebase(written, named);
  const transport = createUndiciTransport({ caFile });
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

/** The host that full URLs in a path may name. */
export function siteOf({ config }: LoadedConfig): Pick<Site, 'host' | 'codebase'> {
  if (config.sandbox || config.apiUrl === undefined) return { host: '', codebase: '' };
  return parseSite(config.apiUrl);
}

/** Whether settings name a tenant; a search works without one. */
export function isConfigured(loaded: LoadedConfig): boolean {
  try {
    return loaded.config.sandbox || readConnection(loaded.config) !== undefined;
  } catch {
    return false;
  }
}
