import { join } from 'node:path';
import type { LoadedConfig } from '../config/index.ts';

/** The sandbox has files of its own: what is saved there is not about the real company. */
export function dataFolder({ config }: LoadedConfig): string {
  return config.sandbox ? join(config.dataDir, 'sandbox') : config.dataDir;
}

/** The setting's folder, else the user's own where there is one; nobody looks there for what the sandbox made up. */
export function downloadFolders(loaded: LoadedConfig): [string, ...string[]] {
  const { config, home } = loaded;
  if (config.downloadDir !== undefined) return [config.downloadDir];
  const own = join(dataFolder(loaded), 'downloads');
  return config.sandbox ? [own] : [join(home, 'Downloads'), own];
}
