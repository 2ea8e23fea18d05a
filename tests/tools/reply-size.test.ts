import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, type Reply } from '../support/connect.ts';

let app: Connection;

beforeAll(async () => {
  app = await connect();
});
afterAll(() => app[Symbol.asyncDispose]());

const tokens = (text: string) => Math.ceil(Buffer.byteLength(text) / 4);

/** Tokens of the larger of text and structuredContent: clients show a model the one or the other. */
function sizeOf({ text, data, isError }: Reply): number {
  expect(isError, text).toBe(false);
  return Math.max(tokens(text), tokens(JSON.stringify(data)));
}

const requests = [
  'open tickets',
  'find all open service tickets that are high priority',
  'agreement additions',
  'time entries of last week for a member',
  'project tickets by phase and their tasks',
  'purchase orders, line items and their notes',
  'custom field values of configurations',
  'company team roles and management summary reports',
  'procurement pricing schedule detail breaks',
  'what invoices are overdue',
  'documents attached to an opportunity',
  'schedule entries',
  'unit of measure conversions',
];

test.each(requests)('endpoints for “%s” fit their budget', async (query) => {
  for (const tool of ['search_api_endpoints', 'natural_language_api_search']) {
    expect(sizeOf(await app.call(tool, { query, max_results: 10 })), `${tool}, ten`).toBeLessThanOrEqual(500);
    expect(sizeOf(await app.call(tool, { query, max_results: 5 })), `${tool}, five`).toBeLessThanOrEqual(280);
  }
});

test.each([
  ['/service/tickets', 'id,summary,company,contact,board,status,customFields,_info'],
  ['/service/boards', 'id,name,_info'],
  ['/company/companies', 'id,name,types,customFields,_info'],
  ['/company/contacts', 'id,firstName,communicationItems,company,_info'],
  ['/company/configurations', 'id,name,notes,questions,company,_info'],
  ['/time/entries', 'id,notes,company,status,_info'],
  ['/finance/agreements', 'id,name,company,_info'],
  ['/finance/invoices', 'id,company,_info'],
  ['/sales/opportunities', 'id,name,notes,company,_info'],
  ['/project/projects', 'id,name,company,_info'],
  ['/schedule/entries', 'id,name,member,_info'],
  ['/system/members', 'id,identifier,_info'],
])('a list of %s fits its budget, whatever is asked for', async (path, fields) => {
  for (const params of [
    {},
    { pageSize: 1 },
    { pageSize: 1000 },
    { pageSize: 1000, fields },
    { page: 2, pageSize: 3 },
  ]) {
    const size = sizeOf(await app.call('execute_api_call', { path, params }));
    expect(size, JSON.stringify(params)).toBeLessThanOrEqual(1_500);
  }
});

/** A path of the first record of a list. */
async function pathOfFirst(path: string): Promise<string> {
  const { data } = await app.call('execute_api_call', { path, params: { fields: 'id', pageSize: 1 } });
  return `${path}/${data.table.rows[0][0]}`;
}

test.each(['/service/tickets', '/company/companies', '/company/contacts', '/time/entries', '/finance/agreements'])(
  'a single record of %s fits the budget of a list',
  async (list) => {
    const path = await pathOfFirst(list);
    for (const params of [{}, { fields: 'id,_info' }])
      expect(sizeOf(await app.call('execute_api_call', { path, params }))).toBeLessThanOrEqual(1_500);
  },
);

