import { describe, expect, test } from 'vitest';
import type { PreparedChange, SentChange } from '../../src/changes/change.ts';
import { parseSite } from '../../src/connectwise/site.ts';
import { confirmedResult } from '../../src/gateway/calls/write.ts';
import { type Connection, connect } from '../support/connect.ts';

async function anyTicket(app: Connection): Promise<{ id: number; summary: string }> {
  const { data } = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { conditions: 'closedFlag=false', fields: 'id,summary', pageSize: 1 },
  });
  const [id, summary] = data.table.rows[0];
  return { id, summary };
}

const patch = (id: number, summary: string) => ({ path: `/service/tickets/${id}`, method: 'PATCH', data: { summary } });

const unsent: Omit<PreparedChange, 'method' | 'path'> = {
  changeId: 'ticket-5_summary_abcdefgh',
  sentence: 'Ticket 5.',
  statement: { subject: 'Ticket 5', settings: [], ends: [] },
  warnings: [],
  approval: 'client',
  customerVisible: false,
  preparedAt: '2026-03-10T15:00:00Z',
  expiresAt: '2026-03-10T16:00:00Z',
};

test('a PATCH of a plain object shows before and after, changes nothing, and is sent once', async () => {
  await using app = await connect();
  const { id, summary } = await anyTicket(app);
  const prepared = await app.call('execute_api_call', patch(id, 'A new summary'));
  expect(prepared.data.outcome).toMatch(/^NOT SENT/);
  expect(prepared.data.differences).toEqual([{ member: 'summary', before: summary, after: 'A new summary' }]);
  expect(prepared.data.change.request.body).toEqual([{ op: 'replace', path: 'summary', value: 'A new summary' }]);
  expect(prepared.data.change_id).toMatch(new RegExp(`^ticket-${id}_summary_[a-z0-9]{8}$`));
  expect(Buffer.byteLength(prepared.text) / 4).toBeLessThanOrEqual(500);

  expect((await app.call('execute_api_call', { path: `/service/tickets/${id}` })).data.record.summary).toBe(summary);
  const sent = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(sent.data.outcome).toMatch(/^SENT: PATCH/);
  // What changed, and not the forty other members.
  expect(sent.data.record).toEqual({ id, summary: 'A new summary' });

  const again = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(again.isError).toBe(true);
  expect(again.text).toMatch(/^unknown_change: /);
});

test('several changes are confirmed in order and stop at the first failure', async () => {
  await using app = await connect();
  const { id } = await anyTicket(app);
  const first = await app.call('execute_api_call', patch(id, 'First'));
  const second = await app.call('execute_api_call', patch(id, 'Second'));
  const ids = [first.data.change_id, 'ticket-1_summary_aaaaaaaa', second.data.change_id];
  const { data } = await app.call('confirm_api_write', { change_id: ids.join(', ') });
  expect(data.outcome).toMatch(/^PARTIAL: 1 of 3 changes SENT/);
  expect(data.next).toContain(second.data.change_id);
  expect((await app.call('execute_api_call', { path: `/service/tickets/${id}` })).data.record.summary).toBe('First');
});

