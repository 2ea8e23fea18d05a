import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WriteRequest } from '../../src/changes/change.ts';
import { type ErrorCode, GatewayError } from '../../src/core/errors.ts';
import { answers, setUp } from './fixtures.ts';

const newTicket: WriteRequest = {
  method: 'POST',
  path: '/service/tickets',
  query: { fields: 'id' },
  body: { summary: 'x', company: { id: 2 } },
};
const minutes = (count: number) => count * 60_000;

describe('confirming', () => {
  test('sends exactly what was prepared, once, and hands back the answer', async () => {
    const { changes, writes } = setUp();
    const change = await changes.prepare(newTicket);
    const sent = await changes.confirm(` ${change.changeId} `);
    expect(sent).toEqual({
      kind: 'sent',
      change,
      status: 201,
      record: { id: 4711 },
      changed: { id: 4711 },
      recordId: '4711',
      applied: 'all',
      notApplied: [],
      notes: [],
      undo: `/gateway/changes/${change.changeId}/undo`,
    });
    expect(writes()).toEqual([newTicket]);
    await expect(changes.confirm(change.changeId)).rejects.toMatchObject({
      code: 'unknown_change',
      message: expect.stringMatching(
        /already been used: it was sent at 2026-11-02T10:00:00Z; ConnectWise returned 201/,
      ),
    });
    expect(writes()).toHaveLength(1);
  });

  test('is not affected by what callers do with their objects afterwards', async () => {
    const { changes, writes } = setUp();
    const request = structuredClone(newTicket);
    const change = await changes.prepare(request);
    Object.assign(request.body as object, { summary: 'something else' });
    Object.assign(change.body as object, { summary: 'something else' });
    await changes.confirm(change.changeId);
    expect(writes()).toEqual([newTicket]);
  });

  test('several calls at once for one id send once', async () => {
    const { changes, writes } = setUp();
    const { changeId } = await changes.prepare(newTicket);
    const results = await Promise.allSettled([changeId, changeId, changeId].map((id) => changes.confirm(id)));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(writes()).toHaveLength(1);
  });

  test('an id is valid for an hour; after that the change is prepared again', async () => {
    const { changes, writes, clock } = setUp();
    const first = await changes.prepare(newTicket);
    const second = await changes.prepare(newTicket);
    clock.now = new Date(clock.now.getTime() + minutes(59));
    await changes.confirm(first.changeId);
    clock.now = new Date(clock.now.getTime() + minutes(1));
    const renewed = await changes.confirm(second.changeId);
    expect(renewed).toMatchObject({ kind: 'renewed', reason: expect.stringContaining('has expired') });
    expect(writes()).toHaveLength(1);
    await expect(changes.confirm(second.changeId)).rejects.toMatchObject({
      message: expect.stringContaining('replaced by a new preview, '),
    });
    await changes.confirm(renewed.change.changeId);
    expect(writes()).toHaveLength(2);
  });

  test('an id that was not prepared here is refused, and the prepared ones are named', async () => {
    const { changes } = setUp();
    const { changeId } = await changes.prepare(newTicket);
    const stranger = await setUp().changes.prepare({
      ...newTicket,
      path: '/service/tickets/1/notes',
      body: { text: 'x', resolutionFlag: true },
    });
    for (const id of ['', 'ticket-4711_x', `${changeId}x`, stranger.changeId, 'x'.repeat(5000), 'a,b']) {
      await expect(changes.confirm(id)).rejects.toMatchObject({
        code: 'unknown_change',
        details: { candidates: [changeId] },
      });
    }
  });

  test('the oldest of very many prepared changes is prepared again', async () => {
    const { changes } = setUp();
    const first = await changes.prepare(newTicket);
    for (let count = 0; count < 500; count++) await changes.prepare(newTicket);
    expect(await changes.confirm(first.changeId)).toMatchObject({ kind: 'renewed' });
  });

  test('a call cancelled before sending leaves the id valid', async () => {
    const { changes, writes } = setUp();
    const { changeId } = await changes.prepare(newTicket);
    await expect(changes.confirm(changeId, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(writes()).toEqual([]);
    await expect(changes.confirm(changeId)).resolves.toMatchObject({ status: 201 });
  });

  test('a write in progress is not cancelled with the call', async () => {
    const caller = new AbortController();
    const { changes } = setUp({
      script: (request, signal) => {
        if (request.method === 'GET') return answers(request);
        caller.abort();
        return { aborted: signal?.aborted ?? false };
      },
    });
    const { changeId } = await changes.prepare(newTicket);
    expect(await changes.confirm(changeId, caller.signal)).toMatchObject({ record: { aborted: false } });
  });
});

describe('a write that fails', () => {
  const failing = (code: ErrorCode) =>
    setUp({
      script: (request) => {
        if (request.method === 'GET') return answers(request);
        throw new GatewayError(code, 'ConnectWise said no.', { details: { status: 400 } });
      },
    });

  test.each<ErrorCode>(['request_rejected', 'permission_denied', 'conflict', 'rate_limited'])(
    'for certain (%s) keeps its code and uses the id up',
    async (code) => {
      const { changes, writes } = failing(code);
      const { changeId } = await changes.prepare(newTicket);
      await expect(changes.confirm(changeId)).rejects.toMatchObject({
        code,
        message: `ConnectWise said no. The change ${changeId} was not made, and its id is used up.`,
        details: { status: 400, changeId },
      });
      await expect(changes.confirm(changeId)).rejects.toMatchObject({
        code: 'unknown_change',
        message: expect.stringContaining(`failed (${code})`),
      });
      expect(writes()).toHaveLength(1);
    },
  );

  test.each<ErrorCode>(['write_unknown', 'timed_out', 'connectwise_failed'])(
    'perhaps (%s) is reported as unknown and never sent again',
    async (code) => {
      const { changes, writes } = failing(code);
      const { changeId } = await changes.prepare(newTicket);
      await expect(changes.confirm(changeId)).rejects.toMatchObject({
        code: 'write_unknown',
        hint: expect.stringContaining('Read the newest of /service/tickets before'),
      });
      await expect(changes.confirm(changeId)).rejects.toMatchObject({
        code: 'unknown_change',
        message: expect.stringContaining('outcome unknown'),
      });
      expect(writes()).toHaveLength(1);
    },
  );
});

type Step =
  | { kind: 'prepare'; request: WriteRequest }
  | { kind: 'confirm'; pick: number }
  | { kind: 'invent'; id: string };

const requests: fc.Arbitrary<WriteRequest> = fc.constantFrom<WriteRequest>(
  newTicket,
  { method: 'PATCH', path: '/service/tickets/4711', body: { summary: 'y' } },
  { method: 'PUT', path: '/service/tickets/4711', body: { summary: 'y' } },
  { method: 'PUT', path: '/system/settings/1', body: {} },
  { method: 'DELETE', path: '/service/tickets/4711' },
  { method: 'POST', path: '/service/tickets/search', body: {} },
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('prepare' as const), request: requests }),
    fc.record({ kind: fc.constant('confirm' as const), pick: fc.nat(5) }),
    fc.record({ kind: fc.constant('invent' as const), id: fc.string() }),
  ),
  { maxLength: 20 },
);

