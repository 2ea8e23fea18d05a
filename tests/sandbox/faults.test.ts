import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { expectFault, startSandbox } from './ask.ts';

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
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });

describe('CW 4.2: faults of a record', () => {
  test.each([
    ['CW 4.2.2', 'MissingRequiredField', 'The summary field is required.', '/service/tickets', { company: { id: 2 } }],
    ['CW 4.2.2', 'MissingRequiredField', 'The company/id field is required.', '/service/tickets', { summary: 'x' }],
    ['CW 4.2.2', 'MissingRequiredField', 'The assignTo/id field is required.', '/sales/activities', { name: 'x' }],
    ['CW 4.2.2', 'MissingRequiredField', 'The firstName field is required.', '/company/contacts', { lastName: 'x' }],
    [
      'CW 4.2.11',
      'MissingRequiredField',
      'Company Site name is required.',
      '/company/companies',
      { name: 'x', identifier: 'x', addressLine1: 'y' },
    ],
    [
      'CW 4.2.2',
      'MissingRequiredField',
      'id or deviceIdentifier is required.',
      '/service/tickets/1100/configurations',
      {},
    ],
    [
      'CW 4.2.3',
      'MaxLengthField',
      'The field summary must be a string with a maximum length of 100.',
      '/service/tickets',
      { ...ticket, summary: 'x'.repeat(101) },
    ],
    [
      'CW 4.2.4',
      'OutOfRange',
      'The field yearEstablished must be between 1900 and 9999.',
      '/company/companies',
      { name: 'x', identifier: 'x', city: 'y', site: { name: 'Main' }, yearEstablished: 0 },
    ],
    [
      'CW 4.2.5',
      'NotFound',
      'Service Status 17 not found for Service Board 1',
      '/service/tickets',
      { ...ticket, status: { id: 17 } },
    ],
    ['CW 5.1.4', 'NotFound', 'Company 999 not found', '/service/tickets', { ...ticket, company: { id: 999 } }],
    ['CW 8.4', 'NotFound', 'Contact 7 not found for Company 2', '/service/tickets', { ...ticket, contact: { id: 7 } }],
    [
      'CW 4.2.6',
      'UnsupportedFormat',
      'Unsupported format applied to dateStart',
      '/sales/activities',
      { name: 'x', assignTo: { id: 1 }, dateStart: '2026-03-01' },
    ],
    [
      'CW 4.2.6, 5.6.2',
      'UnsupportedFormat',
      'Unsupported format applied to timeStart',
      '/time/entries',
      { company: { id: 2 }, timeStart: '2026-03-01T10:00:00.000Z' },
    ],
    [
      'CW 4.2.6, 5.6.2',
      'UnsupportedFormat',
      'Unsupported format applied to timeStart',
      '/time/entries',
      { company: { id: 2 }, timeStart: '2026-03-01T10:00:00-05:00' },
    ],
    [
      'CW 5.1.9',
      'UnsupportedFormat',
      'Unsupported format applied to date',
      '/expense/entries',
      { company: { id: 2 }, amount: 1, type: { id: 1 }, date: '2026-03-01T00:00:00' },
    ],
    [
      'CW 5.5.5',
      'InvalidField',
      'The field severity is invalid.',
      '/service/tickets',
      { ...ticket, severity: 'Extreme' },
    ],
    [
      'CW 4.2.1',
      'InvalidField',
      'The field budgetHours is invalid.',
      '/service/tickets',
      { ...ticket, budgetHours: '3' },
    ],
    [
      'CW 4.2.10',
      'InvalidField',
      'Please choose where to display the notes in order to save this record.',
      '/service/tickets/1100/notes',
      { text: 'x' },
    ],
    [
      'CW 4.2.13',
      'InvalidField',
      'Cannot create agreement invoices through the Invoicing API',
      '/finance/invoices',
      { type: 'Agreement', company: { id: 2 } },
    ],
  ])('%s: %s: %s', async (_, code, message, path, body) => {
    const { post } = start();
    expectFault(await post(path, body), code, message);
  });

  test('CW 4.2.1: all faults come at once, with resource and field', async () => {
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

  test('CW 4.2.20: a record that does not exist is named, and so is a parent', async () => {
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
