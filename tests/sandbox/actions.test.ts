import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
beforeAll(async () => {
  catalog = await sharedCatalog();
});

const start = () => startSandbox(catalog);
const count = async ({ ask }: Asked, path: string, conditions: string) =>
  (await ask(`${path}/count`, { query: { conditions } })).body.count;

describe('CW 5.7.3: configurations in bulk', () => {
  const computer = { type: { id: 1 }, company: { id: 2 } };

  test('CW 4.2.30: 207 with an outcome for each: made, changed and deleted, or why not', async () => {
    const { ask, post, put } = start();
    const path = '/company/configurations/bulk';
    const made = await post(path, [{ ...computer, name: 'PC-1' }, { name: 'x' }, { ...computer, name: 'PC-2' }]);
    expect(made.status).toBe(207);
    expect(made.body.payload).toMatchObject([
      { success: true, originalIndex: 0, statusCode: 201, data: { name: 'PC-1', company: { id: 2 } } },
      { success: false, originalIndex: 1, statusCode: 400, error: { code: 'InvalidObject' } },
      { success: true, originalIndex: 2, statusCode: 201 },
    ]);
    const [first, , third] = made.body.payload.map(({ data }: { data?: { id: number } }) => data?.id);
    const changed = await put(path, [
      { ...computer, id: first, name: 'PC-1b' },
      { ...computer, id: 99999, name: 'x' },
    ]);
    expect(changed.body.payload).toMatchObject([
      { success: true, statusCode: 200, data: { id: first, name: 'PC-1b' } },
      { success: false, statusCode: 404, error: { message: 'Configuration 99999 not found' } },
    ]);
    const removed = await ask(path, { method: 'DELETE', body: { ids: [first, third, 99999] } });
    expect(removed.status).toBe(207);
    expect(removed.body.payload.map(({ statusCode }: { statusCode: number }) => statusCode)).toEqual([204, 204, 404]);
    expect((await ask(`/company/configurations/${first}`)).status).toBe(404);
  });

  test('CW 5.7.8: so are the lines of a purchase order, whose parent must be there', async () => {
    const { post } = start();
    expect((await post('/procurement/purchaseorders/77/lineitems/bulk', [{}])).body.payload).toMatchObject([
      { success: false, statusCode: 404 },
    ]);
    expect((await post('/company/configurations/bulk', {})).status).toBe(400);
  });
});

describe('CW 5.7.9, 5.7.12: merging companies', () => {
  test('all that belongs to one goes to the other, and the one is deleted softly', async () => {
    const own = start();
    const { ask, post } = own;
    const [tickets, contacts] = [
      await count(own, '/service/tickets', 'company/id in (3,2)'),
      await count(own, '/company/contacts', 'company/id in (3,2)'),
    ];
    const { website, name, status: before, _info } = (await ask('/company/companies/3')).body;
    const { status, body } = await post('/company/companies/3/merge', { toCompanyId: 2, website: 'From', name: 'To' });
    expect([status, body.success]).toEqual([200, true]);
    expect(await count(own, '/service/tickets', 'company/id=3')).toBe(0);
    expect(await count(own, '/service/tickets', 'company/id=2')).toBe(tickets);
    expect(await count(own, '/company/contacts', 'company/id=2')).toBe(contacts);
    expect((await ask('/company/companies/3/sites')).body).toEqual([]);
    const merged = (await ask('/company/companies/3')).body;
    expect(merged).toMatchObject({ deletedFlag: true, name, status: before });
    expect([merged.status.name, merged._info.lastUpdated]).toEqual(['Active', _info.lastUpdated]);
    const kept = (await ask('/company/companies/2')).body;
    expect([kept.website, kept.name]).toEqual([website, 'Northgate Manufacturing']);
    expect(await count(own, '/company/companies', 'deletedFlag=false and id=3')).toBe(0);
  });

  test('what is to be discarded goes; a company cannot be merged into itself', async () => {
    const own = start();
    expect(await count(own, '/service/tickets', 'company/id=3')).toBeGreaterThan(0);
    const before = await count(own, '/service/tickets', 'company/id=2');
    expect((await own.post('/company/companies/3/merge', { toCompanyId: 2, services: 'Discard' })).status).toBe(200);
    expect(await count(own, '/service/tickets', 'company/id=2')).toBe(before);
    expect((await own.post('/company/companies/2/merge', { toCompanyId: 2 })).status).toBe(400);
    expect((await own.post('/company/companies/99999/merge', { toCompanyId: 2 })).status).toBe(404);
  });
});

