import { describe, expect, it } from 'vitest';
import { oddRequests } from '../../tests/evals/odd-requests.ts';
import { sampleIndex } from '../../tests/evals/sample-catalog.ts';
import { search } from './search.ts';

const index = await sampleIndex();
const answer = (query: string | 'words') => search(index, query, { limit: 5 });
const first = (query: string) => {
  const found = answer(query).results[0]?.endpoint;
  return found && `${found.method} ${found.path}`;
};

describe('search, given something odd', () => {
  it.each(oddRequests)('answers %s with endpoints, or with where to look on', (_, query) => {
    const { results, nearestModules } = answer(query);
    expect(results.length > 0).toBe(nearestModules === undefined);
    expect(results.every(({ score }) => Number.isFinite(score))).toBe(true);
  });

  it.each([
    ['', undefined],
    ['a', undefined],
    ['🔥🔥🔥', undefined],
    ['你好，打开的工单', undefined],
    ['is it the what of to and', undefined],
    ['offene Tickets', 'GET /service/tickets'],
    ['PATCH /service/tickets/5', 'PATCH /service/tickets/{id}'],
    ['https://na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets/5?fields=id', 'GET /service/tickets/{id}'],
    ['tickets \ud800 of \udfff clients', 'GET /service/tickets'],
    ['please show me the open tickets of our client '.repeat(34), 'GET /service/tickets'],
  ])('answers %j with %s first', (query, expected) => {
    expect(first(query)).toBe(expected);
  });

  it('reads a number of results that makes no sense as none', () => {
    expect(search(index, 'tickets', { limit: -1 }).results).toEqual([]);
  });
});
