import { describe, expect, test } from 'vitest';
import { type Computer, findServerCommand } from '../../src/cli/clients.ts';
import { findClientFiles, usualClientFiles } from '../../src/cli/hosts.ts';

const nowhere: Computer = {
  platform: 'linux',
  home: '/home/jo',
  environment: {},
  program: ['/usr/bin/node', '/opt/gateway/dist/main.js'],
  exists: () => true,
  list: () => [],
  realpath: (path) => path,
  read: () => undefined,
};
const isClaude = ({ client }: { client: string }) => client.startsWith('claude');
const filesOf = (place: Partial<Computer>) =>
  findClientFiles({ ...nowhere, ...place })
    .filter(isClaude)
    .map(({ file }) => file);
const has =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path);

describe('clients are found where each system keeps them', () => {
  test('macOS and Linux', () => {
    expect(filesOf({ platform: 'darwin', home: '/Users/jo ü' })).toEqual([
      '/Users/jo ü/Library/Application Support/Claude/claude_desktop_config.json',
      '/Users/jo ü/.claude.json',
    ]);
    expect(filesOf({})).toEqual(['/home/jo/.config/Claude/claude_desktop_config.json', '/home/jo/.claude.json']);
    expect(filesOf({ environment: { XDG_CONFIG_HOME: '/cfg', CLAUDE_CONFIG_DIR: '/cc' } })).toEqual([
      '/cfg/Claude/claude_desktop_config.json',
      '/cc/.claude.json',
    ]);
  });

  test('Windows: the usual folder and that of the packaged Claude', () => {
    const home = 'C:\\Users\\Jö Doe';
    const environment = { APPDATA: `${home}\\AppData\\Roaming`, LOCALAPPDATA: `${home}\\AppData\\Local` };
    const list = (folder: string) =>
      folder === `${home}\\AppData\\Local\\Packages` ? ['Claude_pzs8sxrjxfjjc', 'Microsoft.Claudette_1'] : [];
    const packaged = `${home}\\AppData\\Local\\Packages\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming\\Claude`;
    const expected = [
      `${home}\\AppData\\Roaming\\Claude\\claude_desktop_config.json`,
      `${packaged}\\claude_desktop_config.json`,
      `${home}\\.claude.json`,
    ];
    expect(filesOf({ platform: 'win32', home, environment, list })).toEqual(expected);
    expect(filesOf({ platform: 'win32', home, list })).toEqual(expected);
    expect(filesOf({ platform: 'win32', home, environment, list, exists: has(packaged) })).toEqual([expected[1]]);
  });

  test('only those that exist; the folder is enough, its file may be missing', () => {
    expect(filesOf({ exists: () => false })).toEqual([]);
    expect(filesOf({ exists: has('/home/jo/.config/Claude') })).toHaveLength(1);
    expect(filesOf({ exists: has('/home/jo/.claude') })).toEqual(['/home/jo/.claude.json']);
    const absent = { ...nowhere, exists: () => false };
    expect(usualClientFiles(absent, 'claude-code')).toMatchObject([{ file: '/home/jo/.claude.json' }]);
  });
});

const commandOf = (more: Partial<Computer>) => findServerCommand({ ...nowhere, ...more });
const cache = '/home/jo/.npm/_npx/0a1b/node_modules';
const inCache = (node: string) => [node, `${cache}/cwm-api-gateway-mcp/bin/server.js`];
const npxFile = (content: unknown) => (path: string) =>
  path.endsWith('package.json') ? JSON.stringify(content) : undefined;

describe('the command in the entry starts the program that runs now', () => {
  test('a clone or an installation: this Node and this script, behind its link', () => {
    expect(commandOf({})).toEqual({ command: '/usr/bin/node', args: ['/opt/gateway/dist/main.js'] });
    const realpath = (path: string) =>
      path === '/usr/local/bin/cwm-api-gateway-mcp'
        ? '/usr/local/lib/node_modules/cwm-api-gateway-mcp/bin/server.js'
        : path;
    expect(commandOf({ program: ['/usr/bin/node', '/usr/local/bin/cwm-api-gateway-mcp'], realpath }).args).toEqual([
      '/usr/local/lib/node_modules/cwm-api-gateway-mcp/bin/server.js',
    ]);
    const windows = ['C:\\Program Files\\nodejs\\node.exe', 'C:\\Users\\Jö Doe\\gateway\\dist\\main.js'];
    expect(commandOf({ platform: 'win32', program: windows })).toEqual({ command: windows[0], args: [windows[1]] });
  });

  test('npx: npx again, never its cache', () => {
    expect(commandOf({ program: inCache('/usr/bin/node') })).toEqual({
      command: 'npx',
      args: ['-y', 'cwm-api-gateway-mcp'],
    });
    const program = [
      'C:\\n\\node.exe',
      'C:\\Users\\J\\AppData\\Local\\npm-cache\\_npx\\0a\\node_modules\\x\\bin\\server.js',
    ];
    expect(commandOf({ platform: 'win32', program })).toEqual({
      command: 'cmd',
      args: ['/c', 'npx', '-y', 'cwm-api-gateway-mcp'],
    });
  });

  test.each([
    ['a version', { _npx: { packages: ['cwm-api-gateway-mcp@0.1.0'] } }, 'cwm-api-gateway-mcp@0.1.0'],
    ['a repository', { _npx: { packages: ['github:o/cwm-api-gateway-mcp'] } }, 'github:o/cwm-api-gateway-mcp'],
    ['a file', { dependencies: { 'cwm-api-gateway-mcp': 'file:../../../x.tgz' } }, '/home/jo/x.tgz'],
    ['nothing that is known', { _npx: { packages: ['other'] } }, 'cwm-api-gateway-mcp'],
  ])('npx that was asked for %s is asked for it again', (_name, content, spec) => {
    expect(commandOf({ program: inCache('/usr/bin/node'), read: npxFile(content) }).args).toEqual(['-y', spec]);
  });

  test('npx of a version manager: its full path, and a PATH on which it finds its own Node', () => {
    const bin = '/home/jo/.nvm/versions/node/v22.13.0/bin';
    expect(commandOf({ program: inCache(`${bin}/node`) })).toEqual({
      command: `${bin}/npx`,
      args: ['-y', 'cwm-api-gateway-mcp'],
      env: { PATH: `${bin}:/usr/local/bin:/usr/bin:/bin` },
    });
    for (const node of ['/usr/local/bin/node', '/opt/homebrew/Cellar/node/24.1.0/bin/node'])
      expect(commandOf({ program: inCache(node) }).command).toBe('npx');
  });

  test('npx in another folder than its Node may start an older one, which is reported', () => {
    const { command, doubt } = commandOf({ program: inCache('/clone/.node/bin/node'), exists: () => false });
    expect(command).toBe('npx');
    expect(doubt).toMatchObject({ state: 'warning', fix: expect.stringContaining('npm install --global') });
  });

  test("Homebrew's Node by the link that survives an upgrade", () => {
    const real = '/opt/homebrew/Cellar/node@22/22.20.0/bin/node';
    const link = '/opt/homebrew/opt/node@22/bin/node';
    const program = [real, '/x/dist/main.js'];
    expect(commandOf({ program, realpath: (path) => (path === link ? real : path) }).command).toBe(link);
    expect(commandOf({ program }).command).toBe(real);
  });
});
