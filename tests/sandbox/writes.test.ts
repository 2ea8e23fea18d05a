import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/open-catalog.ts';
import { type Answer, openShippedCatalog, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
beforeAll(async () => {
  catalog = await openShippedCatalog();
});
afterAll(() => catalog.close());

/** A sandbox of its own for each test, as writes stay. */
function start(now?: () => Date) {
  const { ask } = startSandbox(catalog, now);
  return {
    ask,
    post: (path: string, body: unknown) => ask(path, { method: 'POST', body }),
    put: (path: string, body: unknown) => ask(path, { method: 'PUT', body }),
    patch: (path: string, ...body: unknown[]) => ask(path, { method: 'PATCH', body }),
    remove: (path: string) => ask(path, { method: 'DELETE' }),
  };
}

const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
const ticket = {
  summary: 'Server is down',
  board: { id: 1 },
  company: { id: 2 },
  status: { id: 1 },
  priority: { id: 3 },
};

function expectFault({ status, body }: Answer, code: string, message: string, field?: string) {
  expect(status, JSON.stringify(body)).toBe(400);
  expect(body.code).toBe('InvalidObject');
  expect(body.errors.map((error: { code: string; message: string }) => `${error.code}: ${error.message}`)).toContain(
    `${code}: ${message}`,
  );
  if (field !== undefined) expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
}

describe('CW 5.1: POST', () => {
  test('201 with the whole record: references expanded, defaults filled in, nulls left out', async () => {
    const { post } = start();
    const { status, body } = await post('/service/tickets', ticket);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: expect.any(Number),
      summary: 'Server is down',
      recordType: 'ServiceTicket',
      board: { id: 1, name: 'Service Desk', _info: { board_href: expect.stringMatching(/\/service\/boards\/1$/) } },
      status: { id: 1, name: 'Open' },
      company: { id: 2, identifier: 'NorthgateMfg', name: 'Northgate Manufacturing' },
      priority: { id: 3, name: 'High' },
      site: { name: 'Main' },
      severity: 'Medium',
      impact: 'Medium',
      closedFlag: false,
      _info: {
        dateEntered: '2026-03-10T15:00:00Z',
        lastUpdated: '2026-03-10T15:00:00Z',
        enteredBy: 'apigateway',
        updatedBy: 'apigateway',
      },
    });
    expect(Object.values(body)).not.toContain(null);
    expect(body.customFields).toContainEqual(expect.objectContaining({ caption: 'Root cause', value: null }));
  });

  test('what was created is read back the same', async () => {
    const { ask, post } = start();
    const { body } = await post('/service/tickets', ticket);
    expect((await ask(`/service/tickets/${body.id}`)).body).toEqual(body);
  });

  test('an id in the body is ignored', async () => {
    const { post } = start();
    expect((await post('/service/tickets', { ...ticket, id: 0 })).body.id).toBeGreaterThan(1000);
  });

  test.each([{ identifier: 'NorthgateMfg' }, { name: 'northgate manufacturing' }, { id: '2' }])(
    'a reference by %j',
    async (company) => {
      const { post } = start();
      expect((await post('/service/tickets', { ...ticket, company })).body.company.id).toBe(2);
    },
  );

  test('initial texts become notes and are never returned', async () => {
    const { ask, post } = start();
    const { body } = await post('/service/tickets', {
      ...ticket,
      initialDescription: 'It beeps.',
      initialInternalAnalysis: 'PSU?',
    });
    expect(body).not.toHaveProperty('initialDescription');
    const notes = (await ask(`/service/tickets/${body.id}/notes`)).body;
    expect(notes).toMatchObject([
      { ticketId: body.id, text: 'It beeps.', detailDescriptionFlag: true },
      { text: 'PSU?', internalAnalysisFlag: true },
    ]);
  });

  test('an unknown member, at any depth, is refused with its place', async () => {
    const { ask, post } = start();
    const text = '{\n  "summary": "x",\n  "colour": "red"\n}';
    const { status, body } = await ask('/service/tickets', { method: 'POST', text });
    expect(status).toBe(400);
    expect(body).toEqual({
      code: 'ConnectWiseApi',
      message:
        "Could not find member 'colour' on object of type 'Ticket'. Path 'colour', line 3, position 11." +
        'Check your accept header to make sure you are using the correct version.',
    });
    expect((await post('/service/tickets', { ...ticket, board: { id: 1, nope: 1 } })).body.message).toContain(
      "Path 'board.nope'",
    );
  });

  test.each(['{', '', '[]', '"x"', 'null'])('a body of %j is refused', async (text) => {
    const { ask } = start();
    expect((await ask('/service/tickets', { method: 'POST', text })).status).toBe(400);
  });

  test('collections without data take records, too', async () => {
    const { ask, post } = start();
    expect((await ask('/company/ownershipTypes')).body).toEqual([]);
    const { status, body } = await post('/company/ownershipTypes', { name: 'Family' });
    expect(status).toBe(201);
    expect((await ask(`/company/ownershipTypes/${body.id}`)).body.name).toBe('Family');
  });
});

