import { expect, test } from 'vitest';
import { generalise } from './generalise.ts';
import type { CallOfQuery } from './saved-query.ts';
import { shapeOf } from './shape.ts';

const tickets = (conditions: string): CallOfQuery => ({
  method: 'GET',
  path: '/service/tickets',
  params: { conditions },
});

test.each([
  ['board/id=1', 'board/id=2', 'board/id = {board}'],
  [
    "company/identifier='Acme' and closedFlag=false",
    "company/identifier='Bee' and closedFlag=false",
    'company/identifier = {company} and closedFlag = false',
  ],
  [
    'lastUpdated>[2026-01-01] and lastUpdated<[2026-02-01]',
    'lastUpdated>[2026-02-01] and lastUpdated<[2026-03-01]',
    'lastUpdated > {from} and lastUpdated < {to}',
  ],
  [
    "summary contains 'a' or summary contains 'b'",
    "summary contains 'c' or summary contains 'd'",
    'summary contains {summary} or summary contains {summary2}',
  ],
  ['id in (1,2)', 'id in (3,4,5)', 'id in ({id})'],
  ["summary='{x}' and id=1", "summary='{x}' and id=2", 'summary = "{{x}" and id = {id}'],
  ['board/id=1', 'board/id=1', 'board/id=1'],
])('%s and %s are %s', (one, other, expected) => {
  expect(shapeOf(tickets(one), '/service/tickets')).toBe(shapeOf(tickets(other), '/service/tickets'));
  expect(generalise(tickets(one), tickets(other), '/service/tickets').params).toEqual({ conditions: expected });
});

test.each([
  ['another member', 'board/id=1', 'status/id=1'],
  ['another operator', 'id>1', 'id<1'],
  ['one condition more', 'id=1', 'id=1 and closedFlag=false'],
  ['another connective', 'id=1 and x=2', 'id=1 or x=2'],
])('%s is another shape', (_, one, other) => {
  expect(shapeOf(tickets(one), '/service/tickets')).not.toBe(shapeOf(tickets(other), '/service/tickets'));
});

test('page and shown members change neither the shape nor the placeholders', () => {
  const call = (page: string, fields: string): CallOfQuery => ({
    ...tickets('id=1'),
    params: { conditions: 'id=1', page, fields, pageSize: '5' },
  });
  expect(shapeOf(call('1', 'id'), '/service/tickets')).toBe(shapeOf(call('2', 'id,summary'), '/service/tickets'));
  expect(generalise(call('1', 'id'), call('2', 'id,summary'), '/service/tickets')).toEqual({
    path: '/service/tickets',
    params: { conditions: 'id=1', fields: 'id,summary' },
    placeholders: [],
  });
});

test('an id in the path is named after its collection', () => {
  const notes = (id: number): CallOfQuery => ({ method: 'GET', path: `/service/tickets/${id}/notes` });
  expect(generalise(notes(1), notes(2), '/service/tickets/{parentId}/notes')).toMatchObject({
    path: '/service/tickets/{ticket}/notes',
    placeholders: ['ticket'],
  });
});

test('a body gets placeholders at its leaves', () => {
  const search = (id: number, word: string): CallOfQuery => ({
    method: 'POST',
    path: '/service/tickets/search',
    data: { conditions: `id>${id}`, company: { id }, note: word, same: '{brace}' },
  });
  expect(generalise(search(1, 'a'), search(2, 'b'), '/service/tickets/search').data).toEqual({
    conditions: 'id > {id}',
    company: { id: '{company}' },
    note: '{note}',
    same: '{{brace}',
  });
});
