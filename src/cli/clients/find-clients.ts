import { posix, win32 } from 'node:path';

export const clientNames = ['claude-desktop', 'claude-code'] as const;
export type ClientName = (typeof clientNames)[number];

/** A file in which a client keeps its MCP servers. */
export interface ClientFile {
  client: ClientName;
  /** How people call it. */
  title: string;
  file: string;
}

export interface Place {
  platform: string;
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
  exists(path: string): boolean;
  /** Names in a folder; none when it cannot be read. */
  list(folder: string): readonly string[];
  /** Undefined for a file that cannot be read. */
  read(path: string): string | undefined;
}

type Computer = Omit<Place, 'read'>;

interface Candidate extends ClientFile {
  /** Any of these shows that the client is on this computer. */
  signs: readonly string[];
}

/** Files of the clients that are on this computer; the files themselves may not exist yet. */
export function findClientFiles(place: Computer): ClientFile[] {
  return listCandidates(place)
    .filter(({ signs }) => signs.some((path) => place.exists(path)))
    .map(toClientFile);
}

/** Where a client looks first, whether it is there or not. */
export function usualClientFiles(place: Computer, client: ClientName): ClientFile[] {
  return listCandidates(place)
    .filter((candidate) => candidate.client === client)
    .slice(0, 1)
    .map(toClientFile);
}

const toClientFile = ({ client, title, file }: Candidate): ClientFile => ({ client, title, file });

function listCandidates(place: Computer): Candidate[] {
  return [...desktopFolders(place).map((folder) => desktopCandidate(place, folder)), codeCandidate(place)];
}

function desktopCandidate({ platform }: Computer, folder: string): Candidate {
  const file = pathsOf(platform).join(folder, 'claude_desktop_config.json');
  return { client: 'claude-desktop', title: 'Claude Desktop', file, signs: [folder] };
}

function desktopFolders(place: Computer): string[] {
  const { platform, home, environment } = place;
  const { join } = pathsOf(platform);
  if (platform === 'darwin') return [join(home, 'Library', 'Application Support', 'Claude')];
  if (platform !== 'win32') return [join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'Claude')];
  const roaming = environment.APPDATA || join(home, 'AppData', 'Roaming');
  const packages = join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Packages');
  // Claude from the Store or an MSIX package reads its own copy of Roaming, whatever its menu opens; the end of the
  // package's name is its maker's, and may change.
  const packaged = place.list(packages).filter((name) => /^Claude_/i.test(name));
  return [join(roaming, 'Claude'), ...packaged.map((name) => join(packages, name, 'LocalCache', 'Roaming', 'Claude'))];
}

/** Servers of the user, in every project. */
function codeCandidate({ platform, home, environment }: Computer): Candidate {
  const { join } = pathsOf(platform);
  const folder = environment.CLAUDE_CONFIG_DIR;
  const file = join(folder || home, '.claude.json');
  return { client: 'claude-code', title: 'Claude Code', file, signs: [file, folder || join(home, '.claude')] };
}

/** Paths of the platform that is asked about, which in a test is another than this one. */
export const pathsOf = (platform: string) => (platform === 'win32' ? win32 : posix);