describe('CW 4.2: faults of a record', () => {
  test.each([
    ['MissingRequiredField', 'The summary field is required.', '/service/tickets', { company: { id: 2 } }],
    ['MissingRequiredField', 'The company/id field is required.', '/service/tickets', { summary: 'x' }],
    ['MissingRequiredField', 'The assignTo/id field is required.', '/sales/activities', { name: 'x' }],
    ['MissingRequiredField', 'The firstName field is required.', '/company/contacts', { lastName: 'x' }],
    [
      'MissingRequiredField',
      'Company Site name is required.',
      '/company/companies',
      { name: 'x', identifier: 'x', addressLine1: 'y' },
    ],
    ['MissingRequiredField', 'id or deviceIdentifier is required.', '/service/tickets/1100/configurations', {}],
    [
      'MaxLengthField',
      'The field summary must be a string with a maximum length of 100.',
      '/service/tickets',
      { ...ticket, summary: 'x'.repeat(101) },
    ],
    [
      'OutOfRange',
      'The field yearEstablished must be between 1900 and 9999.',
      '/company/companies',
      { name: 'x', identifier: 'x', city: 'y', site: { name: 'Main' }, yearEstablished: 0 },
    ],
    [
      'NotFound',
      'Service Status 17 not found for Service Board 1',
      '/service/tickets',
      { ...ticket, status: { id: 17 } },
    ],
    ['NotFound', 'Company 999 not found', '/service/tickets', { ...ticket, company: { id: 999 } }],
    ['NotFound', 'Contact 7 not found for Company 2', '/service/tickets', { ...ticket, contact: { id: 7 } }],
    [
      'UnsupportedFormat',
      'Unsupported format applied to dateStart',
      '/sales/activities',
      { name: 'x', assignTo: { id: 1 }, dateStart: '2026-03-01' },
    ],
    [
      'UnsupportedFormat',
      'Unsupported format applied to timeStart',
      '/time/entries',
      { company: { id: 2 }, timeStart: '2026-03-01T10:00:00.000Z' },
    ],
    [
      'UnsupportedFormat',
      'Unsupported format applied to timeStart',
      '/time/entries',
      { company: { id: 2 }, timeStart: '2026-03-01T10:00:00-05:00' },
    ],
    ['InvalidField', 'The field severity is invalid.', '/service/tickets', { ...ticket, severity: 'Extreme' }],
    ['InvalidField', 'The field budgetHours is invalid.', '/service/tickets', { ...ticket, budgetHours: '3' }],
    [
      'InvalidField',
      'Please choose where to display the notes in order to save this record.',
      '/service/tickets/1100/notes',
      { text: 'x' },
    ],
    [
      'InvalidField',
      'Cannot create agreement invoices through the Invoicing API',
      '/finance/invoices',
      { type: 'Agreement', company: { id: 2 } },
    ],
  ])('%s: %s', async (code, message, path, body) => {
    const { post } = start();
    expectFault(await post(path, body), code, message);
  });

  test('all faults come at once, with resource and field', async () => {
    const { post } = start();
    const { body } = await post('/service/tickets', {
      ...ticket,
      summary: 'x'.repeat(101),
      impact: 'x',
      status: { id: 17 },
    });
    expect(body.message).toBe('ticket object is invalid');
    expect(
      body.errors.map((error: { resource: string; field: string }) => `${error.resource}.${error.field}`).sort(),
    ).toEqual(['ticket.impact', 'ticket.status/id', 'ticket.summary']);
  });

  test('a record that does not exist is named, and so is a parent', async () => {
    const { ask, patch, remove } = start();
    const missing = { code: 'NotFound', message: 'Contact 57919 not found' };
    expect((await ask('/company/contacts/57919')).body).toEqual(missing);
    expect((await patch('/company/contacts/57919', replace('firstName', 'x'))).body).toEqual(missing);
    expect((await remove('/company/contacts/57919')).body).toEqual(missing);
    expect((await ask('/service/tickets/57919/notes')).body).toEqual({
      code: 'NotFound',
      message: 'Ticket 57919 not found',
    });
  });
});