/** Plays the steps and returns the ids that were handed out, and those whose confirmation went through. */
async function play({ changes }: ReturnType<typeof setUp>, played: readonly Step[]) {
  const prepared: string[] = [];
  const confirmed: string[] = [];
  for (const step of played) {
    const id = step.kind === 'confirm' ? (prepared[step.pick] ?? '') : step.kind === 'invent' ? step.id : '';
    await (step.kind === 'prepare'
      ? changes.prepare(step.request).then(({ changeId }) => prepared.push(changeId))
      : changes.confirm(id).then(() => confirmed.push(id))
    ).catch((error: unknown) => expect(error).toBeInstanceOf(GatewayError));
  }
  return { prepared, confirmed };
}

test('in read-only mode no sequence of calls sends anything', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (played) => {
      const readOnly = setUp({ mode: 'read-only' });
      expect(await play(readOnly, played)).toEqual({ prepared: [], confirmed: [] });
      expect(readOnly.requests).toEqual([]);
    }),
  );
  await expect(setUp({ mode: 'read-only' }).changes.prepare(newTicket)).rejects.toMatchObject({ code: 'read_only' });
});

test('in confirm mode every write has its own confirmation, and each id sends once', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (played) => {
      const confirming = setUp();
      const { prepared, confirmed } = await play(confirming, played);
      expect(confirming.writes()).toHaveLength(confirmed.length);
      expect(new Set(confirmed).size).toBe(confirmed.length);
      expect(confirmed.every((id) => prepared.includes(id))).toBe(true);
    }),
  );
});
