import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, expectFault, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
beforeAll(async () => {
  catalog = await sharedCatalog();
});

const start = () => startSandbox(catalog);

const ticket = { summary: 'Server is down', company: { id: 2 } };
const makeTicket = async ({ post }: Asked, more = {}): Promise<number> =>
  (await post('/service/tickets', { ...ticket, ...more })).body.id;
const read = async ({ ask }: Asked, id: number) => (await ask(`/service/tickets/${id}`)).body;

describe('CW 5.4: what a new record needs', () => {
  test('CW 5.4.1: a ticket needs summary and company; board, status, priority, source and site have defaults', async () => {
    const { post } = start();
    expect((await post('/service/tickets', ticket)).body).toMatchObject({
      board: { name: 'Service Desk' },
      status: { name: 'Open' },
      priority: { name: 'Medium' },
      source: { name: 'Phone' },
      site: { name: 'Main' },
    });
  });

  test.each([
    ['name', { name: 'Monitoring & Alerts' }],
    ['name in another case', { name: 'monitoring & alerts' }],
    ['id as text', { id: '2' }],
  ])('CW 5.1.4, 5.4.1: a board by %s brings its own default status', async (_, board) => {
    const { post } = start();
    const { status, body } = await post('/service/tickets', { ...ticket, board });
    const expected = (await post('/service/tickets', { ...ticket, board: { id: 2 } })).body;
    expect(status, JSON.stringify(body)).toBe(201);
    expect([body.board.id, body.status]).toEqual([2, expected.status]);
  });

  test('CW 5.1.4: what follows from a company, a contact or a project follows from its name, too', async () => {
    const { post } = start();
    const made = (await post('/service/tickets', { ...ticket, company: { identifier: 'NorthgateMfg' } })).body;
    expect(made).toMatchObject({ company: { id: 2 }, site: { name: 'Main' } });
    const [phase] = (await start().ask('/project/projects/1/phases')).body;
    const [project] = (await start().ask('/project/projects', { query: { conditions: 'id=1' } })).body;
    const cabling = { summary: 'x', project: { name: project.name }, phase: { name: phase.description } };
    expect((await post('/project/tickets', cabling)).body).toMatchObject({ company: { id: project.company.id } });
  });

  test('an addition has its sums and the status of its agreement, and follows both', async () => {
    const { ask, post, patch } = start();
    const agreement = { name: 'Care', type: { id: 1 }, company: { id: 2 }, contact: { id: 2 } };
    const { body: made } = await post('/finance/agreements', agreement);
    expect(made.agreementStatus).toBe('Active');
    const additions = `/finance/agreements/${made.id}/additions`;
    const { body } = await post(additions, { product: { id: 1 }, billCustomer: 'Billable', quantity: 3 });
    expect(body).toMatchObject({ unitPrice: 45, unitCost: 14, extPrice: 135, extCost: 42, agreementStatus: 'Active' });
    const change = await patch(`${additions}/${body.id}`, { op: 'replace', path: 'lessIncluded', value: 1 });
    expect(change.body).toMatchObject({ billedQuantity: 2, extPrice: 90, extCost: 42 });
    const cancelled = { op: 'replace', path: 'cancelledFlag', value: true };
    expect((await patch(`/finance/agreements/${made.id}`, cancelled)).body.agreementStatus).toBe('Cancelled');
    expect((await ask(additions)).body).toMatchObject([{ agreementStatus: 'Cancelled' }]);
  });

  test('products, purchase orders and sales orders come with what follows from others', async () => {
    const { post, ask, patch } = start();
    const sold = { catalogItem: { identifier: 'LAP-14' }, billableOption: 'Billable', quantity: 2 };
    expect((await post('/procurement/products', sold)).body).toMatchObject({ extPrice: 2580, extCost: 2020 });
    const order = { vendorCompany: { identifier: 'OldColonyDist' }, status: { name: 'New' }, terms: { id: 1 } };
    const bought = (await post('/procurement/purchaseorders', order)).body;
    expect(bought).toMatchObject({ closedFlag: false, total: 0, poDate: '2026-03-10T00:00:00Z' });
    const line = { product: { id: 7 }, description: 'Laptops', lineNumber: 1, quantity: 2, unitOfMeasure: { id: 1 } };
    const path = `/procurement/purchaseorders/${bought.id}`;
    expect((await post(`${path}/lineitems`, line)).body).toMatchObject({ unitCost: 1010, extCost: 2020 });
    expect((await ask(path)).body).toMatchObject({ subTotal: 2020, total: 2020 });
    const closed = await patch(path, { op: 'replace', path: 'status', value: { name: 'Closed' } });
    expect(closed.body).toMatchObject({ closedFlag: true, total: 2020 });
    const sale = { company: { id: 2 }, status: { name: 'Open' }, salesRep: { id: 7 } };
    expect((await post('/sales/orders', sale)).body).toMatchObject({ total: 0, site: { name: 'Main' } });
    const paid = { amount: 12, date: '2026-03-09T00:00:00Z', type: { name: 'Mileage' } };
    const charged = { ...paid, chargeToType: 'ServiceTicket', chargeToId: 1100 };
    const { company } = (await ask('/service/tickets/1100')).body;
    expect((await post('/expense/entries', charged)).body).toMatchObject({
      company: { id: company.id },
      status: 'Open',
      member: { identifier: 'apigateway' },
      ticket: { id: 1100 },
    });
  });

  test('CW 5.4.2: a project ticket takes company and board from its phase', async () => {
    const { post } = start();
    const { status, body } = await post('/project/tickets', { summary: 'Cable the closet', phase: { id: 1 } });
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body).toMatchObject({
      project: { id: 1 },
      phase: { id: 1 },
      company: { id: 4 },
      board: { name: 'Projects' },
      status: { name: 'Open' },
    });
    expect(body).not.toHaveProperty('recordType');
  });

  test('CW 5.4.3: a company comes with its first site, and its identifier is unique', async () => {
    const { ask, post } = start();
    const company = { identifier: 'Acme', name: 'Acme', addressLine1: '1 Way', site: { name: 'Main' } };
    const { body } = await post('/company/companies', company);
    expect(body).toMatchObject({ site: { name: 'Main' }, status: { name: 'Active' } });
    expect((await ask(`/company/companies/${body.id}/sites`)).body).toMatchObject([
      { name: 'Main', company: { id: body.id } },
    ]);
    expect((await post('/company/companies', { ...company, identifier: 'ACME' })).body.errors[0].code).toBe(
      'ObjectExists',
    );
  });

  test.each([
    ['/company/contacts', { firstName: 'Ann', company: { id: 2 } }],
    ['/company/configurations', { name: 'PC-1', type: { id: 1 }, company: { id: 2 } }],
    ['/time/entries', { company: { id: 2 }, timeStart: '2026-03-10T13:00:00Z', actualHours: 1 }],
    [
      '/sales/opportunities',
      { name: 'x', primarySalesRep: { identifier: 'fnovak' }, company: { id: 2 }, contact: { id: 2 } },
    ],
    ['/sales/activities', { name: 'x', assignTo: { id: 7 } }],
    ['/finance/agreements', { name: 'x', type: { id: 1 }, company: { id: 2 }, contact: { id: 2 } }],
    ['/finance/agreements/1/additions', { product: { id: 1 }, billCustomer: 'Billable' }],
    ['/finance/invoices', { type: 'Standard', company: { id: 2 } }],
    ['/project/projects/1/phases', { description: 'x' }],
    ['/procurement/products', { catalogItem: { id: 7 }, billableOption: 'Billable' }],
    ['/service/boards/1/statuses', { name: 'x' }],
    ['/service/priorities', { name: 'x', color: 'Red' }],
    ['/system/callbacks', { url: 'https://example.com', objectId: 1, type: 'ticket', level: 'owner' }],
  ])('%s takes the required members', async (path, body) => {
    const { post } = start();
    const made = await post(path, body);
    expect(made.status, made.text).toBe(201);
  });

  test('records below another hold their parent', async () => {
    const { post } = start();
    expect((await post('/service/boards/1/statuses', { name: 'x' })).body.board).toMatchObject({
      id: 1,
      name: 'Service Desk',
    });
    expect((await post('/company/companies/2/sites', { name: 'x' })).body.company).toMatchObject({ id: 2 });
    expect((await post('/project/projects/3/phases', { description: 'x' })).body.projectId).toBe(3);
    expect((await post('/service/tickets/1100/notes', { text: 'x', resolutionFlag: true })).body.ticketId).toBe(1100);
  });
});

