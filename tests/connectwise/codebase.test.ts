import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Method } from '../../src/catalog/endpoint.ts';
import type { Transport } from '../../src/connectwise/client.ts';
import { createCodebaseFinder, isCloudSite, isCodebaseOpen, readCodebase } from '../../src/connectwise/codebase.ts';
import { createClient } from '../../src/connectwise/open-client.ts';
import { parseSite, withCodebase } from '../../src/connectwise/site.ts';
import { createUndiciTransport } from '../../src/connectwise/transport.ts';
import { createFakeTimer, type FakeTimer } from './fake-timer.ts';
import { answer, type FaultyServer, type Handler, openFaultyServer } from './faulty-server.ts';

const day = 86_400_000;
const credentials = { userName: 'acme+key', password: 'private-canary', clientId: 'client-canary', company: 'acme co' };
const notThere = answer(404, { code: 'ConnectWiseApi', message: 'The endpoint does not exist.' });
const noRecord = answer(404, { code: 'NotFound', message: 'Ticket 1 not found' });

let server: FaultyServer;
let elsewhere: FaultyServer;
let transport: Transport;
let timer: FakeTimer;
beforeEach(async () => {
  server = await openFaultyServer(answer(200, []));
  elsewhere = await openFaultyServer(answer(200, [{ stolen: true }]));
  transport = createUndiciTransport();
  timer = createFakeTimer();
});
afterEach(async () => {
  await transport.close();
  await server[Symbol.asyncDispose]();
  await elsewhere[Symbol.asyncDispose]();
});

function client() {
  const site = parseSite(`http://127.0.0.1:${server.port}`);
  const codebase = createCodebaseFinder({ site, company: credentials.company, transport, timer });
  return createClient({ site, credentials, transport, codebase, timeoutMs: 60_000, now: () => new Date(0) });
}

/** Answers companyinfo with `info`, everything else with `api`. */
function serve(info: Handler, api: Handler = answer(200, [])) {
  server.seen.length = 0;
  server.use((request, response) => (request.url?.startsWith('/login/') ? info : api)(request, response));
}

const urls = () => server.seen.map(({ url }) => url);
const tickets = (codebase: string) => `/${codebase}/apis/3.0/service/tickets`;
const send = (one: ReturnType<typeof client>, method: Method = 'GET') => one.send({ method, path: '/service/tickets' });
const info = '/login/companyinfo/acme%20co';

describe('the code base is asked for', () => {
  test('once, without credentials, and used from then on', async () => {
    serve(answer(200, { Codebase: 'v2025_1/' }));
    const one = client();
    await Promise.all([send(one), send(one)]);
    await send(one, 'POST');
    expect(urls().sort()).toEqual([info, tickets('v2025_1'), tickets('v2025_1'), tickets('v2025_1')].sort());
    const asked = server.seen.find(({ url }) => url === info);
    expect(Object.keys(asked?.headers ?? {})).not.toContain('clientid');
    expect(Object.keys(asked?.headers ?? {})).not.toContain('authorization');
  });

  test('again after a day', async () => {
    serve(answer(200, { Codebase: 'v2025_1/' }));
    const one = client();
    await send(one);
    serve(answer(200, { Codebase: 'v2025_2/' }));
    timer.advance(day - 1);
    await send(one);
    timer.advance(1);
    await send(one);
    expect(urls()).toEqual([tickets('v2025_1'), info, tickets('v2025_2')]);
  });

  test.each<[string, Handler]>([
    ['an unknown company', answer(200, null)],
    ['another host in place of a code base', answer(200, { Codebase: '//evil.example/v2025_1/' })],
    ['a path upwards', answer(200, { Codebase: 'v2025_1/../../x/' })],
    ['a number', answer(200, { Codebase: 2025 })],
    ['a page', answer(200, '<!doctype html><title>Sign in</title>')],
    ['a failure', answer(500)],
    ['a reset', (request) => request.socket.resetAndDestroy()],
  ])('%s leaves the one that every server routes', async (_, handler) => {
    serve(handler);
    const one = client();
    await send(one);
    await send(one);
    expect(urls()).toEqual([info, tickets('v4_6_release'), tickets('v4_6_release')]);
  });

  test('and nothing else is taken: not the host it names, not where it redirects to', async () => {
    const host = `127.0.0.1:${elsewhere.port}`;
    serve(answer(200, { Codebase: 'v2025_1/', SiteUrl: host, SiteURL: `http://${host}` }));
    await send(client());
    expect(urls()).toEqual([info, tickets('v2025_1')]);
    serve(answer(302, '', { location: `http://${host}/login/companyinfo/acme` }));
    await send(client());
    expect(urls()).toEqual([info, tickets('v4_6_release')]);
    expect(elsewhere.seen).toEqual([]);
  });
});

