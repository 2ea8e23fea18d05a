import { expect, test } from 'vitest';
import { countTokens } from '../../src/gateway/calls/reply.ts';
import { type Connection, connect } from '../support/connect.ts';

const environment = { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'UTC' };

const steps = [
  { method: 'POST', path: '/company/contacts', data: { firstName: 'Nora', lastName: 'Quell', company: { id: 2 } } },
  {
    method: 'POST',
    path: '/service/tickets',
    data: {
      summary: 'New phone for Nora',
      company: { id: 2 },
      contact: '{change_1.id}',
      board: { id: 1 },
      processNotifications: false,
    },
  },
  {
    method: 'POST',
    path: '/service/tickets/{change_2.id}/notes',
    data: { text: 'Contact {change_1.id} asked for it.', internalAnalysisFlag: true },
  },
];

const prepare = (app: Connection, data: unknown) =>
  app.call('execute_api_call', { method: 'POST', path: '/gateway/changes', data });
const confirm = (app: Connection, id: string) => app.call('confirm_api_write', { change_id: id });
const get = async (app: Connection, path: string, params?: Record<string, unknown>) =>
  (await app.call('execute_api_call', { path, ...(params && { params }) })).data;

test('a contact, its ticket and a note are approved as one list, sent in order with their ids, and undone as one', async () => {
  await using app = await connect({ environment });
  const { data, text } = await prepare(app, steps);
  expect(text).toMatch(/^NOT SENT/);
  expect(data.change_id).toMatch(/^changes-3_contact-new_ticket-new_note-new_/);
  expect(data.next).toMatch(/^Show this to the user and wait for an answer/);
  expect(data.change.steps.map(({ sentence }: { sentence: string }) => sentence)).toEqual([
    "New contact: first name 'Nora', last name 'Quell', company 'Northgate Manufacturing' (2).",
    expect.stringContaining("contact 'the new contact' (of change 1)"),
    expect.stringMatching(/^New note of ticket of change 2: text 'Contact of change 1 asked for it\.'/),
  ]);
  expect(data.change.steps[2].request.path).toBe('/service/tickets/{change_2.id}/notes');
  const sent = await confirm(app, data.change_id);
  expect(sent.data.outcome).toBe('SENT: 3 sent of 3 changes.');
  const [contact, ticket] = sent.data.table.rows.map(([, , detail]: string[]) => Number(/\d+/.exec(detail ?? '')?.[0]));
  const { record } = await get(app, `/service/tickets/${ticket}`, { fields: 'summary,contact/id' });
  expect(record).toMatchObject({ summary: 'New phone for Nora', contact: { id: contact } });
  const notes = await get(app, `/service/tickets/${ticket}/notes`, { fields: 'id,text' });
  expect(JSON.stringify(notes)).toContain(`Contact ${contact} asked for it.`);
  const parts = await get(app, '/gateway/changes', { part_of: data.change_id });
  expect(parts.answer.changes.map(({ state }: { state: string }) => state)).toEqual(['sent', 'sent', 'sent']);
  const undo = await app.call('execute_api_call', { method: 'POST', path: `/gateway/changes/${data.change_id}/undo` });
  expect(undo.data.change_id).toMatch(/^changes-3_deletes_delete-note-\d+_delete-ticket-\d+_/);
  expect(undo.data.next).toMatch(/wait for an answer/);
  expect((await confirm(app, undo.data.change_id)).data.outcome).toBe('SENT: 3 sent of 3 changes.');
  for (const path of [`/service/tickets/${ticket}`, `/company/contacts/${contact}`]) {
    expect((await app.call('execute_api_call', { path })).text).toMatch(/^record_not_found/);
  }
  const whole = await get(app, `/gateway/changes/${data.change_id}`);
  expect(whole.answer.undone_by).toBe(undo.data.change_id);
});

