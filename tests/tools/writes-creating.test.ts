import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';

// The records that are created most, made with what the details of their endpoint say and nothing else: its example,
// with the first record of each list that the details name in place of the records that the example makes up.

let app: Connection;
beforeAll(async () => {
  app = await connect();
});
afterAll(() => app[Symbol.asyncDispose]());

/** By path: the conditions that the notes give for lists, by member. */
const created: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/service/tickets': {},
  '/service/tickets/{parentId}/notes': {},
  '/service/tickets/{parentId}/tasks': {},
  '/time/entries': {},
  '/schedule/entries': { type: "identifier='S'" },
  '/expense/entries': {},
  '/company/companies': {},
  '/company/companies/{parentId}/notes': {},
  '/company/companies/{parentId}/sites': {},
  '/company/contacts': {},
  '/company/contacts/{parentId}/communications': {},
  '/company/configurations': {},
  '/sales/opportunities': {},
  '/sales/activities': {},
  '/sales/orders': {},
  '/finance/agreements': {},
  '/finance/agreements/{parentId}/additions': {},
  '/finance/invoices': {},
  '/project/projects': { board: 'projectFlag=true' },
  '/project/projects/{parentId}/phases': {},
  '/project/tickets': {},
  '/project/tickets/{parentId}/notes': {},
  '/procurement/products': {},
  '/procurement/catalog': {},
  '/procurement/purchaseorders': {},
  '/procurement/purchaseorders/{parentId}/lineitems': {},
  '/service/boards': {},
  '/service/boards/{parentId}/statuses': {},
};

/** The first record of a list; those above it are the first ones of their lists. */
async function first(list: string, conditions?: string): Promise<number> {
  const path = await fill(list);
  const params = { pageSize: 1, fields: 'id', ...(conditions !== undefined && { conditions }) };
  const { data, text } = await app.call('execute_api_call', { path, params });
  const id = data.table?.rows[0]?.[0];
  expect(id, `${list}: ${text}`).toBeTypeOf('number');
  return id;
}

async function fill(path: string): Promise<string> {
  const [, list, rest] = /^(.*?)\/\{[^}]*\}(.*)$/.exec(path) ?? [];
  return list === undefined ? path : fill(`${list}/${await first(list)}${rest}`);
}

test.each(Object.entries(created))('%s can be created with what its details say', async (path, where) => {
  const { data: details } = await app.call('get_api_endpoint_details', { path, method: 'POST' });
  const data: Record<string, unknown> = { ...details.example };
  for (const { name, listedBy } of details.body.members) {
    // The site of a new company is made along with it, as the notes say.
    const isMade = path === '/company/companies' && name === 'site';
    if (name in data && listedBy !== undefined && !isMade) data[name] = { id: await first(listedBy, where[name]) };
  }
  if ('chargeToId' in data) data.chargeToId = await first('/service/tickets', 'closedFlag=false');
  if (path === '/schedule/entries') data.objectId = await first('/service/tickets', 'closedFlag=false');
  const prepared = await app.call('execute_api_call', { path: await fill(path), method: 'POST', data });
  expect(prepared.data.outcome, prepared.text).toMatch(/^NOT SENT/);
  const sent = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(sent.data.outcome, sent.text).toMatch(/^SENT: POST .* returned 201\.$/);
});
