import type { Definition, EndpointSummary, Method } from '../../src/catalog/endpoint.ts';
import { loadSearchIndex, type SearchIndex } from '../../src/search/load-index.ts';
import { shippedModel } from './shipped-catalog.ts';

const collections = [
  '/service/tickets',
  '/service/tickets/{parentId}/notes',
  '/service/tickets/{parentId}/configurations',
  '/service/boards',
  '/service/boards/{parentId}/statuses',
  '/service/priorities',
  '/company/companies',
  '/company/companies/types',
  '/company/companies/{parentId}/notes',
  '/company/contacts',
  '/company/configurations',
  '/company/configurations/types',
  '/system/members',
  '/system/apiMembers',
  '/system/callbacks',
  '/time/entries',
  '/finance/agreements',
  '/finance/invoices',
  '/procurement/purchaseorders',
  '/schedule/entries',
  '/schedule/holidayLists',
];

/** A catalog of a hundred endpoints in ConnectWise's manner, for tests that need no more. */
export function sampleEndpoints(): EndpointSummary[] {
  const endpoints = collections.flatMap((path): [Method, string][] => [
    ['GET', path],
    ['POST', path],
    ['GET', `${path}/count`],
    ...(['GET', 'PUT', 'PATCH', 'DELETE'] as const).map((method): [Method, string] => [method, `${path}/{id}`]),
  ]);
  endpoints.push(
    ['POST', '/service/tickets/{parentId}/merge'],
    ['GET', '/service/boards/{id}/usages'],
    ['GET', '/service/boards/info'],
  );
  const shipped = endpoints.map(([method, path], at) => {
    const module = path.split('/')[1] ?? '';
    const category = path.startsWith('/time') ? 'TimeEntries' : '';
    return { id: at + 1, method, path, module, category, summary: '' };
  });
  const local = { module: 'gateway', category: 'Gateway' };
  return [
    ...shipped,
    { id: -1, method: 'GET', path: '/gateway/status', summary: 'Is the connection working', ...local },
    { id: -2, method: 'GET', path: '/gateway/me', summary: 'Who am I: the member', ...local },
  ];
}

/** The same as a definition, without the local endpoints. */
export function sampleDefinition(): Definition {
  const shipped = sampleEndpoints().filter(({ id }) => id > 0);
  const endpoints = shipped.map(({ id: _, ...endpoint }) => ({ ...endpoint, parameters: [], status: 200 }));
  return { title: 'Sample', version: '2025.1', endpoints, schemas: [] };
}

/** With the model that ships, of which this catalog has a part. */
export async function sampleIndex(): Promise<SearchIndex> {
  return loadSearchIndex(undefined, sampleEndpoints(), await shippedModel());
}
