import { type Computer, pathsOf } from './clients.ts';

// The programs that start MCP servers: which file each keeps them in, in which form, and how it asks before a write.

type Place = Pick<Computer, 'platform' | 'home' | 'environment' | 'exists' | 'list'>;

/**
 * How a file is read by the program it belongs to: `json` without comments, trailing commas or a byte order mark;
 * `jsonc` with comments.
 */
export type Grammar = 'json' | 'jsonc' | 'toml' | 'yaml';

/** Names of the members of an entry. Without `args` the command is a list of all words. */
interface Members {
  command: string;
  args?: string;
  env: string;
}

/** What a client is given so that reads run and `confirm_api_write` asks; in a file of its own, or in that of the entry. */
export interface Rule {
  file?(place: Place, name: string): string;
  /** The whole file. */
  text?(name: string): string;
  /** Items of lists in JSON. */
  items?(name: string): readonly { path: readonly string[]; item: string }[];
  members?(name: string): readonly { path: readonly string[]; value: string }[];
}

/** Whether a person is asked before `confirm_api_write`: by a rule that init writes, by default, or never. */
type Approval = { how: 'rule'; words: string; rule: Rule } | { how: 'asks' | 'never'; words: string };

export interface Host {
  /** Its name for people. */
  title: string;
  grammar: Grammar;
  /** The member of the file that holds the servers. */
  key: string;
  /** The servers are a list whose items have a `name`. */
  isList?: true;
  /** An entry repeats its name as a member. */
  isNamed?: true;
  members: Members;
  /** Further members of a new entry. */
  more: Readonly<Record<string, unknown>>;
  /** It passes only few variables on, so that those of a proxy must be in the entry. */
  needsProxy?: true;
  /** Its files: the first that exists is read, otherwise the first is made. */
  folders(place: Place): readonly string[];
  names: readonly string[];
  /** Other paths that show that it is on this computer; its folder always does. */
  signs?(place: Place): readonly string[];
  approval: Approval;
  /** What a person does so that the entry is read. */
  restart?: string;
}

const usual: Members = { command: 'command', args: 'args', env: 'env' };
const plain = { grammar: 'json', key: 'mcpServers', members: usual, more: {} } as const;

const confirmTool = 'confirm_api_write';
const reads = 'reads run without a question, and each change asks you, whatever its permission mode.';
const documented: Approval = {
  how: 'asks',
  words: 'it was not tried: see that it asks before each change, and do not choose to allow all always.',
};

const join = ({ platform }: Place, ...parts: string[]) => pathsOf(platform).join(...parts);
const inHome =
  (...parts: string[]) =>
  (place: Place) => [join(place, place.home, ...parts)];
const configOf = (place: Place) => place.environment.XDG_CONFIG_HOME || join(place, place.home, '.config');
const roamingOf = (place: Place) => place.environment.APPDATA || join(place, place.home, 'AppData', 'Roaming');
const supportOf = (place: Place) => join(place, place.home, 'Library', 'Application Support');

/** Where desktop programs keep their settings on each system. */
const settingsOf = (place: Place) =>
  place.platform === 'win32' ? roamingOf(place) : place.platform === 'darwin' ? supportOf(place) : configOf(place);

