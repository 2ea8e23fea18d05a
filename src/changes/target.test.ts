import { expect, test } from 'vitest';
import type { Method } from '../catalog/endpoint.ts';
import { parseTarget, type Target } from './target.ts';

test.each<[Method, string, boolean, Target]>([
  ['PATCH', '/service/tickets/4711', false, { object: 'ticket', number: '4711', isNew: false }],
  ['POST', '/company/companies', true, { object: 'company', isNew: true }],
  [
    'PATCH',
    '/service/boards/1/statuses/5',
    false,
    { object: 'status', number: '5', isNew: false, parent: { object: 'board', number: '1' } },
  ],
  [
    'POST',
    '/service/tickets/4711/notes',
    false,
    { object: 'note', isNew: true, parent: { object: 'ticket', number: '4711' } },
  ],
  [
    'POST',
    '/sales/opportunities/7/forecast',
    true,
    { object: 'forecast', isNew: true, parent: { object: 'opportunity', number: '7' } },
  ],
  ['POST', '/time/sheets/12/submit', false, { object: 'sheet', number: '12', isNew: false, action: 'submit' }],
  ['POST', '/company/configurations/bulk', false, { object: 'configurations', isNew: false, action: 'bulk' }],
  ['DELETE', '/service/tickets/changelogs', false, { object: 'changelogs', isNew: false }],
  ['POST', '/', false, { object: '/', isNew: true }],
])('%s %s', (method, path, creates, expected) => {
  expect(parseTarget(method, path, creates)).toEqual(expected);
});
