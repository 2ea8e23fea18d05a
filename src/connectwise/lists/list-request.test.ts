import { describe, expect, test } from 'vitest';
import {
  countPath,
  countRequest,
  findQueryMember,
  findTotalOrder,
  narrow,
  withFilter,
  withIdField,
  withMembers,
} from './list-request.ts';

describe('an order is made total', () => {
  test.each([
    [undefined, 'id asc'],
    ['', 'id asc'],
    ['summary', 'summary, id asc'],
    ['board/name desc , ,status/id', 'board/name desc, status/id, id asc'],
    ['id', undefined],
    ['summary, ID desc', undefined],
    ['id desc, summary', undefined],
    ['board/id', 'board/id, id asc'],
    ['identifier', 'identifier, id asc'],
  ])('%s', (orderBy, total) => {
    expect(findTotalOrder(orderBy)).toBe(total);
  });
});

test.each([
  [undefined, undefined],
  [' ', ' '],
  ['summary,board/id', 'id,summary,board/id'],
  ['summary, Id', 'summary, Id'],
])('fields %s hold the id: %s', (fields, withId) => {
  expect(withIdField(fields)).toBe(withId);
});

test('members of a query are found and replaced however they are written', () => {
  const query = { PageSize: '5', conditions: 'x = 1' };
  expect(findQueryMember(query, 'pageSize')).toBe('5');
  expect(withMembers(query, { pagesize: '6', Conditions: undefined })).toEqual({ pagesize: '6' });
});

describe('filters are in the query of a list and in the body of a search', () => {
  const list = { method: 'GET', path: '/service/tickets', query: { Conditions: 'a = 1 or b = 2' } } as const;
  const search = {
    method: 'POST',
    path: '/service/tickets/search/',
    query: { pageSize: '5' },
    body: { conditions: 'a = 1 or b = 2', childConditions: 'c = 3', orderBy: 'd' },
  } as const;

  test('narrowed', () => {
    expect(narrow(list, 'id > 5').query).toEqual({ conditions: '(a = 1 or b = 2) and id > 5' });
    expect(narrow(search, 'id > 5').body).toMatchObject({ conditions: '(a = 1 or b = 2) and id > 5' });
    expect(narrow({ ...list, query: {} }, 'id > 5').query).toEqual({ conditions: 'id > 5' });
  });

  test('ordered', () => {
    expect(withFilter(list, 'orderBy', 'id').query).toMatchObject({ orderBy: 'id' });
    expect(withFilter(search, 'orderBy', 'id')).toMatchObject({ query: { pageSize: '5' }, body: { orderBy: 'id' } });
  });

  test('counted', () => {
    expect(countRequest(list)).toEqual({
      method: 'GET',
      path: '/service/tickets/count',
      query: { conditions: 'a = 1 or b = 2' },
    });
    expect(countRequest(search)).toEqual({
      method: 'GET',
      path: '/service/tickets/count',
      query: { conditions: 'a = 1 or b = 2', childConditions: 'c = 3' },
    });
    const documents = { recordType: 'Ticket', recordId: '7', page: '2', fields: 'id' };
    expect(countRequest({ method: 'GET', path: '/system/documents', query: documents }).query).toEqual({
      recordType: 'Ticket',
      recordId: '7',
    });
  });
});

test('the path of a count is below its list', () => {
  expect(countPath('/service/tickets')).toBe('/service/tickets/count');
  expect(countPath('/service/tickets/')).toBe('/service/tickets/count');
  expect(countPath('/service/tickets/count')).toBe('/service/tickets/count');
});
