import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCatalogFile } from './catalog.ts';
import {
  idMembers,
  isIdMember,
  isListed,
  listOfPath,
  listsOfId,
  listsOfReference,
  silentIdMembers,
} from './id-members.ts';

const catalog = await openCatalogFile({ file: join(import.meta.dirname, '../../dist/catalog.db'), source: 'shipped' });

/** Members that look like ids in the bodies of all writes, as `Schema.member`. */
function writtenIds(): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const walk = (name: string | undefined) => {
    if (name === undefined || seen.has(name)) return;
    seen.add(name);
    for (const member of catalog.findSchema(name)?.members ?? []) {
      if (isIdMember(member)) found.add(`${name}.${member.name}`);
      if (!member.readOnly && member.schema?.endsWith('Reference') === false) walk(member.schema);
    }
  };
  for (const { id, method } of catalog.endpoints) {
    const { body, response } = catalog.getEndpoint(id);
    if (method !== 'GET') walk(method === 'PATCH' ? response?.schema : body?.schema);
  }
  return found;
}

const keysOf = (one: string) => [one, one.slice(one.indexOf('.') + 1)];

test('every member of a write that looks like an id is in the table, or in the list of those that cannot be looked up', () => {
  const written = [...writtenIds()];
  expect(written.length).toBeGreaterThan(200);
  const isIn = (table: object, one: string) => keysOf(one).some((key) => key in table);
  expect(written.filter((one) => !isIn(idMembers, one) && !isIn(silentIdMembers, one))).toEqual([]);
  const used = new Set([...written, 'Company.typeIds'].flatMap(keysOf));
  expect([...Object.keys(idMembers), ...Object.keys(silentIdMembers)].filter((key) => !used.has(key))).toEqual([]);
  expect(Object.keys(idMembers).filter((key) => key in silentIdMembers)).toEqual([]);
});

test('every list of the table is one of the catalog', () => {
  const lists = Object.values(idMembers).flatMap((meaning) => {
    if (typeof meaning === 'string') return [meaning];
    return 'by' in meaning ? Object.values(meaning.lists).flat() : meaning;
  });
  const concrete = lists.map((list) => list.replace(/\{[^}]*\}/g, '1'));
  expect(concrete.filter((list) => !isListed(catalog, list))).toEqual([]);
});

test('references that nothing names have a list too, and paths of other records their own', () => {
  expect(listsOfReference(catalog, 'TicketReference')).toMatchObject({ isCertain: true });
  expect(listsOfReference(catalog, 'InvoiceReference')).toEqual({
    lists: ['/finance/invoices'],
    isCertain: false,
  });
  expect(listsOfReference(catalog, 'WonRevenueReference')).toBeUndefined();
  expect(listOfPath('/project/boards')).toBe('/service/boards');
  expect(listOfPath('/service/boards')).toBe('/service/boards');
});

test('another member, its reference or the path decides which list is meant', () => {
  const holder = (schema: string, texts: Record<string, string>, ids: Record<string, number> = {}) => ({
    schema,
    textOf: (name: string) => texts[name],
    idOf: (name: string) => ids[name],
  });
  expect(listsOfId('chargeToId', holder('TimeEntry', { chargeToType: 'projectTicket' }))).toEqual(['/project/tickets']);
  expect(listsOfId('chargeToId', holder('TimeEntry', {}))).toBeUndefined();
  expect(listsOfId('objectId', holder('ScheduleEntry', { type: 'S' }))).toHaveLength(2);
  expect(listsOfId('srStatusId', holder('ProjectBoardKanbanStatus', {}, { parentId: 3 }))).toEqual([
    '/service/boards/3/statuses',
  ]);
  expect(listsOfId('ticketId', holder('ProjectTemplateTask', {}))).toBeUndefined();
  expect(listsOfId('ticketId', holder('ServiceNote', {}))).toEqual(['/service/tickets']);
});
