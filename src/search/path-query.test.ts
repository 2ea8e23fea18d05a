import { describe, expect, it } from 'vitest';
import { sampleIndex } from '../../tests/evals/sample-catalog.ts';
import { findByPath } from './path-query.ts';

const index = await sampleIndex();
const first = (query: string) => {
  const found = findByPath(index, query)?.[0]?.endpoint;
  return found && `${found.method} ${found.path}`;
};

describe('findByPath', () => {
  it.each([
    ['PATCH /service/tickets/5', 'PATCH /service/tickets/{id}'],
    ['delete /service/tickets/5', 'DELETE /service/tickets/{id}'],
    ['/service/boards', 'GET /service/boards'],
    ['service/boards/1/statuses', 'GET /service/boards/{parentId}/statuses'],
    ['/SERVICE/Tickets/', 'GET /service/tickets'],
    ['/service/tickets?conditions=id=5', 'GET /service/tickets'],
    ['https://na.myconnectwise.net/v4_6_release/apis/3.0/company/companies/7?fields=id', 'GET /company/companies/{id}'],
    ['/service/tickets/{ticketId}/notes', 'GET /service/tickets/{parentId}/notes'],
  ])('answers %s with %s', (query, expected) => {
    expect(first(query)).toBe(expected);
  });

  it.each(['tickets', 'tasks/checklists for a ticket', '', '/', '/nothing/like/it', 'GET'])(
    'leaves %j to the words',
    (query) => {
      expect(findByPath(index, query)).toBeUndefined();
    },
  );
});
