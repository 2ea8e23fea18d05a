import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder, runProgram } from '../support/spawn.ts';
import { openLocalServer } from '../support/spawn-server.ts';

const keys = {
  CONNECTWISE_COMPANY_ID: 'acme',
  CONNECTWISE_PUBLIC_KEY: 'public-key-77',
  CONNECTWISE_PRIVATE_KEY: 'private-key-77',
  CONNECTWISE_CLIENT_ID: '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa',
};

const doctor = (dataDir: string, environment: Record<string, string> = {}, ...more: string[]) =>
  runProgram(['doctor', '--data-dir', dataDir, ...more], { environment });

test('on the sandbox all is well: exit 0', async () => {
  using folder = makeFolder();
  const { code, stdout } = await doctor(folder.path, {}, '--sandbox');
  expect(stdout).not.toMatch(/^(warning|failure)/m);
  for (const check of ['gateway', 'settings', 'catalog', 'Fast Memory', 'ConnectWise'])
    expect(stdout).toMatch(new RegExp(`^ok +${check} `, 'm'));
  expect(code).toBe(0);
});

test('without settings it names each missing one with its fix: exit 2', async () => {
  using folder = makeFolder();
  const { code, stdout, stderr } = await doctor(folder.path);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  expect(stdout).toMatch(/^ok +catalog +\d+ endpoints/m);
  for (const name of ['CONNECTWISE_API_URL', ...Object.keys(keys)]) expect(stdout).toContain(name);
  expect(stdout).toMatch(/fix: /);
});

test('a site that answers: exit 0, the settings with their origin, no key', async () => {
  using folder = makeFolder();
  await using site = await openLocalServer((request, response) => {
    const known = request.url?.endsWith('/system/info');
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ? { version: 'v2025.1.99', isCloud: true } : {}));
  });
  const { code, stdout } = await doctor(folder.path, { ...keys, CONNECTWISE_API_URL: site.url });
  expect(stdout).toMatch(/^ok +ConnectWise +127\.0\.0\.1:\d+ answers for company acme, version v2025\.1\.99/m);
  expect(stdout).toContain('CONNECTWISE_PRIVATE_KEY = set (environment)');
  expect(stdout).toContain('CONNECTWISE_COMPANY_ID = acme (environment)');
  expect(stdout).not.toMatch(/-key-77/);
  expect(code).toBe(0);
});

test.each([
  ['rejects the keys', 401, 'credentials', /CONNECTWISE_PRIVATE_KEY/],
  ['fails', 500, 'failed', /fix: /],
])('a site that %s: exit 2 and what to do', async (_name, status, said, fix) => {
  using folder = makeFolder();
  await using site = await openLocalServer((_request, response) => response.writeHead(status).end());
  const { code, stdout } = await doctor(folder.path, { ...keys, CONNECTWISE_API_URL: site.url });
  expect(code).toBe(2);
  expect(stdout).toMatch(new RegExp(`^failure +ConnectWise .*${said}`, 'm'));
  expect(stdout).toMatch(fix);
});

test('a site that cannot be reached: exit 2, the host named', async () => {
  using folder = makeFolder();
  // Port 9 discards, and nothing listens there.
  const { code, stdout } = await doctor(folder.path, { ...keys, CONNECTWISE_API_URL: 'http://127.0.0.1:9' });
  expect(code).toBe(2);
  expect(stdout).toMatch(/^failure +ConnectWise .*127\.0\.0\.1:9/m);
});

test("a predecessor's settings that work are no warning", async () => {
  using folder = makeFolder();
  await using site = await openLocalServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
  );
  const { CONNECTWISE_CLIENT_ID, CONNECTWISE_COMPANY_ID: _company, ...rest } = keys;
  const environment = {
    ...rest,
    CONNECTWISE_COMPANY_ID: CONNECTWISE_CLIENT_ID,
    CONNECTWISE_AUTH_PREFIX: 'acme+',
    CONNECTWISE_API_URL: site.url,
  };
  const { code, stdout } = await doctor(folder.path, environment);
  expect(stdout).toMatch(/^ok +settings/m);
  expect(code, stdout).toBe(0);
});

test('--json gives the checks as data', async () => {
  using folder = makeFolder();
  const { code, stdout } = await doctor(folder.path, {}, '--json');
  const report = JSON.parse(stdout);
  expect(code).toBe(2);
  expect(report.state).toBe('failure');
  expect(report.checks.every(({ check, detail }: Record<string, string>) => check && detail)).toBe(true);
});

test('a catalog that is missing is one failed check of several', async () => {
  using folder = makeFolder();
  const { code, stdout } = await doctor(folder.path, {}, '--catalog', join(folder.path, 'none.db'));
  expect(code).toBe(2);
  expect(stdout).toMatch(/^failure +catalog .*none\.db/m);
  expect(stdout).toMatch(/^ok +gateway/m);
});