describe('one yes', () => {
  test.each([
    ['many blanks', (one: string, two: string) => `${one},${' '.repeat(1_200)}${two}`],
    ['blanks in front', (one: string) => `${' '.repeat(1_200)}${one}`],
    ['a line end', (one: string, two: string) => `${one},\n${two}`],
    ['JSON', (one: string, two: string) => JSON.stringify([one, two])],
    ['what cannot be seen', (one: string) => `${one}\u200B`],
    ['another script', (one: string, two: string) => `${one}، ${two}`],
    ['an end without an id', (one: string) => `${one},`],
  ])('is not taken for ids with %s', async (_, write) => {
    await using app = await connect();
    const { id } = await anyTicket(app);
    const ids = [];
    for (const data of [{ summary: 'First' }, { budgetHours: 9 }])
      ids.push((await app.call('execute_api_call', { ...patch(id, ''), data })).data.change_id);
    const refused = await app.call('confirm_api_write', { change_id: write(ids[0], ids[1]) });
    expect(refused.text).toMatch(/^invalid_argument: /);
    const sent = await app.call('confirm_api_write', { change_id: ids.join(',') });
    expect(sent.data.outcome).toBe('SENT: 2 changes.');
  });

  test.each<[string, string, string, unknown]>([
    ['a deletion', 'DELETE', '/service/tickets/{id}', undefined],
    ['a merge', 'POST', '/service/tickets/{id}/merge', { mergeTicketIds: [1595], status: { id: 1 } }],
    ['a note to the customer', 'POST', '/service/tickets/{id}/notes', { text: 'x', detailDescriptionFlag: true }],
    ['billed time', 'PATCH', '/time/entries/1', { workRole: 'Consultant' }],
    ['many records', 'PATCH', '/service/tickets/{id}', { budgetHours: 9 }],
  ])('for several changes does not cover %s, and sends nothing', async (name, method, path, data) => {
    await using app = await connect();
    const { id, summary } = await anyTicket(app);
    const small = await app.call('execute_api_call', patch(id, 'Changed'));
    const each = name === 'many records' ? { for_each: [id] } : path.includes('{id}') ? { params: { id } } : {};
    const other = await app.call('execute_api_call', { method, path, data, ...each });
    const ids = [small.data.change_id, other.data.change_id];
    const refused = await app.call('confirm_api_write', { change_id: ids.join(', ') });
    expect(refused.text).toMatch(/^invalid_argument: Nothing was sent: /);
    expect(refused.text).toContain(other.data.change_id);
    expect((await app.call('execute_api_call', { path: `/service/tickets/${id}` })).data.record.summary).toBe(summary);
    expect((await app.call('confirm_api_write', { change_id: ids[0] })).data.outcome).toMatch(/^SENT/);
  });
});

test('the reply to a new record is its number and what was given, and the next call can read the rest', async () => {
  await using app = await connect();
  const { id } = await anyTicket(app);
  const data = { text: 'Called, no answer.', internalAnalysisFlag: true };
  const note = await app.call('execute_api_call', { method: 'POST', path: `/service/tickets/${id}/notes`, data });
  const sent = await app.call('confirm_api_write', { change_id: note.data.change_id });
  const { record, outcome } = sent.data;
  expect(record).toEqual({ id: expect.any(Number), ...data });
  expect(outcome).toBe(`SENT: POST /service/tickets/${id}/notes made ${record.id}; ConnectWise returned 201.`);
  const path = `/service/tickets/${id}/notes/${record.id}`;
  expect((await app.call('execute_api_call', { path })).data.record).toMatchObject(data);
});

test('a member that was emptied is shown as empty in the reply, and names come without what links them', async () => {
  await using app = await connect();
  const { id } = await anyTicket(app);
  const path = `/service/tickets/${id}`;
  for (const owner of ['dlopez', null]) {
    const prepared = await app.call('execute_api_call', { method: 'PATCH', path, data: { owner } });
    const { data } = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
    expect(Object.keys(data.record)).toEqual(['id', 'owner']);
    if (owner === null) expect(data.record.owner).toBeNull();
    else expect(data.record.owner).not.toHaveProperty('_info');
  }
});

