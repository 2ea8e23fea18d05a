import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox } from '../../sandbox/sandbox.ts';
import { type Listening, listenSandbox } from '../../sandbox/server/listen.ts';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import type { Terminal } from '../../src/cli/command.ts';
import { init } from '../../src/cli/init.ts';
import { sandboxNow } from '../sandbox/ask.ts';
import { runHere } from '../support/run-here.ts';
import { sandboxDataOf, sharedCatalog } from '../support/shared.ts';
import { cleanEnvironment } from '../support/spawn.ts';
import { openLocalServer } from '../support/spawn-server.ts';
import { clientLines, type Home, makeHome } from './init-home.ts';

const clientId = '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa';
const keys = {
  CONNECTWISE_PUBLIC_KEY: 'public',
  CONNECTWISE_PRIVATE_KEY: 'private',
  CONNECTWISE_CLIENT_ID: clientId,
};

let catalog: OpenedCatalog;
let listening: Listening;
let site: string;
beforeAll(async () => {
  catalog = await sharedCatalog();
  listening = await listenSandbox(createSandbox({ catalog, ...sandboxDataOf(catalog), now: () => sandboxNow }), {
    port: 0,
    host: '127.0.0.1',
  });
  site = `http://127.0.0.1:${listening.port}`;
});
afterAll(async () => {
  await listening.close();
});

const theirs = `{
  "mcpServers": {
    "files": {"command": "npx", "args": ["-y", "server-files"]}
  },
  "theme": "dark"
}
`;

/** Starts the entry of a client's file as the client would, and lists its tools. */
async function listToolsOf(home: Home, file: string, name = 'connectwise'): Promise<{ tools: number; status: string }> {
  const { command, args, env } = JSON.parse(home.read(file)).mcpServers[name];
  const transport = new StdioClientTransport({
    command,
    args,
    env: cleanEnvironment({ ...home.environment, ...env }),
    stderr: 'ignore',
  });
  const client = new Client({ name: 'test', version: '0' });
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    const reply = await client.callTool({ name: 'execute_api_call', arguments: { path: '/gateway/status' } });
    return { tools: tools.length, status: JSON.stringify(reply.content) };
  } finally {
    await client.close();
  }
}

