import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
let asked: Asked;
beforeAll(async () => {
  catalog = await sharedCatalog();
  asked = startSandbox(catalog);
});

describe('CW 5.11: reports', () => {
  test('CW 5.11.1: the list of reports can be filtered by name', async () => {
    expect((await asked.ask('/system/reports')).body).toEqual([{ name: 'Service' }, { name: 'Time' }]);
    const query = { conditions: 'name="service"' };
    expect((await asked.ask('/system/reports', { query })).body).toEqual([{ name: 'Service' }]);
  });

  test('CW 5.11.1: one object with one key for each column, rows in their order', async () => {
    const { body } = await asked.ask('/system/reports/Service', { query: { pageSize: 3, orderBy: 'TicketNbr desc' } });
    const names = body.column_definitions.map((column: object) => Object.keys(column));
    expect(names.every((keys: string[]) => keys.length === 1)).toBe(true);
    expect(body.column_definitions[0]).toEqual({
      TicketNbr: { type: 'Numeric', isNullable: false, identityColumn: true },
    });
    expect(body.row_values).toHaveLength(3);
    for (const row of body.row_values) expect(row).toHaveLength(names.length);
    const [[id, summary]] = body.row_values;
    expect((await asked.ask(`/service/tickets/${id}`)).body.summary).toBe(summary);
  });

  test('CW 2.1.6: columns in place of fields, conditions by the names of columns', async () => {
    const query = { columns: 'TicketNbr,board_name', conditions: 'Closed_Flag=true and Board_Name="Service Desk"' };
    const { body } = await asked.ask('/system/reports/Service', { query });
    expect(body.column_definitions.flatMap(Object.keys)).toEqual(['TicketNbr', 'Board_Name']);
    expect(new Set(body.row_values.map(([, board]: [number, string]) => board))).toEqual(new Set(['Service Desk']));
    const { count } = (await asked.ask('/system/reports/Service/count', { query })).body;
    const tickets = { conditions: 'closedFlag=true and board/name="Service Desk"' };
    expect(count).toBe((await asked.ask('/service/tickets/count', { query: tickets })).body.count);
  });

  test('CW 5.11.1: the hours of the time report are those of the entries', async () => {
    const query = { pageSize: 1000, conditions: 'Member_ID="asmith"', columns: 'Hours_Actual' };
    const { body } = await asked.ask('/system/reports/Time', { query });
    const entries = await asked.ask('/time/entries', {
      query: { pageSize: 1000, conditions: 'member/identifier="asmith"' },
    });
    const sum = (hours: number[]) => hours.reduce((total, one) => total + one, 0);
    expect(sum(body.row_values.flat())).toBe(
      sum(entries.body.map((entry: { actualHours: number }) => entry.actualHours)),
    );
    expect(body.row_values.length).toBeGreaterThan(10);
  });

  test.each([
    ['an unknown report', '/system/reports/Nope', {}, 404],
    ['an unknown column', '/system/reports/Service', { conditions: 'Nope=1' }, 400],
    ['a value of the wrong type', '/system/reports/Service', { conditions: 'Closed_Flag=1' }, 400],
    ['its columns alone', '/system/reports/Service/columns', {}, 200],
  ])('%s', async (_, path, query, status) => {
    expect((await asked.ask(path, { query: query as Record<string, string> })).status).toBe(status);
  });
});