describe('CW 5.2: PATCH', () => {
  test('200 with the whole record; later changes are stamped', async () => {
    let time = new Date('2026-03-10T15:00:00Z');
    const { post, patch } = start(() => time);
    const { body } = await post('/service/tickets', ticket);
    time = new Date('2026-03-11T09:30:00Z');
    const changed = await patch(`/service/tickets/${body.id}`, replace('summary', 'Server is back'));
    expect(changed.status).toBe(200);
    const _info = { ...body._info, lastUpdated: '2026-03-11T09:30:00Z' };
    expect(changed.body).toEqual({ ...body, summary: 'Server is back', _info });
  });

  test('a bare object is 400', async () => {
    const { ask } = start();
    expect((await ask('/service/tickets/1100', { method: 'PATCH', body: replace('summary', 'x') })).status).toBe(400);
  });

  test.each(['Source', 'Summary', 'nope', '_info', 'board/nope'])(
    'path %s does not exist: case counts',
    async (path) => {
      const { patch } = start();
      expectFault(
        await patch('/service/tickets/1100', replace(path, 'x')),
        'InvalidField',
        `path ${path} is not valid`,
      );
    },
  );

  test('CWM issue 4: a text where a reference is due', async () => {
    const { patch } = start();
    expectFault(
      await patch('/service/tickets/1100', replace('source', 'Phone')),
      'InvalidField',
      'The field source is invalid.',
    );
    expect((await patch('/service/tickets/1100', replace('source', { id: 2 }))).body.source).toMatchObject({
      id: 2,
      name: 'Email Connector',
    });
  });

  test.each([
    ['the whole reference by name', 'status', { name: 'Closed' }],
    ['its id', '/status/id', 9],
    ['its name', 'status/name', 'closed'],
  ])('a status by %s, which closes the ticket', async (_, path, value) => {
    const { post, patch } = start();
    const { body } = await post('/service/tickets', ticket);
    const closed = await patch(`/service/tickets/${body.id}`, replace(path, value));
    expect(closed.body).toMatchObject({
      status: { id: 9, name: 'Closed' },
      closedFlag: true,
      closedDate: '2026-03-10T15:00:00Z',
      closedBy: 'apigateway',
    });
    const reopened = await patch(`/service/tickets/${body.id}`, replace('status', { id: 1 }));
    expect(reopened.body.closedFlag).toBe(false);
    expect(reopened.body).not.toHaveProperty('closedDate');
  });

  test('CW 5.5: another board needs a status of that board in the same patch', async () => {
    const { patch, post } = start();
    const { body } = await post('/service/tickets', ticket);
    expectFault(
      await patch(`/service/tickets/${body.id}`, replace('board', { id: 2 })),
      'NotFound',
      'Service Status 1 not found for Service Board 2',
      'status/id',
    );
    const moved = await patch(
      `/service/tickets/${body.id}`,
      replace('board', { id: 2 }),
      replace('status', { name: 'New' }),
    );
    expect(moved.body).toMatchObject({ board: { id: 2 }, status: { name: 'New' } });
  });

  test('the whole record is validated again', async () => {
    const { patch } = start();
    expectFault(
      await patch('/service/tickets/1100', { op: 'remove', path: 'company' }),
      'MissingRequiredField',
      'The company/id field is required.',
    );
  });

  test('a patch that is refused changes nothing', async () => {
    const { ask, patch } = start();
    const before = (await ask('/service/tickets/1100')).body;
    await patch('/service/tickets/1100', replace('summary', 'changed'), replace('status', { id: 17 }));
    expect((await ask('/service/tickets/1100')).body).toEqual(before);
  });

  test('derived and create-only members cannot be set', async () => {
    const { patch } = start();
    const { body } = await patch(
      '/service/tickets/1600',
      replace('closedFlag', true),
      replace('resources', 'x'),
      replace('actualHours', 99),
    );
    expect(body.closedFlag).toBe(false);
    expect(body.actualHours).not.toBe(99);
    expectFault(
      await patch('/company/contacts/2', replace('typeIds', [1])),
      'InvalidField',
      'typeIds can only be used when creating a new contact.',
    );
  });

  test('custom fields are merged by id', async () => {
    const { patch } = start();
    const { body } = await patch(
      '/company/companies/2',
      replace('customFields', [{ id: 2, value: '2024-01-01T00:00:00Z' }]),
    );
    expect(body.customFields).toMatchObject([
      { id: 1, caption: 'Account tier' },
      { id: 2, caption: 'Onboarded on', value: '2024-01-01T00:00:00Z' },
    ]);
  });

  test('communication items by index: a new default switches the old one off, the domain is computed', async () => {
    const { patch } = start();
    const item = { type: { id: 1 }, value: 'new@acme.example', defaultFlag: true };
    const { body } = await patch('/company/contacts/7', { op: 'add', path: '/communicationItems/2', value: item });
    expect(body.communicationItems).toMatchObject([
      { communicationType: 'Email', defaultFlag: false },
      { communicationType: 'Phone', defaultFlag: true },
      { id: expect.any(Number), communicationType: 'Email', defaultFlag: true, domain: '@acme.example' },
    ]);
    const removed = await patch('/company/contacts/7', { op: 'remove', path: '/communicationItems/0' });
    expect(removed.body.communicationItems).toHaveLength(2);
  });
});

