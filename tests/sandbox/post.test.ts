import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { apiRoot, goodHeaders, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
beforeAll(async () => {
  catalog = await sharedCatalog();
});

/** A sandbox of its own for each test, as writes stay. */
const start = (now?: () => Date) => startSandbox(catalog, now);

const ticket = {
  summary: 'Server is down',
  board: { id: 1 },
  company: { id: 2 },
  status: { id: 1 },
  priority: { id: 3 },
};

describe('CW 5.1: POST', () => {
  test('CW 5.1.1: 201 with the whole record: references expanded, defaults filled in, nulls left out', async () => {
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

  test.each([
    ['/service/tickets', ticket, /^http:\/\/127\.0\.0\.1\/.*\/service\/tickets\/\d+$/],
    ['/service/tickets/1100/notes', { text: 'x', internalAnalysisFlag: true }, /\/service\/tickets\/1100\/notes\/\d+$/],
  ])('CW 5.1.8: the 201 of %s has the address of the record as Location, with http', async (path, body, location) => {
    const { post, sandbox } = start();
    expect((await post(path, body)).headers.get('location')).toMatch(location);
    const url = `${apiRoot.replace('http:', 'https:')}${path}`;
    const asked = new Request(url, { method: 'POST', headers: goodHeaders, body: JSON.stringify(body) });
    expect((await sandbox.fetch(asked)).headers.get('location')).toMatch(/^http:/);
  });

  test('CW 5.1.2: an id in the body is ignored', async () => {
    const { post } = start();
    expect((await post('/service/tickets', { ...ticket, id: 0 })).body.id).toBeGreaterThan(1000);
  });

  test.each([{ identifier: 'NorthgateMfg' }, { name: 'northgate manufacturing' }, { id: '2' }])(
    'CW 5.1.4: a reference by %j',
    async (company) => {
      const { post } = start();
      expect((await post('/service/tickets', { ...ticket, company })).body.company.id).toBe(2);
    },
  );

  test('CW 5.1.6: initial texts become notes and are never returned', async () => {
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

  test('CW 5.1.3, 4.2.15: an unknown member, at any depth, is refused with its place', async () => {
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