test('--sandbox asks nothing and needs no keys; what it wrote starts the server', async () => {
  using home = makeHome();
  home.write(home.desktop, theirs);
  const { code, stdout, stderr } = await home.init(['--sandbox']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('Is the ConnectWise connection working?');
  expect(existsSync(home.settings)).toBe(false);
  expect(home.read(home.desktop)).toContain('"files": {"command": "npx", "args": ["-y", "server-files"]},');
  for (const file of [home.desktop, home.code]) {
    const { tools, status } = await listToolsOf(home, file);
    expect(tools).toBe(15);
    expect(status).toContain('127.0.0.1');
  }
});

test('good keys: tested, written to one place, and found by the client and by doctor', async () => {
  using home = makeHome();
  home.write(home.desktop, theirs);
  const args = ['--site', `${site}/v2025_1/ConnectWise.aspx?locale=en_US`, '--company', 'Sandbox', '--yes'];
  const { code, stdout, stderr } = await home.init(args, { environment: keys });
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  for (const step of ['site', 'company', 'keys', 'client id', 'read'])
    expect(stdout).toMatch(new RegExp(`^ +ok +${step} `, 'm'));
  expect(JSON.parse(home.read(home.settings))).toEqual({
    apiUrl: `${site}/v4_6_release/apis/3.0`,
    companyId: 'Sandbox',
    publicKey: 'public',
    privateKey: 'private',
    clientId,
  });
  if (process.platform !== 'win32') expect(statSync(home.settings).mode & 0o777).toBe(0o600);
  expect(home.read(home.desktop) + home.read(home.code)).not.toContain('CONNECTWISE_');
  expect((await listToolsOf(home, home.desktop)).status).toContain('answers for company Sandbox');
  const clients = await clientLines(home.path, home.environment);
  expect(clients.map(({ state }) => state)).toEqual(['ok', 'ok']);
  // Without the clients, whose commands a busy machine may start later than doctor waits.
  const nowhere = { XDG_CONFIG_HOME: home.settings, CLAUDE_CONFIG_DIR: home.settings, APPDATA: home.settings };
  expect(await runHere(['doctor'], { environment: { ...home.environment, ...nowhere } })).toMatchObject({ code: 0 });

  const files = readdirSync(dirname(home.desktop));
  const again = await home.init(['--yes']);
  expect(again.stdout).toContain('nothing was written');
  expect(readdirSync(dirname(home.desktop))).toEqual(files);
});

test('--remove restores the file as it was and removes the keys', async () => {
  using home = makeHome();
  home.write(home.desktop, theirs);
  const args = ['--site', site, '--company', 'sandbox', '--yes', '--timezone', 'Europe/London'];
  expect(await home.init(args, { environment: keys })).toMatchObject({ code: 0 });
  const { code, stdout } = await home.init(['--remove', '--yes', '--client', 'claude-code']);
  expect({ code, isKept: existsSync(home.settings) && home.read(home.settings).includes('privateKey') }).toEqual({
    code: 0,
    isKept: true,
  });
  expect(stdout).toContain('My Account > API Keys');
  expect(await home.init(['--remove', '--yes'])).toMatchObject({ code: 0 });
  expect(home.read(home.desktop)).toBe(theirs);
  expect(JSON.parse(home.read(home.settings))).toEqual({ timeZone: 'Europe/London' });
  expect((await home.init(['--remove', '--yes'])).stdout).toContain('nothing to remove');
});

test.each<[string, { args?: string[]; environment?: Record<string, string> }, number, RegExp]>([
  [
    'wrong keys',
    { environment: { CONNECTWISE_PRIVATE_KEY: 'stale-key' } },
    1,
    /rejected the credentials[\s\S]*Copy both keys again/,
  ],
  [
    'a client id that is none',
    { environment: { CONNECTWISE_CLIENT_ID: 'acme' } },
    2,
    /Client id: A client id looks like/,
  ],
  ['a client id as a key', { environment: { CONNECTWISE_PUBLIC_KEY: clientId } }, 2, /looks like the client id/],
  ['a wrong company', { args: ['--company', 'acmee'] }, 1, /has no company "acmee"[\s\S]*when you sign in/],
  [
    'a host that refuses',
    { args: ['--site', 'http://127.0.0.1:9'] },
    1,
    /127\.0\.0\.1:9 refuses[\s\S]*how the site is spelled/,
  ],
  ['a site that is none', { args: ['--site', 'our server'] }, 2, /our server/],
  ['an unknown client', { args: ['--client', 'emacs'] }, 2, /claude-desktop, claude-code, codex, .*goose, all/],
  ['a name that clients refuse', { args: ['--name', 'my server'] }, 2, /letters, digits/],
])(
  '%s: an error with its fix, and nothing is written',
  async (_name, { args = [], environment = {} }, status, said) => {
    using home = makeHome();
    home.write(home.desktop, theirs);
    const words = ['--site', site, '--company', 'sandbox', '--yes', ...args];
    const { code, stderr } = await home.init(words, { environment: { ...keys, ...environment } });
    expect(stderr).toMatch(said);
    expect(code).toBe(status);
    expect(stderr).not.toContain('stale-key');
    expect(home.read(home.desktop)).toBe(theirs);
    expect([existsSync(home.settings), existsSync(home.code)]).toEqual([false, false]);
  },
);

test('without a terminal everything missing is named at once, and without --yes nothing is written', async () => {
  using home = makeHome();
  const missing = await home.init(['--company', 'sandbox']);
  expect(missing).toMatchObject({ code: 2, stdout: '' });
  expect(missing.stderr).toContain('--site, CONNECTWISE_PUBLIC_KEY, CONNECTWISE_PRIVATE_KEY, CONNECTWISE_CLIENT_ID.');
  const unasked = await home.init(['--site', site, '--company', 'sandbox'], { environment: keys });
  expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
  const dry = await home.init(['--site', site, '--company', 'sandbox', '--dry-run'], { environment: keys });
  expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('dry run') });
  expect(existsSync(home.settings) || existsSync(home.desktop)).toBe(false);
});

