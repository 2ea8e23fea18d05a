import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface ClientConfiguration {
  client: 'Claude Desktop' | 'Claude Code';
  path: string;
}

export interface Computer {
  /** As Node names it: `win32`, `darwin`, `linux`. */
  platform: string;
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/** The configuration files of clients that are there. */
export function findClientConfigurations(computer: Computer): ClientConfiguration[] {
  const desktop = desktopFolders(computer).map((folder): ClientConfiguration => {
    return { client: 'Claude Desktop', path: join(folder, 'claude_desktop_config.json') };
  });
  const { home, environment } = computer;
  const code = join(environment.CLAUDE_CONFIG_DIR || home, '.claude.json');
  return [...desktop, { client: 'Claude Code' as const, path: code }].filter(({ path }) => existsSync(path));
}

function desktopFolders({ platform, home, environment }: Computer): string[] {
  if (platform === 'darwin') return [join(home, 'Library', 'Application Support', 'Claude')];
  if (platform !== 'win32') return [join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'Claude')];
  const roaming = environment.APPDATA || join(home, 'AppData', 'Roaming');
  const packages = join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Packages');
  // Installed from the Store, Windows shows it a folder of its own in the place of the usual one.
  const packaged = listFolder(packages).filter((name) => name.startsWith('Claude_'));
  return [join(roaming, 'Claude'), ...packaged.map((name) => join(packages, name, 'LocalCache', 'Roaming', 'Claude'))];
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