test('what ConnectWise refuses stops the list, and the reply says what was sent and what was not', async () => {
  await using app = await connect({ environment });
  // Unchecked, a summary of 101 characters is refused by ConnectWise alone.
  const wrong = { ...steps[1], strict: false, data: { summary: 'x'.repeat(101), company: { id: 2 } } };
  const { data } = await prepare(app, [steps[0], wrong, steps[2]]);
  const sent = await confirm(app, data.change_id);
  expect(sent.data.outcome).toMatch(
    /^PARTIAL, STOPPED: 1 waiting, 1 sent, 1 failed of 3 changes\. Change 2 failed, so nothing behind it was sent/,
  );
  expect(sent.data.table.rows.map(([id, state]: string[]) => [id, state])).toEqual([
    ['2', 'failed'],
    ['3', 'waiting'],
    ['1', 'sent'],
  ]);
  expect(sent.data.next).toContain(`/gateway/changes/${data.change_id}/undo`);
});

test('ten long ones fit a preview that names each', async () => {
  await using app = await connect({ environment });
  const params = { conditions: 'closedFlag=false', pageSize: 10, fields: 'id' };
  const listed = (await app.call('execute_api_call', { path: '/service/tickets', params })).data.table.rows;
  const ids = (listed as unknown[][]).slice(0, 10).map(([id]) => Number(id));
  expect(ids).toHaveLength(10);
  const many = ids.map((id) => ({
    method: 'POST',
    path: `/service/tickets/${id}/notes`,
    data: { text: 'long '.repeat(200), internalAnalysisFlag: true },
  }));
  const { data, text } = await prepare(app, many);
  expect(
    data.change.steps.map(({ sentence }: { sentence: string }) => Number(/ticket (\d+)/.exec(sentence)?.[1])),
  ).toEqual(ids);
  expect(data.change_id).toMatch(/^changes-10_ticket-\d+-note-new_.*_and-\d+-more_/);
  expect(countTokens(text)).toBeLessThanOrEqual(500);
  expect(countTokens(JSON.stringify(data))).toBeLessThanOrEqual(500);
  expect((await prepare(app, [...many, ...many])).text).toMatch(/^invalid_argument: 20 changes are given; 1 to 10/);
});

test('in mode allow it is sent at once where each would be', async () => {
  await using app = await connect({ environment: { ...environment, CONNECTWISE_MODE: 'allow' } });
  expect((await prepare(app, steps)).data.outcome).toBe('SENT: 3 sent of 3 changes.');
  const note = { method: 'POST', path: '/company/companies/2/notes', data: { text: 'x', type: { id: 1 } } };
  const closing = { method: 'PATCH', path: '/service/tickets/1595', data: { status: 'Closed' } };
  expect((await prepare(app, [note, closing])).text).toMatch(/^NOT SENT/);
});

test.each([
  ['one change', { method: 'POST' }, /^invalid_body: POST \/gateway\/changes takes a list/],
  [
    'a read',
    [{ method: 'GET', path: '/service/tickets' }],
    /^invalid_argument: Change 1: .*not a change of ConnectWise/,
  ],
  [
    'a search',
    [steps[0], { method: 'POST', path: '/service/tickets/search', data: {} }],
    /^invalid_argument: Change 2:/,
  ],
  ['another list', [{ method: 'POST', path: '/gateway/changes', data: [] }], /not a change of ConnectWise/],
  ['an unknown path', [{ method: 'POST', path: '/service/tickts', data: {} }], /^unknown_endpoint: Change 1:/],
])('%s is refused', async (_, data, message) => {
  await using app = await connect({ environment });
  expect((await prepare(app, data)).text).toMatch(message);
});

test('references are read in params of a path too', async () => {
  await using app = await connect({ environment });
  const note = { ...steps[2], path: '/service/tickets/{id}/notes', params: { id: '{change_2.id}' } };
  const { data } = await prepare(app, [steps[0], steps[1], note]);
  expect((await confirm(app, data.change_id)).data.outcome).toBe('SENT: 3 sent of 3 changes.');
});

test('that a change of the list is about two clients is said in the first line', async () => {
  await using app = await connect({ environment });
  const note = { method: 'POST', path: '/service/tickets/1595/notes', data: { text: 'x', internalAnalysisFlag: true } };
  const attach = { method: 'POST', path: '/service/tickets/1595/configurations', data: { id: 12 } };
  const { data } = await prepare(app, [note, attach]);
  expect(data.outcome).toMatch(
    / CAUTION: 2: 2 different clients: service ticket 1595 is of .* configuration 12 is of /,
  );
});
