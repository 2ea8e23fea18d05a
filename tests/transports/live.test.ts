import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { openPipeHere } from '../support/run-here.ts';
import { binProgram, exitOf, spawnProgram } from '../support/spawn.ts';
import { openPipe, type Session } from '../support/spawn-pipe.ts';

// The sandbox as one process, the servers in others or in this one: everything between them is what it is with
// ConnectWise.

const folder = makeFolder();
const sandbox = spawnProgram(['sandbox', '--port', '0', '--data-dir', folder.path, '--now', '2026-03-10T15:00:00Z']);
let url = '';

beforeAll(async () => {
  for await (const line of createInterface({ input: sandbox.stdout })) {
    const [found] = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(line) ?? [];
    if (found === undefined) continue;
    url = found;
    break;
  }
});
afterAll(async () => {
  const exit = exitOf(sandbox);
  sandbox.kill('SIGTERM');
  expect(await exit).toEqual({ code: 0, signal: null });
  folder[Symbol.dispose]();
});

const clientId = '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa';
const own = {
  CONNECTWISE_COMPANY_ID: 'sandbox',
  CONNECTWISE_PUBLIC_KEY: 'public',
  CONNECTWISE_PRIVATE_KEY: 'private',
  CONNECTWISE_CLIENT_ID: clientId,
};
// The predecessor had the client id in the setting of the company, and the company in the prefix.
const predecessor = {
  CONNECTWISE_COMPANY_ID: clientId,
  CONNECTWISE_PUBLIC_KEY: 'public',
  CONNECTWISE_PRIVATE_KEY: 'private',
  CONNECTWISE_AUTH_PREFIX: 'sandbox+',
};

type OpenServer = (environment: Record<string, string>) => Promise<Session>;

const withSite = (environment: Record<string, string>) => ({ ...environment, CONNECTWISE_API_URL: url });
const openHere: OpenServer = (environment) =>
  openPipeHere(['--data-dir', folder.path], { environment: withSite(environment) });
const openProcess: OpenServer = (environment) =>
  openPipe(['--data-dir', folder.path], { program: binProgram, environment: withSite(environment) });

test.each<[string, Record<string, string>, OpenServer]>([
  ['the settings of today', own, openHere],
  ["a predecessor's settings", predecessor, openHere],
  ["a predecessor's settings and file name", predecessor, openProcess],
])('with %s tickets are listed', async (_name, environment, open) => {
  await using pipe = await open(environment);
  const { result } = await pipe.callTool('execute_api_call', {
    path: '/service/tickets',
    params: { conditions: "status/name='Open' and priority/name='High'", fields: 'id,status/name', pageSize: 3 },
  });
  expect(result.isError, result.content[0].text).toBeUndefined();
  expect(result.structuredContent.table.rows[0][1]).toBe('Open');
  expect(result.content[0].text).toMatch(/^PARTIAL: 3 of \d+ rows/);
});

test('a write is prepared, changes nothing, is confirmed, and another process sees it', async () => {
  await using pipe = await openHere(own);
  await using other = await openProcess(predecessor);
  const read = async () =>
    (await other.callTool('execute_api_call', { path: '/company/companies/2', params: {} })).result.structuredContent
      .record;
  const { name } = await read();
  const { result: prepared } = await pipe.callTool('execute_api_call', {
    path: '/company/companies/2',
    method: 'PATCH',
    data: { name: 'Münchner Bäckerei “Süß & Söhne”' },
  });
  expect(prepared.content[0].text).toMatch(/^NOT SENT/);
  expect((await read()).name).toBe(name);
  const text = await pipe.callText('confirm_api_write', { change_id: prepared.structuredContent.change_id });
  expect(text).toMatch(/^SENT: PATCH \/company\/companies\/2; ConnectWise returned 200/);
  expect((await read()).name).toBe('Münchner Bäckerei “Süß & Söhne”');
});

test('a wrong key is named as a failure of the credentials', async () => {
  await using pipe = await openHere({ ...own, CONNECTWISE_PRIVATE_KEY: 'a-wrong-private-key' });
  const text = await pipe.callText('execute_api_call', { path: '/service/tickets', params: {} });
  expect(text).toMatch(/^credentials_rejected: /);
  expect(text).toContain('CONNECTWISE_PRIVATE_KEY');
});

test('full URLs of the configured site are taken, others are not', async () => {
  await using pipe = await openHere(own);
  expect(await pipe.callText('execute_api_call', { path: `${url}/service/tickets/count` })).toMatch(/^COMPLETE/);
  const other = await pipe.callText('execute_api_call', { path: 'http://127.0.0.1:9/service/tickets/count' });
  expect(other).toMatch(/^invalid_path: /);
});
