import { expect, test } from 'vitest';
import type { Method } from './endpoint.ts';
import { createNaming } from './name-endpoints.ts';
import type { NamedOperation } from './resources.ts';

const json = { array: false, mediaType: 'application/json' };
const list = (path: string, schema: string): NamedOperation => ({
  method: 'GET',
  path,
  response: { ...json, schema, array: true },
});
const one = (path: string, schema: string): NamedOperation => ({ method: 'GET', path, response: { ...json, schema } });
const does = (method: Method, path: string): NamedOperation => ({ method, path });

const operations: readonly (readonly [operation: NamedOperation, summary: string, category: string])[] = [
  [list('/service/tickets', 'Ticket'), 'List tickets', 'Tickets'],
  [does('POST', '/service/tickets'), 'Create a ticket', 'Tickets'],
  [one('/service/tickets/{id}', 'Ticket'), 'Get a ticket', 'Tickets'],
  [does('PATCH', '/service/tickets/{id}'), 'Update a ticket', 'Tickets'],
  [does('PUT', '/service/tickets/{id}'), 'Replace a ticket', 'Tickets'],
  [does('DELETE', '/service/tickets/{id}'), 'Delete a ticket', 'Tickets'],
  [one('/service/tickets/count', 'Count'), 'Count tickets', 'Tickets'],
  [list('/service/tickets/info', 'TicketInfo'), 'List ticket info', 'TicketInfos'],
  [one('/service/tickets/{id}/info', 'TicketInfo'), 'Get ticket info', 'TicketInfos'],
  [does('POST', '/service/tickets/search'), 'Search tickets', 'Tickets'],
  [does('POST', '/service/tickets/{parentId}/merge'), 'Merge tickets', 'Tickets'],
  [does('POST', '/service/tickets/{parentId}/convert'), 'Convert a ticket', 'Tickets'],
  [does('POST', '/service/tickets/{parentId}/attachChildren'), 'Attach children to a ticket', 'Tickets'],
  [list('/service/tickets/{parentId}/notes', 'ServiceNote'), 'List notes of a ticket', 'TicketNotes'],
  [does('POST', '/service/tickets/{parentId}/notes'), 'Create a note of a ticket', 'TicketNotes'],
  [does('DELETE', '/service/tickets/{parentId}/notes/{id}'), 'Delete a note of a ticket', 'TicketNotes'],
  [
    list('/service/tickets/{parentId}/configurations', 'ConfigurationReference'),
    'List configurations of a ticket',
    'Tickets',
  ],
  [does('POST', '/service/tickets/{id}/convertToSalesOrder'), 'Convert a ticket to a sales order', 'Tickets'],
  [does('POST', '/service/tickets/{id}/markAs'), 'Mark a ticket', 'Tickets'],
  [list('/procurement/catalog', 'CatalogItem'), 'List catalog items', 'CatalogItems'],
  [list('/company/companies', 'Company'), 'List companies', 'Companies'],
  [list('/company/companies/types', 'CompanyType'), 'List company types', 'CompanyTypes'],
  [does('DELETE', '/company/companies/types/{id}'), 'Delete a company type', 'CompanyTypes'],
  [list('/company/companies/types/{id}/usages', 'Usage'), 'Get usages of a company type', 'CompanyTypes'],
  [list('/company/companies/types/{id}/usages/list', 'Usage'), 'List usages of a company type', 'CompanyTypes'],
  [list('/company/companies/{parentId}/sites', 'CompanySite'), 'List sites of a company', 'CompanySites'],
  [one('/company/companies/default', 'Company'), 'Get the default company', 'Companies'],
  [list('/time/entries', 'TimeEntry'), 'List time entries', 'TimeEntries'],
  [list('/time/entries/{parentId}/audits', 'TimeEntryAudit'), 'List audits of a time entry', 'TimeEntryAudits'],
  [list('/finance/agreements', 'Agreement'), 'List agreements', 'Agreements'],
  [
    list('/finance/agreements/{parentId}/additions', 'Addition'),
    'List additions of an agreement',
    'AgreementAdditions',
  ],
  [list('/procurement/purchaseorders', 'PurchaseOrder'), 'List purchase orders', 'PurchaseOrders'],
  [
    list('/procurement/purchaseorders/{parentId}/lineitems', 'PurchaseOrderLineItem'),
    'List line items of a purchase order',
    'PurchaseOrderLineItems',
  ],
  [list('/service/SLAs', 'SLA'), 'List SLAs', 'SLAs'],
  [does('DELETE', '/service/SLAs/{id}'), 'Delete an SLA', 'SLAs'],
  [one('/system/info', 'Info'), 'Get system info', 'Info'],
  [list('/system/info/members', 'MemberInfo'), 'List member info', 'MemberInfos'],
  [does('POST', '/system/authAnvils/testConnection'), 'Test connection of an AuthAnvil', 'AuthAnvils'],
  [list('/system/authAnvils', 'AuthAnvil'), 'List AuthAnvils', 'AuthAnvils'],
];

const schemas = operations
  .flatMap(([{ response }]) => response?.schema ?? [])
  .map((name) => [name, { name, members: [] }] as const);
const naming = createNaming(
  operations.map(([operation]) => operation),
  new Map(schemas),
);

test.each(operations.map(([operation, summary, category]) => ({ ...operation, summary, category })))(
  '$method $path is "$summary" of $category',
  ({ summary, category, ...operation }) => {
    expect(naming.summaryOf(operation)).toBe(summary);
    expect(naming.categoryOf(operation)).toBe(category);
  },
);

test.each([
  ['/company/companies/{id}/image', 'Download the image of a company'],
  ['/company/companies/{id}/log/download', 'Download the log of a company'],
  ['/company/companies/{id}/download', 'Download a company'],
  ['/company/companies/{id}/recap', 'Download the recap of a company'],
])('the file at %s: "%s"', (path, summary) => {
  expect(naming.summaryOf({ method: 'GET', path, response: { array: false, mediaType: 'image/png' } })).toBe(summary);
});