test.each([
  ['PATCH', '/service/tickets/5', {}, {}, 5],
  ['POST', '/service/tickets', { recordId: '7' }, { id: 7 }, 7],
  ['POST', '/project/tickets/5/notes', { recordId: '7' }, { id: 7 }, 5],
  ['POST', '/service/tickets/5/merge', {}, { success: true }, 5],
  ['POST', '/time/entries', { recordId: '7' }, { id: 7, chargeToType: 'ServiceTicket', chargeToId: 5 }, 5],
  ['POST', '/time/entries', { recordId: '7' }, { id: 7, chargeToType: 'Company', chargeToId: 5 }, undefined],
  ['POST', '/schedule/entries', { recordId: '7' }, { id: 7, objectId: 5, type: { identifier: 'S' } }, 5],
  ['POST', '/schedule/entries', { recordId: '7' }, { id: 7, objectId: 5, type: { identifier: 'C' } }, undefined],
  ['PATCH', '/company/companies/5', {}, { id: 5 }, undefined],
  ['DELETE', '/service/tickets/5/notes/7', {}, undefined, 5],
  ['DELETE', '/service/tickets/5', {}, undefined, undefined],
] as const)(
  'the page of what was sent by %s %s %j is that of its ticket, if any',
  async (method, path, more, record, page) => {
    await using app = await connect();
    const context = { ...app.gateway.context, progress() {}, site: () => parseSite('na.myconnectwise.net') };
    const change = { ...unsent, method, path };
    const sent: SentChange = {
      kind: 'sent',
      change,
      status: 200,
      record,
      applied: 'all',
      notApplied: [],
      notes: [],
      ...more,
    };
    const { link } = await confirmedResult(context, sent);
    const where = 'https://na.myconnectwise.net/v4_6_release/services/system_io/Service/fv_sr100_request.rails';
    expect(link).toBe(page === undefined ? undefined : `${where}?service_recid=${page}`);
  },
);

test('in mode read-only a write is refused and a search by POST still reads', async () => {
  await using app = await connect({ environment: { CONNECTWISE_MODE: 'read-only' } });
  const { id } = await anyTicket(app);
  const refused = await app.call('execute_api_call', patch(id, 'x'));
  expect(refused.text).toMatch(/^read_only: /);
  const found = await app.call('execute_api_call', {
    path: '/service/tickets/search',
    method: 'POST',
    data: { conditions: `id=${id}` },
  });
  expect(found.data.outcome).toMatch(/^COMPLETE: 1 row in /);
});

test('in mode allow a write is sent at once', async () => {
  await using app = await connect({ environment: { CONNECTWISE_MODE: 'allow' } });
  const { id } = await anyTicket(app);
  const { data } = await app.call('execute_api_call', patch(id, 'Sent at once'));
  expect(data.outcome).toMatch(/^SENT/);
  expect(data.record.summary).toBe('Sent at once');
});

test('a PUT is refused where PATCH exists', async () => {
  await using app = await connect();
  const { id } = await anyTicket(app);
  const { text, isError } = await app.call('execute_api_call', {
    path: `/service/tickets/${id}`,
    method: 'PUT',
    data: { summary: 'x' },
  });
  expect(isError).toBe(true);
  expect(text).toContain('PATCH');
});

test('missing members of a new record are all named before anything is sent', async () => {
  await using app = await connect();
  const { text } = await app.call('execute_api_call', {
    path: '/company/companies',
    method: 'POST',
    data: { website: 'x' },
  });
  expect(text).toMatch(/^invalid_body: /);
  expect(text).toContain('identifier');
  expect(text).toContain('name');
});

test('a DELETE shows what goes and removes it once confirmed', async () => {
  await using app = await connect();
  const { id } = await anyTicket(app);
  const note = await app.call('execute_api_call', {
    path: `/service/tickets/${id}/notes`,
    method: 'POST',
    data: { text: 'Soon gone', internalAnalysisFlag: true },
  });
  const made = await app.call('confirm_api_write', { change_id: note.data.change_id });
  const path = `/service/tickets/${id}/notes/${made.data.record.id}`;
  const prepared = await app.call('execute_api_call', { path, method: 'DELETE' });
  expect(prepared.text).toContain('Soon gone');
  const sent = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(sent.data.outcome).toMatch(/ConnectWise returned 204/);
  expect((await app.call('execute_api_call', { path })).text).toMatch(/^record_not_found/);
});
