import { join } from 'node:path';
import type { LoadedConfig } from '../config/index.ts';
import { parseSite, readConnection, type Site } from '../connectwise/index.ts';

/** Whether settings name a tenant; a search works without one. */
export function isConfigured(loaded: LoadedConfig): boolean {
  try {
    return loaded.config.sandbox || readConnection(loaded.config) !== undefined;
  } catch {
    return false;
  }
}

/** The host that full URLs in a path may name. */
export function siteOf({ config }: LoadedConfig): Pick<Site, 'host' | 'codebase'> {
  if (config.sandbox || config.apiUrl === undefined) return { host: '', codebase: '' };
  return parseSite(config.apiUrl);
}

/** The sandbox has its own files: what is saved there is not about the real company. */
export function dataFolder({ config }: LoadedConfig): string {
  return config.sandbox ? join(config.dataDir, 'sandbox') : config.dataDir;
}

/**
 * Folders for downloads, of which the first that exists is used: that of the setting, or the user's Downloads folder.
 * Files of the sandbox go into its own folder.
 */
export function downloadFolders(loaded: LoadedConfig): [string, ...string[]] {
  const { config, home } = loaded;
  if (config.downloadDir !== undefined) return [config.downloadDir];
  const own = join(dataFolder(loaded), 'downloads');
  return config.sandbox ? [own] : [join(home, 'Downloads'), own];
}
