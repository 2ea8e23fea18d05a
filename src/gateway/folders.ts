import { join } from 'node:path';
import type { LoadedConfig } from '../config/index.ts';

/** The sandbox has its own files: what is saved there is not about the real company. */
export function dataFolder({ config }: LoadedConfig): string {
  return config.sandbox ? join(config.dataDir, 'sandbox') : config.dataDir;
}

/** Folders for downloads, the first that exists: that of the setting, or the user's Downloads folder; files of the sandbox stay in its own. */
export function downloadFolders(loaded: LoadedConfig): [string, ...string[]] {
  const { config, home } = loaded;
  if (config.downloadDir !== undefined) return [config.downloadDir];
  const own = join(dataFolder(loaded), 'downloads');
  return config.sandbox ? [own] : [join(home, 'Downloads'), own];
}
