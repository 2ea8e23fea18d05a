import { expect, test } from 'vitest';
import { type Connection, connect, type Reply } from '../support/connect.ts';

const cost = ({ text, data }: Reply) => Math.max(Buffer.byteLength(text), Buffer.byteLength(JSON.stringify(data))) / 4;

const requests = [
  'open tickets of a client',
  'create a ticket',
  'log time on a ticket',
  'patch an agreement addition',
  'merge companies',
  'warranty expiration',
  'PATCH /service/tickets/5',
  'who am I',
];

test('the best three say what they take, the first with an example that can be called', async () => {
  await using app = await connect();
  const { data } = await app.call('natural_language_api_search', { query: 'list all open service tickets' });
  expect(data.endpoints[0]).toMatchObject({
    path: '/service/tickets',
    example: { params: { conditions: expect.stringContaining('closedFlag=false') } },
  });
  for (const endpoint of data.endpoints.slice(0, 2)) expect(endpoint.signature).toMatch(/conditions|body/);
  // One record by its id takes nothing else.
  expect(data.endpoints[2].signature).toEqual(expect.any(String));
  expect(data.endpoints[3].signature).toBeUndefined();
  expect(data.more).toMatch(/^and \d+ more$/);
});

test.each([
  ['list all open service tickets', '/service/tickets', /closedFlag=false.*Resolved or Completed need not close/],
  ['average first response time of tickets', '/service/tickets', /respondMinutes is in minutes; .*not documented/],
  ['time not invoiced', '/time/entries', /invoiceFlag=false/],
  ['live agreements', '/finance/agreements', /agreementStatus="Active"/],
])('what words of business mean in %j is said beside %s', async (query, path, meaning) => {
  await using app = await connect();
  const { data } = await app.call('natural_language_api_search', { query });
  const said = data.endpoints.filter((endpoint: { meaning?: string }) => endpoint.meaning !== undefined);
  expect(said).toEqual([expect.objectContaining({ path, meaning: expect.stringMatching(meaning) })]);
});

test('details of a member say what words of business mean there', async () => {
  await using app = await connect();
  const given = { path: '/service/tickets', method: 'GET', fields: ['isInSla', 'summary'] };
  const { data } = await app.call('get_api_endpoint_details', given);
  expect(data.opened[0].meaning).toContain('not documented');
  expect(data.opened[1].meaning).toBeUndefined();
});

test('required members are never left out of a signature', async () => {
  await using app = await connect();
  const { data } = await app.call('natural_language_api_search', { query: 'create an opportunity' });
  expect(data.endpoints[0].path).toBe('/sales/opportunities');
  for (const name of ['name', 'primarySalesRep', 'company', 'contact'])
    expect(data.endpoints[0].signature).toContain(`${name}*`);
});

test.each(requests)('five results for %j cost at most 280 tokens and ten at most 500', async (query) => {
  await using app = await connect();
  expect(cost(await app.call('natural_language_api_search', { query }))).toBeLessThanOrEqual(280);
  expect(cost(await app.call('search_api_endpoints', { query }))).toBeLessThanOrEqual(500);
});

test('a method and a concrete path find exactly their endpoint', async () => {
  await using app = await connect();
  const { data } = await app.call('search_api_endpoints', { query: 'PATCH /service/tickets/5' });
  expect(data.endpoints[0]).toMatchObject({ method: 'PATCH', path: '/service/tickets/{id}' });
});

test('nothing found is an answer with the modules and a hint', async () => {
  await using app = await connect();
  const { data, isError } = await app.call('natural_language_api_search', { query: '🦄🦄🦄' });
  expect(isError).toBe(false);
  expect(data).toMatchObject({ endpoints: [], total: 0, next: expect.stringContaining('service') });
});

const details = (app: Connection, given: Record<string, unknown>) => app.call('get_api_endpoint_details', given);

test('details of POST /service/tickets cost at most 1,200 tokens and hold duties, notes and an example', async () => {
  await using app = await connect();
  const reply = await details(app, { path: '/service/tickets', method: 'POST' });
  expect(cost(reply)).toBeLessThanOrEqual(1_200);
  const { body, notes, example } = reply.data;
  expect(body.members.slice(0, 2)).toEqual([
    { name: 'summary', type: 'string', required: true, maxLength: 100 },
    { name: 'company', type: 'reference', required: true, listedBy: '/company/companies' },
  ]);
  expect(body.more.length).toBeGreaterThan(20);
  expect(notes.join(' ')).toContain('belong to a board');
  expect(example).toMatchObject({ summary: expect.any(String), company: expect.any(Object) });
});

test('a concrete path finds its template, and fields opens single members', async () => {
  await using app = await connect();
  const { data } = await details(app, {
    path: '/service/tickets/123',
    method: 'PATCH',
    fields: ['severity', 'customFields'],
  });
  expect(data.path).toBe('/service/tickets/{id}');
  expect(data.opened[0]).toMatchObject({ name: 'severity', enum: ['Low', 'Medium', 'High'], requiredOnUpdate: true });
  expect(data.opened[1].members.map((member: { name: string }) => member.name)).toContain('caption');
});

test('a member that does not exist is answered with the nearest', async () => {
  await using app = await connect();
  const { text } = await details(app, { path: '/service/tickets', method: 'POST', fields: ['sumary'] });
  expect(text).toMatch(/^invalid_argument: .*sumary/);
  expect(text).toContain('summary');
});

test('calendar days are distinguished from instants', async () => {
  await using app = await connect();
  const { data } = await details(app, {
    path: '/finance/agreements',
    method: 'GET',
    fields: ['endDate', 'nextInvoiceDate'],
  });
  expect(data.opened.map((member: { type: string }) => member.type)).toEqual(['date-only', 'date-only']);
});

test('modules are listed with counts and examples in at most 350 tokens, categories on request', async () => {
  await using app = await connect();
  const modules = await app.call('list_api_categories');
  expect(cost(modules)).toBeLessThanOrEqual(350);
  expect(modules.data.modules.map(({ module }: { module: string }) => module)).toEqual(
    expect.arrayContaining(['company', 'finance', 'gateway', 'service', 'system', 'time']),
  );
  const service = await app.call('list_api_categories', { module: 'Service' });
  expect(service.data.categories[0].categories).toContain('Tickets ');
  expect((await app.call('list_api_categories', { module: 'all' })).data.categories.length).toBeGreaterThanOrEqual(12);
  expect((await app.call('list_api_categories', { module: 'servce' })).text).toContain('service');
});

test('a category groups its endpoints by path', async () => {
  await using app = await connect();
  const { data } = await app.call('get_category_endpoints', { category: 'tickets', max_results: 3 });
  expect(data.outcome).toMatch(/^PARTIAL: 3 of \d+ paths, \d+ endpoints\.$/);
  expect(data.endpoints[0]).toMatchObject({ path: '/service/tickets', methods: 'GET POST' });
  expect((await app.call('get_category_endpoints', { category: 'Tikets' })).text).toContain('Tickets');
});
