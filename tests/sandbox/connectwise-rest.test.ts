import { ManageAPI, utils } from 'connectwise-rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox } from '../../sandbox/sandbox.ts';
import { sandboxAccess } from '../../sandbox/server/authenticate.ts';
import { type Listening, listenSandbox } from '../../sandbox/server/listen.ts';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sandboxDataOf, sharedCatalog } from '../support/shared.ts';
import { sandboxNow } from './ask.ts';

// An independent client, written against the real ConnectWise, over a real socket.

let catalog: OpenedCatalog;
let listening: Listening;
let api: ManageAPI;
beforeAll(async () => {
  catalog = await sharedCatalog();
  listening = await listenSandbox(createSandbox({ catalog, ...sandboxDataOf(catalog), now: () => sandboxNow }), {
    port: 0,
    host: '127.0.0.1',
  });
  const { companyId, publicKey, privateKey, clientId } = sandboxAccess;
  api = new ManageAPI({
    companyId,
    publicKey,
    privateKey,
    clientId,
    companyUrl: `127.0.0.1:${listening.port}`,
    logger: () => undefined,
  });
  pointAt(api, `http://127.0.0.1:${listening.port}/v4_6_release/apis/3.0`);
});
afterAll(async () => {
  await listening.close();
});

/** It knows https only, so the address is set on each of its parts. */
function pointAt(whole: ManageAPI, baseURL: string): void {
  for (const part of [whole, ...Object.values(whole)]) {
    const { instance } = (part ?? {}) as { instance?: { defaults: { baseURL: string } } };
    if (instance?.defaults !== undefined) instance.defaults.baseURL = baseURL;
  }
}

describe('npm connectwise-rest', () => {
  test('lists with conditions', async () => {
    const tickets = await api.ServiceAPI.getServiceTickets({
      conditions: "status/name='Open' and priority/name='High'",
      orderBy: 'id desc',
      fields: 'id,status/name',
      pageSize: 3,
    });
    expect(tickets).toHaveLength(3);
    expect(new Set(tickets.map(({ status }) => status?.name))).toEqual(new Set(['Open']));
  });

  test('paginates to the last record', async () => {
    const get = api.ServiceAPI.getServiceTickets;
    const all = await api.paginate(get, { pageSize: 100 }, { fields: 'id', orderBy: 'id' });
    const ids = new Set((all as { id: number }[]).map(({ id }) => id));
    const { count } = await api.ServiceAPI.getServiceTicketsCount();
    expect(count).toBeGreaterThan(500);
    expect(ids.size).toBe(count);
  });

  test('creates, patches, reads and deletes', async () => {
    const made = await api.ServiceAPI.postServiceTickets({ summary: 'From npm', company: { id: 2 } });
    expect(made).toMatchObject({ id: expect.any(Number), summary: 'From npm', board: { name: 'Service Desk' } });
    const id = made.id ?? 0;
    // Its types know values of operations as objects only.
    const operation = { op: 'replace', path: 'summary', value: 'Changed' as unknown as Record<string, unknown> };
    expect((await api.ServiceAPI.patchServiceTicketsById(id, [operation])).summary).toBe('Changed');
    expect((await api.ServiceAPI.getServiceTicketsById(id)).summary).toBe('Changed');
    await api.ServiceAPI.deleteServiceTicketsById(id);
    await expect(api.ServiceAPI.getServiceTicketsById(id)).rejects.toMatchObject({
      status: 404,
      data: { code: 'NotFound', message: `Ticket ${id} not found` },
    });
  });

  test('reads a report through its interpolation', async () => {
    const report = await api.SystemAPI.getSystemReportsByReportName('Service', { pageSize: 5 });
    const rows = utils.reportInterpolate(report) as Record<string, unknown>[];
    expect(rows).toHaveLength(5);
    const ticket = await api.ServiceAPI.getServiceTicketsById(Number(rows[0]?.TicketNbr));
    expect(rows[0]).toMatchObject({ Summary: ticket.summary, Board_Name: ticket.board?.name });
  });

  test('gets the words of an error', async () => {
    const failed = api.ServiceAPI.getServiceTickets({ conditions: "resources/identifier='x'" });
    const data = { code: 'ApiFindCondition', message: 'resources/identifier is not a recognized name.' };
    await expect(failed).rejects.toMatchObject({ status: 400, data });
  });
});
