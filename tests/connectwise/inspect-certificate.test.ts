import type { AddressInfo } from 'node:net';
import { createServer as createPlainServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSite } from '../../src/connectwise/site.ts';
import { checkTls } from '../../src/gateway/local/status/check-connectwise.ts';
import { type CertifiedServers, openCertifiedServers } from './certified-servers.ts';
import { type Certificate, makeCertificate } from './make-certificate.ts';

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);
let opened: CertifiedServers;

async function check(port: number, caFile?: string, isProxied = false) {
  const site = parseSite(`https://127.0.0.1:${port}`);
  const [line] = await checkTls({ site, isRemote: true }, { config: { caFile }, isProxied }, new Date());
  return line;
}

const trust = ({ cert }: Certificate) => opened.write('authority.pem', cert);

beforeAll(async () => {
  opened = await openCertifiedServers();
});
afterAll(() => opened.close());

describe('the line about TLS', () => {
  test('names who trusts it and until when, and sends nothing', async () => {
    const certificate = makeCertificate(inDays(-1), inDays(400));
    const port = await opened.serve(certificate);
    const line = await check(port, await trust(certificate));
    expect(line?.state).toBe('ok');
    expect(line?.detail).toContain('trusted by the file of CONNECTWISE_CA_FILE');
    expect(line?.detail).toContain(`valid until ${inDays(400).toISOString().slice(0, 10)}`);
    expect(opened.seen).toEqual([]);
  });

  test('warns a month before the end', async () => {
    const certificate = makeCertificate(inDays(-1), inDays(12.5));
    const line = await check(await opened.serve(certificate), await trust(certificate));
    expect(line).toMatchObject({ state: 'warning', detail: expect.stringContaining('12 days left') });
  });

  test('one that is not trusted names the setting that fixes it', async () => {
    const line = await check(await opened.serve(makeCertificate(inDays(-1), inDays(400))));
    expect(line).toMatchObject({
      state: 'failure',
      detail: expect.stringMatching(/not trusted \(\w*SELF_SIGNED\w*\): signed by "test"/),
      fix: expect.stringContaining('CONNECTWISE_CA_FILE'),
    });
  });

  test('one that has expired is for the server’s owner to renew', async () => {
    const certificate = makeCertificate(inDays(-400), inDays(-1));
    const line = await check(await opened.serve(certificate), await trust(certificate));
    expect(line).toMatchObject({ state: 'failure', fix: expect.stringContaining('renew') });
  });

  test('a port that speaks something else gives no handshake', async () => {
    const server = createPlainServer((socket) => socket.end('220 hello\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const line = await check((server.address() as AddressInfo).port);
    server.close();
    expect(line).toMatchObject({
      state: 'failure',
      detail: expect.stringMatching(/no handshake with 127\.0\.0\.1:\d+/),
    });
  });

  test('behind a proxy no handshake goes past it', async () => {
    const line = await check(1, undefined, true);
    expect(line).toMatchObject({ state: 'ok', detail: expect.stringContaining('proxy') });
  });
});
