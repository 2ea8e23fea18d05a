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

describe('CW 5.3: PUT and DELETE', () => {
  test('CW 5.3.1: PUT replaces: what is not given falls back or goes, custom fields stay', async () => {
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

  test('CW 5.2.6, 5.3.1: PUT requires what POST requires', async () => {
    const { put } = start();
    expectFault(
      await put('/service/tickets/1600', { company: { id: 2 } }),
      'MissingRequiredField',
      'The summary field is required.',
    );
  });

  test('CW 5.3.2: DELETE answers 204 and nothing, then 404', async () => {
    const { ask, post, remove } = start();
    const { id } = (await post('/service/tickets', { ...ticket, initialDescription: 'x' })).body;
    const gone = await remove(`/service/tickets/${id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await ask(`/service/tickets/${id}`)).status).toBe(404);
    expect((await ask(`/service/tickets/${id}/notes`)).status).toBe(404);
  });

  test('CW 4.2.23, 5.3.2: a record in use is a conflict, and /usages says by what', async () => {
    const { ask, remove } = start();
    const { status, body } = await remove('/company/companies/2');
    expect([status, body.code]).toEqual([409, 'ConnectWiseApi']);
    const uses = (await ask('/company/companies/2/usages')).body;
    expect(uses).toContainEqual(expect.objectContaining({ type: 'Ticket', count: expect.any(Number) }));
    expect((await remove('/service/priorities/3')).status).toBe(409);
  });
});
