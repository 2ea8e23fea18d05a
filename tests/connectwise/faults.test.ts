import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Method } from '../../src/catalog/endpoint.ts';
import type { ConnectWiseClient, Transport } from '../../src/connectwise/client.ts';
import { readCredentials } from '../../src/connectwise/credentials.ts';
import { listPages, readPages } from '../../src/connectwise/lists/list-pages.ts';
import { createClient, limitClient } from '../../src/connectwise/open-client.ts';
import { parseSite } from '../../src/connectwise/site.ts';
import { createUndiciTransport } from '../../src/connectwise/transport.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import { createFakeTimer } from './fake-timer.ts';
import { faults, successes } from './faults.ts';
import { answer, type FaultyServer, type Handler, openFaultyServer } from './faulty-server.ts';

const settings = {
  companyId: 'acme',
  publicKey: 'C4n4ryPublicKey1',
  privateKey: 'C4n4ryPrivateKey',
  clientId: '0f8fad5b-d9cb-469f-a165-70867728950e',
};
const credentials = readCredentials(settings);
const encoded = Buffer.from('acme+C4n4ryPublicKey1:C4n4ryPrivateKey').toString('base64');
const canaries = [settings.publicKey, settings.privateKey, settings.clientId, encoded];

const lines: { message: string; data: unknown }[] = [];
const record = (message: string, data?: Record<string, unknown>) => void lines.push({ message, data });
const log: Log = { debug: record, info: record, warn: record, error: record, flush: async () => {} };

const transports = [createUndiciTransport(), createUndiciTransport({ idleMs: 500 })] as const;
let server: FaultyServer;
let clients: { patient: ConnectWiseClient; idle: ConnectWiseClient };
beforeAll(async () => {
  server = await openFaultyServer(answer(200, []));
  clients = { patient: openClient(transports[0]), idle: openClient(transports[1]) };
});
afterAll(async () => {
  for (const transport of transports) await transport.close();
  await server[Symbol.asyncDispose]();
});

function openClient(transport: Transport): ConnectWiseClient {
  const now = () => new Date('2026-03-01T12:00:00Z');
  const site = parseSite(`http://127.0.0.1:${server.port}`);
  const client = createClient({ site, credentials, transport, timeoutMs: 60_000, log, now });
  return limitClient(client, { timer: createFakeTimer(), random: () => 0.5 });
}

const clientFor = (name: string) => (/that stops/.test(name) ? clients.idle : clients.patient);

/** Faults that only a time limit ends. It begins when the request has arrived, however long that took. */
function useFault({ name, handler }: { name: string; handler: Handler }): void {
  server.use(handler);
  if (!/not come|never ends|drips/.test(name)) return;
  const limit = new AbortController();
  const spy = vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(limit.signal);
  onTestFinished(() => spy.mockRestore());
  server.use((request, response) => {
    handler(request, response);
    setTimeout(() => limit.abort(), 100);
  });
}

const send = (method: Method, name: string) =>
  clientFor(name).send({
    method,
    path: '/service/tickets',
    query: { conditions: 'company/name="Customer Name"' },
    ...(method === 'POST' && { body: { summary: 'x' } }),
  });

describe.each(['GET', 'POST'] as const)('%s', (method) => {
  test.each(faults)(
    '$name is one named error, one request of a write, no key, and the next call works',
    async (fault) => {
      server.seen.length = 0;
      lines.length = 0;
      useFault(fault);
      const error = await send(method, fault.name).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(GatewayError);
      expect(error).toMatchObject({ code: method === 'GET' ? fault.read : fault.write });
      const expected = method === 'GET' ? (fault.reads ?? 1) : 1;
      expect(server.seen).toHaveLength(expected);
      expect(lines.filter(({ message }) => message === 'request')).toHaveLength(expected);
      // `inspect` shows the causes and their members too, as a log or a crash would.
      const said = inspect([error, lines], { depth: 20, maxStringLength: null });
      for (const canary of canaries) expect(said).not.toContain(canary);
      expect(JSON.stringify(lines)).not.toContain('Customer');

      server.use(answer(200, { ok: true }));
      expect((await send(method, '')).body).toEqual({ ok: true });
    },
  );

  test.each(successes)('$name is an answer', async (success) => {
    server.seen.length = 0;
    server.use(success.handler);
    const { status, body } = await send(method, success.name);
    expect({ status, body }).toEqual({ status: success.status, body: success.body });
    expect(server.seen).toHaveLength(1);
  });
});

