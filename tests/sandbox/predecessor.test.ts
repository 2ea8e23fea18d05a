import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, startSandbox } from './ask.ts';

// The calls that the predecessor's description shows and that reach ConnectWise.

let catalog: OpenedCatalog;
let asked: Asked;
beforeAll(async () => {
  catalog = await sharedCatalog();
  asked = startSandbox(catalog);
});

describe('GET /service/tickets', () => {
  test.each<Record<string, string>>([
    { conditions: "status/name='Open' and priority/name='High'" },
    { conditions: "status/name='Open'" },
    { conditions: "status/name='Open' AND dateEntered > [2023-01-01T00:00:00Z]" },
    { conditions: "status/name='Open'", fields: 'id,summary,status,priority' },
    { conditions: "status/name='Open'", page: '1', pageSize: '50' },
  ])('%j gives rows', async (query) => {
    const { status, body } = await asked.ask('/service/tickets', { query });
    expect(status).toBe(200);
    expect(body.length).toBeGreaterThan(0);
    for (const ticket of body) expect(ticket.status.name).toBe('Open');
    if (query.conditions?.includes('High')) for (const ticket of body) expect(ticket.priority.name).toBe('High');
    if (query.fields !== undefined)
      expect(Object.keys(body[0]).sort()).toEqual(['id', 'priority', 'status', 'summary']);
  });
});

test('POST /service/tickets', async () => {
  const body = {
    summary: 'Server is down',
    board: { id: 1 },
    company: { id: 2 },
    status: { id: 1 },
    priority: { id: 3 },
  };
  const made = await asked.ask('/service/tickets', { method: 'POST', body });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject(body);
});

test('the fixed points of tutorials: board 1 with the status Open, the priority High, company 2', async () => {
  expect((await asked.ask('/service/boards/1/statuses/1')).body).toMatchObject({ name: 'Open', board: { id: 1 } });
  expect((await asked.ask('/service/priorities/3')).body.name).toBe('High');
  expect((await asked.ask('/company/companies/2')).status).toBe(200);
});
