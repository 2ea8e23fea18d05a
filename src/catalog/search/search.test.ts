import { describe, expect, it } from 'vitest';
import type { EndpointSummary, Method } from '../endpoint.ts';
import { loadSearchIndex } from './load-index.ts';
import { search } from './search.ts';

const collection: Method[] = ['GET', 'POST'];
const record: Method[] = ['GET', 'PUT', 'PATCH', 'DELETE'];

/** A small catalog in ConnectWise's manner: collections with records, counts and a few actions. */
function catalogOf(paths: readonly string[]): EndpointSummary[] {
  const endpoints = paths.flatMap((path): [Method, string][] => [
    ...collection.map((method): [Method, string] => [method, path]),
    ...record.map((method): [Method, string] => [method, `${path}/{id}`]),
    ['GET', `${path}/count`],
  ]);
  endpoints.push(['POST', '/service/tickets/{parentId}/merge'], ['GET', '/service/boards/{id}/usages']);
  const shipped = endpoints.map(([method, path], at) => ({
    id: at + 1,
    method,
    path,
    module: path.split('/')[1] ?? '',
    category: '',
    summary: '',
  }));
  const local: EndpointSummary[] = [
    {
      id: -1,
      method: 'GET',
      path: '/gateway/status',
      module: 'gateway',
      category: 'Gateway',
      summary: 'Is the connection working',
    },
    {
      id: -2,
      method: 'GET',
      path: '/gateway/me',
      module: 'gateway',
      category: 'Gateway',
      summary: 'Who am I: the member',
    },
  ];
  return [...shipped, ...local];
}

const endpoints = catalogOf([
  '/service/tickets',
  '/service/tickets/{parentId}/notes',
  '/service/boards',
  '/service/boards/{parentId}/statuses',
  '/company/companies',
  '/company/companies/{parentId}/notes',
  '/company/contacts',
  '/company/configurations',
  '/system/members',
  '/system/callbacks',
  '/time/entries',
  '/finance/agreements',
  '/schedule/entries',
]);
const index = loadSearchIndex(undefined, endpoints);
const first = (query: string) => {
  const found = search(index, query, { limit: 1, mode: 'request' }).results[0]?.endpoint;
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
    ['find machines of a client', 'GET /company/configurations'],
    ['list techs', 'GET /system/members'],
    ['register a webhook', 'POST /system/callbacks'],
    ['log 2 hours on ticket 5', 'POST /time/entries'],
    ['serch tikets', 'GET /service/tickets'],
    ['is the connection working', 'GET /gateway/status'],
    ['who am i', 'GET /gateway/me'],
  ])('answers "%s" with %s', (query, expected) => {
    expect(first(query)).toBe(expected);
  });

  it.each([
    ['PATCH /service/tickets/5', 'PATCH /service/tickets/{id}'],
    ['/service/boards', 'GET /service/boards'],
    ['https://na.myconnectwise.net/v4_6_release/apis/3.0/company/companies/7?fields=id', 'GET /company/companies/{id}'],
  ])('finds the endpoint of the path in "%s"', (query, expected) => {
    expect(first(query)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'x',
    'the of and',
    '🔥🔥',
    '你好，打开的工单',
    'zzqqy',
    '"',
    "'; DROP TABLE tickets; --",
    '\ud800',
    'NEAR(a b',
    'the '.repeat(300),
  ])('has an answer for %j', (query) => {
    const answer = search(index, query, { limit: 5, mode: 'request' });
    expect(answer.results.length > 0 || (answer.nearestModules?.length ?? 0) > 0).toBe(true);
  });
});
