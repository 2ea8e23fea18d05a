import { beforeAll, describe, expect, it, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import type { LookupTable } from '../../src/connectwise/lookups/tables.ts';
import { tables } from '../../src/connectwise/lookups/tables.ts';
import { sharedCatalog } from '../support/shared.ts';
import { failureOf, scriptedLookups } from './lookups-fixture.ts';

let catalog: OpenedCatalog;

beforeAll(async () => {
  catalog = await sharedCatalog();
});

describe('the tables', () => {
  test.each(Object.entries<LookupTable>(tables))('%s has members that the catalog knows', (_, table) => {
    const response = catalog.findEndpoint('GET', table.path)?.endpoint.response;
    expect(response?.array).toBe(true);
    const members = catalog.findSchema(response?.schema ?? '')?.members.map(({ name }) => name);
    const { names, identifier, mails = [], mailItems, gone, owner } = table;
    const used = [...names, identifier, ...mails, mailItems, gone?.member, owner].filter((name) => name !== undefined);
    expect(members).toEqual(expect.arrayContaining(used));
    if (table.parent?.in === 'conditions') expect(members).toContain(table.parent.kind);
  });

  it('name every schema once, and only schemas that exist', () => {
    const schemas = Object.values<LookupTable>(tables).flatMap((table) => table.schemas);
    expect(schemas.filter((name) => catalog.findSchema(name) === undefined)).toEqual([]);
    expect(new Set(schemas).size).toBe(schemas.length);
  });

  it('give way to the catalog for other set-up, and to nothing for what has no list of its own', async () => {
    const { lookups, requests } = scriptedLookups(
      () => [
        { id: 1, name: 'Standard' },
        { id: 2, name: 'Premium' },
      ],
      catalog,
    );
    expect(lookups.findKind('ServiceStatusReference')).toEqual({
      kind: 'statuses',
      noun: 'status',
      parent: 'board',
      needsParent: true,
      isCertain: true,
    });
    expect(lookups.findKind('SLAReference')).toMatchObject({ noun: 'SLA', needsParent: false });
    expect(await lookups.resolve('SLAReference', 'premium')).toMatchObject({ id: 2 });
    expect(requests).toMatchObject([{ path: '/service/SLAs', query: { fields: 'id,name' } }]);
    for (const kind of ['TicketReference', 'TaxCodeLevelReference', 'WonRevenueReference', 'Ticket', 'nothing']) {
      expect(lookups.findKind(kind)).toBeUndefined();
    }
    expect(await failureOf(lookups.resolve('status', 'x'))).toMatchObject({
      code: 'invalid_argument',
      details: { candidates: expect.arrayContaining(['statuses']) },
    });
  });
});