export const hosts = {
  'claude-desktop': {
    ...plain,
    title: 'Claude Desktop',
    folders: desktopFolders,
    names: ['claude_desktop_config.json'],
    approval: documented,
    restart:
      'Quit Claude Desktop (in its menu File > Exit, on a Mac Cmd+Q: closing the window is\nnot enough), and start it again.',
  },
  'claude-code': {
    ...plain,
    title: 'Claude Code',
    // Its tools are listed at once; otherwise the model has to search for them by name first.
    more: { type: 'stdio', alwaysLoad: true },
    folders: (place) => [place.environment.CLAUDE_CONFIG_DIR || place.home],
    names: ['.claude.json'],
    approval: {
      how: 'rule',
      words: reads,
      // `ask` takes precedence over every mode, also the one in which a model decides.
      rule: {
        file: (place) =>
          join(place, place.environment.CLAUDE_CONFIG_DIR || join(place, place.home, '.claude'), 'settings.json'),
        items: (name) => [
          { path: ['permissions', 'allow'], item: `mcp__${name}` },
          { path: ['permissions', 'ask'], item: `mcp__${name}__${confirmTool}` },
        ],
      },
    },
    signs: (place) => [place.environment.CLAUDE_CONFIG_DIR || join(place, place.home, '.claude')],
  },
  codex: {
    title: 'Codex',
    grammar: 'toml',
    key: 'mcp_servers',
    members: usual,
    // Without the first two `codex exec` waits about a second, and runs without the tools.
    more: { required: true, startup_timeout_sec: 60, tools: { [confirmTool]: { approval_mode: 'prompt' } } },
    needsProxy: true,
    folders: (place) => [place.environment.CODEX_HOME || join(place, place.home, '.codex')],
    names: ['config.toml'],
    approval: { how: 'asks', words: 'reads run without a question; its entry says that each change asks you.' },
  },
  gemini: {
    ...plain,
    title: 'Gemini CLI',
    grammar: 'jsonc',
    folders: inHome('.gemini'),
    names: ['settings.json'],
    approval: {
      how: 'rule',
      words: reads,
      rule: {
        file: (place, name) => join(place, place.home, '.gemini', 'policies', `${name}.toml`),
        text: (name) =>
          [['*', 'allow', 100] as const, [confirmTool, 'ask_user', 200] as const]
            .map(
              ([tool, decision, priority]) =>
                `[[rule]]\nmcpName = "${name}"\ntoolName = "${tool}"\ndecision = "${decision}"\npriority = ${priority}\n`,
            )
            .join('\n'),
      },
    },
  },
  copilot: {
    ...plain,
    title: 'Copilot CLI',
    more: { type: 'local', tools: ['*'] },
    folders: inHome('.copilot'),
    names: ['mcp-config.json'],
    approval: { how: 'asks', words: 'reads run without a question, and each change asks you.' },
  },
  opencode: {
    title: 'opencode',
    grammar: 'jsonc',
    key: 'mcp',
    members: { command: 'command', env: 'environment' },
    more: { type: 'local', enabled: true },
    folders: (place) => [join(place, configOf(place), 'opencode')],
    names: ['opencode.json', 'opencode.jsonc'],
    approval: {
      how: 'rule',
      words: 'it asks about nothing by default; with this rule each change asks you, and `opencode run` sends none.',
      rule: { members: (name) => [{ path: ['permission', `${name}_${confirmTool}`], value: 'ask' }] },
    },
  },
  qwen: {
    ...plain,
    title: 'Qwen Code',
    grammar: 'jsonc',
    folders: inHome('.qwen'),
    names: ['settings.json'],
    approval: {
      how: 'never',
      words: 'In its default mode a model decides instead of you. Leave its Auto mode before you change anything.',
    },
  },
  cline: {
    ...plain,
    title: 'Cline',
    // In seconds; without it a server has three to answer.
    more: { timeout: 60 },
    folders: inHome('.cline', 'data', 'settings'),
    names: ['cline_mcp_settings.json'],
    approval: {
      how: 'never',
      words: 'It approves every tool by default. Start it with --auto-approve false, or turn that off with Shift+Tab.',
    },
    signs: inHome('.cline'),
  },
  continue: {
    title: 'Continue',
    grammar: 'yaml',
    key: 'mcpServers',
    isList: true,
    members: usual,
    more: {},
    folders: inHome('.continue'),
    names: ['config.yaml'],
    approval: { how: 'asks', words: 'it asks before each tool; let reads run by allowing their tools one by one.' },
  },
  vscode: {
    title: 'VS Code',
    grammar: 'jsonc',
    key: 'servers',
    members: usual,
    more: { type: 'stdio' },
    folders: (place) => [join(place, settingsOf(place), 'Code', 'User')],
    names: ['mcp.json'],
    approval: documented,
  },
  cursor: {
    ...plain,
    title: 'Cursor',
    folders: inHome('.cursor'),
    names: ['mcp.json'],
    approval: documented,
  },
  'lm-studio': {
    ...plain,
    title: 'LM Studio',
    folders: inHome('.lmstudio'),
    names: ['mcp.json'],
    approval: documented,
  },
  zed: {
    title: 'Zed',
    grammar: 'jsonc',
    key: 'context_servers',
    members: usual,
    more: {},
    folders: (place) => [
      place.platform === 'win32'
        ? join(place, roamingOf(place), 'Zed')
        : // On a Mac as well.
          join(place, place.platform === 'darwin' ? join(place, place.home, '.config') : configOf(place), 'zed'),
    ],
    names: ['settings.json'],
    approval: documented,
  },
  goose: {
    title: 'Goose',
    grammar: 'yaml',
    key: 'extensions',
    isNamed: true,
    members: { command: 'cmd', args: 'args', env: 'envs' },
    more: { type: 'stdio', timeout: 60, enabled: true },
    folders: (place) => [
      place.platform === 'win32'
        ? join(place, roamingOf(place), 'Block', 'goose', 'config')
        : join(place, place.home, '.config', 'goose'),
    ],
    names: ['config.yaml'],
    approval: {
      how: 'never',
      words: 'Its default mode asks about nothing. Set GOOSE_MODE: smart_approve in its config.yaml.',
    },
  },
} as const satisfies Record<string, Host>;

