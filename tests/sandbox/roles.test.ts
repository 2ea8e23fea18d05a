import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
let asked: Asked;
beforeAll(async () => {
  catalog = await sharedCatalog();
  asked = startSandbox(catalog);
});

const refused = { code: 'Security', message: 'You do not have security permission to perform this action.' };
const reader = (path: string, more = {}) => asked.ask(path, { login: 'reader', ...more });
const mine = (path: string, more = {}) => asked.ask(path, { login: 'mine', ...more });
const open = { pageSize: 1000, conditions: 'closedFlag=false' };

describe('CW 5.12.1: a role that only reads', () => {
  test('reads what the role of the API member reads', async () => {
    const all = await asked.ask('/service/tickets', { query: open });
    expect((await reader('/service/tickets', { query: open })).body).toEqual(all.body);
    expect((await reader('/service/tickets/1100')).status).toBe(200);
  });

  test.each([
    ['POST', '/service/tickets', { summary: 'x', company: { id: 2 } }],
    ['PATCH', '/service/tickets/1100', [{ op: 'replace', path: 'summary', value: 'x' }]],
    ['PUT', '/service/tickets/1100', {}],
    ['DELETE', '/service/tickets/1100', undefined],
    ['POST', '/service/tickets/1100/merge', { mergeTicketIds: [1101], status: { id: 9 } }],
    ['POST', '/company/configurations/bulk', []],
  ])('CW 4.2.18: %s %s is 403 Security', async (method, path, body) => {
    const answer = await reader(path, { method, body });
    expect([answer.status, answer.body]).toEqual([403, refused]);
  });

  test.each([
    ['/service/tickets/search', { conditions: 'id=1100' }],
    ['/time/entries/defaults', { chargeToId: 1100, chargeToType: 'ServiceTicket' }],
    ['/system/bundles', { requests: [{ resourceType: 'ticket', apiRequest: { id: 1100 } }] }],
  ])('a POST to %s reads, so it is allowed', async (path, body) => {
    expect((await reader(path, { method: 'POST', body })).status).toBe(200);
  });

  test('CW 5.7.11: members are refused, those under info are not', async () => {
    expect((await reader('/system/members')).status).toBe(403);
    expect((await reader('/system/members/1')).status).toBe(403);
    expect((await reader('/system/info/members')).body).toHaveLength(
      (await asked.ask('/system/info/members')).body.length,
    );
    const bundle = { requests: [{ resourceType: 'member', apiRequest: { id: 1 } }] };
    const { body } = await reader('/system/bundles', { method: 'POST', body: bundle });
    expect(body.results[0]).toMatchObject({ success: false, statusCode: 403, error: refused });
  });

  test('CW 5.12.3: members of cost are missing', async () => {
    const path = '/procurement/catalog/1';
    expect((await asked.ask(path)).body).toHaveProperty('cost');
    expect((await reader(path)).body).not.toHaveProperty('cost');
  });

  test('CW 5.12.2: set-up tables answer', async () => {
    expect((await reader('/service/boards/1/statuses')).status).toBe(200);
    expect((await mine('/service/boards/1/statuses')).status).toBe(200);
  });
});

describe('CW 5.12.3: a role that sees its own', () => {
  test('lists hold fewer records, silently: those owned, scheduled for or entered', async () => {
    const all = (await asked.ask('/service/tickets', { query: open })).body;
    const { status, body } = await mine('/service/tickets', { query: open });
    const isOwn = (ticket: { owner?: { identifier: string }; resources?: string; _info: { enteredBy: string } }) =>
      ticket.owner?.identifier === 'asmith' ||
      ticket.resources?.split(', ').includes('asmith') === true ||
      ticket._info.enteredBy === 'asmith';
    const ids = (rows: { id: number }[]) => rows.map(({ id }) => id);
    expect(status).toBe(200);
    expect(ids(body)).toEqual(ids(all.filter(isOwn)));
    expect(body.length).toBeGreaterThan(0);
    expect(body.length).toBeLessThan(all.length);
    expect((await mine('/service/tickets/count', { query: open })).body).toEqual({ count: body.length });
    expect((await mine('/service/tickets/search', { method: 'POST', body: open, query: {} })).status).toBe(400);
    const found = await mine('/service/tickets/search', {
      method: 'POST',
      body: { conditions: open.conditions },
      query: { pageSize: 1000 },
    });
    expect(ids(found.body)).toEqual(ids(body));
  });

  test('what it does not show looks as if it were not there, and so does all below it', async () => {
    const others = await asked.ask('/service/tickets', {
      query: { conditions: 'owner/identifier="bkaur" and resources=null', pageSize: 1 },
    });
    const { id } = others.body[0];
    for (const path of ['', '/notes', '/allNotes', '/timeentries']) {
      const answer = await mine(`/service/tickets/${id}${path}`);
      expect([path, answer.status, answer.body.message]).toEqual([path, 404, `Ticket ${id} not found`]);
    }
    const merge = { method: 'POST', body: { mergeTicketIds: [1100], status: { id: 9 } } };
    expect((await mine(`/service/tickets/${id}/merge`, merge)).status).toBe(404);
    expect((await mine('/system/documents', { query: { recordType: 'Ticket', recordId: id } })).status).toBe(404);
  });

  test('time and schedule are those of the member', async () => {
    for (const path of ['/time/entries', '/schedule/entries']) {
      const { body } = await mine(path, { query: { pageSize: 1000 } });
      expect(body.length).toBeGreaterThan(0);
      expect(new Set(body.map((row: { member: { identifier: string } }) => row.member.identifier))).toEqual(
        new Set(['asmith']),
      );
    }
  });

  test('it adds and edits tickets and time, deletes nothing, and changes no company', async () => {
    const made = await mine('/service/tickets', { method: 'POST', body: { summary: 'x', company: { id: 2 } } });
    expect([made.status, made.body._info.enteredBy]).toEqual([201, 'asmith']);
    expect((await mine(`/service/tickets/${made.body.id}`)).status).toBe(200);
    expect((await mine(`/service/tickets/${made.body.id}`, { method: 'DELETE' })).status).toBe(403);
    const patch = { method: 'PATCH', body: [{ op: 'replace', path: 'name', value: 'x' }] };
    expect((await mine('/company/companies/2', patch)).status).toBe(403);
    expect((await mine('/finance/invoices')).status).toBe(403);
  });

  test('CW 1.3.2: the keys of a member act as that member', async () => {
    const entry = { company: { id: 2 }, timeStart: '2026-03-10T13:00:00Z', actualHours: 1 };
    const { body } = await mine('/time/entries', { method: 'POST', body: entry });
    expect(body).toMatchObject({ member: { identifier: 'asmith' }, _info: { enteredBy: 'asmith' } });
  });
});

test('CW 1.3.3: an API member gets no keys to act as another member', async () => {
  const answer = await asked.post('/system/members/asmith/tokens', { memberIdentifier: 'asmith' });
  expect([answer.status, answer.body]).toEqual([403, refused]);
});
