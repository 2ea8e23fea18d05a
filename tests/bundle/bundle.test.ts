import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesBelow } from '../support/folders.ts';
import { toolNames } from '../support/spawn-every-tool.ts';
import { eras, type Installed, installBundle, startBundle } from './install-bundle.ts';
import { type LoopbackSandbox, openLoopbackSandbox } from './loopback-sandbox.ts';

let installed: Installed;
let sandbox: LoopbackSandbox;
beforeAll(async () => {
  installed = await installBundle();
  sandbox = await openLoopbackSandbox();
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  installed[Symbol.dispose]();
});

/** The configuration that the host makes of the fields. */
async function filledIn(more: Record<string, string | boolean> = {}) {
  const config = await installed.fillIn({ ...sandbox.fields, ...more });
  if (config === undefined) throw new Error('a required field is empty');
  return config;
}

test('the bundle is at most 5 MB and holds no native code, no source map, nothing of this machine', () => {
  expect(statSync(installed.file).size).toBeLessThanOrEqual(5_000_000);
  const files = filesBelow(installed.folder);
  expect(files).toEqual(expect.arrayContaining(['manifest.json', 'LICENSE', 'NOTICE', join('dist', 'LICENSES.txt')]));
  expect(files.filter((file) => /\.(node|map|ts|env|log|pem)$/.test(file))).toEqual([]);
  const root = join(import.meta.dirname, '..', '..');
  const naming = files.filter((file) => readFileSync(join(installed.folder, file)).includes(root));
  expect(naming).toEqual([]);
});

test('the manifest lists the tools and prompts of the program, its version, and every platform', () => {
  const { manifest } = installed;
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  expect(manifest.version).toBe(version);
  expect(manifest.tools.map(({ name }) => name)).toEqual(toolNames);
  expect(manifest.prompts.map(({ name }) => name)).toContain('board_health');
  expect(manifest.compatibility).toMatchObject({
    platforms: ['darwin', 'win32', 'linux'],
    runtimes: { node: '>=22.13.0' },
  });
});

test('the extension asks for eight settings; keys and client id are kept as secrets', () => {
  const fields = Object.entries(installed.manifest.user_config);
  expect(fields.map(([name, { type, required }]) => `${name}: ${type}${required ? '' : ', optional'}`)).toEqual([
    'apiUrl: string',
    'companyId: string',
    'publicKey: string',
    'privateKey: string',
    'clientId: string',
    'readOnly: boolean, optional',
    'timeZone: string, optional',
    'member: string, optional',
  ]);
  const secret = fields.filter(([, { sensitive }]) => sensitive).map(([name]) => name);
  expect(secret).toEqual(['publicKey', 'privateKey', 'clientId']);
});

test('a host does not start it while a required field is empty', async () => {
  expect(await installed.fillIn({ ...sandbox.fields, privateKey: '' })).toBeUndefined();
});

describe.each(eras)('unpacked, and started by the command of its manifest, over %s', (_name, options) => {
  test('it lists its tools, finds an endpoint, reads ConnectWise, and refuses to write when read only', async () => {
    await using started = await startBundle(installed, await filledIn({ readOnly: true }), options);
    const { tools } = await started.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(toolNames);

    const found = await started.call('natural_language_api_search', { query: 'open tickets of high priority' });
    expect(found.data.endpoints[0]).toMatchObject({ method: 'GET', path: '/service/tickets' });

    const [ticket] = await sandbox.get('/service/tickets?pageSize=1&fields=id,summary');
    const read = await started.call('execute_api_call', { path: `/service/tickets/${ticket.id}` });
    expect(read.text).toContain(ticket.summary);

    const refused = await started.call('execute_api_call', {
      path: `/service/tickets/${ticket.id}`,
      method: 'PATCH',
      data: { summary: 'Not to be written' },
    });
    expect(refused.text).toMatch(/^read_only: /);
    expect(refused.text).toMatch(/“Read only”.*Settings > Extensions/s);
    expect(sandbox.methods).not.toContain('PATCH');
  });
});

test.each<[string, Record<string, string | boolean>]>([
  ['read only is left unticked', { readOnly: false }],
  ['optional fields are left empty', { timeZone: '', member: '' }],
])('where %s, a write is prepared', async (_name, fields) => {
  await using started = await startBundle(installed, await filledIn(fields));
  const [ticket] = await sandbox.get('/service/tickets?pageSize=1&fields=id');
  const data = { summary: 'Printer is down' };
  const call = { path: `/service/tickets/${ticket.id}`, method: 'PATCH', data };
  expect((await started.call('execute_api_call', call)).text).toMatch(/^NOT SENT/);
});

test('fields that the host left as placeholders are missing, and named by their titles and their place', async () => {
  const { mcp_config: config } = installed.manifest.server;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what the manifest says
  const args = config.args.map((word) => word.replace('${__dirname}', installed.folder));
  await using started = await startBundle(installed, { ...config, args });
  const { text } = await started.call('execute_api_call', { path: '/service/tickets' });
  expect(text).toMatch(/^not_configured: /);
  for (const name of ['ConnectWise site', 'Company id', 'Public key', 'Private key', 'Client id']) {
    expect(text).toContain(`“${name}”`);
    expect(Object.values(installed.manifest.user_config).map(({ title }) => title)).toContain(name);
  }
  expect(text).toContain(`Settings > Extensions > ${installed.manifest.display_name}`);
  expect(text).not.toMatch(/CONNECTWISE_/);

  const status = await started.call('execute_api_call', { path: '/gateway/status' });
  expect(status.text).toMatch(/“Public key”.*Settings > Extensions/s);
  expect(status.text).not.toMatch(/CONNECTWISE_/);
});

test('rejected keys are named by the titles of their fields', async () => {
  await using started = await startBundle(installed, await filledIn({ privateKey: 'of-somebody-else' }));
  const { text } = await started.call('execute_api_call', { path: '/service/tickets' });
  expect(text).toMatch(/^credentials_rejected: /);
  expect(text).toMatch(/“Private key”.*Settings > Extensions/s);
  expect(text).not.toMatch(/CONNECTWISE_|of-somebody-else/);
});