describe('after an upgrade', () => {
  const upgraded: Handler = (request, response) =>
    (request.url?.startsWith('/v2025_2/') ? answer(200, []) : notThere)(request, response);

  async function upgrade(afterMs: number) {
    serve(answer(200, { Codebase: 'v2025_1/' }));
    const one = client();
    await send(one);
    serve(answer(200, { Codebase: 'v2025_2/' }), upgraded);
    timer.advance(afterMs);
    return one;
  }

  test('a read that meets a 404 is sent to the new code base', async () => {
    const one = await upgrade(3_600_000);
    await expect(send(one)).resolves.toMatchObject({ status: 200 });
    expect(urls()).toEqual([tickets('v2025_1'), info, tickets('v2025_2')]);
  });

  test('a write is not sent again', async () => {
    const one = await upgrade(3_600_000);
    await expect(send(one, 'POST')).rejects.toMatchObject({ code: 'unknown_endpoint' });
    expect(urls()).toEqual([tickets('v2025_1')]);
  });

  test('paths that do not exist do not ask each time', async () => {
    const one = await upgrade(60_000);
    await expect(send(one)).rejects.toMatchObject({ code: 'unknown_endpoint' });
    await expect(send(one)).rejects.toMatchObject({ code: 'unknown_endpoint' });
    expect(urls()).toEqual([tickets('v2025_1'), tickets('v2025_1')]);
  });

  test('a record that does not exist asks nothing', async () => {
    const one = await upgrade(3_600_000);
    serve(answer(200, { Codebase: 'v2025_2/' }), noRecord);
    await expect(send(one)).rejects.toMatchObject({ code: 'record_not_found' });
    expect(urls()).toEqual([tickets('v2025_1')]);
  });
});

test('a call that is cancelled while the code base is asked for sends nothing', async () => {
  const arrived = Promise.withResolvers<void>();
  serve(() => arrived.resolve());
  const controller = new AbortController();
  const call = client().send({ method: 'POST', path: '/service/tickets' }, controller.signal);
  await arrived.promise;
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  expect(urls()).toEqual([info]);
});

test.each([
  ['api-na.myconnectwise.net', true],
  ['sandbox-na.myconnectwise.net', true],
  ['api-staging.connectwisedev.com', true],
  ['connect.example.com:8443', false],
  ['myconnectwise.net.evil.example', false],
  ['127.0.0.1:9000', false],
])('%s is of the cloud: %s', (host, cloud) => {
  expect(isCloudSite({ host })).toBe(cloud);
});

test.each([
  [{ Codebase: 'v2026_3/' }, 'v2026_3'],
  [{ Codebase: 'v4_6_release/' }, 'v4_6_release'],
  [{ Codebase: 'v2026_3' }, 'v2026_3'],
  [{ Codebase: '' }, undefined],
  [{ Codebase: 'v2026_3/x' }, undefined],
  [[], undefined],
  ['v2026_3/', undefined],
])('%j names the code base %s', (body, codebase) => {
  expect(readCodebase(body)).toBe(codebase);
});

test('a setting names the code base, and what is none is refused', () => {
  const site = parseSite('na.myconnectwise.net');
  expect(withCodebase(site, '/v2025_1/').root).toBe('https://api-na.myconnectwise.net/v2025_1/apis/3.0');
  for (const text of ['', 'v2025', '../x', 'v2025_1/apis/3.0'])
    expect(() => withCodebase(site, text)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }));
});

test.each([
  ['na.myconnectwise.net', true],
  ['https://api-eu.myconnectwise.net/v4_6_release/apis/3.0', true],
  ['https://api-eu.myconnectwise.net/v2025_1/apis/3.0', false],
  ['connect.example.com', false],
  ['http://127.0.0.1:9000', false],
])('the code base of %s is asked for: %s', (written, open) => {
  expect(isCodebaseOpen(parseSite(written))).toBe(open);
});
