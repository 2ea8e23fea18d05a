import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleEndpoints, sampleIndex } from '../../tests/evals/sample-catalog.ts';
import { loadSearchIndex } from './load-index.ts';
import { search } from './search.ts';

const index = await sampleIndex();
const answer = (query: string) => search(index, query, { limit: 5 });
const first = (query: string) => {
  const found = answer(query).results[0]?.endpoint;
  return found && `${found.method} ${found.path}`;
};

describe('search', () => {
  it.each([
    ['show me all open tickets for Acme', 'GET /service/tickets'],
    ['open a ticket for Acme', 'POST /service/tickets'],
    ['ticket 4711', 'GET /service/tickets/{id}'],
    ['how many tickets are there', 'GET /service/tickets/count'],
    ['delete ticket 12', 'DELETE /service/tickets/{id}'],
    ['notes on a company', 'GET /company/companies/{parentId}/notes'],
    ['add a note to ticket 5', 'POST /service/tickets/{parentId}/notes'],
    ['merge two tickets', 'POST /service/tickets/{parentId}/merge'],
    ['link a laptop to ticket 5', 'POST /service/tickets/{parentId}/configurations'],
    ['assign ticket 5 to Dana', 'PATCH /service/tickets/{id}'],
    ['find machines of a client', 'GET /company/configurations'],
    ['list techs', 'GET /system/members'],
    ['api members', 'GET /system/apiMembers'],
    ['register a webhook', 'POST /system/callbacks'],
    ['log 2 hours on ticket 5', 'POST /time/entries'],
    ['serch tikets', 'GET /service/tickets'],
    ['offene Tickets', 'GET /service/tickets'],
    ['is the connection working', 'GET /gateway/status'],
    ['is ConnectWise reachable', 'GET /gateway/status'],
    ['a report of tickets closed last month', 'GET /service/tickets'],
    ['who am i', 'GET /gateway/me'],
  ])('answers "%s" with %s', (query, expected) => {
    expect(first(query)).toBe(expected);
  });

  it('answers any string, and names modules where it finds nothing', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('🔥🔥', '你好，打开的工单', '\ud800', "'; DROP TABLE x; --", 'NEAR(a b'),
    );
    fc.assert(
      fc.property(odd, (query) => {
        const { results, nearestModules = [] } = answer(query);
        expect(results.length + nearestModules.length).toBeGreaterThan(0);
      }),
    );
  });

  it('leaves the secondary forms behind unless they are asked for', () => {
    const places = answer('boards').results.map(({ endpoint }) => `${endpoint.method} ${endpoint.path}`);
    expect(places[0]).toBe('GET /service/boards');
    expect(places.slice(0, 3)).not.toContain('GET /service/boards/info');
    expect(first('where is board 3 used')).toBe('GET /service/boards/{id}/usages');
  });

  it('raises what this user needs, but never turns a request round', () => {
    const used = (path: string) => {
      const id = sampleEndpoints().find((endpoint) => endpoint.method === 'GET' && endpoint.path === path)?.id;
      return (endpointId: number) => (endpointId === id ? 1 : 0);
    };
    const searchWith = (query: string, path: string) =>
      search(index, query, { limit: 1, uses: used(path) }).results[0]?.endpoint.path;
    expect(searchWith('entries', '/time/entries')).toBe('/time/entries');
    expect(searchWith('entries', '/schedule/entries')).toBe('/schedule/entries');
    expect(searchWith('invoices', '/schedule/entries')).toBe('/finance/invoices');
  });

  it('ranks what a server may not have behind what it has', () => {
    const doubt = sampleEndpoints().map((endpoint) =>
      endpoint.method === 'GET' && endpoint.path === '/time/entries'
        ? { ...endpoint, unlisted: true as const }
        : endpoint,
    );
    const paths = (endpoints: ReturnType<typeof sampleEndpoints>) =>
      search(loadSearchIndex(undefined, endpoints), 'entries', { limit: 50 }).results.map(
        ({ endpoint }) => `${endpoint.method} ${endpoint.path}`,
      );
    const [before, after] = [paths(sampleEndpoints()), paths(doubt)];
    expect(before.indexOf('GET /time/entries')).toBeLessThan(before.indexOf('GET /schedule/entries'));
    expect(after.indexOf('GET /time/entries')).toBeGreaterThan(after.indexOf('GET /schedule/entries'));
  });

  it('says why where that is asked for', () => {
    const [explained] = search(index, 'tickets', { limit: 1, explain: true }).results;
    expect(explained?.reasons?.join(' ')).toMatch(/record .*form .*words /);
    expect(answer('tickets').results[0]?.reasons).toBeUndefined();
  });
});
