import { expect, test } from 'vitest';
import type { WriteRequest } from '../../src/changes/change.ts';
import { createZone } from '../../src/core/zone.ts';
import { createChangesEndpoints } from '../../src/gateway/local/changes.ts';
import { answers, catalog, setUp, ticket } from './fixtures.ts';

const patch = (body: unknown): WriteRequest => ({ method: 'PATCH', path: '/service/tickets/4711', body });

/** Ticket 4711 as another client may change it, and as an own PATCH does. */
function setUpLive() {
  const live: Record<string, unknown> = structuredClone(ticket);
  const app = setUp({
    script: (request) => {
      if (request.path !== '/service/tickets/4711') return answers(request);
      if (request.method === 'PATCH') {
        for (const { path, value } of request.body as { path: string; value: unknown }[]) live[path] = value;
      }
      return structuredClone(live);
    },
  });
  return { ...app, live };
}

test('a change whose record was changed meanwhile is prepared again, with the new difference', async () => {
  const { changes, writes, live } = setUpLive();
  const first = await changes.prepare(patch({ summary: 'Router down' }));
  live.summary = 'Somebody else’s words';
  const renewed = await changes.confirm(first.changeId);
  expect(renewed).toMatchObject({
    kind: 'renewed',
    reason: "The record has changed since the preview: summary is now 'Somebody else’s words'.",
    change: { differences: [{ member: 'summary', before: 'Somebody else’s words', after: 'Router down' }] },
  });
  expect(writes()).toEqual([]);
  await changes.confirm(renewed.change.changeId);
  expect(live.summary).toBe('Router down');
});

test.each<[string, Record<string, unknown>]>([
  ['another member', { budgetHours: 9 }],
  ['its stamps and links', { _info: { lastUpdated: '2026-11-02T09:59:00Z', updatedBy: 'someone' } }],
])('a change does not mind that %s changed', async (_, change) => {
  const { changes, writes, live } = setUpLive();
  const { changeId } = await changes.prepare(patch({ summary: 'Router down' }));
  Object.assign(live, change);
  expect(await changes.confirm(changeId)).toMatchObject({ kind: 'sent' });
  expect(writes()).toHaveLength(1);
});

test('a status is not sent to a ticket that was moved to another board', async () => {
  const { changes, writes, live } = setUpLive();
  const { changeId } = await changes.prepare(patch({ status: 'Closed' }));
  live.board = { id: 2, name: 'Projects' };
  await changes.confirm(changeId).catch(() => undefined);
  expect(writes()).toEqual([]);
});

test('two clients race for one record: the second is refused as stale', async () => {
  const { changes, writes } = setUpLive();
  const one = await changes.prepare(patch({ summary: 'One' }));
  const other = await changes.prepare(patch({ summary: 'Other' }));
  expect(await changes.confirm(one.changeId)).toMatchObject({ kind: 'sent' });
  expect(await changes.confirm(other.changeId)).toMatchObject({ kind: 'renewed' });
  expect(writes()).toHaveLength(1);
});

test('a record is not deleted that was changed since it was shown', async () => {
  const { changes, writes, live } = setUpLive();
  const { changeId } = await changes.prepare({ method: 'DELETE', path: '/service/tickets/4711' });
  Object.assign(live, { summary: 'Now of use', _info: { lastUpdated: '2026-11-02T09:59:00Z' } });
  expect(await changes.confirm(changeId)).toMatchObject({ kind: 'renewed' });
  expect(writes()).toEqual([]);
});

test('what ConnectWise did not apply is said', async () => {
  const { changes } = setUp({
    script: (request) => (request.method === 'PATCH' ? { ...ticket, budgetHours: 3 } : answers(request)),
  });
  const { changeId } = await changes.prepare(patch({ status: 'Closed', budgetHours: 3 }));
  expect(await changes.confirm(changeId)).toMatchObject({
    applied: 'part',
    notApplied: ['status was not applied: it is New.'],
  });
});

test('a change that ConnectWise answered with 200 and did not make is known as such, and has no undo', async () => {
  const { changes } = setUp({ script: (request) => (request.method === 'PATCH' ? ticket : answers(request)) });
  const { changeId } = await changes.prepare(patch({ status: 'Closed', budgetHours: 3 }));
  const sent = await changes.confirm(changeId);
  expect(sent).toMatchObject({ applied: 'nothing', notApplied: [expect.any(String), expect.any(String)] });
  expect(sent).not.toHaveProperty('undo');
  expect(changes.getEntry(changeId)).toMatchObject({ state: 'sent', applied: 'nothing' });
  const local = createChangesEndpoints({
    changes: async () => changes,
    catalog: async () => catalog,
    site: () => ({ host: 'cw.example', codebase: '' }),
    me: async () => undefined,
    zone: async () => createZone('UTC'),
    now: () => new Date('2026-11-02T10:00:00Z'),
  });
  const given = { pathValues: { id: changeId }, query: {}, body: undefined, signal: new AbortController().signal };
  const said = { state: 'sent', applied: 'NOTHING OF IT WAS APPLIED' };
  expect(await local[0]?.run(given)).toMatchObject({ changes: [said] });
  const whole = await local[1]?.run(given);
  expect(whole).toMatchObject(said);
  expect(whole).not.toHaveProperty('undo');
  await expect(changes.prepareUndo(changeId)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('nothing of it was applied'),
  });
});

test('of a sent change only what changed is handed on: what was asked for, and what ConnectWise changed along', async () => {
  const closed = { id: 9, name: 'Closed' };
  const rows = ticket.customFields.map((row) => (row.id === 1 ? { ...row, value: 'X2' } : row));
  const after = { ...ticket, status: closed, owner: { id: 3, identifier: 'jdoe' }, customFields: rows };
  const { changes } = setUp({ script: (request) => (request.method === 'PATCH' ? after : answers(request)) });
  const { changeId } = await changes.prepare(patch({ status: 'Closed', customFields: { 'Site code': 'X2' } }));
  expect(await changes.confirm(changeId)).toMatchObject({ applied: 'all', record: after });
  const second = await changes.prepare(patch({ status: 'Closed', customFields: { 'Site code': 'X2' } }));
  const { changed } = (await changes.confirm(second.changeId)) as { changed: unknown };
  expect(changed).toEqual({ id: 4711, status: closed, owner: after.owner, customFields: [rows[0]] });
});

test('a read that fails before sending leaves the id valid', async () => {
  let isDown = false;
  const { changes } = setUp({
    script: (request) => {
      if (isDown && request.method === 'GET') throw new Error('down');
      return answers(request);
    },
  });
  const { changeId } = await changes.prepare(patch({ summary: 'x' }));
  isDown = true;
  await expect(changes.confirm(changeId)).rejects.toThrow('down');
  isDown = false;
  expect(await changes.confirm(changeId)).toMatchObject({ kind: 'sent' });
});
