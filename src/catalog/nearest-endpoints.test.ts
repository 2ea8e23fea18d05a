import { expect, test } from 'vitest';
import type { EndpointSummary, Method } from './endpoint.ts';
import { nearestEndpoints } from './nearest-endpoints.ts';

const catalog = {
  endpoints: [
    'GET /company/contacts',
    'GET /company/contacts/{id}',
    'GET /service/tickets',
    'POST /service/tickets',
    'GET /service/tickets/{id}',
    'DELETE /service/tickets/{id}',
    'POST /service/tickets/search',
    'GET /service/tickets/{parentId}/notes',
    'POST /service/tickets/{parentId}/notes',
    'GET /service/boards',
    'GET /time/entries',
  ].map((line, index): EndpointSummary => {
    const [method = '', path = ''] = line.split(' ');
    return { id: index, method: method as Method, path, module: '', category: '', summary: '' };
  }),
};

test.each<[Method, string, string]>([
  ['GET', '/service/ticket', 'GET /service/tickets'],
  ['DELETE', '/service/tickets', 'GET /service/tickets'],
  ['POST', '/service/tickts/12/note', 'POST /service/tickets/{parentId}/notes'],
  ['GET', '/tickets', 'GET /service/tickets'],
  ['GET', '/company/contact/5', 'GET /company/contacts/{id}'],
  ['POST', '/service/tickets/serach', 'POST /service/tickets/search'],
  ['GET', '/time/entry', 'GET /time/entries'],
])('for %s %s the first offer is %s', (method, path, expected) => {
  const [first] = nearestEndpoints(catalog, method, path, 3);
  expect(`${first?.method} ${first?.path}`).toBe(expected);
  expect(nearestEndpoints(catalog, method, path, 3)).toHaveLength(3);
});
