import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../src/connectwise/open-client.ts';
import { parseSite } from '../../src/connectwise/site.ts';
import { createUndiciTransport, type UndiciTransportOptions } from '../../src/connectwise/transport.ts';
import { type CertifiedServers, openCertifiedServers } from './certified-servers.ts';
import { makeCertificate } from './make-certificate.ts';

const year = 31_557_600_000;
const from = (years: number) => new Date(Date.now() + years * year);
const credentials = { userName: 'acme+key', password: 'private-canary', clientId: 'client-canary', company: 'acme' };

let opened: CertifiedServers;

async function get(port: number, options: UndiciTransportOptions, method: 'GET' | 'POST' = 'GET') {
  const transport = createUndiciTransport(options);
  const site = parseSite(`https://127.0.0.1:${port}`);
  const client = createClient({ site, credentials, transport, timeoutMs: 60_000, now: () => new Date() });
  try {
    return await client.send({ method, path: '/service/tickets' });
  } finally {
    await client.close();
  }
}

beforeAll(async () => {
  opened = await openCertifiedServers();
});
afterAll(() => opened.close());

describe('a server is trusted by its certificate', () => {
  test.each(['GET', 'POST'] as const)('%s: one that signs itself only when its file is named', async (method) => {
    const certificate = makeCertificate(from(-1), from(1));
    const port = await opened.serve(certificate);
    opened.seen = [];
    await expect(get(port, {}, method)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('SELF_SIGNED'),
      hint: expect.stringContaining('CONNECTWISE_CA_FILE'),
    });
    expect(opened.seen).toEqual([]);
    const caFile = await opened.write(`${method}.pem`, certificate.cert);
    await expect(get(port, { caFile }, method)).resolves.toMatchObject({ status: 200, body: [] });
    expect(opened.seen).toHaveLength(1);
  });

  test.each(['GET', 'POST'] as const)('%s: an expired one never, and nothing is sent', async (method) => {
    const expired = makeCertificate(from(-2), from(-1));
    const port = await opened.serve(expired);
    opened.seen = [];
    const caFile = await opened.write('expired.pem', expired.cert);
    await expect(get(port, { caFile }, method)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('CERT_HAS_EXPIRED'),
      hint: expect.stringContaining('renew'),
    });
    expect(opened.seen).toEqual([]);
  });
});

describe('a file of certificates that cannot serve is named', () => {
  test.each([
    ['one that does not exist', undefined, 'cannot be read'],
    ['one without a certificate', 'hello', 'holds no certificate'],
    ['one with a damaged certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'damaged'],
  ])('%s', async (_, text, problem) => {
    const caFile = text === undefined ? join(opened.folder, 'missing.pem') : await opened.write('bad.pem', text);
    await expect(get(1, { caFile }, 'POST')).rejects.toMatchObject({
      code: 'configuration_invalid',
      message: expect.stringContaining(problem),
      details: { field: 'CONNECTWISE_CA_FILE' },
    });
  });
});
