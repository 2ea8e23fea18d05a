import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Transport } from '../../src/connectwise/client.ts';
import { createClient } from '../../src/connectwise/open-client.ts';
import { parseSite } from '../../src/connectwise/site.ts';
import { createFetchTransport, createUndiciTransport } from '../../src/connectwise/transport.ts';
import { answer, type FaultyServer, openFaultyServer } from './faulty-server.ts';

const credentials = {
  userName: 'acme+key',
  password: 'private-key-canary',
  clientId: 'client-id-canary',
  company: 'acme',
};
const get = { method: 'GET', path: '/system/info' } as const;

let server: FaultyServer;
let elsewhere: FaultyServer;
let transport: Transport;
beforeEach(async () => {
  server = await openFaultyServer(answer(200, { version: '1' }));
  elsewhere = await openFaultyServer(answer(200, { stolen: true }));
  transport = createUndiciTransport();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await transport.close();
  await server[Symbol.asyncDispose]();
  await elsewhere[Symbol.asyncDispose]();
});

const client = (site = `http://127.0.0.1:${server.port}`, via = transport) =>
  createClient({ site: parseSite(site), credentials, transport: via, timeoutMs: 60_000, now: () => new Date() });

describe('credentials go to the configured origin only', () => {
  test.each([301, 302, 303, 307, 308])('%i to another host is not followed', async (status) => {
    server.use(answer(status, '', { location: `http://127.0.0.1:${elsewhere.port}/steal?x=1` }));
    await expect(client().send(get)).rejects.toMatchObject({
      code: 'unreadable_answer',
      message: expect.stringContaining(`redirected to 127.0.0.1:${elsewhere.port};`),
    });
    expect(server.seen).toHaveLength(1);
    expect(elsewhere.seen).toHaveLength(0);
  });

  test('a proxy of the environment gets no request to loopback', async () => {
    vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${elsewhere.port}`);
    vi.stubEnv('NO_PROXY', '');
    await expect(client().send(get)).resolves.toMatchObject({ body: { version: '1' } });
    expect(elsewhere.seen).toHaveLength(0);
  });

  test('a proxy is host:port or an address of http or https; others are refused without showing them', async () => {
    vi.stubEnv('NO_PROXY', '');
    const tunnels: string[] = [];
    elsewhere.refuseTunnels((authority) => tunnels.push(authority));
    const through = createUndiciTransport({ proxies: { https: `127.0.0.1:${elsewhere.port}` } });
    await expect(client('connect.example.invalid', through).send(get)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('wants a login'),
    });
    expect(tunnels).toEqual(['connect.example.invalid:443']);
    for (const address of ['socks5://me:proxy-canary@127.0.0.1:1080', 'ftp://127.0.0.1', 'http://']) {
      const wrong = createUndiciTransport({ proxies: { https: address } });
      const error = await client('connect.example.invalid', wrong)
        .send(get)
        .catch((failure: unknown) => failure);
      expect(error).toMatchObject({
        code: 'configuration_invalid',
        message: expect.stringMatching(/^HTTPS_PROXY .*http:\/\/ and https:\/\/ are supported/),
        hint: expect.stringContaining('host:port'),
      });
      expect(String(error)).not.toContain('proxy-canary');
    }
    await through.close();
  });

  test('another host is reached through that proxy, whose refusal is named', async () => {
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${elsewhere.port}`);
    vi.stubEnv('NO_PROXY', '');
    const refusal = { code: 'unreachable', message: expect.stringContaining('proxy') };
    // Without a listener for CONNECT, node:http hangs up.
    await expect(client('connect.example.invalid').send(get)).rejects.toMatchObject(refusal);
    const tunnels: string[] = [];
    elsewhere.refuseTunnels((authority) => tunnels.push(authority));
    await expect(client('connect.example.invalid').send({ ...get, method: 'DELETE' })).rejects.toMatchObject(refusal);
    expect(tunnels).toEqual(['connect.example.invalid:443']);
  });

  test('a proxy variable that is not a URL is named', async () => {
    vi.stubEnv('HTTPS_PROXY', 'not a url');
    await expect(client('connect.example.invalid').send(get)).rejects.toMatchObject({ code: 'configuration_invalid' });
  });
});

describe('what cannot be reached is named', () => {
  test('a port where nothing listens', async () => {
    const { port } = elsewhere;
    await elsewhere[Symbol.asyncDispose]();
    const closed = client(`http://127.0.0.1:${port}`);
    await expect(closed.send(get)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    await expect(closed.send({ ...get, method: 'DELETE' })).rejects.toMatchObject({ code: 'unreachable' });
    elsewhere = await openFaultyServer(answer(200));
  });

  test('https to an http port', async () => {
    await expect(client(`https://127.0.0.1:${server.port}`).send({ ...get, method: 'DELETE' })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('TLS'),
    });
  });
});

describe('a cancelled call', () => {
  test('ends at once and closes its connection', async () => {
    const closed = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    server.use((request) => {
      request.socket.on('close', () => closed.resolve());
      arrived.resolve();
    });
    const controller = new AbortController();
    const call = client().send(get, controller.signal);
    await arrived.promise;
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await closed.promise;
  });

  test('sends nothing when it was cancelled before', async () => {
    await expect(client().send({ ...get, method: 'POST' }, AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(server.seen).toHaveLength(0);
  });
});

test('connections are kept and used again', async () => {
  const ports = new Set<number | undefined>();
  server.use((request, response) => {
    ports.add(request.socket.remotePort);
    answer(200, {})(request, response);
  });
  const one = client();
  for (let call = 0; call < 10; call += 1) await one.send(get);
  // The pool may open a second one before the first is seen to be free.
  expect(ports.size).toBeLessThan(3);
});

test('the tenant is the host and the company', () => {
  expect(client().tenant).toEqual({ host: `127.0.0.1:${server.port}`, company: 'acme' });
});

describe('a function in place of the network', () => {
  const over = (respond: (request: Request) => Promise<Response>) =>
    client('http://localhost:1', createFetchTransport(respond));

  test('gets the request and gives the answer, without the keys in it', async () => {
    const keys: (string | null)[] = [];
    const one = over(async (request) => {
      const { method, url } = request;
      keys.push(request.headers.get('clientId'));
      return Response.json({ method, url, body: await request.json(), key: keys[0] }, { status: 201 });
    });
    await expect(one.send({ method: 'POST', path: '/service/tickets', body: { a: 1 } })).resolves.toMatchObject({
      status: 201,
      body: {
        method: 'POST',
        url: 'http://localhost:1/v4_6_release/apis/3.0/service/tickets',
        body: { a: 1 },
        key: '[redacted]',
      },
    });
    expect(keys).toEqual(['client-id-canary']);
    await one.close();
  });

  test('without a body, with a status of refusal', async () => {
    await expect(over(async () => new Response(null, { status: 204 })).send(get)).resolves.toMatchObject({
      status: 204,
      body: undefined,
    });
    await expect(over(async () => new Response('', { status: 409 })).send(get)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('is not waited for once the call is cancelled', async () => {
    const controller = new AbortController();
    const call = over(() => new Promise(() => undefined)).send(get, controller.signal);
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  });
});