describe('CW 5.3: PUT and DELETE', () => {
  test('PUT replaces: what is not given falls back or goes, custom fields stay', async () => {
    const { ask, put } = start();
    const before = (await ask('/service/tickets/1600')).body;
    const { status, body } = await put('/service/tickets/1600', {
      summary: 'New text',
      company: { id: before.company.id },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 1600,
      summary: 'New text',
      priority: { name: 'Medium' },
      status: { name: 'Open' },
      customFields: before.customFields,
    });
    expect(body).not.toHaveProperty('contact');
    expect(body._info.dateEntered).toBe(before._info.dateEntered);
  });

  test('PUT requires what POST requires', async () => {
    const { put } = start();
    expectFault(
      await put('/service/tickets/1600', { company: { id: 2 } }),
      'MissingRequiredField',
      'The summary field is required.',
    );
  });

  test('DELETE answers 204 and nothing, then 404', async () => {
    const { ask, post, remove } = start();
    const { id } = (await post('/service/tickets', { ...ticket, initialDescription: 'x' })).body;
    const gone = await remove(`/service/tickets/${id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await ask(`/service/tickets/${id}`)).status).toBe(404);
    expect((await ask(`/service/tickets/${id}/notes`)).status).toBe(404);
  });

  test('a record in use is a conflict, and /usages says by what', async () => {
    const { ask, remove } = start();
    const { status, body } = await remove('/company/companies/2');
    expect([status, body.code]).toEqual([409, 'ConnectWiseApi']);
    const uses = (await ask('/company/companies/2/usages')).body;
    expect(uses).toContainEqual(expect.objectContaining({ type: 'Ticket', count: expect.any(Number) }));
    expect((await remove('/service/priorities/3')).status).toBe(409);
  });
});
