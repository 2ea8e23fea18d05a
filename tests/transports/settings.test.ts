import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { openPipeHere } from '../support/run-here.ts';
import { openPipe } from '../support/spawn-pipe.ts';

const allKeys = {
  CONNECTWISE_API_URL: 'https://connectwise.invalid/v4_6_release/apis/3.0',
  CONNECTWISE_COMPANY_ID: 'acme',
  CONNECTWISE_PUBLIC_KEY: 'public-key',
  CONNECTWISE_PRIVATE_KEY: 'private-key',
  CONNECTWISE_CLIENT_ID: '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa',
};

test.each([
  ['without credentials', {}],
  ['with credentials', allKeys],
])('starting and listing touch no disk, %s', async (_name, environment) => {
  using folder = makeFolder();
  const dataDir = join(folder.path, 'data');
  await using pipe = await openPipe(['--data-dir', dataDir], { environment });
  expect((await pipe.request('tools/list')).result.tools.length).toBeGreaterThan(0);
  for (const list of ['prompts/list', 'resources/list', 'resources/templates/list']) await pipe.request(list);
  expect(existsSync(dataDir)).toBe(false);
});

test('without credentials discovery works, and execution names every setting that is missing', async () => {
  using folder = makeFolder();
  await using pipe = await openPipeHere(['--data-dir', folder.path]);
  expect(await pipe.callText('natural_language_api_search', { query: 'open tickets' })).toContain('/service/tickets');
  expect(await pipe.callText('get_api_endpoint_details', { path: '/service/tickets' })).toContain('conditions');
  const text = await pipe.callText('execute_api_call', { path: '/service/tickets' });
  expect(text).toMatch(/^not_configured: /);
  for (const name of Object.keys(allKeys)) expect(text).toContain(name);
});

test('one missing setting is named alone', async () => {
  using folder = makeFolder();
  const { CONNECTWISE_PRIVATE_KEY: _left, ...environment } = allKeys;
  await using pipe = await openPipeHere(['--data-dir', folder.path], { environment });
  const text = await pipe.callText('execute_api_call', { path: '/service/tickets', params: {} });
  expect(text).toMatch(/^not_configured: .*CONNECTWISE_PRIVATE_KEY is not set/);
  expect(text).not.toMatch(/CONNECTWISE_PUBLIC_KEY|CONNECTWISE_CLIENT_ID/);
});

test.each([
  ['CONNECTWISE_MODE', 'foo', /read-only.*confirm.*allow/],
  ['CONNECTWISE_TIMEZONE', 'Mars/Olympus', /time zone/],
  ['CONNECTWISE_TIMEOUT_SECONDS', 'soon', /number/],
  ['CONNECTWISE_LOG_LEVEL', 'loud', /debug/],
  ['CONNECTWISE_NOW', 'yesterday', /./],
  ['CONNECTWISE_SANDBOX', 'perhaps', /true|false/],
])('a wrong %s is an error that names it at each call, and the server lives', async (name, value, allowed) => {
  using folder = makeFolder();
  await using pipe = await openPipeHere(['--data-dir', folder.path], { environment: { ...allKeys, [name]: value } });
  expect((await pipe.request('tools/list')).result.tools.length).toBeGreaterThan(0);
  for (let round = 0; round < 2; round++) {
    const text = await pipe.callText('execute_api_call', { path: '/service/tickets', params: {} });
    expect(text).toMatch(/^configuration_invalid: /);
    expect(text).toContain(`${name} "${value}"`);
    expect(text).toMatch(allowed);
  }
  for (const line of pipe.stderr().split('\n').filter(Boolean)) expect(JSON.parse(line)).toHaveProperty('msg');
});

test.each([
  ['not JSON', '{"mode": '],
  ['an unknown setting', '{"publicKeys": "x"}'],
  ['a mode that a file may not set', '{"mode": "allow"}'],
])('a settings file with %s is named, and the server lives', async (_name, content) => {
  using folder = makeFolder();
  const file = join(folder.path, 'config.json');
  writeFileSync(file, content);
  await using pipe = await openPipeHere(['--data-dir', folder.path], { environment: allKeys });
  const text = await pipe.callText('search_api_endpoints', { query: 'tickets' });
  expect(text).toMatch(/^configuration_invalid: /);
  expect(text).toContain(file);
});

test('a placeholder that a one-click bundle left counts as not set', async () => {
  using folder = makeFolder();
  // biome-ignore lint/suspicious/noTemplateCurlyInString: hosts leave it as it is in the bundle's manifest
  const environment = { ...allKeys, CONNECTWISE_CLIENT_ID: '${user_config.client_id}' };
  await using pipe = await openPipeHere(['--data-dir', folder.path], { environment });
  const text = await pipe.callText('execute_api_call', { path: '/service/tickets', params: {} });
  expect(text).toContain('CONNECTWISE_CLIENT_ID is not set');
});

test('in mode allow the list says that calling writes', async () => {
  using folder = makeFolder();
  await using pipe = await openPipe(['--data-dir', folder.path, '--mode', 'allow']);
  const { tools } = (await pipe.request('tools/list')).result;
  const call = tools.find(({ name }: { name: string }) => name === 'execute_api_call');
  expect(call.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true });
});
