import { expect, test } from 'vitest';
import type { Endpoint, Method } from '../catalog/endpoint.ts';
import { parseTarget, type Target } from './target.ts';

test.each<[Method, string, Pick<Endpoint, 'path' | 'status'> | undefined, Target]>([
  ['PATCH', '/service/tickets/4711', undefined, { object: 'ticket', number: '4711', isNew: false }],
  ['POST', '/company/companies', undefined, { object: 'company', isNew: true }],
  ['POST', '/time/entries', undefined, { object: 'time entry', isNew: true }],
  ['PATCH', '/schedule/entries/3', undefined, { object: 'schedule entry', number: '3', isNew: false }],
  ['PATCH', '/company/companies/statuses/5', undefined, { object: 'company status', number: '5', isNew: false }],
  [
    'PATCH',
    '/service/boards/1/statuses/5',
    undefined,
    { object: 'status', number: '5', isNew: false, parent: { object: 'board', number: '1' } },
  ],
  [
    'POST',
    '/service/tickets/4711/notes',
    { path: '/service/tickets/{parentId}/notes', status: 201 },
    { object: 'note', isNew: true, parent: { object: 'ticket', number: '4711' } },
  ],
  [
    'POST',
    '/system/members/jdoe/tokens',
    { path: '/system/members/{memberIdentifier}/tokens', status: 200 },
    { object: 'token', isNew: true, parent: { object: 'member', number: 'jdoe' } },
  ],
  [
    'POST',
    '/sales/opportunities/7/forecast',
    { path: '/sales/opportunities/{parentId}/forecast', status: 201 },
    { object: 'forecast', isNew: true, parent: { object: 'opportunity', number: '7' } },
  ],
  ['POST', '/time/sheets/12/submit', undefined, { object: 'time sheet', number: '12', isNew: false, action: 'submit' }],
  ['POST', '/company/configurations/bulk', undefined, { object: 'configurations', isNew: false, action: 'bulk' }],
  ['DELETE', '/service/tickets/changelogs', undefined, { object: 'ticket changelogs', isNew: false }],
  ['POST', '/', undefined, { object: '/', isNew: true }],
])('%s %s', (method, path, endpoint, expected) => {
  expect(parseTarget(method, path, endpoint)).toEqual(expected);
});
