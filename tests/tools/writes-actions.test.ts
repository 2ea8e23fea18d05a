import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';

let app: Connection;
beforeAll(async () => {
  app = await connect();
});
afterAll(() => app[Symbol.asyncDispose]());

const write = (path: string, data: unknown, method = 'POST') => app.call('execute_api_call', { path, method, data });

async function rows(path: string, fields: string, conditions = 'id>0') {
  const { data } = await app.call('execute_api_call', { path, params: { conditions, fields, pageSize: 50 } });
  return data.table.rows as [number, ...unknown[]][];
}

async function ticketsOfOneBoard() {
  const tickets = await rows('/service/tickets', 'id,board/id', 'closedFlag=false');
  const board = Number(tickets[0]?.[1]);
  const [kept = 0, merged = 0] = tickets.filter((row) => row[1] === board).map(([id]) => id);
  return { board, kept, merged };
}

test('a merge takes the status by its name: the board is that of the ticket in the path', async () => {
  const { board, kept, merged } = await ticketsOfOneBoard();
  const [closed = [0, '']] = await rows(`/service/boards/${board}/statuses`, 'id,name', 'closedStatus=true');
  const prepared = await write(`/service/tickets/${kept}/merge`, { mergeTicketIds: [merged], status: closed[1] });
  expect(prepared.data.change.request.body, prepared.text).toEqual({
    mergeTicketIds: [merged],
    status: { id: closed[0] },
  });
  const sent = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(sent.data.outcome, sent.text).toMatch(/^SENT/);
});

test('a status of another board is refused by name and by id, with the board and its statuses', async () => {
  const { board, kept, merged } = await ticketsOfOneBoard();
  const [name] = (await rows('/service/boards', 'id,name', `id=${board}`)).map((row) => String(row[1]));
  const own = await rows(`/service/boards/${board}/statuses`, 'id,name', 'inactive=false');
  const boards = await rows('/service/boards', 'id', `id!=${board}`);
  const [other = [0]] = await rows(`/service/boards/${boards[0]?.[0]}/statuses`, 'id,name');
  for (const status of [{ id: other[0] }, 'No such status']) {
    for (const [path, data, method] of [
      [`/service/tickets/${kept}/merge`, { mergeTicketIds: [merged], status }, 'POST'],
      [`/service/tickets/${kept}`, { status }, 'PATCH'],
      ['/service/tickets', { summary: 'x', company: { id: 2 }, board: { id: board }, status }, 'POST'],
    ] as const) {
      const { text, isError } = await write(path, data, method);
      expect(isError, text).toBe(true);
      expect(text).toContain(`The board "${name}" (${board}) has no status`);
      for (const [id, label] of own) expect(text).toContain(`${label} (${id})`);
    }
  }
});

test('a name whose board is not known is refused with a suggestion that is accepted', async () => {
  const body = { summary: 'Printer', company: { id: 2 }, status: 'New' };
  expect((await write('/service/tickets', body)).text).toContain('Give board as well');
  // A board has no member for its own board.
  const board = { name: 'Second line', location: { id: 1 }, department: { id: 1 } };
  const made = await write('/service/boards', { ...board, autoCloseStatus: 'Closed' });
  expect(made.data.change.request.body.autoCloseStatus, made.text).toEqual({ name: 'Closed' });
  expect(made.text).toContain('a new board has no status yet');
});

test('the site of a new company is not looked up, however it is given', async () => {
  const company = { identifier: 'NewCo', name: 'New Company', addressLine1: '1 High Street' };
  for (const site of ['Main', { name: 'Main' }]) {
    const { data, text } = await write('/company/companies', { ...company, site });
    expect(data.change.request.body.site, text).toEqual({ name: 'Main' });
  }
  expect((await write('/company/companies', { ...company, site: { id: 1 } })).text).toContain(
    'a new company has no site yet',
  );
});

test.each<[string, (values: Record<string, unknown>) => unknown]>([
  [
    'operations of an object',
    (values) => ({ operations: [{ op: 'replace', path: 'summary', value: values.summary }] }),
  ],
  ['value of a list', (values) => ({ value: [{ op: 'replace', path: '/summary', value: values.summary }] })],
  ['patch of values', (values) => ({ patch: values })],
  ['any name of a list', (values) => ({ json: [{ op: 'replace', path: 'summary', value: values.summary }] })],
])('a PATCH in an envelope is unwrapped, and the preview says so: %s', async (_, wrap) => {
  const { kept } = await ticketsOfOneBoard();
  const { data, text } = await write(`/service/tickets/${kept}`, wrap({ summary: 'Unwrapped' }), 'PATCH');
  expect(data.differences, text).toMatchObject([{ member: 'summary', after: 'Unwrapped' }]);
  expect(text).toMatch(/Repaired: '\w+' is left out/);
});

test('a member that has the name of an envelope is sent as it is', async () => {
  const [contact = [0]] = await rows('/company/contacts', 'id');
  const path = `/company/contacts/${contact[0]}/communications`;
  const made = await write(path, { type: { id: 1 }, value: 'new@example.com' });
  const sent = await app.call('confirm_api_write', { change_id: made.data.change_id });
  const { data, text } = await write(`${path}/${sent.data.record.id}`, { value: 'other@example.com' }, 'PATCH');
  expect(data.change.request.body, text).toEqual([{ op: 'replace', path: 'value', value: 'other@example.com' }]);
});

test('a PATCH of values that hold already ends well, in every form, and nothing is prepared', async () => {
  const { kept } = await ticketsOfOneBoard();
  const path = `/service/tickets/${kept}`;
  const [[, summary] = []] = await rows('/service/tickets', 'id,summary', `id=${kept}`);
  for (const body of [{ summary }, [{ op: 'replace', path: 'summary', value: summary }]]) {
    const { data, text, isError } = await write(path, body, 'PATCH');
    expect(isError, text).toBe(false);
    expect(data.outcome).toMatch(/^NOT SENT, already so: .*summary is already/);
    expect(data.change_id).toBeUndefined();
  }
});

test('a change that someone else made before it was sent ends well, and so does its undo', async () => {
  const { kept } = await ticketsOfOneBoard();
  const path = `/service/tickets/${kept}`;
  const confirm = async (id: string) => (await app.call('confirm_api_write', { change_id: id })).data.outcome;
  const first = await write(path, { summary: 'Twice' }, 'PATCH');
  const second = await write(path, { summary: 'Twice' }, 'PATCH');
  expect(await confirm(first.data.change_id)).toMatch(/^SENT/);
  expect(await confirm(second.data.change_id)).toMatch(/^NOT SENT, already so/);
  const undo = { path: `/gateway/changes/${first.data.change_id}/undo`, method: 'POST' };
  expect(await confirm((await app.call('execute_api_call', undo)).data.change_id)).toMatch(/^SENT/);
});
