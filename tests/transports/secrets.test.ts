import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { openPipeHere, runHere } from '../support/run-here.ts';
import { openPipe } from '../support/spawn-pipe.ts';
import { openLocalServer } from '../support/spawn-server.ts';

const canaries = {
  CONNECTWISE_PUBLIC_KEY: 'PublicCanary7781',
  CONNECTWISE_PRIVATE_KEY: 'PrivateCanary9923',
  CONNECTWISE_CLIENT_ID: 'c1a2b3d4-canary-5566-7788-99aabbccddee',
};
const keys = { CONNECTWISE_COMPANY_ID: 'acme', ...canaries };
const pair = Buffer.from(`acme+${canaries.CONNECTWISE_PUBLIC_KEY}:${canaries.CONNECTWISE_PRIVATE_KEY}`);
const secrets = [...Object.values(canaries), pair.toString('base64'), pair.toString('base64url')];

/** Which secrets a text holds. */
const foundIn = (text: string) => secrets.filter((secret) => text.includes(secret));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}

/** A site that gives back what it was sent, in every way in which a server or a proxy might. */
function openEchoingSite() {
  const seen: string[] = [];
  const site = openLocalServer((request, response) => {
    const headers = JSON.stringify(request.headers);
    seen.push(headers);
    const [, kind = ''] = /\/service\/(\w+)/.exec(request.url ?? '') ?? [];
    const answers: Record<string, () => void> = {
      tickets: () => response.writeHead(401, json).end(JSON.stringify({ code: 'Unauthorized', message: headers })),
      boards: () =>
        response.writeHead(200, json).end(JSON.stringify([{ id: 1, name: headers, notes: request.headers }])),
      priorities: () => response.writeHead(500, { 'content-type': 'text/html' }).end(`<title>${headers}</title>`),
      sources: () => response.writeHead(200, json).end(`not JSON: ${headers}`),
      surveys: () => response.writeHead(302, { location: `https://elsewhere.invalid/?${headers}` }).end(),
      teams: () =>
        response
          .writeHead(400, json)
          .end(
            JSON.stringify({ code: 'InvalidObject', message: headers, errors: [{ field: headers, message: headers }] }),
          ),
      codes: () => request.socket.destroy(),
    };
    (answers[kind] ?? answers.tickets)?.();
  });
  return { site, seen };
}
const json = { 'content-type': 'application/json' };

test('no key appears in a reply, on stderr, in a log or in a database', async () => {
  using folder = makeFolder();
  const echo = openEchoingSite();
  await using site = await echo.site;
  {
    await using pipe = await openPipe(['--data-dir', folder.path, '--log-level', 'debug'], {
      environment: { ...keys, CONNECTWISE_API_URL: site.url },
    });
    const kinds = ['tickets', 'boards', 'priorities', 'sources', 'surveys', 'teams', 'codes'];
    for (const kind of kinds) await pipe.callText('execute_api_call', { path: `/service/${kind}`, params: {} });
    await pipe.callText('execute_api_call', { path: '/gateway/status' });
    await pipe.callText('execute_api_call', { path: '/service/boards/1', method: 'PATCH', data: { name: 'x' } });
    await pipe.callText('save_to_fast_memory', {
      path: '/service/boards',
      method: 'GET',
      description: 'Boards',
      params: { conditions: 'id=1' },
    });
    await pipe.callText('search_api_endpoints', { query: canaries.CONNECTWISE_PRIVATE_KEY });
    pipe.closeStdin();
    await pipe.exit;
    expect(foundIn(pipe.lines.join('\n'))).toEqual([]);
    expect(foundIn(pipe.stderr())).toEqual([]);
  }
  // The site did get them: the test looks for what was really there.
  expect(foundIn(echo.seen.join('\n'))).toEqual(expect.arrayContaining([pair.toString('base64')]));
  expect(echo.seen.length).toBeGreaterThan(6);
  const files = filesBelow(folder.path);
  expect(files.some((file) => file.endsWith('gateway.log'))).toBe(true);
  expect(files.some((file) => file.endsWith('fast_memory.db'))).toBe(true);
  expect(files.filter((file) => foundIn(readFileSync(file, 'latin1')).length > 0)).toEqual([]);
});

test('doctor says that keys are set, never what they are', async () => {
  using folder = makeFolder();
  await using site = await openEchoingSite().site;
  const environment = { ...keys, CONNECTWISE_API_URL: site.url, CONNECTWISE_DATA_DIR: folder.path };
  for (const args of [['doctor'], ['doctor', '--json']]) {
    const { stdout, stderr } = await runHere(args, { environment });
    expect(stdout).toContain('CONNECTWISE_PRIVATE_KEY = set');
    expect(foundIn(stdout + stderr)).toEqual([]);
  }
});

test.each([
  ['a key in the site', { CONNECTWISE_API_URL: `https://a:${canaries.CONNECTWISE_PRIVATE_KEY}@connectwise.invalid` }],
  ['a key in the company', { CONNECTWISE_COMPANY_ID: `acme+${canaries.CONNECTWISE_PUBLIC_KEY}` }],
  ['a password in the site', { CONNECTWISE_API_URL: 'https://a:SomePassword1@connectwise.invalid' }],
])('%s does not show either', async (_name, wrong) => {
  using folder = makeFolder();
  const environment = { CONNECTWISE_API_URL: 'http://127.0.0.1:9', ...keys, ...wrong };
  const doctor = await runHere(['doctor', '--data-dir', folder.path], { environment });
  await using pipe = await openPipeHere(['--data-dir', folder.path], { environment });
  const called = await pipe.callText('execute_api_call', { path: '/service/tickets', params: {} });
  const status = await pipe.callText('execute_api_call', { path: '/gateway/status' });
  const all = [doctor.stdout, doctor.stderr, called, status, ...pipe.lines].join('\n');
  expect(foundIn(all)).toEqual([]);
  expect(all).not.toContain('SomePassword1');
});