describe('CW 5.9: bundles', () => {
  const read = (sequenceNumber: number, resourceType: string, apiRequest: object) => ({
    sequenceNumber,
    resourceType,
    apiRequest,
  });

  test('several reads in one request, each with a status of its own', async () => {
    const { status, body } = await asked.post('/system/bundles', {
      requests: [
        read(1, 'ticket', {
          filters: { conditions: 'id in (1100,1101)' },
          fields: 'id',
          page: { page: 1, pageSize: 1 },
        }),
        read(2, 'company', { id: 2, fields: 'name' }),
        read(3, 'serviceNote', { parentId: 1100 }),
        read(4, 'ticket', { filters: { conditions: 'nope=1' } }),
        read(5, 'ticket', { id: 99999 }),
        read(6, 'toaster', {}),
      ],
    });
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      { sequenceNumber: 1, resourceType: 'ticket', entities: [{ id: 1100 }], count: 1, success: true, statusCode: 200 },
      { entities: [{ name: 'Northgate Manufacturing' }], success: true },
      { success: true, entities: expect.any(Array) },
      { success: false, statusCode: 400, error: { code: 'ApiFindCondition' } },
      { success: false, statusCode: 404, error: { message: 'Ticket 99999 not found' } },
      { success: false, statusCode: 400 },
    ]);
  });

  test('names with capitals, as the Guide writes them, and counts', async () => {
    const ApiRequest = { Filters: { Conditions: 'closedFlag=false' } };
    const body = { Requests: [{ Version: '2019.3', SequenceNumber: 7, ResourceType: 'Ticket', ApiRequest }] };
    const query = { conditions: 'closedFlag=false' };
    const { count } = (await asked.ask('/service/tickets/count', { query })).body;
    expect((await asked.post('/system/bundles/count', body)).body.results).toEqual([
      {
        sequenceNumber: 7,
        resourceType: 'Ticket',
        version: '2019.3',
        entities: [],
        count,
        success: true,
        statusCode: 200,
      },
    ]);
  });

  test('no requests are refused', async () => {
    expect((await asked.post('/system/bundles', { requests: [] })).status).toBe(400);
    expect((await asked.post('/system/bundles', [])).status).toBe(400);
  });
});

describe('CW 5.11.3: the audit trail', () => {
  const trail = (query: Record<string, string | number>) => asked.ask('/system/audittrail', { query });

  test('each change leaves an entry that says who changed what', async () => {
    const { body } = await asked.post('/service/tickets', { summary: 'Before', company: { id: 2 } });
    await asked.patch(
      `/service/tickets/${body.id}`,
      { op: 'replace', path: 'summary', value: 'After' },
      { op: 'replace', path: 'status', value: { name: 'Closed' } },
    );
    const entries = (await trail({ type: 'Ticket', id: body.id })).body;
    expect(entries.map(({ text }: { text: string }) => text)).toEqual([
      `Ticket ${body.id} was created.`,
      'The summary field was changed from "Before" to "After".',
      'The status field was changed from "Open" to "Closed".',
      expect.stringContaining('closedFlag'),
      expect.stringContaining('closedDate'),
      expect.stringContaining('closedBy'),
    ]);
    expect(entries[1]).toMatchObject({
      enteredBy: 'apigateway',
      enteredDate: '2026-03-10T15:00:00Z',
      auditSource: 'API',
    });
    await asked.remove(`/service/tickets/${body.id}`);
    expect((await trail({ type: 'Ticket', id: body.id, orderBy: 'enteredDate desc' })).body).toHaveLength(7);
  });

  test('actions leave entries, too', async () => {
    const make = async () => (await asked.post('/service/tickets', { summary: 'x', company: { id: 2 } })).body.id;
    const [keep, other] = [await make(), await make()];
    await asked.post(`/service/tickets/${keep}/merge`, { mergeTicketIds: [other], status: { name: 'Closed' } });
    const texts = (await trail({ type: 'Ticket', id: other })).body.map(({ text }: { text: string }) => text);
    expect(texts).toContainEqual(expect.stringContaining('The mergedParentTicket field was changed from nothing'));
    expect(texts).toContain('The status field was changed from "Open" to "Closed".');
    expect((await asked.ask(`/service/tickets/${other}`)).body).toMatchObject({ closedBy: 'apigateway' });
  });

  test('type and id are needed, and forward-only paging is ignored', async () => {
    expect((await trail({ type: 'Ticket' })).status).toBe(400);
    expect((await trail({ id: 1100 })).status).toBe(400);
    const headers = { 'pagination-type': 'forward-only' };
    const query = { type: 'Company', id: 3, pageSize: 1, page: 2 };
    for (const name of ['A', 'B'])
      await asked.patch('/company/companies/3', { op: 'replace', path: 'name', value: name });
    const { body, headers: answered } = await asked.ask('/system/audittrail', { query, headers });
    expect(body).toMatchObject([{ text: expect.stringContaining('to "B"') }]);
    expect(answered.get('link')).toContain('rel="prev"');
  });
});
