import { expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';
import { openWatchedSandbox } from '../support/watched-sandbox.ts';

const own = 'This login seems to see only its own records';
const open = { conditions: 'closedFlag=false', fields: 'id,summary' };

const notesOf = async (app: Connection, path: string, params: Record<string, unknown> = {}) => {
  const { data, text } = await app.call('execute_api_call', { path, params });
  expect(text).toMatch(/^COMPLETE/);
  return String(data.notes);
};

test('a login that sees only its own records: lists and counts say so, for one request a list', async () => {
  await using sandbox = await openWatchedSandbox();
  await using app = await connect({ environment: { ...sandbox.environment, CONNECTWISE_PUBLIC_KEY: 'mine' } });
  expect(await notesOf(app, '/service/tickets/count', { conditions: 'closedFlag=false' })).toContain(own);
  const asked = sandbox.seen.length;
  expect(await notesOf(app, '/service/tickets', open)).toContain(own);
  expect(await notesOf(app, '/service/tickets')).toContain(own);
  expect(sandbox.seen.length).toBeLessThanOrEqual(asked + 4);
  expect(await notesOf(app, '/time/entries', { fields: 'id' })).toContain(own);
  // Those of one person were asked for, and these lists are of nobody.
  expect(await notesOf(app, '/service/tickets', { conditions: 'owner/identifier="asmith"' })).not.toContain(own);
  expect(await notesOf(app, '/company/companies/count')).not.toContain(own);
  expect(await notesOf(app, '/service/boards')).not.toContain(own);
  const search = { path: '/service/tickets/search', method: 'POST', data: { conditions: 'closedFlag=false' } };
  expect(String((await app.call('execute_api_call', search)).data.notes)).toContain(own);
});

test('a login that sees all: nothing is said, and a list that shows several people costs no request', async () => {
  await using sandbox = await openWatchedSandbox();
  await using app = await connect({ environment: sandbox.environment });
  const lists = () => sandbox.seen.filter(({ path }) => path === '/service/tickets').length;
  expect(await notesOf(app, '/service/tickets', { pageSize: 1000 })).not.toContain(own);
  expect(lists()).toBe(1);
  expect(await notesOf(app, '/service/tickets/count', { conditions: 'closedFlag=false' })).not.toContain(own);
  // Rows of one person: an account of one technician is not a login that sees no others.
  expect(await notesOf(app, '/service/tickets', open)).not.toContain(own);
  expect(lists()).toBe(2);
  for (const path of [
    '/time/entries',
    '/schedule/entries',
    '/sales/activities',
    '/project/tickets',
    '/sales/opportunities',
  ])
    expect(await notesOf(app, `${path}/count`)).not.toContain(own);
});

test('what the status check found is said without another request', async () => {
  await using sandbox = await openWatchedSandbox();
  await using app = await connect({ environment: { ...sandbox.environment, CONNECTWISE_PUBLIC_KEY: 'mine' } });
  await app.call('execute_api_call', { path: '/gateway/status' });
  const asked = sandbox.seen.length;
  expect(await notesOf(app, '/service/tickets/count')).toContain(own);
  expect(sandbox.seen.slice(asked).map(({ path }) => path)).toEqual(['/service/tickets/count']);
});