describe('CW 5.7.6: an opportunity becomes something else', () => {
  const convert = async (own: Asked, action: string, body?: object) =>
    own.ask(`/sales/opportunities/1/${action}`, { method: 'POST', body });

  test.each([
    ['convertToServiceTicket', { summary: 'Deliver' }, { summary: 'Deliver', board: { id: 1 } }],
    [
      'convertToProject',
      { name: 'Rollout', estimatedEnd: '2026-05-01T00:00:00Z' },
      { name: 'Rollout', board: { id: 3 } },
    ],
    ['convertToAgreement', { name: 'Care' }, { name: 'Care', opportunity: { id: 1 } }],
  ])('%s answers 201 with the new record of the same company', async (action, body, expected) => {
    const own = start();
    const { company } = (await own.ask('/sales/opportunities/1')).body;
    const made = await convert(own, action, body);
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({ ...expected, company: { id: company.id } });
  });

  test('without a body its name is used; an existing record is linked', async () => {
    const own = start();
    const { name } = (await own.ask('/sales/opportunities/1')).body;
    expect((await convert(own, 'convertToServiceTicket')).body.summary).toBe(name);
    const linked = await convert(own, 'convertToServiceTicket', { ticketId: 1100 });
    expect(linked.body).toMatchObject({ id: 1100, opportunity: { id: 1 } });
    expect((await own.ask('/sales/opportunities/conversions/1')).body).toContainEqual({
      parentType: 'Opportunity',
      convertedTo: { id: 1100, name: 'Ticket' },
    });
    expect((await convert(own, 'convertToProject', { projectId: 999 })).status).toBe(404);
    expect((await own.post('/sales/opportunities/999/convertToProject', {})).status).toBe(404);
  });
});

describe('CW 5.7.4: agreements', () => {
  test('a copy has a number, a name and additions of its own', async () => {
    const { ask, post } = start();
    const original = (await ask('/finance/agreements/1')).body;
    const additions = (await ask('/finance/agreements/1/additions')).body;
    const { status, body } = await post('/finance/agreements/1/copy', {});
    expect([status, body.name]).toEqual([201, `${original.name} Copy`]);
    expect(body.id).not.toBe(1);
    const copied = (await ask(`/finance/agreements/${body.id}/additions`)).body;
    expect(additions.length).toBeGreaterThan(0);
    expect(copied.map(({ product }: { product: { id: number } }) => product.id)).toEqual(
      additions.map(({ product }: { product: { id: number } }) => product.id),
    );
  });

  test('its invoice is the sum of the additions that are in force', async () => {
    const { ask, post } = start();
    const now = '2026-03-10T15:00:00Z';
    const additions = (await ask('/finance/agreements/1/additions', { query: { pageSize: 100 } })).body;
    const total = additions
      .filter((one: { billCustomer: string; effectiveDate?: string; cancelledDate?: string }) => {
        const isOver = one.cancelledDate !== undefined && one.cancelledDate <= now;
        return one.billCustomer === 'Billable' && (one.effectiveDate ?? '') <= now && !isOver;
      })
      .reduce((sum: number, one: { quantity: number; unitPrice: number }) => sum + one.quantity * one.unitPrice, 0);
    const { status, body: id } = await post('/finance/agreements/1/invoice', {});
    expect(status).toBe(201);
    expect((await ask(`/finance/invoices/${id}`)).body).toMatchObject({ type: 'Agreement', total, balance: total });
    expect(total).toBeGreaterThan(0);
  });
});

describe('smaller actions', () => {
  test('CW 5.7.7: the workplan of a project holds its phases', async () => {
    const { ask } = start();
    const phases = (await ask('/project/projects/1/phases')).body;
    const { body } = await ask('/project/projects/1/projectWorkplan');
    expect(body.projectId).toBe(1);
    expect(body.phases.map(({ id }: { id: number }) => id)).toEqual(phases.map(({ id }: { id: number }) => id));
  });

  test('CW 5.7.7: a template is made from a project and adds its phases and tickets to another', async () => {
    const own = start();
    const { ask, post } = own;
    const phases = (await ask('/project/projects/1/phases')).body;
    const tickets = await count(own, '/project/tickets', 'project/id=1');
    const template = await post('/project/projectTemplates/createFromProject/1', { name: 'Like the first' });
    expect([template.status, template.body.name]).toEqual([201, 'Like the first']);
    const before = (await ask('/project/projects/2/phases')).body.length;
    const had = await count(own, '/project/tickets', 'project/id=2');
    const applied = await post(`/project/projects/2/applyTemplate/${template.body.id}`, {});
    expect(applied.status, applied.text).toBe(201);
    expect(applied.body.phases).toHaveLength(before + phases.length);
    expect(await count(own, '/project/tickets', 'project/id=2')).toBe(had + tickets);
    const again = await post('/project/projects/3/applyTemplates', [{ id: template.body.id, name: 'x' }]);
    expect(again.status).toBe(201);
    expect((await post('/project/projects/2/applyTemplate/999', {})).status).toBe(404);
    expect((await post('/project/projects/2/applyTemplates', {})).status).toBe(400);
  });

  test('CW 5.6.1: a time entry is rejected, and the rejection cancelled', async () => {
    const { ask, post } = start();
    const [{ id }] = (await ask('/time/entries', { query: { conditions: 'status="Open"', pageSize: 1 } })).body;
    expect((await post(`/time/entries/${id}/reject`, {})).status).toBe(201);
    expect((await ask(`/time/entries/${id}`)).body.status).toBe('Rejected');
    await post(`/time/entries/${id}/cancelReject`, {});
    expect((await ask(`/time/entries/${id}`)).body.status).toBe('Open');
  });

  test('default shows what a new record would be given', async () => {
    const { ask } = start();
    const { status, body } = await ask('/company/companies/default');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: { name: 'Active' }, deletedFlag: false });
    expect(body).not.toHaveProperty('id');
  });

  test('what is done to one record and not played is 501, not a record of its own', async () => {
    const { post } = start();
    const answer = await post('/time/entries/1/detach', {});
    expect([answer.status, answer.body.message]).toEqual([
      501,
      'The sandbox does not emulate POST /time/entries/{id}/detach.',
    ]);
  });
});
