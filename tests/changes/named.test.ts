import { expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';

type Values = Record<string, unknown>;

async function rowsOf(app: Connection, path: string, query: Record<string, string> = {}): Promise<Values[]> {
  const client = await app.gateway.context.client();
  const { body } = await client.send({ method: 'GET', path, query: { pageSize: '200', ...query } });
  return body as Values[];
}

/** Two service tickets of two clients, and a project ticket. */
async function someTickets(app: Connection) {
  const tickets = await rowsOf(app, '/service/tickets', { conditions: 'closedFlag=false' });
  const [one = {}] = tickets;
  const companyOf = (row: Values) => Object(row.company) as Values;
  const own = tickets.filter((row) => companyOf(row).id === companyOf(one).id);
  const other = tickets.find((row) => companyOf(row).id !== companyOf(one).id) ?? {};
  const [project = {}] = await rowsOf(app, '/project/tickets');
  return { one, own, other, project, companyOf };
}

const prepare = (app: Connection, method: string, path: string, data?: unknown) =>
  app.call('execute_api_call', { method, path, ...(data !== undefined && { data }) });

test('a note shows whose ticket it is on, and a ticket that is not there is refused with its twin', async () => {
  await using app = await connect();
  const { one, project, companyOf } = await someTickets(app);
  const note = { text: 'x', internalAnalysisFlag: true };
  const { data } = await prepare(app, 'POST', `/service/tickets/${one.id}/notes`, note);
  expect(data.about).toHaveLength(1);
  expect(data.about[0]).toContain(`service ticket ${one.id} '`);
  expect(data.about[0]).toContain(String(companyOf(one).name));
  expect(data.about[0]).toContain(String(Object(one.status).name));
  const twin = await prepare(app, 'POST', `/service/tickets/${project.id}/notes`, note);
  expect(twin.text).toMatch(new RegExp(`^record_not_found: .*${project.id} is a project ticket`));
  const nothing = await prepare(app, 'POST', '/service/tickets/99999999/notes', note);
  expect(nothing.text).toMatch(/^record_not_found: There is no service ticket 99999999/);
});

test('what is charged is read by the kind that the body says, and refused with its twin', async () => {
  await using app = await connect();
  const { one, project } = await someTickets(app);
  const time = { timeStart: '2026-03-10T14:00:00Z', actualHours: 1 };
  const entry = { ...time, chargeToId: one.id, chargeToType: 'ServiceTicket' };
  const { data } = await prepare(app, 'POST', '/time/entries', entry);
  expect(data.about).toEqual([expect.stringContaining(`chargeToId: service ticket ${one.id} '`)]);
  const wrong = await prepare(app, 'POST', '/time/entries', { ...entry, chargeToId: project.id });
  expect(wrong.text).toMatch(new RegExp(`^invalid_body: chargeToId: .*${project.id} is a project ticket`));
});

test('the type of a schedule entry decides what its objectId is, by name or by number', async () => {
  await using app = await connect();
  const { one } = await someTickets(app);
  const types = await rowsOf(app, '/schedule/types');
  const service = types.find(({ identifier }) => identifier === 'S');
  for (const type of [{ identifier: 'S' }, { id: service?.id }]) {
    const booking = { objectId: one.id, type, member: { id: 1 }, dateStart: '2026-03-11T14:00:00Z' };
    const { data } = await prepare(app, 'POST', '/schedule/entries', booking);
    expect(data.about).toContainEqual(expect.stringContaining(`objectId: service ticket ${one.id} '`));
  }
  const holiday = types.find(({ identifier }) => identifier === 'H');
  const unknown = { objectId: one.id, type: { id: holiday?.id }, member: { id: 1 } };
  const { data } = await prepare(app, 'POST', '/schedule/entries', unknown);
  expect(data.about).toContainEqual(`objectId: record ${one.id}, which could not be looked up`);
});

test('a merge lists each ticket that disappears and the one that stays', async () => {
  await using app = await connect();
  const { own, one, other } = await someTickets(app);
  const [, second = {}] = own;
  const statuses = await rowsOf(app, `/service/boards/${Object(one.board).id}/statuses`);
  const status = { id: statuses[0]?.id };
  const path = `/service/tickets/${one.id}/merge`;
  const { data } = await prepare(app, 'POST', path, { mergeTicketIds: [other.id], status });
  expect(data.about.slice(0, 2)).toEqual([
    expect.stringContaining(`disappears: service ticket ${other.id} '`),
    expect.stringContaining(`stays: service ticket ${one.id} '`),
  ]);
  expect(data.outcome).toMatch(/^NOT SENT[^\n]*CAUTION: 2 different clients: /);
  const same = await prepare(app, 'POST', path, { mergeTicketIds: [second.id], status });
  expect(same.data.outcome).not.toContain('CAUTION');
  for (const body of [{ status }, { mergeTicketIds: [], status }, { mergeTicketIds: [second.id] }]) {
    expect((await prepare(app, 'POST', path, body)).text).toMatch(/^invalid_body: .*is wrong/);
  }
});

test('a document shows the record that gets it', async () => {
  await using app = await connect();
  const { one, project } = await someTickets(app);
  const link = { recordType: 'Ticket', url: 'https://wiki.example/x', title: 'x' };
  for (const row of [one, project]) {
    const { data } = await prepare(app, 'POST', '/system/documents', { ...link, recordId: row.id });
    expect(data.about).toEqual([expect.stringMatching(new RegExp(`recordId: (service|project) ticket ${row.id} '`))]);
  }
  const missing = await prepare(app, 'POST', '/system/documents', { ...link, recordId: 99_999_999 });
  expect(missing.text).toMatch(/^invalid_body: recordId: ConnectWise shows no ticket with the id 99999999/);
});

test('a merge of companies says which is deleted', async () => {
  await using app = await connect();
  const [from = {}, to = {}] = await rowsOf(app, '/company/companies', { conditions: 'deletedFlag=false' });
  const path = `/company/companies/${from.id}/merge`;
  const { data } = await prepare(app, 'POST', path, { toCompanyId: to.id });
  expect(data.about).toEqual([
    expect.stringContaining(`disappears: company ${from.id} '${from.name}'`),
    expect.stringContaining(`stays: company ${to.id} '${to.name}'`),
  ]);
  expect((await prepare(app, 'POST', path, { notes: 'Merge' })).text).toMatch(/toCompanyId: is required/);
});

test("another client's contact or device is a caution in the first line", async () => {
  await using app = await connect();
  const { one, companyOf } = await someTickets(app);
  const own = companyOf(one).id;
  const foreign = (rows: Values[]) => rows.find((row) => ![own, undefined].includes(companyOf(row).id as number)) ?? {};
  const contact = foreign(await rowsOf(app, '/company/contacts'));
  const patched = await prepare(app, 'PATCH', `/service/tickets/${one.id}`, { contact: { id: contact.id } });
  expect(patched.text).toMatch(/^NOT SENT[^\n]*CAUTION: 2 different clients: contact \d+ is of '/);
  const device = foreign(await rowsOf(app, '/company/configurations'));
  const attached = await prepare(app, 'POST', `/service/tickets/${one.id}/configurations`, { id: device.id });
  expect(attached.text).toMatch(/^NOT SENT[^\n]*CAUTION: /);
  expect(attached.data.about).toContainEqual(
    expect.stringContaining(`id: configuration ${device.id} '${device.name}'`),
  );
});

test('references within arrays have their names', async () => {
  await using app = await connect();
  const [type = {}] = await rowsOf(app, '/company/communicationTypes');
  const [company = {}] = await rowsOf(app, '/company/companies');
  const items = [{ type: { id: type.id }, value: 'a@b.example' }];
  const data = { firstName: 'Ann', company: { id: company.id }, communicationItems: items };
  const reply = await prepare(app, 'POST', '/company/contacts', data);
  expect(reply.data.about).toContainEqual(
    `communicationItems/0/type: communication type ${type.id} '${type.description}'`,
  );
});

test.each([
  ['a note without a flag that says where it is shown', '/service/tickets/{ticket}/notes', { text: 'x' }, /CW 5\.4\.7/],
  ['a note without its text', '/service/tickets/{ticket}/notes', { internalAnalysisFlag: true }, /text: is required/],
  ['a note of a company without a type', '/company/companies/{company}/notes', { text: 'x' }, /CW 5\.4\.8/],
  [
    'a communication item without a type',
    '/company/contacts',
    { firstName: 'Ann', communicationItems: [{ value: 'a@b.example' }] },
    /communicationItems\/0\/type: is required/,
  ],
  ['what attaches nothing', '/service/tickets/{ticket}/attachChildren', {}, /childTicketIds: is required/],
])('%s is refused before the yes', async (_, path, data, message) => {
  await using app = await connect();
  const { one, companyOf } = await someTickets(app);
  const call = path.replace('{ticket}', String(one.id)).replace('{company}', String(companyOf(one).id));
  const { text } = await prepare(app, 'POST', call, data);
  expect(text).toMatch(/^invalid_body: /);
  expect(text).toMatch(message);
});

test('an array that replaces what is there says so first', async () => {
  await using app = await connect();
  const contacts = await rowsOf(app, '/company/contacts');
  const contact = contacts.find(({ communicationItems: items }) => Array.isArray(items) && items.length > 1) ?? {};
  const items = contact.communicationItems as Values[];
  const added = { type: items[0]?.type, value: 'new@b.example' };
  const data = { communicationItems: [items[0], added] };
  const reply = await prepare(app, 'PATCH', `/company/contacts/${contact.id}`, data);
  const removed = `${items.length - 1} of its ${items.length} entries removed, 1 added`;
  expect(reply.data.notes[0]).toBe(`communicationItems is replaced whole: ${removed}.`);
});
