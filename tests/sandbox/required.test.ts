import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, expectFault, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
let asked: Asked;
beforeAll(async () => {
  catalog = await sharedCatalog();
  asked = startSandbox(catalog);
});

const at = '2026-03-10T13:00:00Z';
const people = { company: { id: 2 }, contact: { id: 2 } };

/** Fact, path, the least body that is taken, and the members without which it is refused. */
const cases: [fact: string, path: string, body: Record<string, unknown>, required: string[]][] = [
  ['CW 5.4.1', '/service/tickets', { summary: 'x', company: { id: 2 } }, ['summary', 'company']],
  ['CW 5.4.2', '/project/tickets', { summary: 'x', phase: { id: 1 } }, ['summary', 'phase']],
  [
    'CW 5.4.3',
    '/company/companies',
    { identifier: 'Needs', name: 'Needs', site: { name: 'Main' }, city: 'Boston' },
    ['identifier', 'name', 'site', 'city'],
  ],
  ['CW 5.4.4', '/company/contacts', { firstName: 'Needs' }, ['firstName']],
  [
    'CW 5.4.5',
    '/company/configurations',
    { name: 'x', type: { id: 1 }, company: { id: 2 } },
    ['name', 'type', 'company'],
  ],
  ['CW 5.4.6', '/time/entries', { timeStart: at, company: { id: 2 } }, ['timeStart', 'company']],
  ['CW 5.4.7', '/service/tickets/1100/notes', { text: 'x', resolutionFlag: true }, ['text', 'resolutionFlag']],
  ['CW 5.4.8', '/company/companies/2/notes', { text: 'x', type: { id: 1 } }, ['text', 'type']],
  [
    'CW 5.4.9',
    '/sales/opportunities',
    { name: 'x', primarySalesRep: { identifier: 'fnovak' }, ...people },
    ['name', 'primarySalesRep', 'company', 'contact'],
  ],
  ['CW 5.4.10', '/sales/activities', { name: 'x', assignTo: { id: 7 } }, ['name', 'assignTo']],
  [
    'CW 5.4.11',
    '/schedule/entries',
    { type: { identifier: 'S' }, member: { id: 2 }, objectId: 1100, dateStart: at, dateEnd: at },
    ['type', 'member', 'objectId'],
  ],
  [
    'CW 5.4.12',
    '/finance/agreements',
    { name: 'x', type: { id: 1 }, ...people },
    ['name', 'type', 'company', 'contact'],
  ],
  [
    'CW 5.4.13',
    '/finance/agreements/1/additions',
    { product: { id: 1 }, billCustomer: 'Billable' },
    ['product', 'billCustomer'],
  ],
  ['CW 5.4.14', '/finance/invoices', { type: 'Standard', company: { id: 2 } }, ['type', 'company']],
  [
    'CW 5.4.15',
    '/project/projects',
    {
      name: 'x',
      billingMethod: 'ActualRates',
      board: { id: 3 },
      company: { id: 2 },
      estimatedStart: at,
      estimatedEnd: at,
    },
    ['name', 'billingMethod', 'board', 'company', 'estimatedStart', 'estimatedEnd'],
  ],
  ['CW 5.4.16', '/project/projects/1/phases', { description: 'x' }, ['description']],
  [
    'CW 5.4.17',
    '/expense/entries',
    { amount: 5, date: at, type: { id: 1 }, chargeToType: 'ServiceTicket', chargeToId: 1100 },
    ['amount', 'date', 'type', 'chargeToType', 'chargeToId'],
  ],
  [
    'CW 5.4.18',
    '/procurement/products',
    { catalogItem: { id: 7 }, billableOption: 'Billable' },
    ['catalogItem', 'billableOption'],
  ],
  [
    'CW 5.4.19',
    '/procurement/catalog',
    { identifier: 'NEW', description: 'x', subcategory: { id: 1 }, type: { id: 1 }, customerDescription: 'x' },
    ['identifier', 'description', 'subcategory', 'type', 'customerDescription'],
  ],
  [
    'CW 5.4.20',
    '/service/boards',
    { name: 'x', location: { id: 1 }, department: { id: 1 } },
    ['name', 'location', 'department'],
  ],
  ['CW 5.4.20', '/service/boards/1/statuses', { name: 'x' }, ['name']],
  ['CW 5.4.20', '/service/priorities', { name: 'x', color: 'Red' }, ['name', 'color']],
  [
    'CW 5.4.21',
    '/system/callbacks',
    { url: 'https://example.com', objectId: 2, type: 'ticket', level: 'board' },
    ['url', 'objectId', 'type', 'level'],
  ],
];

describe('CW 5.4: required members', () => {
  beforeAll(async () => {
    // The types of expenses are a manager's choice.
    const type = { name: 'Mileage', amountCaption: 'Miles', billExpenses: 'Billable', invoiceMarkupOption: 'Mile' };
    if ((await asked.ask('/expense/types')).body.length === 0) await asked.post('/expense/types', type);
  });

  test.each(cases)('%s: %s is refused without each of them, and taken with all', async (_, path, body, required) => {
    for (const name of required) {
      const { [name]: _left, ...rest } = body;
      const refused = await asked.post(path, rest);
      expect([name, refused.status], refused.text).toEqual([name, 400]);
    }
    const made = await asked.post(path, body);
    expect(made.status, made.text).toBe(201);
  });

  test('CW 5.4.1: a contact name has at most 62 letters', async () => {
    const body = { summary: 'x', company: { id: 2 }, contactName: 'x'.repeat(63) };
    const message = 'The field contactName must be a string with a maximum length of 62.';
    expectFault(await asked.post('/service/tickets', body), 'MaxLengthField', message);
  });

  test('CW 5.4.4: the items of a contact need type and value; duplicates are refused unless ignored', async () => {
    const contact = { firstName: 'Twice', lastName: 'Told', company: { id: 2 } };
    expect((await asked.post('/company/contacts', { ...contact, communicationItems: [{ value: 'x' }] })).status).toBe(
      400,
    );
    expect(
      (await asked.post('/company/contacts', { ...contact, communicationItems: [{ type: { id: 1 } }] })).status,
    ).toBe(400);
    expect((await asked.post('/company/contacts', contact)).status).toBe(201);
    expect((await asked.post('/company/contacts', contact)).body.errors[0].code).toBe('ObjectExists');
    expect((await asked.post('/company/contacts', { ...contact, ignoreDuplicates: true })).status).toBe(201);
  });

  test('CW 5.4.13: an addition is not in force before its agreement is billed', async () => {
    const { billStartDate } = (await asked.ask('/finance/agreements/1')).body;
    const addition = { product: { id: 1 }, billCustomer: 'Billable', effectiveDate: '2001-01-01T00:00:00Z' };
    expectFault(
      await asked.post('/finance/agreements/1/additions', addition),
      'OutOfRange',
      `The field effectiveDate must not be before ${billStartDate}.`,
    );
  });

  test('CW 5.4.15: a project lives on a board for projects', async () => {
    const [, , body] = cases.find(([, path]) => path === '/project/projects') ?? [];
    expectFault(
      await asked.post('/project/projects', { ...body, board: { id: 1 } }),
      'NotFound',
      'Project Board 1 not found',
      'board/id',
    );
  });
});
