import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Method } from '../../src/catalog/endpoint.ts';
import { createClient } from '../../src/connectwise/create-client.ts';
import { readCredentials } from '../../src/connectwise/credentials.ts';
import { parseSite } from '../../src/connectwise/site.ts';
import { createUndiciTransport } from '../../src/connectwise/undici-transport.ts';
import { GatewayError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { faults, successes } from './faults.ts';
import { answer, type FaultyServer, openFaultyServer } from './faulty-server.ts';

const settings = {
  companyId: 'acme',
  publicKey: 'C4n4ryPublicKey1',
  privateKey: 'C4n4ryPrivateKey',
  clientId: '0f8fad5b-d9cb-469f-a165-70867728950e',
};
const credentials = readCredentials(settings);
const encoded = Buffer.from('acme+C4n4ryPublicKey1:C4n4ryPrivateKey').toString('base64');
const canaries = [settings.publicKey, settings.privateKey, settings.clientId, encoded];

const lines: unknown[] = [];
const record = (message: string, data?: Record<string, unknown>) => void lines.push({ message, data });
const log: Log = { debug: record, info: record, warn: record, error: record, flush: async () => {} };

const transport = createUndiciTransport();
let server: FaultyServer;
beforeAll(async () => {
  server = await openFaultyServer(answer(200, []));
});
afterAll(async () => {
  await transport.close();
  await server[Symbol.asyncDispose]();
});

/** Small for the faults that never answer, large enough for 60 MB. */
const clientWith = (timeoutMs: number) =>
  createClient({
    site: parseSite(`http://127.0.0.1:${server.port}`),
    credentials,
    transport,
    timeoutMs,
    log,
    now: () => new Date('2026-03-01T12:00:00Z'),
  });

const send = (method: Method, name: string) =>
  clientWith(/not come|never ends/.test(name) ? 150 : 15_000).send({
    method,
    path: '/service/tickets',
    query: { conditions: 'company/name="Customer Name"' },
    ...(method === 'POST' && { body: { summary: 'x' } }),
  });

describe.each(['GET', 'POST'] as const)('%s', (method) => {
  test.each(faults)('$name is one request, one named error, no key, and the next call works', async (fault) => {
    server.seen.length = 0;
    lines.length = 0;
    server.use(fault.handler);
    const error = await send(method, fault.name).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: method === 'GET' ? fault.read : fault.write });
    expect(server.seen).toHaveLength(1);
    expect(lines).toHaveLength(1);
    // `inspect` shows the causes and their members too, as a log or a crash would.
    const said = inspect([error, lines], { depth: 20, maxStringLength: null });
    for (const canary of canaries) expect(said).not.toContain(canary);
    expect(JSON.stringify(lines)).not.toContain('Customer');

    server.use(answer(200, { ok: true }));
    expect((await send(method, '')).body).toEqual({ ok: true });
  });

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
