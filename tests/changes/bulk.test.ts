import { expect, test } from 'vitest';
import type { Confirmed, WriteRequest } from '../../src/changes/change.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { answers, setUp, ticket } from './fixtures.ts';

type Live = Map<number, Record<string, unknown>>;

/** Tickets 1 to `count`; `refuse` throws for those that ConnectWise will not change. */
function setUpMany(count: number, refuse: (id: number) => void = () => {}) {
  const live: Live = new Map(
    Array.from({ length: count }, (_, index) => [
      index + 1,
      { ...ticket, id: index + 1, summary: `Ticket ${index + 1}` },
    ]),
  );
  const app = setUp({
    script: (request) => {
      const id = Number(/^\/service\/tickets\/(\d+)$/.exec(request.path)?.[1]);
      const record = live.get(id);
      if (request.method === 'PATCH' && record !== undefined) {
        refuse(id);
        // A frozen one stays as it is: ConnectWise can answer 200 and change nothing (CW 5.2.3).
        for (const { path, value } of request.body as { path: string; value: unknown }[])
          Reflect.set(record, path, value);
        return structuredClone(record);
      }
      const ids = /id in \(([\d,]+)\)/
        .exec(request.query?.conditions ?? '')?.[1]
        ?.split(',')
        .map(Number);
      if (request.path === '/service/tickets' && ids) return ids.flatMap((one) => structuredClone(live.get(one)) ?? []);
      return record === undefined ? answers(request) : structuredClone(record);
    },
  });
  const reads = () => app.requests.filter(({ method }) => method === 'GET').length;
  return { ...app, live, reads, ids: [...live.keys()] };
}

const patchAll = (forEach: readonly number[], body: unknown): WriteRequest => ({
  method: 'PATCH',
  path: '/service/tickets/{id}',
  body,
  forEach,
});

function many(confirmed: Confirmed) {
  if (confirmed.kind !== 'many') throw new Error(`${confirmed.kind} is not many`);
  return confirmed;
}

test('a hundred records are prepared and confirmed with at most ten reads', async () => {
  const { changes, reads, writes, ids } = setUpMany(100);
  const change = await changes.prepare(patchAll(ids, { status: 'Waiting Customer', owner: 'jdoe' }));
  expect(change.sentence).toBe('Change 100 tickets: status New → Waiting Customer, owner – → Jane Doe.');
  expect(change.changeId).toMatch(/^tickets-100_status-Waiting-Customer_owner-Jane-Doe_/);
  const { counts } = many(await changes.confirm(change.changeId));
  expect(counts.sent).toBe(100);
  expect(writes()).toHaveLength(100);
  expect(reads()).toBeLessThanOrEqual(10);
});

test('records unlike the others are named', async () => {
  const { changes, live, ids } = setUpMany(20);
  Object.assign(live.get(7) ?? {}, { status: { id: 6, name: 'Waiting Vendor' } });
  const change = await changes.prepare(patchAll(ids, { status: 'Closed' }));
  expect(change.many?.groups).toEqual([
    { change: 'status New → Closed', count: 19 },
    { change: 'status Waiting Vendor → Closed', count: 1, ids: ['7'] },
  ]);
  expect(change).toMatchObject({ approval: 'user', customerVisible: true });
});

test('a record that was changed since the preview is left alone', async () => {
  const { changes, live, ids } = setUpMany(5);
  const { changeId } = await changes.prepare(patchAll(ids, { summary: 'x' }));
  Object.assign(live.get(3) ?? {}, { summary: 'Somebody else’s words' });
  const { counts, results } = many(await changes.confirm(changeId));
  expect(counts).toMatchObject({ sent: 4, stale: 1 });
  expect(results[2]).toMatchObject({
    id: '3',
    state: 'stale',
    detail: expect.stringContaining('Somebody else’s words'),
  });
  expect(live.get(3)?.summary).toBe('Somebody else’s words');
});