describe('previews', () => {
  const long = 'Ein längerer Text mit Ümläuten, 日本語 und 🖨️. '.repeat(300);
  test.each<[string, Record<string, unknown>]>([
    ['a new ticket', { path: '/service/tickets', method: 'POST', data: { summary: 'x', company: { id: 2 } } }],
    [
      'a ticket with a long first note',
      {
        path: '/service/tickets',
        method: 'POST',
        data: { summary: 'x'.repeat(100), company: { id: 2 }, initialDescription: long, initialInternalAnalysis: long },
      },
    ],
    ['a note', { path: '{ticket}/notes', method: 'POST', data: { text: long, detailDescriptionFlag: true } }],
    ['a change of one member', { path: '{ticket}', method: 'PATCH', data: { summary: 'y' } }],
    [
      'a change of many members',
      {
        path: '/company/companies/2',
        method: 'PATCH',
        data: {
          name: 'Another name',
          phoneNumber: '555-0100',
          website: 'https://example.com',
          addressLine1: 'Street 1',
          addressLine2: 'Building 2',
          city: 'Berlin',
          state: 'BE',
          zip: '10115',
        },
      },
    ],
    ['a removal', { path: '{ticket}', method: 'DELETE' }],
  ])('of %s fit their budget', async (_name, call) => {
    const path = String(call.path).replace('{ticket}', await pathOfFirst('/service/tickets'));
    const prepared = await app.call('execute_api_call', { ...call, path });
    expect(sizeOf(prepared), prepared.text).toBeLessThanOrEqual(500);
    expect(prepared.text).toMatch(/^NOT SENT/);
    expect(prepared.data.outcome).toMatch(/^NOT SENT/);
  });
});

test('what was sent fits the budget of a list', async () => {
  const prepared = await app.call('execute_api_call', {
    path: '/service/tickets',
    method: 'POST',
    data: { summary: 'x', company: { id: 2 }, initialDescription: 'Beschreibung 日本語 '.repeat(500) },
  });
  expect(sizeOf(await app.call('confirm_api_write', { change_id: prepared.data.change_id }))).toBeLessThanOrEqual(
    1_500,
  );
});

test('a Fast Memory full of long queries is listed within the budget of a list', async () => {
  await using full = await connect();
  for (let number = 0; number < 60; number++) {
    const conditions = `summary like '${'x'.repeat(400)}${number}'`;
    await full.call('save_to_fast_memory', {
      path: '/service/tickets',
      method: 'GET',
      description: `${'long description '.repeat(11)}${number}`,
      params: { conditions, fields: 'id,summary' },
    });
  }
  const listed = await full.call('list_fast_memory');
  expect(listed.data.total).toBe(60);
  expect(sizeOf(listed)).toBeLessThanOrEqual(1_500);
  expect(listed.data.next).toMatch(new RegExp(`^PARTIAL: ${listed.data.queries.length} of 60`));
});

test('a saved body of a megabyte is kept whole and shown cut', async () => {
  const data = { summary: 'x', initialDescription: 'y'.repeat(990_000) };
  await using other = await connect();
  const call = { path: '/service/tickets', method: 'POST' };
  expect(sizeOf(await other.call('save_to_fast_memory', { ...call, description: 'Large', data }))).toBeLessThanOrEqual(
    1_500,
  );
  expect(sizeOf(await other.call('list_fast_memory'))).toBeLessThanOrEqual(1_500);
  expect((await other.call('save_to_fast_memory', { ...call, description: 'The same', data })).text).toMatch(
    /^UPDATED/,
  );
});

test('the modules and the endpoints of a category fit the budget of a list', async () => {
  expect(sizeOf(await app.call('list_api_categories'))).toBeLessThanOrEqual(1_500);
  for (const category of ['Tickets', 'Companies', 'service', 'company'])
    expect(sizeOf(await app.call('get_category_endpoints', { category })), category).toBeLessThanOrEqual(1_500);
});

test('the details of an endpoint fit their budget', async () => {
  for (const [path, method] of [
    ['/service/tickets', 'POST'],
    ['/service/tickets', 'GET'],
    ['/company/companies', 'POST'],
    ['/finance/agreements', 'POST'],
    ['/service/tickets/{id}', 'PATCH'],
  ])
    expect(
      sizeOf(await app.call('get_api_endpoint_details', { path, method })),
      `${method} ${path}`,
    ).toBeLessThanOrEqual(1_200);
});