export type ClientName = keyof typeof hosts;
export const clientNames = Object.keys(hosts) as readonly ClientName[];
export const hostOf = (client: ClientName): Host => hosts[client];

function desktopFolders(place: Place): string[] {
  const usualFolder = join(place, settingsOf(place), 'Claude');
  if (place.platform !== 'win32') return [usualFolder];
  const local = place.environment.LOCALAPPDATA || join(place, place.home, 'AppData', 'Local');
  const packages = join(place, local, 'Packages');
  // Claude from the Store or an MSIX package reads its own copy of Roaming, whichever its menu opens. The end of the
  // package's name is the publisher's id, and may change.
  const packaged = place.list(packages).filter((name) => /^Claude_/i.test(name));
  return [usualFolder, ...packaged.map((name) => join(place, packages, name, 'LocalCache', 'Roaming', 'Claude'))];
}

/** A file in which a client keeps its MCP servers. */
export interface ClientFile {
  client: ClientName;
  /** Its name for people. */
  title: string;
  file: string;
}

interface Candidate extends ClientFile {
  /** Any of these shows that the client is on this computer. */
  signs: readonly string[];
}

/** Files of the clients that are on this computer; the files themselves may not exist yet. */
export function findClientFiles(place: Place): ClientFile[] {
  return clientNames
    .flatMap((client) => listCandidates(place, client))
    .filter(({ signs }) => signs.some((path) => place.exists(path)))
    .map(toClientFile);
}

/** Where a client looks first, whether it is installed or not. */
export function usualClientFiles(place: Place, client: ClientName): ClientFile[] {
  return listCandidates(place, client).slice(0, 1).map(toClientFile);
}

const toClientFile = ({ client, title, file }: Candidate): ClientFile => ({ client, title, file });

function listCandidates(place: Place, client: ClientName): Candidate[] {
  const { title, names, folders, signs } = hostOf(client);
  return folders(place).map((folder) => {
    const files = names.map((name) => join(place, folder, name));
    const file = files.find((path) => place.exists(path)) ?? files[0] ?? folder;
    // The folder of Claude Code's file is the home itself.
    const shown = signs === undefined ? [folder] : [file, ...signs(place)];
    return { client, title, file, signs: shown };
  });
}