test('it stops when five in a row fail, and resumes from there without repeating what was sent', async () => {
  let isDown = true;
  const tried: number[] = [];
  const { changes, ids } = setUpMany(60, (id) => {
    tried.push(id);
    if (isDown && id > 10) throw new GatewayError('request_rejected', 'no');
  });
  const { changeId } = await changes.prepare(patchAll(ids, { summary: 'x' }));
  const stopped = many(await changes.confirm(changeId));
  expect(stopped).toMatchObject({ state: 'stopped', reason: expect.stringMatching(/in a row failed/) });
  expect(stopped.counts.sent).toBe(10);
  expect(stopped.counts.waiting).toBeGreaterThan(35);
  isDown = false;
  const finished = many(await changes.confirm(changeId));
  expect(finished).toMatchObject({ state: 'finished', counts: { sent: 60 } });
  for (let id = 1; id <= 10; id++) expect(tried.filter((one) => one === id)).toEqual([id]);
});

test('it stops when more than a tenth fail', async () => {
  const { changes, ids } = setUpMany(40, (id) => {
    if (id % 3 === 0) throw new GatewayError('request_rejected', 'no');
  });
  const { changeId } = await changes.prepare(patchAll(ids, { summary: 'x' }));
  const stopped = many(await changes.confirm(changeId));
  expect(stopped).toMatchObject({ state: 'stopped', reason: expect.stringMatching(/of 40 records failed/) });
});

test('a change whose outcome is unknown is never sent again', async () => {
  const tried: number[] = [];
  const { changes, ids } = setUpMany(30, (id) => {
    tried.push(id);
    if (id === 4) throw new GatewayError('write_unknown', 'The answer was lost.');
  });
  const { changeId } = await changes.prepare(patchAll(ids, { summary: 'x' }));
  expect(many(await changes.confirm(changeId)).counts).toMatchObject({ sent: 29, unknown: 1 });
  await changes.confirm(changeId);
  expect(tried.filter((id) => id === 4)).toEqual([4]);
  expect(changes.getEntry(`${changeId}.4`)).toMatchObject({ state: 'unknown', partOf: changeId });
});

test('each record can be undone separately', async () => {
  const { changes, ids, live } = setUpMany(3);
  const { changeId } = await changes.prepare(patchAll(ids, { summary: 'x' }));
  await changes.confirm(changeId);
  const undo = await changes.prepareUndo(`${changeId}.2`);
  await changes.confirm(undo.changeId);
  expect([...live.values()].map(({ summary }) => summary)).toEqual(['x', 'Ticket 2', 'x']);
});

test('records that it sent itself are not reported as changed by another login', async () => {
  const { changes, live, ids } = setUpMany(2);
  for (const record of live.values()) record._info = { lastUpdated: '2026-11-02T09:59:00Z', updatedBy: 'apigateway' };
  const change = await changes.prepare(patchAll(ids, { severity: 'High' }));
  expect(change.warnings).toContainEqual(expect.stringMatching(/was changed .* by apigateway/));
  await changes.confirm(change.changeId);
  const next = await changes.prepare({ method: 'PATCH', path: '/service/tickets/1', body: { severity: 'Low' } });
  expect(next.warnings.filter((warning) => warning.includes('was changed'))).toEqual([]);
});

test('of many records it is known which were answered with 200 and not changed', async () => {
  const { changes, live, ids } = setUpMany(3);
  const change = await changes.prepare(patchAll(ids, { status: 'Closed' }));
  for (const id of [2, 3]) Object.freeze(live.get(id));
  const { results, counts } = many(await changes.confirm(change.changeId));
  expect(counts.sent).toBe(3);
  expect(results.map(({ applied }) => applied)).toEqual([undefined, 'nothing', 'nothing']);
  expect(changes.getEntry(change.changeId)).toMatchObject({ state: 'sent', applied: 'part' });
  expect(changes.getEntry(`${change.changeId}.2`)).toMatchObject({ state: 'sent', applied: 'nothing' });
  const undo = await changes.prepareUndo(change.changeId);
  expect(undo.many?.count).toBe(1);
});
