import { expect, test } from 'vitest';
import { hostOf } from '../../src/cli/hosts.ts';
import { listEntries, setEntry, settingsOf } from '../../src/cli/init/entries.ts';
import { findDifference } from '../../src/cli/init/plans.ts';
import { connectionSettings, setSettings } from '../../src/cli/init.ts';
import { readJsonText, readValue } from '../../src/cli/json-text.ts';

const read = (value: unknown) => readJsonText(Buffer.from(JSON.stringify(value, null, 2)), 'file.json');
const desktop = hostOf('claude-desktop');
const place = { platform: 'linux', read: () => undefined };
const connection = {
  apiUrl: 'https://api-na.myconnectwise.net/v4_6_release/apis/3.0',
  companyId: 'acme',
  publicKey: 'PUBLIC-NEW-1',
  privateKey: 'PRIVATE-NEW-1',
  clientId: 'CLIENT-NEW-1',
};
const linesOf = (...given: Parameters<typeof findDifference>) =>
  findDifference(...given).map(({ sign, text }) => `${sign}${text}`);

test('keys are masked, and a changed key is shown as changed', () => {
  const before = read({ companyId: 'acme', publicKey: 'PUBLIC-OLD-1', privateKey: 'PRIVATE-NEW-1', mode: 'confirm' });
  const lines = linesOf(before, setSettings(before, connection, {}), []);
  expect(lines).toContain('-  "publicKey": "(hidden)",');
  expect(lines).toContain('+  "publicKey": "(hidden, new)",');
  expect(lines).toContain('   "privateKey": "(hidden)",');
  expect(lines).toContain('   "companyId": "acme",');
  expect(lines.join()).not.toMatch(/(PUBLIC|PRIVATE|CLIENT)-/);
});

const old = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a client fills in itself
  before: { command: 'x', args: ['--token', 'THEIR-1'], env: { TOKEN: 'THEIR-2', V: '${THEIR-3}' } },
  gateway: {
    command: 'npx',
    args: ['-y', 'cwm-api-gateway-mcp', '--mode', 'read-only', '--timeout=60', '--company-id', 'old'],
    env: {
      CONNECTWISE_API_URL: 'https://na.myconnectwise.net/v4_6_release/apis/3.0',
      CONNECTWISE_PRIVATE_KEY: 'PRIVATE-OLD-1',
      HTTPS_PROXY: 'http://jo:PROXY-OLD-1@proxy:8080',
    },
    disabled: false,
  },
};

test('nothing of other servers is shown, nor variables that may be secret', () => {
  const before = read({ mcpServers: old, mail: 'MAIL-OLD' });
  const [, entry] = listEntries(before, desktop, place);
  const wanted = { name: 'gateway', server: { command: 'node', args: ['x.js'] } };
  const after = setEntry(before, desktop, entry, { ...wanted, flags: [], settled: new Set(connectionSettings) });
  const shown = linesOf(before, after, ['mcpServers', 'gateway']).join('\n');
  expect(shown).not.toMatch(/THEIR|OLD/);
  expect(shown).toContain('-        "CONNECTWISE_API_URL": "https://na.myconnectwise.net/v4_6_release/apis/3.0"');
  expect(shown).toContain('+      "command": "node"');
  expect(readValue(after).mcpServers).toEqual({
    before: old.before,
    // Flags and variables that say something else stay.
    gateway: {
      command: 'node',
      args: ['x.js', '--mode', 'read-only', '--timeout=60'],
      env: { HTTPS_PROXY: old.gateway.env.HTTPS_PROXY },
      disabled: false,
    },
  });
});

test('comments are masked: they may contain an old key', () => {
  const before = readJsonText(Buffer.from('{\n  /* KEY-1\n   KEY-2 */ // KEY-3\n  "publicKey": "KEY-4"\n}'), 'x');
  const shown = linesOf(before, setSettings(before, connection, {}), []).join('\n');
  expect(shown).toContain('// …');
  expect(shown).not.toContain('KEY-');
});

test('one-line files are shown on several lines', () => {
  const before = readJsonText(Buffer.from('{"a":1,"mcpServers":{}}'), 'x');
  const after = setEntry(before, hostOf('claude-code'), undefined, {
    ...{ name: 'connectwise', server: { command: 'node', args: [] } },
    ...{ flags: ['--sandbox'], settled: new Set() },
  });
  expect(linesOf(before, after, ['mcpServers', 'connectwise'])).toContain('+      "type": "stdio",');
});

test("the Python gateway's entry is recognised, whatever its name, and gives its settings", () => {
  const env = {
    CONNECTWISE_API_URL: 'https://na.myconnectwise.net/v4_6_release/apis/3.0',
    CONNECTWISE_COMPANY_ID: '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa',
    CONNECTWISE_PRIVATE_KEY: 'p',
    CONNECTWISE_AUTH_PREFIX: 'acme+',
  };
  const entries = listEntries(
    read({
      mcpServers: {
        'CWM-API-Gateway-MCP': { command: 'node', args: ['/x/CWM-API-Gateway-MCP/bin/server.js'] },
        python: { command: 'python', args: ['api_gateway_server.py'] },
        variables: { command: 'python', args: ['start.py'], env },
        files: { command: 'npx', args: ['-y', 'server-files'] },
        remote: { type: 'http', url: 'https://example.com' },
      },
    }),
    desktop,
    place,
  );
  expect(entries.filter(({ isOwn }) => isOwn).map(({ name }) => name)).toEqual([
    'CWM-API-Gateway-MCP',
    'python',
    'variables',
  ]);
  expect(entries.map((entry) => settingsOf(entry).authPrefix)).toContain('acme+');
});

test('a clone in a folder of any name is recognised by its package.json', () => {
  const json = read({ mcpServers: { a: { command: 'node', args: ['/srv/tools/dist/main.js'] } } });
  const own = (name: string) =>
    listEntries(json, desktop, {
      platform: 'linux',
      read: (path) => (path === '/srv/tools/package.json' ? `{"name": "${name}"}` : undefined),
    });
  expect(own('cwm-api-gateway-mcp')[0]?.isOwn).toBe(true);
  expect(own('other')[0]?.isOwn).toBe(false);
});
