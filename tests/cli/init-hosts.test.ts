import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { parse as parseToml, stringify as stringifyToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml';
import type { Computer } from '../../src/cli/clients.ts';
import { hostValue, putServer, readHostText } from '../../src/cli/host-text.ts';
import { type ClientName, clientNames, hostOf, usualClientFiles } from '../../src/cli/hosts.ts';
import { putTable } from '../../src/cli/toml-text.ts';
import { putEntry } from '../../src/cli/yaml-text.ts';
import { clientLines, makeHome } from './init-home.ts';

const command = process.execPath;
const args = [expect.stringMatching(/main\.js$/), '--sandbox'];
const usual = { command, args };

/** Each client: its file under the home of a Linux user, and what its reader finds there (documented or seen in a run). */
const written: Record<ClientName, { file: string; value: unknown }> = {
  'claude-desktop': {
    file: '.config/Claude/claude_desktop_config.json',
    value: { mcpServers: { connectwise: usual } },
  },
  'claude-code': {
    file: '.claude.json',
    value: { mcpServers: { connectwise: { type: 'stdio', alwaysLoad: true, ...usual } } },
  },
  codex: {
    file: '.codex/config.toml',
    value: {
      mcp_servers: {
        connectwise: {
          ...{ ...usual, required: true, startup_timeout_sec: 60, env: { HTTPS_PROXY: 'http://proxy:8080' } },
          tools: { confirm_api_write: { approval_mode: 'prompt' } },
        },
      },
    },
  },
  gemini: { file: '.gemini/settings.json', value: { mcpServers: { connectwise: usual } } },
  copilot: {
    file: '.copilot/mcp-config.json',
    value: { mcpServers: { connectwise: { type: 'local', tools: ['*'], ...usual } } },
  },
  opencode: {
    file: '.config/opencode/opencode.json',
    value: { mcp: { connectwise: { type: 'local', command: [command, ...args], enabled: true } } },
  },
  qwen: { file: '.qwen/settings.json', value: { mcpServers: { connectwise: usual } } },
  cline: {
    file: '.cline/data/settings/cline_mcp_settings.json',
    value: { mcpServers: { connectwise: { ...usual, timeout: 60 } } },
  },
  continue: { file: '.continue/config.yaml', value: { mcpServers: [{ name: 'connectwise', ...usual }] } },
  vscode: { file: '.config/Code/User/mcp.json', value: { servers: { connectwise: { type: 'stdio', ...usual } } } },
  cursor: { file: '.cursor/mcp.json', value: { mcpServers: { connectwise: usual } } },
  'lm-studio': { file: '.lmstudio/mcp.json', value: { mcpServers: { connectwise: usual } } },
  zed: { file: '.config/zed/settings.json', value: { context_servers: { connectwise: usual } } },
  goose: {
    file: '.config/goose/config.yaml',
    value: {
      extensions: {
        connectwise: { name: 'connectwise', type: 'stdio', cmd: command, args, timeout: 60, enabled: true },
      },
    },
  },
};

const parse = (text: string, client: ClientName): unknown => {
  const { grammar } = hostOf(client);
  return grammar === 'toml' ? { ...parseToml(text) } : grammar === 'yaml' ? parseYaml(text) : JSON.parse(text);
};

/** A file with another server, and comments where the client's grammar has them. */
function theirsOf(client: ClientName): string {
  const { grammar, key, isList } = hostOf(client);
  switch (grammar) {
    case 'toml':
      return `# mine\nmodel = "x" # why\n\n[${key}.files]\ncommand = "npx"\nargs = [\n  "-y", # yes\n  "files",\n]\n\n[tui]\nnotify = true\n`;
    case 'yaml':
      return isList
        ? `# mine\nname: me\n${key}:\n  - name: files # why\n    command: npx\n\n# later\nmodels: []\n`
        : `# mine\nGOOSE_MODEL: x\n${key}:\n    files: # why\n        cmd: npx\n        args:\n        - "-y"\n# later\nGOOSE_MODE: approve\n`;
    case 'jsonc':
      return `{\n  // mine\n  "${key}": {\n    "files": { "command": "npx" }, // why\n  },\n  "theme": "dark", // last\n}\n`;
    case 'json':
      return `{\n  "${key}": {\n    "files": { "command": "npx" }\n  },\n  "theme": "dark"\n}\n`;
  }
}

const variables = {
  ...{ HTTPS_PROXY: 'http://proxy:8080', HTTP_PROXY: '', http_proxy: '', NO_PROXY: '', no_proxy: '' },
  NODE_EXTRA_CA_CERTS: '',
};
const run = (home: ReturnType<typeof makeHome>, client: ClientName, ...more: string[]) =>
  home.init(['--client', client, ...more], { environment: variables });

describe.skipIf(process.platform !== 'linux').each(clientNames)('%s', (client) => {
  const { file, value } = written[client];

  test('gets the entry in its file and form; a second run changes nothing, and --remove leaves no trace', async () => {
    using home = makeHome();
    const path = join(home.path, file);
    const first = await run(home, client, '--sandbox');
    expect(first, first.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(parse(home.read(path), client)).toEqual(value);
    const before = readdirSync(dirname(path));
    const text = home.read(path);
    expect((await run(home, client, '--sandbox')).stdout).toContain('nothing was written');
    expect([home.read(path), readdirSync(dirname(path))]).toEqual([text, before]);
    expect(await run(home, client, '--remove', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(path)).toBe(false);
  });

  test('keeps everything else in the file, and --remove restores it', async () => {
    using home = makeHome();
    const path = join(home.path, file);
    const theirs = theirsOf(client);
    for (const text of [theirs, theirs.trimEnd(), theirs.replaceAll('\n', '\r\n')]) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      const { code, stderr } = await run(home, client, '--sandbox', '--yes');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = text.split('\n').map((line) => line.trim().replace(/,$/, ''));
      for (const line of lines) expect(home.read(path)).toContain(line);
      expect(JSON.stringify(hostValue(readHostText(Buffer.from(home.read(path)), path, hostOf(client))))).toContain(
        'connectwise',
      );
      expect(await run(home, client, '--remove', '--yes')).toMatchObject({ code: 0, stderr: '' });
      expect(home.read(path)).toBe(text);
      rmSync(path);
    }
  });

  test('is checked by doctor', async () => {
    using home = makeHome();
    await run(home, client, '--sandbox');
    const lines = await clientLines(home.path, home.environment);
    expect(lines).toMatchObject([{ state: 'ok', detail: expect.stringContaining(hostOf(client).title) }]);
  });
});

const nowhere: Pick<Computer, 'platform' | 'home' | 'environment' | 'exists' | 'list'> = {
  ...{ platform: 'linux', home: '/home/jo', environment: {} },
  ...{ exists: () => false, list: () => [] },
};
const fileOf = (client: ClientName, place: Partial<typeof nowhere>) =>
  usualClientFiles({ ...nowhere, ...place }, client)[0]?.file;

test.each<[ClientName, string, string]>([
  [
    'vscode',
    '/Users/jo/Library/Application Support/Code/User/mcp.json',
    'C:\\Users\\jo\\AppData\\Roaming\\Code\\User\\mcp.json',
  ],
  ['zed', '/Users/jo/.config/zed/settings.json', 'C:\\Users\\jo\\AppData\\Roaming\\Zed\\settings.json'],
  [
    'goose',
    '/Users/jo/.config/goose/config.yaml',
    'C:\\Users\\jo\\AppData\\Roaming\\Block\\goose\\config\\config.yaml',
  ],
  ['codex', '/Users/jo/.codex/config.toml', 'C:\\Users\\jo\\.codex\\config.toml'],
  ['opencode', '/Users/jo/.config/opencode/opencode.json', 'C:\\Users\\jo\\.config\\opencode\\opencode.json'],
])('%s on macOS and Windows', (client, mac, windows) => {
  expect(fileOf(client, { platform: 'darwin', home: '/Users/jo' })).toBe(mac);
  expect(fileOf(client, { platform: 'win32', home: 'C:\\Users\\jo' })).toBe(windows);
});

test('opencode.jsonc is used where it exists, and CODEX_HOME where it is set', () => {
  const file = '/home/jo/.config/opencode/opencode.jsonc';
  expect(fileOf('opencode', { exists: (path) => path === file })).toBe(file);
  expect(fileOf('codex', { environment: { CODEX_HOME: '/c' } })).toBe('/c/config.toml');
});

const read = (client: ClientName, text: string) => readHostText(Buffer.from(text), 'the-file', hostOf(client));

test.each<[string, ClientName, string, RegExp]>([
  [
    'a comment in strict JSON',
    'claude-desktop',
    '{\n  // mine\n  "a": 1\n}',
    /a comment at line 2, column 3, which Claude/,
  ],
  ['a trailing comma in strict JSON', 'claude-desktop', '{\n  "a": [1,],\n  "b": 1\n}', /a comma .* at line 2/],
  ['servers twice', 'claude-desktop', '{"mcpServers": {},\n"mcpServers": {}}', /"mcpServers" is there twice.* line 2/],
  ['servers twice with comments', 'gemini', '{"mcpServers": {},\n"mcpServers": {}}', /twice/],
  ['TOML that does not parse', 'codex', 'a = 1\nb = = 2\n', /the-file cannot be read.* line 2/],
  ['YAML that does not parse', 'goose', 'a: 1\nb: [1\n', /the-file cannot be read.* line/],
  ['a key twice in YAML', 'goose', 'a: 1\na: 2\n', /the-file cannot be read.* line 2/],
  ['nested JSON', 'claude-desktop', `${'['.repeat(50_000)}`, /nested more than 200/],
  ['nested YAML', 'goose', `a: ${'['.repeat(50_000)}`, /cannot be read/],
  ['nested TOML', 'codex', `a = ${'['.repeat(50_000)}`, /cannot be read/],
])('%s is refused, and the file is left as it is', (_name, client, text, said) => {
  expect(() => read(client, text)).toThrow(said);
});

test('a byte order mark is removed where the client cannot read it', async () => {
  using home = makeHome();
  home.write(home.desktop, '\uFEFF{"mcpServers": {}}');
  const bad = await clientLines(home.path, home.environment);
  expect(bad).toMatchObject([{ state: 'failure', detail: expect.stringContaining('byte order mark') }]);
  await home.init(['--client', 'claude-desktop', '--sandbox']);
  expect(JSON.parse(home.read(home.desktop))).toHaveProperty('mcpServers.connectwise');
});

const put = (client: ClientName, text: string, value: Record<string, unknown> | undefined, name = 'mine') =>
  putServer(read(client, text), hostOf(client), name, value).text;

describe('forms that people write by hand', () => {
  const server = { command: 'node', args: ['x'] };

  test.each<[string, ClientName, string]>([
    ['an empty map', 'goose', 'extensions: {}\nx: 1\n'],
    ['a key without a value', 'goose', 'extensions:\nx: 1\n'],
    ['no key', 'goose', 'x: |\n  text\n  more\n'],
    [
      'a list at the column of its key',
      'continue',
      'mcpServers:\n- name: a\n  command: |\n    x\n- command: y\n  name: b\nx: 1\n',
    ],
    ['a table with quoted names', 'codex', "[mcp_servers.'a b']\ncommand = 'x'\n"],
    ['a text of several lines', 'codex', '[mcp_servers.a]\ncommand = """\n[mcp_servers.mine]\n"""\n[x]\ny = 1\n'],
    ['a table of the servers', 'codex', '[mcp_servers]\na = { command = "x" }\n'],
  ])('%s: added and removed', (_name, client, text) => {
    const added = put(client, text, server);
    expect(JSON.stringify(hostValue(read(client, added)))).toContain('"mine"');
    const { extensions: _, ...others } = hostValue(read(client, text));
    expect(hostValue(read(client, put(client, added, undefined)))).toEqual(others);
  });

  test.each<[string, ClientName, string]>([
    ['servers in one line of YAML', 'goose', 'extensions: {a: {cmd: x}}\n'],
    ['servers in one line of TOML', 'codex', 'mcp_servers = { a = { command = "x" } }\n'],
  ])('%s are refused, with what to do', (_name, client, text) => {
    expect(() => put(client, text, server)).toThrow(/written in a form that init does not edit/);
  });

  test('an entry is replaced in its place, with its tables and comments, and its neighbours stay', () => {
    const toml =
      '[mcp_servers.mine]\ncommand = "old"\n\n[mcp_servers.mine.env]\nA = "1" # a\n\n# of b\n[mcp_servers.b]\ncommand = "b"\n';
    expect(put('codex', toml, server)).toBe(
      '[mcp_servers.mine]\ncommand = "node"\nargs = [ "x" ]\n\n# of b\n[mcp_servers.b]\ncommand = "b"\n',
    );
    const yaml = 'extensions:\n  a:\n    cmd: a\n  mine:\n    cmd: old\n  b:\n    cmd: b # b\n';
    expect(put('goose', yaml, server)).toBe(
      'extensions:\n  a:\n    cmd: a\n  mine:\n    command: node\n    args:\n      - x\n  b:\n    cmd: b # b\n',
    );
  });
});

const words = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text !== '__proto__' && text !== 'mine');
const entries = fc.dictionary(
  words,
  fc.dictionary(words, fc.oneof(words, fc.integer(), fc.array(words, { maxLength: 3 }), fc.dictionary(words, words)), {
    noNullPrototype: true,
    minKeys: 1,
  }),
  { noNullPrototype: true, minKeys: 1 },
);
const ours = { command: 'node', args: ['a b', '#x'], env: { A: '1' } };

test('after adding and removing an entry any TOML or YAML is as it was', () => {
  fc.assert(
    fc.property(entries, fc.boolean(), fc.boolean(), fc.constantFrom(2, 4), (servers, isOpen, isWindows, indent) => {
      const formed = (text: string) => {
        const ended = isOpen ? text.trimEnd() : text;
        return isWindows ? ended.replaceAll('\n', '\r\n') : ended;
      };
      const toml = formed(stringifyToml({ before: 1, servers, z: { y: 1 } }));
      const table = putTable(toml, ['servers', 'mine'], ours);
      expect(parseToml(table ?? '')).toMatchObject({ servers: { mine: ours } });
      expect(putTable(table ?? '', ['servers', 'mine'], undefined)).toBe(toml);
      const yaml = formed(stringifyYaml({ before: 1, servers, z: { y: 1 } }, { indent }));
      const where = { key: 'servers', name: 'mine', isList: false };
      const entry = putEntry(yaml, where, ours);
      expect(parseYaml(entry ?? '')).toMatchObject({ servers: { mine: ours } });
      expect(putEntry(entry ?? '', where, undefined)).toBe(yaml);
    }),
  );
});

test('of TOML and YAML only the entry is shown, and no value that may be a key', async () => {
  using home = makeHome();
  const path = join(home.path, '.codex', 'config.toml');
  mkdirSync(dirname(path));
  writeFileSync(
    path,
    '[mcp_servers.x.env]\nTOKEN = "THEIR-1"\n\n[mcp_servers.connectwise]\ncommand = "npx"\nargs = ["cwm-api-gateway-mcp"]\nenv = { CONNECTWISE_PRIVATE_KEY = "OLD-1" }\n# OLD-2\n[mcp_servers.connectwise.http]\nkey = "OLD-3"\n',
  );
  const { stdout } = await home.init(['--client', 'codex', '--sandbox', '--dry-run'], {
    environment: { HTTPS_PROXY: 'http://jo:OLD-4@proxy' },
  });
  expect(stdout).toContain('+ required = true');
  expect(stdout).not.toMatch(/THEIR|OLD/);
});
