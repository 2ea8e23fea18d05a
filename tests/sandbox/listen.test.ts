import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox } from '../../sandbox/sandbox.ts';
import { type Listening, listenSandbox } from '../../sandbox/server/listen.ts';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { sandboxDataOf, sharedCatalog } from '../support/shared.ts';
import { goodHeaders, sandboxNow } from './ask.ts';

let catalog: OpenedCatalog;
let listening: Listening;
let root: string;
beforeAll(async () => {
  catalog = await sharedCatalog();
  const sandbox = createSandbox({ catalog, ...sandboxDataOf(catalog), now: () => sandboxNow });
  listening = await listenSandbox(sandbox, { port: 0, host: '127.0.0.1' });
  root = `http://127.0.0.1:${listening.port}/v4_6_release/apis/3.0`;
});
afterAll(async () => {
  await listening.close();
});

test('reads, writes and refusals go over a socket as they do in process', async () => {
  const listed = await fetch(`${root}/service/tickets?pageSize=2`, { headers: goodHeaders });
  expect(listed.status).toBe(200);
  expect(listed.headers.get('link')).toContain(`<${root}/service/tickets?pageSize=2&page=2>; rel="next"`);
  expect(await listed.json()).toHaveLength(2);

  const body = JSON.stringify({ summary: 'Ünïcode ✓', company: { id: 2 } });
  const made = await fetch(`${root}/service/tickets`, {
    method: 'POST',
    headers: { ...goodHeaders, 'content-type': 'application/json' },
    body,
  });
  const { id, summary } = (await made.json()) as { id: number; summary: string };
  expect([made.status, summary]).toEqual([201, 'Ünïcode ✓']);

  const removed = await fetch(`${root}/service/tickets/${id}`, { method: 'DELETE', headers: goodHeaders });
  expect([removed.status, await removed.text()]).toEqual([204, '']);
  expect((await fetch(`${root}/service/tickets/${id}`, { headers: goodHeaders })).status).toBe(404);
  expect((await fetch(`${root}/service/tickets`)).status).toBe(401);
});

test('it listens on the loopback address only', async () => {
  expect(await fetch(`http://127.0.0.1:${listening.port}/login/companyinfo/sandbox`).then(({ status }) => status)).toBe(
    200,
  );
  await expect(fetch(`http://127.0.0.2:${listening.port}/login/companyinfo/sandbox`)).rejects.toThrow();
});

test('many requests at once are all answered', async () => {
  const statuses = await Promise.all(
    Array.from({ length: 40 }, () =>
      fetch(`${root}/service/boards`, { headers: goodHeaders }).then(({ status }) => status),
    ),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test('faults are switched on and off over the socket; a reset breaks the connection', async () => {
  const control = `http://127.0.0.1:${listening.port}/sandbox/faults`;
  const set = await fetch(control, { method: 'POST', body: JSON.stringify({ fault: 'GET /service/boards reset:1' }) });
  expect(set.status).toBe(200);
  const broken = fetch(`${root}/service/boards`, { headers: goodHeaders });
  expect(await broken.then(undefined, (error: Error) => (error.cause as { code: string }).code)).toBe('ECONNRESET');
  expect((await fetch(`${root}/company/companies`, { headers: goodHeaders })).status).toBe(200);
  expect((await fetch(control, { method: 'DELETE' })).status).toBe(200);
  expect((await fetch(`${root}/service/boards`, { headers: goodHeaders })).status).toBe(200);
});

test('documents go up and come down over a socket', async () => {
  const bytes = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7) % 256);
  const form = new FormData();
  for (const [name, value] of Object.entries({ recordType: 'Ticket', recordId: '1100', title: 'x' }))
    form.set(name, value);
  form.set('file', new File([bytes], 'x.bin'));
  const made = await fetch(`${root}/system/documents`, { method: 'POST', headers: goodHeaders, body: form });
  const { id } = (await made.json()) as { id: number };
  const got = await fetch(`${root}/system/documents/${id}/download`, { headers: goodHeaders });
  expect(got.headers.get('content-disposition')).toBe('attachment; filename="x.bin"');
  expect(new Uint8Array(await got.arrayBuffer())).toEqual(bytes);
});

test('a client that disconnects in the middle of a body does no harm', async () => {
  await new Promise<void>((resolve) => {
    const socket = connect(listening.port, '127.0.0.1', () => {
      socket.write(
        'POST /v4_6_release/apis/3.0/service/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"su',
        () => {
          socket.destroy();
          resolve();
        },
      );
    });
  });
  expect((await fetch(`${root}/service/boards`, { headers: goodHeaders })).status).toBe(200);
});

test('a port in use is a plain error', async () => {
  const other = listenSandbox(createSandbox({ catalog, ...sandboxDataOf(catalog), now: () => sandboxNow }), {
    port: listening.port,
    host: '127.0.0.1',
  });
  await expect(other).rejects.toThrow(GatewayError);
  await expect(other).rejects.toThrow(`cannot listen on port ${listening.port}: it is in use`);
});
