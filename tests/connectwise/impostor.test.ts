import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { runProgram } from '../support/spawn.ts';
import { type CertifiedServers, openCertifiedServers } from './certified-servers.ts';
import { type Certificate, makeCertificate } from './make-certificate.ts';

const day = 86_400_000;
const makeFresh = () => makeCertificate(new Date(Date.now() - day), new Date(Date.now() + day));
const keys = {
  CONNECTWISE_COMPANY_ID: 'acme',
  CONNECTWISE_PUBLIC_KEY: 'public-canary',
  CONNECTWISE_PRIVATE_KEY: 'private-canary',
  CONNECTWISE_CLIENT_ID: '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa',
};
const unchecked = { NODE_TLS_REJECT_UNAUTHORIZED: '0', NO_PROXY: '' };

let opened: CertifiedServers;
const proxies: Server[] = [];
beforeEach(async () => {
  opened = await openCertifiedServers();
});
afterEach(async () => {
  for (const proxy of proxies.splice(0)) proxy.close();
  await opened.close();
});

/** A proxy that leads every tunnel to one port; `tunnels` names where they were to lead. */
async function openProxy(target: number, certificate?: Certificate) {
  const tunnels: string[] = [];
  const server = certificate === undefined ? createServer() : createSecureServer(certificate);
  server.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const onward = connect(target, '127.0.0.1');
    for (const end of [socket, onward]) end.on('error', () => undefined);
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxies.push(server);
  return { tunnels, port: (server.address() as AddressInfo).port };
}

/** The built program with keys; all it said. */
async function run(args: readonly string[], environment: Record<string, string>) {
  using folder = makeFolder();
  const { code, stdout, stderr } = await runProgram([...args, '--data-dir', folder.path], {
    environment: { ...keys, ...environment },
  });
  return { code, said: stdout + stderr };
}

const call = ['call', 'GET', '/service/boards'];

describe('with NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment an impostor is sent nothing', () => {
  test('directly', async () => {
    const certificate = makeFresh();
    const site = { CONNECTWISE_API_URL: `https://127.0.0.1:${await opened.serve(certificate)}` };
    const { code, said } = await run(call, { ...unchecked, ...site });
    expect(said).toMatch(/not trusted \(\w*SELF_SIGNED\w*\)[\s\S]*CONNECTWISE_CA_FILE/);
    expect(code).not.toBe(0);
    expect(opened.seen).toEqual([]);
    // The same server, once it is trusted on purpose.
    const caFile = await opened.write('own.pem', certificate.cert);
    expect((await run(call, { ...unchecked, ...site, CONNECTWISE_CA_FILE: caFile })).code).toBe(0);
    expect(opened.seen).not.toEqual([]);
  });

  test('through a proxy', async () => {
    const proxy = await openProxy(await opened.serve(makeFresh()));
    const { said } = await run(call, {
      ...unchecked,
      CONNECTWISE_API_URL: 'https://connect.example.invalid',
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    });
    expect(said).toMatch(/^The certificate of connect\.example\.invalid is not trusted \(\w*SELF_SIGNED/m);
    expect(proxy.tunnels.length).toBeGreaterThan(0);
    expect(opened.seen).toEqual([]);
  });

  test('by a proxy that is an impostor itself', async () => {
    const certificate = makeFresh();
    const proxy = await openProxy(await opened.serve(certificate), certificate);
    const environment = {
      ...unchecked,
      CONNECTWISE_API_URL: 'https://connect.example.invalid',
      HTTPS_PROXY: `https://name:proxy-canary@127.0.0.1:${proxy.port}`,
    };
    const { said } = await run(call, environment);
    expect(said).toMatch(/^The certificate of the proxy 127\.0\.0\.1:\d+ is not trusted \(\w*SELF_SIGNED/m);
    expect(proxy.tunnels).toEqual([]);
    expect(opened.seen).toEqual([]);
    const caFile = await opened.write('own.pem', certificate.cert);
    await run(call, { ...environment, CONNECTWISE_CA_FILE: caFile });
    expect(proxy.tunnels.length).toBeGreaterThan(0);
  });
});

describe('NODE_OPTIONS', () => {
  test('cannot lower the version of TLS', async () => {
    const certificate = makeFresh();
    const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const port = await opened.serve({ ...certificate, ...old });
    const { said } = await run(call, {
      CONNECTWISE_API_URL: `https://127.0.0.1:${port}`,
      CONNECTWISE_CA_FILE: await opened.write('own.pem', certificate.cert),
      NODE_OPTIONS: '--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0',
    });
    expect(said).toMatch(/does not speak TLS as expected/);
    expect(opened.seen).toEqual([]);
  });

  test('cannot switch encryption off', async () => {
    const certificate = makeFresh();
    const port = await opened.serve({ ...certificate, maxVersion: 'TLSv1.2', ciphers: 'eNULL@SECLEVEL=0' });
    const { said } = await run(call, {
      CONNECTWISE_API_URL: `https://127.0.0.1:${port}`,
      CONNECTWISE_CA_FILE: await opened.write('own.pem', certificate.cert),
      NODE_OPTIONS: '--tls-cipher-list=eNULL@SECLEVEL=0',
    });
    expect(said).toMatch(/^No cipher/m);
    expect(opened.seen).toEqual([]);
  });
});

test('doctor says what of Node is ignored, what is not, and what to set instead', async () => {
  const quiet = await run(['doctor', '--sandbox'], {});
  expect(quiet.said).not.toContain('environment ');
  const { code, said } = await run(['doctor', '--sandbox'], {
    ...unchecked,
    NODE_OPTIONS: '--tls_min_v1.0 --insecure-http-parser --tls-keylog="/nowhere/keys.log" --max-old-space-size=900',
    NODE_EXTRA_CA_CERTS: '/nowhere/authority.pem',
  });
  expect(said.match(/^warning +environment .*/gm)).toEqual([
    expect.stringMatching(/NODE_TLS_REJECT_UNAUTHORIZED=0 is set and ignored/),
    expect.stringMatching(/--tls-min-v1\.0, which is ignored/),
    expect.stringMatching(/--insecure-http-parser, which is ignored/),
    expect.stringMatching(/--tls-keylog, which takes effect/),
    expect.stringMatching(/"\/nowhere\/authority\.pem" of NODE_EXTRA_CA_CERTS cannot be read/),
  ]);
  expect(said.match(/fix: .*CONNECTWISE_CA_FILE/g)).toHaveLength(2);
  expect(code).toBe(1);
});