test('modes are written where they take effect: allow into the entry, the others into the settings', async () => {
  using home = makeHome();
  const args = ['--site', site, '--company', 'sandbox', '--yes', '--untested', '--client', 'claude-desktop'];
  await home.init([...args, '--mode', 'allow'], { environment: keys });
  const argsOf = () => JSON.parse(home.read(home.desktop)).mcpServers.connectwise.args as string[];
  expect(argsOf().slice(-2)).toEqual(['--mode', 'allow']);
  expect(home.read(home.settings)).not.toContain('allow');
  await home.init(['--yes', '--untested', '--mode', 'read-only', '--client', 'claude-desktop']);
  expect(argsOf()).not.toContain('--mode');
  expect(JSON.parse(home.read(home.settings)).mode).toBe('read-only');
});

test("the Python gateway's entry is converted with its settings, under its name", async () => {
  using home = makeHome();
  const env = {
    CONNECTWISE_API_URL: `${site}/v4_6_release/apis/3.0`,
    CONNECTWISE_COMPANY_ID: clientId,
    CONNECTWISE_PUBLIC_KEY: 'public',
    CONNECTWISE_PRIVATE_KEY: 'private',
    CONNECTWISE_AUTH_PREFIX: 'sandbox+',
  };
  const entry = { command: 'python', args: ['/old/CWM-API-Gateway-MCP/api_gateway_server.py'], env };
  home.write(home.desktop, JSON.stringify({ mcpServers: { 'CWM-API-Gateway-MCP': entry } }, null, 2));
  const { code, stdout } = await home.init(['--yes', '--client', 'claude-desktop']);
  expect(code, stdout).toBe(0);
  expect(stdout).toMatch(/- +"CONNECTWISE_PRIVATE_KEY": "\(hidden\)"/);
  expect(stdout).not.toContain(clientId);
  expect(stdout).toContain('backup still holds your keys');
  const { mcpServers } = JSON.parse(home.read(home.desktop));
  expect(mcpServers).toEqual({
    'CWM-API-Gateway-MCP': { command: process.execPath, args: [expect.stringMatching(/main\.js$/)] },
  });
  expect(JSON.parse(home.read(home.settings))).toMatchObject({ companyId: 'sandbox', clientId });
});

test('a file that does not parse is refused with its place, and an entry of another program is left alone', async () => {
  using home = makeHome();
  const broken = '{\n  "mcpServers": {\n    "a": {}\n    "b": {}\n  }\n}';
  home.write(home.desktop, broken);
  const refused = await home.init(['--sandbox']);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/line 4, column 5/) });
  expect(home.read(home.desktop)).toBe(broken);
  expect(existsSync(home.code)).toBe(false);
  const foreign = '{"mcpServers":{"connectwise":{"command":"docker","args":["run","other"]}}}';
  home.write(home.desktop, foreign);
  for (const args of [['--sandbox'], ['--remove', '--yes']])
    expect(await home.init(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('another program') });
  expect(home.read(home.desktop)).toBe(foreign);
});

test('the sandbox does not silently take the place of a connection, nor a second company that of the first', async () => {
  using home = makeHome();
  const args = ['--site', site, '--company', 'sandbox', '--yes', '--untested'];
  await home.init(args, { environment: keys });
  const before = home.read(home.desktop);
  expect(await home.init(['--sandbox'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('connectwise-sandbox'),
  });
  const second = ['--site', site, '--company', 'other', '--name', 'other', '--yes', '--untested'];
  expect(await home.init(second, { environment: keys })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/"connectwise" .* company sandbox[\s\S]*--data-dir/),
  });
  expect(home.read(home.desktop)).toBe(before);
  const folder = join(home.path, 'second');
  expect(await home.init([...second, '--data-dir', folder], { environment: keys })).toMatchObject({ code: 0 });
  expect(JSON.parse(home.read(home.desktop)).mcpServers.other.args).toContain(folder);
  const settingsOfSecond = () => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  expect(settingsOfSecond().companyId).toBe('other');
  // Later the entry itself says which folder is meant.
  await home.init(['--name', 'other', '--yes', '--untested', '--timezone', 'UTC']);
  expect(settingsOfSecond().timeZone).toBe('UTC');
  await home.init(['--name', 'other', '--yes', '--remove']);
  expect(settingsOfSecond()).toEqual({ timeZone: 'UTC' });
  expect(JSON.parse(home.read(home.settings)).companyId).toBe('sandbox');
});

