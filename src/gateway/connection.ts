import type { OpenedCatalog } from '../catalog/open-catalog.ts';
import type { LoadedConfig } from '../config.ts';
import type { ConnectWiseClient } from '../connectwise/client.ts';
import { readConnection } from '../connectwise/connection.ts';
import type { Credentials } from '../connectwise/credentials.ts';
import { createFetchTransport } from '../connectwise/fetch-transport.ts';
import { openClient } from '../connectwise/open-client.ts';
import { parseSite, type Site } from '../connectwise/site.ts';
import type { Log } from '../log.ts';

interface ClientParts {
  catalog(): Promise<OpenedCatalog>;
  log: Log;
  now(): Date;
  random(): number;
}

/** The client of the company that the settings name, or of the sandbox in this process. */
export async function openConnection(
  loaded: LoadedConfig,
  { catalog, ...parts }: ClientParts,
): Promise<ConnectWiseClient> {
  const { config } = loaded;
  const options = { ...(await connectionOf(loaded)), settings: config, ...parts };
  if (!config.sandbox) return openClient(options);
  const { createSandbox } = await import('../sandbox/sandbox.ts');
  const sandbox = createSandbox({ catalog: await catalog(), now: parts.now });
  const transport = createFetchTransport((request) => sandbox.fetch(request));
  // The sandbox has one code base, whatever the settings of the real company say.
  return openClient({ ...options, settings: { ...config, codebase: undefined }, transport });
}

/** The sandbox has a site and keys of its own, whatever else is set. */
async function connectionOf({ config }: LoadedConfig): Promise<{ site: Site; credentials: Credentials }> {
  if (!config.sandbox) return readConnection(config);
  const { sandboxAccess } = await import('../sandbox/access.ts');
  return readConnection(sandboxAccess);
}

/** The host that full URLs in a path may name. */
export function siteOf({ config }: LoadedConfig): Pick<Site, 'host' | 'codebase'> {
  if (config.sandbox || config.apiUrl === undefined) return { host: '', codebase: '' };
  return parseSite(config.apiUrl);
}

/** Without credentials there is no tenant whose uses to read, and searching needs none. */
export function isConfigured(loaded: LoadedConfig): boolean {
  try {
    return loaded.config.sandbox || readConnection(loaded.config) !== undefined;
  } catch {
    return false;
  }
}
