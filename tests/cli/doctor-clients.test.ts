import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { startServer } from '../../src/cli/doctor-clients.ts';
import { makeFolder } from '../support/folders.ts';
import { runHere } from '../support/run-here.ts';
import { builtProgram, cleanEnvironment, patient } from '../support/spawn.ts';
import { clientLines } from './init-home.ts';

function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const desktopOf = (home: string) => join(home, '.config', 'Claude', 'claude_desktop_config.json');

/** What `doctor` says of the clients of a user whose home is the folder. */
function doctor(home: string) {
  const homes = { HOME: home, USERPROFILE: home, XDG_CONFIG_HOME: join(home, '.config'), CLAUDE_CONFIG_DIR: home };
  return clientLines(home, homes);
}

describe.skipIf(process.platform !== 'linux')('doctor starts what clients would start', () => {
  test('an entry that works, and one in a project of Claude Code', async () => {
    using folder = makeFolder();
    const server = { command: process.execPath, args: [builtProgram, '--sandbox'] };
    write(desktopOf(folder.path), JSON.stringify({ mcpServers: { connectwise: server }, theme: 'dark' }));
    write(join(folder.path, '.claude.json'), JSON.stringify({ projects: { '/x': { mcpServers: { cwm: server } } } }));
    const lines = await doctor(folder.path);
    expect(lines.map(({ state }) => state)).toEqual(['ok', 'ok']);
    expect(lines[0]?.detail).toMatch(/^Claude Desktop: "connectwise" in .*json starts cwm-api-gateway-mcp \d+\.\d+/);
    expect(lines[1]?.detail).toMatch(/^Claude Code: "cwm" in .*\.claude\.json starts/);
  });

  test('a clone in a folder of any name, which says itself what it is', async () => {
    using folder = makeFolder();
    const program = join(folder.path, 'gw', 'dist', 'main.js');
    const init = { jsonrpc: '2.0', id: 1, result: { serverInfo: { name: 'cwm-api-gateway-mcp', version: '1' } } };
    write(program, `console.log(${JSON.stringify(JSON.stringify(init))})`);
    write(join(folder.path, 'gw', 'package.json'), '{"name": "cwm-api-gateway-mcp"}');
    const server = { command: process.execPath, args: [program] };
    write(desktopOf(folder.path), JSON.stringify({ mcpServers: { connectwise: server } }));
    expect((await doctor(folder.path))[0]?.detail).toMatch(/"connectwise" in .* starts cwm-api-gateway-mcp 1 in/);
  });

  test('a command that does not exist, one that ends, and a file that is not JSON are failures', async () => {
    using folder = makeFolder();
    const env = { CONNECTWISE_PRIVATE_KEY: 'private-canary-1' };
    const says = "console.error('no module, private-canary-1'); process.exit(3)";
    const mcpServers = {
      missing: { command: 'no-such-command-here', args: ['cwm-api-gateway-mcp'] },
      ending: { command: process.execPath, args: ['-e', says, 'cwm-api-gateway-mcp'], env },
    };
    write(desktopOf(folder.path), JSON.stringify({ mcpServers }));
    write(join(folder.path, '.claude.json'), '{"mcpServers": {,}}');
    const lines = await doctor(folder.path);
    expect(lines.map(({ state }) => state)).toEqual(['failure', 'failure', 'failure']);
    expect(lines[0]?.detail).toContain('could not be started (ENOENT)');
    expect(lines[1]?.detail).toContain('ended with exit status 3: no module, [redacted]');
    expect(lines[2]?.detail).toMatch(/Claude Code cannot read .*\.claude\.json/);
    expect(JSON.stringify(lines)).not.toContain('private-canary');
  });

  test('entries of other programs are left alone', async () => {
    using folder = makeFolder();
    const touched = join(folder.path, 'touched');
    const args = ['-e', `require('node:fs').writeFileSync(${JSON.stringify(touched)}, '')`];
    write(desktopOf(folder.path), JSON.stringify({ mcpServers: { other: { command: process.execPath, args } } }));
    const lines = await doctor(folder.path);
    expect(lines.map(({ detail }) => detail)).toEqual([
      'no configuration of a client on this computer names this server',
    ]);
    expect(existsSync(touched)).toBe(false);
  });

  test('the settings of this terminal do not hide what an entry lacks, and text copied from an example is a warning', async () => {
    using folder = makeFolder();
    const seen = join(folder.path, 'seen.json');
    const program = write(
      join(folder.path, 'cwm-api-gateway-mcp.cjs'),
      `require('node:fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.env));
       console.log(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { serverInfo: { name: 'x', version: '1' } } }));`,
    );
    const env = { CONNECTWISE_PUBLIC_KEY: 'your public key' };
    write(
      desktopOf(folder.path),
      JSON.stringify({ mcpServers: { x: { command: process.execPath, args: [program], env } } }),
    );
    const environment = {
      HOME: folder.path,
      XDG_CONFIG_HOME: join(folder.path, '.config'),
      CLAUDE_CONFIG_DIR: '',
      CONNECTWISE_PRIVATE_KEY: 'of-this-terminal',
    };
    const { stdout } = await runHere(['doctor', '--sandbox', '--data-dir', folder.path], { environment });
    expect(stdout).toMatch(/^warning +client .*CONNECTWISE_PUBLIC_KEY is a placeholder/m);
    const variables = JSON.parse(readFileSync(seen, 'utf8'));
    expect(variables).toMatchObject(env);
    expect(variables).not.toHaveProperty('CONNECTWISE_PRIVATE_KEY');
  });
});

const hanging = (file: string) => {
  const program = `require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`;
  return { name: 'x', command: process.execPath, args: ['-e', program], environment: {} };
};

test('a command that never answers is stopped by its process id', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'pid');
  const giveUp = new AbortController();
  const options = { platform: process.platform, environment: cleanEnvironment(), signal: giveUp.signal };
  const starting = startServer(hanging(file), { ...options, limitMs: 600_000 });
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).not.toBe(''), patient);
  giveUp.abort();
  expect(await starting).toMatchObject({ problem: expect.stringContaining('did not answer') });
  const pid = Number(readFileSync(file, 'utf8'));
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), patient);
});

test('the time limit of a command holds', async () => {
  using folder = makeFolder();
  const options = { platform: process.platform, environment: cleanEnvironment(), signal: new AbortController().signal };
  const start = await startServer(hanging(join(folder.path, 'pid')), { ...options, limitMs: 10 });
  expect(start).toEqual({ problem: 'did not answer within 0.01 s' });
});