test('without any client it prints the configuration for another one', async () => {
  using home = makeHome();
  const elsewhere = { APPDATA: home.path, XDG_CONFIG_HOME: home.path, CLAUDE_CONFIG_DIR: join(home.path, 'none') };
  const { stdout } = await home.init(['--sandbox', '--json'], {
    environment: { ...elsewhere, HOME: join(home.path, 'x') },
  });
  expect(JSON.parse(stdout)).toMatchObject({ files: [], configuration: { mcpServers: { connectwise: {} } } });
});

test('no key appears in what is printed, in the names of files, in the log, or in a second file', async () => {
  using home = makeHome();
  const marked = { publicKey: 'canaryPublic77', privateKey: 'canaryPrivate77', clientId };
  const login = Buffer.from(`acme+${marked.publicKey}:${marked.privateKey}`).toString('base64');
  await using server = await openLocalServer((request, response) => {
    const known = request.headers.authorization === `Basic ${login}`;
    const isInfo = request.url?.startsWith('/login/companyinfo/acme');
    // A server that repeats what it was sent, in the worst way.
    const body =
      known || request.url?.startsWith('/login')
        ? {}
        : { code: 'Unauthorized', message: `no: ${JSON.stringify(request.headers)}` };
    response.writeHead(known || request.url?.startsWith('/login') ? 200 : 401, { 'content-type': 'application/json' });
    response.end(
      isInfo
        ? '{"CompanyName":"Acme","Codebase":"v2025_1/"}'
        : request.url?.startsWith('/login')
          ? 'null'
          : JSON.stringify(body),
    );
  });
  const runs = [
    { args: ['--company', 'acme'], stdin: { ...marked, privateKey: 'canaryStale77' }, code: 1 },
    { args: ['--company', 'acme'], stdin: marked, code: 0 },
    { args: ['--company', 'acme', '--json'], stdin: { ...marked, publicKey: `acme+${marked.publicKey}` }, code: 0 },
    { args: ['--remove', '--dry-run'], stdin: {}, code: 0 },
  ];
  for (const { args, stdin, code } of runs) {
    const words = ['--site', server.url, '--keys-from-stdin', '--yes', '--log-level', 'debug', ...args];
    const result = await home.init(words, { stdin: JSON.stringify(stdin) });
    expect(result.code, result.stderr).toBe(code);
    expect(result.stdout + result.stderr).not.toMatch(/canary|6f0ad7a0/);
    expect(result.stdout + result.stderr).not.toContain(login.slice(0, 12));
  }
  const files = readdirSync(home.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const holding = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => /canary/.test(readFileSync(file, 'utf8')));
  expect(holding).toEqual([home.settings]);
  expect(files.map(({ name }) => name).join()).not.toContain('canary');
});

test('in a terminal it asks who I am and for the time zone, and writes both', async () => {
  using home = makeHome();
  const args = { site, company: 'sandbox', client: 'claude-code' };
  const [stdin, stdout] = [new PassThrough(), new PassThrough()].map((stream) =>
    Object.assign(stream, { isTTY: true }),
  );
  const answers: [RegExp, string][] = [
    [/Number, name or member id/, 'kaur'],
    [/Your time zone/, 'Europe/London'],
    [/this rule for Claude Code/, 'n'],
    [/Write these 2 files/, 'y'],
  ];
  let shown = '';
  stdout?.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const [prompt, answer] = answers[0] ?? [/$^/, ''];
    if (!prompt.test(shown)) return;
    answers.shift();
    shown = '';
    stdin?.write(`${answer}\r`);
  });
  const terminal = {
    ...{ arguments: [], program: [process.execPath, '/x/main.js'], nodeVersion: '22', home: home.path },
    ...{ environment: { ...home.environment, ...keys }, platform: process.platform, onStop: () => undefined },
    ...{ shippedCatalog: '', sqlProgram: '', stdin, stdout, stderr: stdout },
  } as unknown as Terminal;
  expect(await init.run({ terminal, positionals: [], settings: {}, flags: args, lists: {} })).toBe(0);
  expect(answers).toEqual([]);
  expect(JSON.parse(home.read(home.settings))).toMatchObject({ member: 'bkaur', timeZone: 'Europe/London' });
  expect(existsSync(join(home.path, 'settings.json'))).toBe(false);
});