describe('CW 5.6: time', () => {
  const entry = { chargeToType: 'ServiceTicket', timeStart: '2026-03-10T13:00:00Z' };

  test('CW 5.6.3, 5.6.4: hours follow from start and end, less what is deducted, and add up on the ticket', async () => {
    const own = start();
    const id = await makeTicket(own);
    const made = await own.post('/time/entries', {
      ...entry,
      chargeToId: id,
      timeEnd: '2026-03-10T14:30:00Z',
      hoursDeduct: 0.25,
      actualHours: 9,
    });
    expect(made.body).toMatchObject({
      actualHours: 1.25,
      member: { identifier: 'apigateway' },
      company: { id: 2 },
      ticket: { id },
      billableOption: 'Billable',
      status: 'Open',
    });
    await own.post('/time/entries', { ...entry, chargeToId: id, actualHours: 0.5 });
    expect((await read(own, id)).actualHours).toBe(1.75);
    await own.ask(`/time/entries/${made.body.id}`, {
      method: 'PATCH',
      body: [{ op: 'replace', path: 'actualHours', value: 7 }],
    });
    expect((await read(own, id)).actualHours).toBe(1.75);
    await own.ask(`/time/entries/${made.body.id}`, { method: 'DELETE' });
    expect((await read(own, id)).actualHours).toBe(0.5);
  });

  test.each([
    ['CW 5.4.6: nothing to charge', {}],
    ['CW 5.4.6: a ticket that does not exist', { ...entry, chargeToId: 1 }],
    ['CW 5.6.3: an end before the start', { ...entry, chargeToId: 1100, timeEnd: '2026-03-10T12:00:00Z' }],
  ])('%s is refused', async (_, body) => {
    const { post } = start();
    expect((await post('/time/entries', { timeStart: entry.timeStart, ...body })).status).toBe(400);
  });

  test("CW 5.6.9: only the work roles of the ticket's location can be chosen", async () => {
    const own = start();
    expect((await own.ask('/system/locations/2/workroles')).body).toHaveLength(2);
    const id = await makeTicket(own, { location: { id: 2 } });
    const entry = { chargeToId: id, chargeToType: 'ServiceTicket', timeStart: '2026-03-10T13:00:00Z', actualHours: 1 };
    const asConsultant = { ...entry, workRole: { name: 'Consultant' } };
    expectFault(await own.post('/time/entries', asConsultant), 'NotFound', 'Work Role 3 not found for Location 2');
    expect((await own.post('/time/entries', { ...entry, workRole: { name: 'Engineer' } })).status).toBe(201);
    const elsewhere = await makeTicket(own);
    expect((await own.post('/time/entries', { ...asConsultant, chargeToId: elsewhere })).status).toBe(201);
  });

  test('CW 5.6.8: a status that allows no time refuses it', async () => {
    const own = start();
    const id = await makeTicket(own, { status: { name: 'Cancelled' } });
    expect((await own.post('/time/entries', { ...entry, chargeToId: id, actualHours: 1 })).status).toBe(400);
  });

  test('CW 5.6.7: sheets are submitted, approved and rejected', async () => {
    const { ask, post } = start();
    expect((await post('/time/sheets/1/submit', {})).status).toBe(200);
    expect((await ask('/time/sheets/1')).body.status).toBe('PendingApproval');
    await post('/time/sheets/1/reject', {});
    expect((await ask('/time/sheets/1')).body.status).toBe('Rejected');
  });

  test('CW 5.6.7: defaults say what an entry would be given and make none', async () => {
    const { ask, post } = start();
    const { status, body } = await post('/time/entries/defaults', { chargeToId: 1100, chargeToType: 'ServiceTicket' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      member: { identifier: 'apigateway' },
      billableOption: 'Billable',
      ticket: { id: 1100 },
    });
    expect((await ask('/time/entries/count')).body.count).toBe(2000);
  });
});

test('CW 5.7.11, 5.11.4: info twins show the same records with fewer members', async () => {
  const { ask } = start();
  const [full, info] = [(await ask('/system/members')).body, (await ask('/system/info/members')).body];
  expect(info.map(({ id }: { id: number }) => id)).toEqual(full.map(({ id }: { id: number }) => id));
  expect(full[0]).toHaveProperty('hourlyCost');
  expect(info[0]).not.toHaveProperty('hourlyCost');
  expect((await ask('/system/info/members/count')).body.count).toBe(11);
  expect((await ask('/system/members/jmarsh')).body.id).toBe(1);
});