test('details say how long to wait, and which request it was', async () => {
  for (const fault of faults.filter(({ name }) => name.startsWith('429'))) {
    server.use(fault.handler);
    await expect(send('GET', fault.name)).rejects.toMatchObject({
      details: { status: 429, retryAfterSeconds: 30, requestId: 'req-7' },
    });
  }
});

test.each(['500 of a time-out', 'a first byte that does not come'])(
  '%s offers the query bounded by date',
  async (name) => {
    const fault = faults.find((one) => one.name === name);
    if (fault === undefined) throw new Error('no such fault');
    useFault(fault);
    const corrected = '(company/name="Customer Name") and lastUpdated >= [2025-12-01T00:00:00Z]';
    await expect(send('GET', name)).rejects.toMatchObject({
      code: 'timed_out',
      hint: expect.stringContaining(corrected),
      details: { corrected },
    });
  },
);

test('a request arrives with the credentials, encoded, below the root', async () => {
  server.seen.length = 0;
  server.use(answer(200, [], { link: '<https://evil.example/x?page=2>; rel="next"' }));
  const reply = await send('POST', '');
  expect(reply.next).toEqual({ page: 2 });
  expect(server.seen[0]).toMatchObject({
    method: 'POST',
    url: '/v4_6_release/apis/3.0/service/tickets?conditions=company%2Fname%3D%22Customer%20Name%22',
    body: '{"summary":"x"}',
    headers: { authorization: `Basic ${encoded}`, clientid: settings.clientId, 'content-type': 'application/json' },
  });
});

test.each(['GET', 'POST'] as const)('%s: a host without an address is named, and nothing is sent', async (method) => {
  // A proxy would look the name up itself.
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) vi.stubEnv(name, '');
  onTestFinished(() => void vi.unstubAllEnvs());
  server.seen.length = 0;
  const site = parseSite('https://host.invalid');
  const client = createClient({
    site,
    credentials,
    transport: transports[0],
    timeoutMs: 60_000,
    now: () => new Date(),
  });
  await expect(client.send({ method, path: '/service/tickets' })).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('host.invalid'),
  });
  expect(server.seen).toEqual([]);
});

test('a Link to another host leads to a page of this one', async () => {
  await using elsewhere = await openFaultyServer(answer(200, [{ id: 666 }]));
  server.seen.length = 0;
  const rows = Array.from({ length: 1_500 }, (_, index) => ({ id: index + 1 }));
  server.use((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    const start = (Number(url.searchParams.get('page')) - 1) * 1000;
    const link = `<http://127.0.0.1:${elsewhere.port}/steal?page=2>; rel="next"`;
    const isCount = url.pathname.endsWith('/count');
    answer(
      200,
      isCount ? { count: 1_500 } : rows.slice(start, start + 1000),
      start === 0 ? { link } : {},
    )(request, response);
  });
  const found: unknown[] = [];
  const pages = listPages(clients.patient, { method: 'GET', path: '/service/tickets' }, { allPages: true });
  const end = await readPages(pages, (page) => void found.push(...page));
  expect(end).toMatchObject({ state: 'complete', rows: 1_500 });
  expect(found).toEqual(rows);
  expect(server.seen).toHaveLength(4);
  expect(elsewhere.seen).toEqual([]);
});
