import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { runHere } from '../support/run-here.ts';
import { exitOf, spawnProgram } from '../support/spawn.ts';
import { openLocalServer } from '../support/spawn-server.ts';
import { openWatchedSandbox } from '../support/watched-sandbox.ts';

const keys = {
  CONNECTWISE_COMPANY_ID: 'acme',
  CONNECTWISE_PUBLIC_KEY: 'public-key-77',
  CONNECTWISE_PRIVATE_KEY: 'private-key-77',
  CONNECTWISE_CLIENT_ID: '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa',
};

/** The clients of the user who runs the tests are not started. */
const nowhere = (home: string) => ({
  HOME: home,
  USERPROFILE: home,
  APPDATA: '',
  LOCALAPPDATA: '',
  XDG_CONFIG_HOME: '',
});

const doctor = (dataDir: string, environment: Record<string, string> = {}, ...more: string[]) =>
  runHere(['doctor', '--data-dir', dataDir, ...more], {
    environment: { ...nowhere(dataDir), CLAUDE_CONFIG_DIR: '', ...environment },
  });

/** ConnectWise as far as the login: accepted or rejected. */
const openSite = (answer: (request: IncomingMessage) => { status: number; body?: unknown; date?: Date }) =>
  openLocalServer((request, response) => {
    const { status, body = {}, date } = answer(request);
    const headers = { 'content-type': 'application/json', ...(date && { date: date.toUTCString() }) };
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
const isInfo = ({ url }: IncomingMessage) => url?.endsWith('/system/info') === true;

test('on the sandbox everything is ok: exit 0', async () => {
  using folder = makeFolder();
  const { code, stdout } = await doctor(folder.path, {}, '--sandbox');
  expect(stdout).not.toMatch(/^(warning|failure)/m);
  for (const check of ['gateway', 'Node', 'settings', 'catalog', 'folders', 'Fast Memory', 'policy', 'changes', 'host'])
    expect(stdout).toMatch(new RegExp(`^ok +${check} `, 'm'));
  for (const check of ['credentials', 'client id', 'role', 'records', 'latency', 'client'])
    expect(stdout).toMatch(new RegExp(`^ok +${check} `, 'm'));
  expect(stdout).not.toContain('\u001b');
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
  await using site = await openWatchedSandbox();
  const { code, stdout } = await doctor(folder.path, {
    ...site.environment,
    CONNECTWISE_CLIENT_ID: keys.CONNECTWISE_CLIENT_ID,
  });
  expect(code, stdout).toBe(0);
  expect(stdout).toMatch(/^ok +host +127\.0\.0\.1:\d+, code base v4_6_release, knows the company/m);
  expect(stdout).toMatch(/^ok +TLS +none: plain http within this computer/m);
  expect(stdout).toMatch(/^ok +clock +agrees/m);
  expect(stdout).toMatch(/^ok +credentials +127\.0\.0\.1:\d+ answers for company sandbox, version v2025\.1/m);
  expect(stdout).toMatch(/^ok +role +may read tickets, time, schedule, companies/m);
  expect(stdout).toContain('CONNECTWISE_PRIVATE_KEY = set (environment)');
  expect(stdout).toContain('mode = confirm (default)');
  expect(stdout).toContain(`CONNECTWISE_DATA_DIR = ${folder.path} (flag)`);
  expect(stdout).not.toContain(keys.CONNECTWISE_CLIENT_ID);
  expect(site.writes()).toEqual([]);
});

test('a role that sees only its own: what it may not read, and whose records came', async () => {
  using folder = makeFolder();
  await using site = await openWatchedSandbox();
  const { code, stdout } = await doctor(folder.path, {
    ...site.environment,
    CONNECTWISE_PUBLIC_KEY: 'mine',
    CONNECTWISE_CLIENT_ID: keys.CONNECTWISE_CLIENT_ID,
  });
  expect(stdout).toMatch(/^ok +role +may read tickets.*; may not read agreements, invoices/m);
  expect(stdout).toMatch(/^warning +records .*tickets/m);
  expect(code).toBe(1);
});

test.each([
  ['rejects the keys', 401, 'credentials', /CONNECTWISE_PRIVATE_KEY/],
  ['fails', 500, 'failed', /fix: /],
])('a site that %s: exit 2 and what to do', async (_name, status, said, fix) => {
  using folder = makeFolder();
  await using site = await openLocalServer((_request, response) => response.writeHead(status).end());
  const { code, stdout } = await doctor(folder.path, { ...keys, CONNECTWISE_API_URL: site.url });
  expect(code).toBe(2);
  expect(stdout).toMatch(new RegExp(`^failure +credentials .*${said}`, 'm'));
  expect(stdout).toMatch(fix);
});

test('a site that cannot be reached: exit 2, the host named', async () => {
  using folder = makeFolder();
  // Port 9 discards, and nothing listens there.
  const { code, stdout } = await doctor(folder.path, { ...keys, CONNECTWISE_API_URL: 'http://127.0.0.1:9' });
  expect(code).toBe(2);
  expect(stdout).toMatch(/^failure +host .*127\.0\.0\.1:9/m);
  expect(stdout).toMatch(/^ok +catalog/m);
});

test("a predecessor's settings that work are not a warning", async () => {
  using folder = makeFolder();
  await using site = await openSite(() => ({ status: 200 }));
  const { CONNECTWISE_CLIENT_ID, CONNECTWISE_COMPANY_ID: _company, ...rest } = keys;
  const environment = {
    ...rest,
    CONNECTWISE_COMPANY_ID: CONNECTWISE_CLIENT_ID,
    CONNECTWISE_AUTH_PREFIX: 'acme+',
    CONNECTWISE_API_URL: site.url,
  };
  const { code, stdout } = await doctor(folder.path, environment);
  expect(stdout).toMatch(/^ok +settings/m);
  expect(stdout).toMatch(/^ok +keys/m);
  expect(code, stdout).toBe(0);
});

test('--json gives the checks as data', async () => {
  using folder = makeFolder();
  const { code, stdout } = await doctor(folder.path, {}, '--json');
  const report = JSON.parse(stdout);
  expect(code).toBe(2);
  expect(report.state).toBe('failure');
  expect(Object.keys(report)).toEqual(['state', 'checks']);
  for (const line of report.checks) {
    expect(line).toMatchObject({ check: expect.stringMatching(/./), detail: expect.stringMatching(/./) });
    expect(['ok', 'warning', 'failure']).toContain(line.state);
    // Whatever is not ok has its next step.
    expect(typeof line.fix).toBe(line.state === 'ok' ? 'undefined' : 'string');
  }
});

test('a catalog that is missing is one failed check of several', async () => {
  using folder = makeFolder();
  const { code, stdout } = await doctor(folder.path, {}, '--catalog', join(folder.path, 'none.db'));
  expect(code).toBe(2);
  expect(stdout).toMatch(/^failure +catalog .*none\.db/m);
  expect(stdout).toMatch(/^ok +gateway/m);
});

test('rejected keys are not tried in another form, since the private key would be sent as a user name', async () => {
  using folder = makeFolder();
  const logins = new Set<string>();
  await using site = await openSite(({ headers }) => {
    logins.add(Buffer.from(headers.authorization?.slice(6) ?? '', 'base64').toString());
    return { status: 401 };
  });
  const { code, stdout } = await doctor(folder.path, { ...keys, CONNECTWISE_API_URL: site.url });
  expect(stdout).toMatch(/^failure +credentials/m);
  expect(stdout).toMatch(/two keys are swapped/);
  expect(stdout).toMatch(/^warning +role +not checked/m);
  expect([...logins].filter((login) => login !== '')).toEqual(['acme+public-key-77:private-key-77']);
  expect(code).toBe(2);
});

test('a company that the site does not know is distinguished from wrong keys', async () => {
  using folder = makeFolder();
  await using site = await openSite(({ url }) =>
    url?.startsWith('/login/companyinfo/') ? { status: 200, body: null } : { status: 401 },
  );
  const { stdout } = await doctor(folder.path, { ...keys, CONNECTWISE_API_URL: site.url });
  expect(stdout).toMatch(/^failure +host .*has no company "acme"/m);
});

test('a clock that is off is a warning', async () => {
  using folder = makeFolder();
  await using site = await openSite((request) => ({
    status: 200,
    // Of each answer by itself: on a busy machine the first and the last are far apart.
    date: new Date(Date.now() - 600_000),
    body: isInfo(request) ? {} : [],
  }));
  const { code, stdout } = await doctor(folder.path, { ...keys, CONNECTWISE_API_URL: site.url });
  expect(stdout).toMatch(/^warning +clock +this computer is 10 min ahead of ConnectWise/m);
  expect(code).toBe(1);
});

test('a site that takes the request and never answers ends the check in its time limit', async () => {
  using folder = makeFolder();
  await using site = await openLocalServer(() => undefined);
  const environment = { ...keys, CONNECTWISE_API_URL: site.url, CONNECTWISE_TIMEOUT_SECONDS: '1' };
  const { code, stdout } = await doctor(folder.path, environment);
  expect(stdout).toMatch(/^failure +credentials .*did not answer within 1 s/m);
  expect(code).toBe(2);
});

test('it stops when asked to', async () => {
  using folder = makeFolder();
  await using site = await openLocalServer(() => undefined);
  const environment = { ...nowhere(folder.path), ...keys, CONNECTWISE_API_URL: site.url };
  const child = spawnProgram(['doctor', '--data-dir', folder.path], { environment });
  const exit = exitOf(child);
  child.stdout.once('data', () => child.kill('SIGTERM'));
  expect(await exit).toEqual({ code: 130, signal: null });
});

test('a folder that cannot be written to is named with its setting', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'a file');
  writeFileSync(file, '');
  const { code, stdout } = await doctor(folder.path, { CONNECTWISE_DOWNLOAD_DIR: file }, '--sandbox');
  expect(stdout).toMatch(/^failure +folders +downloads cannot be written to .*a file \(ENOTDIR\)/m);
  expect(stdout).toContain('CONNECTWISE_DOWNLOAD_DIR');
  expect(stdout).toMatch(/^ok +folders +writable: data/m);
  expect(code).toBe(2);
});

