import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Preset, readPreset } from '../../scripts/bundle/preset.ts';
import { type Installed, installBundle, startBundle } from './install-bundle.ts';
import { type LoopbackSandbox, openLoopbackSandbox } from './loopback-sandbox.ts';

const root = join(import.meta.dirname, '..', '..');

function read(content: unknown): Preset {
  const folder = mkdtempSync(join(tmpdir(), 'cwm preset '));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'team.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readPreset(file);
}

const team = {
  apiUrl: 'na.myconnectwise.net',
  companyId: 'acme',
  clientId: '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa',
  mode: 'read-only',
  policy: { deny: ['DELETE /service/**'] },
};

test('a preset is read whole, also as editors of Windows write it', () => {
  const whole = { ...team, policy: { deny: ['DELETE /service/**'], confirm: [], allow: [] } };
  expect(read(team)).toEqual(whole);
  expect(read(`\uFEFF${JSON.stringify(team)}`)).toEqual(whole);
});

test('a preset that names no mode has the default built in', () => {
  expect(read({ companyId: 'acme' }).mode).toBe('confirm');
});

test.each(['publicKey', 'privateKey', 'private_key', 'CONNECTWISE_PRIVATE_KEY', 'password', 'apiToken'])(
  'a preset that holds %s is refused, without repeating it',
  (name) => {
    const holding = () => read({ ...team, [name]: 'p4ss-0f-somebody' });
    expect(holding).toThrow(new RegExp(`holds ${name}`));
    expect(holding).not.toThrow(/p4ss/);
  },
);

test.each<[string, unknown, RegExp]>([
  ['that is no JSON', '{"mode": ', /cannot be read/],
  ['that is a list', [], /the file: /],
  ['with a setting that cannot be built in', { logLevel: 'debug' }, /logLevel/],
  ['with a mode that there is not', { mode: 'write' }, /mode: .*read-only/],
  ['with a site that is none', { apiUrl: 'http://example.com' }, /apiUrl: .*https/],
  ['with a client id that is none', { clientId: 'acme' }, /clientId: is not a GUID/],
  ['with a time zone that is none', { timeZone: 'Mars/Olympus' }, /timeZone: is not a time zone/],
  ['with an empty company', { companyId: ' ' }, /companyId: is empty/],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a host would fill this in
  ['with a placeholder', { companyId: '${user_config.member}' }, /companyId: may not contain/],
  ['with an invalid pattern', { policy: { deny: ['everything'] } }, /policy: .*is not a valid pattern/],
  ['with an unknown list in its policy', { policy: { forbid: [] } }, /policy: .*forbid/],
])('a preset %s is refused by name', (_name, content, expected) => {
  expect(() => read(content)).toThrow(expected);
});

test('the preset in the documentation is valid', () => {
  const document = readFileSync(join(root, 'docs', 'extension.md'), 'utf8');
  expect(read(/```json\n([\s\S]*?)```/.exec(document)?.[1])).toMatchObject({ mode: 'confirm' });
});

test('the command refuses a wrong preset before it builds anything', () => {
  const words = ['--import', 'tsx', 'scripts/bundle.ts', '--preset', 'no-such-preset.json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^The preset no-such-preset\.json cannot be read/);
});

test('every fault is named at once', () => {
  expect(() => read({ mode: 'write', clientId: 'acme' })).toThrow(/mode: [\s\S]*clientId: |clientId: [\s\S]*mode: /);
});

describe('a bundle with a preset', () => {
  let sandbox: LoopbackSandbox;
  const opened: Installed[] = [];
  beforeAll(async () => {
    sandbox = await openLoopbackSandbox();
  });
  afterAll(async () => {
    for (const one of opened) one[Symbol.dispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  /** Installed, with what a technician might put beside it to get around it. */
  async function install(preset: Record<string, unknown>, stored: object, policy: object): Promise<Installed> {
    const { apiUrl, companyId, clientId } = sandbox.fields;
    const installed = await installBundle(read({ apiUrl, companyId, clientId, ...preset }));
    opened.push(installed);
    const folder = join(installed.home, '.cwm-api-gateway');
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.json'), JSON.stringify(stored));
    writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy));
    return installed;
  }

  async function start(installed: Installed, fields: Record<string, string | boolean> = {}) {
    const { publicKey, privateKey } = sandbox.fields;
    const config = await installed.fillIn({ publicKey, privateKey, ...fields });
    if (config === undefined) throw new Error('a required field is empty');
    return startBundle(installed, config);
  }

  test('asks for two keys, a name and the time zone; read-only stays whatever the technician sets', async () => {
    const stored = { mode: 'confirm', readOnly: false, companyId: 'other', authPrefix: 'other+' };
    const installed = await install({ mode: 'read-only' }, stored, { allow: ['* /**'] });
    expect(Object.keys(installed.manifest.user_config)).toEqual(['publicKey', 'privateKey', 'timeZone', 'member']);

    await using started = await start(installed, { readOnly: false });
    const [ticket] = await sandbox.get('/service/tickets?pageSize=1&fields=id,summary');
    const path = `/service/tickets/${ticket.id}`;
    expect((await started.call('execute_api_call', { path })).text).toContain(ticket.summary);
    const { text } = await started.call('execute_api_call', { path, method: 'PATCH', data: { summary: 'x' } });
    expect(text).toMatch(/^read_only: /);
    expect(text).toContain('“Mode” (built into this extension)');
  });

  test('its policy comes first: what the technician allows is ignored, what they deny counts', async () => {
    const policy = { deny: ['DELETE /service/**'] };
    const own = { deny: ['PATCH /company/**'], allow: ['* /system/apiMembers/**'] };
    const installed = await install({ policy }, {}, own);
    await using started = await start(installed);
    const write = async (method: string, path: string) =>
      (await started.call('execute_api_call', { path, method, data: { summary: 'x' } })).text;
    const [ticket] = await sandbox.get('/service/tickets?pageSize=1&fields=id');
    expect(await write('DELETE', `/service/tickets/${ticket.id}`)).toMatch(/^change_denied: .*policy file/);
    expect(await write('POST', '/system/apiMembers')).toMatch(/^change_denied: .*by default/);
    expect(await write('PATCH', '/company/companies/2')).toMatch(/^change_denied: /);
    expect(await write('PATCH', `/service/tickets/${ticket.id}`)).toMatch(/^NOT SENT/);
  });

  test('mode confirm can be made stricter by the technician, and not looser', async () => {
    const installed = await install({ mode: 'confirm' }, { readOnly: true }, {});
    await using started = await start(installed, { readOnly: false });
    const call = { path: '/service/tickets/1', method: 'PATCH', data: { summary: 'x' } };
    expect((await started.call('execute_api_call', call)).text).toMatch(/^read_only: /);
    expect(installed.manifest.server.mcp_config.env.CONNECTWISE_MODE).toBe('confirm');
  });
});
