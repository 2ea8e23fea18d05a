import { describe, expect, it } from 'vitest';
import { shapeOf } from './resource.ts';

describe('shapeOf', () => {
  it.each([
    ['GET', '/service/tickets', { resource: '/service/tickets', form: 'list', byId: false }],
    ['GET', '/service/tickets/{id}', { resource: '/service/tickets', form: 'record', byId: true }],
    ['PATCH', '/service/tickets/{id}', { form: 'update' }],
    ['GET', '/service/tickets/count', { resource: '/service/tickets', form: 'count' }],
    ['POST', '/service/tickets/search', { resource: '/service/tickets', form: 'search' }],
    ['POST', '/service/tickets/{parentId}/merge', { form: 'action', action: 'merge', levels: ['tickets', 'merge'] }],
    ['POST', '/sales/opportunities/{id}/convertToProject', { form: 'action', action: 'convert' }],
    ['GET', '/service/info/boards', { resource: '/service/boards', secondary: 'info' }],
    ['GET', '/service/boards/{id}/usages/list', { resource: '/service/boards', secondary: 'usages' }],
    ['PUT', '/company/configurations/bulk', { resource: '/company/configurations', secondary: 'bulk' }],
    ['GET', '/system/info', { resource: '/system/info', form: 'list', levels: ['info'] }],
    ['GET', '/time/changelogs', { form: 'list', levels: ['changelogs'] }],
    ['DELETE', '/sales/opportunities/{parentId}/forecast', { form: 'delete', byId: false }],
  ] as const)('reads %s %s', (method, path, expected) => {
    expect(shapeOf(method, path)).toMatchObject(expected);
  });
});