test('a key with quotes around it is a warning that does not show it', async () => {
  using folder = makeFolder();
  await using site = await openSite((request) => ({ status: 200, body: isInfo(request) ? {} : [] }));
  const environment = { ...keys, CONNECTWISE_PRIVATE_KEY: '"private-key-77"', CONNECTWISE_API_URL: site.url };
  const { stdout } = await doctor(folder.path, environment);
  expect(stdout).toMatch(/^warning +keys +CONNECTWISE_PRIVATE_KEY has quotes around it/m);
  expect(stdout).not.toContain('private-key-77');
});

test('--probe prints which facts hold, with the sandbox: exit 1, since two differ', async () => {
  using folder = makeFolder();
  const { code, stdout } = await doctor(folder.path, {}, '--sandbox', '--probe');
  expect(stdout).toMatch(/^holds +2\.2\.5 +Does AND bind tighter than OR\?/m);
  expect(stdout).toMatch(/^differs +5\.5\.1 /m);
  expect(stdout).toMatch(/\d+ hold, 2 differ, 3 are unknown here/);
  expect(code).toBe(1);
});

test('--probe --json gives counts and findings', async () => {
  using folder = makeFolder();
  const { stdout } = await doctor(folder.path, {}, '--sandbox', '--probe', '--json');
  const { counts, findings } = JSON.parse(stdout);
  expect(Object.keys(counts)).toEqual(['holds', 'differs', 'unknown']);
  expect(Object.keys(findings[0])).toEqual(['fact', 'question', 'result', 'seen']);
  expect(counts.holds).toBe(findings.filter(({ result }: { result: string }) => result === 'holds').length);
});

test('without settings everything missing is said once, and each command names init', async () => {
  using folder = makeFolder();
  const environment = { ...nowhere(folder.path), CONNECTWISE_DATA_DIR: folder.path };
  const { code, stdout } = await runHere(['doctor'], { environment });
  expect(code).toBe(2);
  for (const name of ['CONNECTWISE_API_URL', ...Object.keys(keys)]) expect(stdout.split(name)).toHaveLength(2);
  expect(stdout).toMatch(/^failure +settings .*\n +fix: `init` in a terminal asks for them/m);
  for (const words of [
    ['call', 'GET', '/service/tickets'],
    ['changes', 'list'],
    ['memory', 'list'],
    ['doctor', '--probe'],
  ]) {
    const { stderr } = await runHere(words, { environment });
    expect(stderr, words.join(' ')).toMatch(/not set\.\n`init` asks for what is missing/);
  }
});
