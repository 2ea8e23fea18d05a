import { expect, test } from 'vitest';
import type { Method } from '../catalog/endpoint.ts';
import { isWrite } from './client.ts';

test.each<[Method, string, boolean]>([
  ['GET', '/service/tickets', true],
  ['POST', '/service/tickets/search', true],
  ['POST', '/Service/Tickets/Search/', true],
  ['POST', '/project/tickets/search', true],
  ['POST', '/time/entries/defaults', true],
  ['POST', '/company/companies/search', false],
  ['POST', '/service/tickets/search/1', false],
  ['POST', '/service/tickets', false],
  ['POST', '/system/bundles', false],
  ['DELETE', '/service/tickets/search', false],
  ['PUT', '/time/entries/defaults', false],
])('%s %s reads only: %s', (method, path, expected) => {
  expect(isWrite(method, path)).toBe(!expected);
});
