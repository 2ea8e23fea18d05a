import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Confirmed, ManySent, PartState, WriteRequest } from '../../src/changes/change.ts';
import type { PlanContext } from '../../src/changes/plan.ts';
import { withMade } from '../../src/changes/plan-chain.ts';
import { parsePattern } from '../../src/changes/policy.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { atDepth } from '../support/depth.ts';
import {
  answers,
  catalog,
  memoryJournal,
  namelessLookups,
  type SetUp,
  scriptedClient,
  setUp,
  ticket,
} from './fixtures.ts';

type Values = Record<string, unknown>;

/** What becomes of one write: `lost` was made and its answer was lost, `vanished` never arrived, and nobody knows. */
type Outcome = 'made' | 'refused' | 'lost' | 'vanished' | 'no id';

/** ConnectWise with its records; each write that arrives meets the next outcome, and `made` after the last. */
function setUpLive(outcomes: Outcome[] = [], more: SetUp = {}) {
  const live = new Map<string, Values>(
    [4711, 4712, 4713, 4714, 4715, 4716].map((id) => [`/service/tickets/${id}`, { ...ticket, id }]),
  );
  const seen: { call: string; outcome: Outcome; body: unknown }[] = [];
  let next = 9001;
  const apply = (method: string, path: string, body: unknown): Values => {
    if (method === 'DELETE') {
      if (!live.delete(path)) throw new GatewayError('record_not_found', `${path} was not found.`);
      return {};
    }
    if (method === 'PATCH') {
      const record = live.get(path) ?? {};
      for (const operation of body as { path: string; value: unknown }[]) record[operation.path] = operation.value;
      return structuredClone(record);
    }
    const record = { ...(body as Values), id: next++ };
    live.set(`${path}/${record.id}`, record);
    return structuredClone(record);
  };
  const app = setUp({
    ...more,
    script: (request) => {
      const { method, path, body } = request;
      if (method === 'GET') {
        const record = live.get(path);
        return record === undefined ? answers(request) : structuredClone(record);
      }
      const outcome = outcomes.shift() ?? 'made';
      seen.push({ call: `${method} ${path}`, outcome, body });
      if (outcome === 'refused') throw new GatewayError('request_rejected', 'ConnectWise says no.');
      if (outcome === 'vanished') throw new GatewayError('write_unknown', 'The answer was lost.');
      const answer = apply(method, path, body);
      if (outcome === 'lost') throw new GatewayError('write_unknown', 'The answer was lost.');
      const { id, ...rest } = answer;
      return outcome === 'no id' ? rest : answer;
    },
  });
  return { ...app, live, seen };
}

const company = { id: 2 };
const newTicket = (summary: string): WriteRequest => ({
  method: 'POST',
  path: '/service/tickets',
  body: { summary, company },
});
const newNote = (of: string, text: string): WriteRequest => ({
  method: 'POST',
  path: `/service/tickets/${of}/notes`,
  body: { text, internalAnalysisFlag: true },
});
const chain = (steps: readonly WriteRequest[]): WriteRequest => ({ method: 'POST', path: '/gateway/changes', steps });

function many(confirmed: Confirmed): ManySent {
  if (confirmed.kind !== 'many') throw new Error(`${confirmed.kind} is not many`);
  return confirmed;
}

/** Steps of every kind; those that need an id use that of any earlier new ticket. */
const anySteps = fc
  .array(fc.record({ kind: fc.constantFrom('ticket', 'note', 'patch'), pick: fc.nat() }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((kinds) => {
    const tickets: number[] = [];
    return kinds.map(({ kind, pick }, index): WriteRequest => {
      const earlier = tickets[pick % Math.max(tickets.length, 1)];
      const used = earlier === undefined ? 'nothing' : `{change_${earlier}.id}`;
      if (kind === 'note') return newNote(earlier === undefined ? '4711' : used, `Note ${index} of ${used}`);
      if (kind === 'patch') {
        return {
          method: 'PATCH',
          path: `/service/tickets/${4711 + index}`,
          body: { summary: `Change ${index} after ${used}` },
        };
      }
      tickets.push(index + 1);
      return newTicket(`Ticket ${index} after ${used}`);
    });
  });

const anyOutcomes = fc.array(fc.constantFrom<Outcome>('made', 'made', 'made', 'refused', 'lost', 'vanished', 'no id'), {
  maxLength: 10,
});

const stateOf: Record<Outcome, PartState> = {
  made: 'sent',
  'no id': 'sent',
  refused: 'failed',
  lost: 'unknown',
  vanished: 'unknown',
};

test('whatever fails where: what is said to be sent is what was sent, in order, and nothing behind what is not', async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, anyOutcomes, fc.integer({ min: 1, max: 3 }), async (steps, outcomes, confirms) => {
      const { changes, seen, requests, live } = setUpLive([...outcomes]);
      const { changeId } = await changes.prepare(chain(steps));
      expect(seen).toEqual([]);
      /** The last outcome of each step, as ConnectWise saw it. */
      const last = new Map<number, Outcome>();
      for (let confirm = 0; confirm < confirms; confirm++) {
        const before = seen.length;
        const sent = many(await changes.confirm(changeId));
        const first = steps.findIndex((_, index) => stateOf[last.get(index) ?? 'refused'] !== 'sent');
        const now = seen.slice(before);
        now.forEach(({ call, outcome }, offset) => {
          const step = steps[first + offset];
          // Nothing that was sent, or may have been, is sent again, and the order is that of the list.
          expect(call.split(' ')[0]).toBe(step?.method);
          expect(last.get(first + offset) ?? 'refused').toBe('refused');
          // Only the last one of a sending may have failed.
          if (offset < now.length - 1) expect(stateOf[outcome]).toBe('sent');
          last.set(first + offset, outcome);
        });
        const expected = steps.map((_, index) => {
          const outcome = last.get(index);
          return outcome === undefined ? 'waiting' : stateOf[outcome];
        });
        expect(sent.results.map(({ state }) => state)).toEqual(expected);
        expect(sent.state).toBe(expected.every((state) => state === 'sent') ? 'finished' : 'stopped');
        expect(steps.map((_, index) => stateInJournal(changes, `${changeId}.${index + 1}`))).toEqual(expected);
      }
      // No number that stands for an id leaves, in a read neither, and no reference.
      expect(JSON.stringify(requests)).not.toMatch(/\d{10}|change_\d/);
      for (const { body, outcome } of seen.filter(({ outcome }) => outcome === 'made')) {
        expect(outcome).toBe('made');
        for (const [, id] of JSON.stringify(body).matchAll(/(?:after|of) (\d+)/g))
          expect(live.has(`/service/tickets/${id}`)).toBe(true);
      }
    }),
    { numRuns: atDepth(150, 3_000) },
  );
});

function stateInJournal(changes: ReturnType<typeof setUp>['changes'], id: string): PartState {
  try {
    return changes.getEntry(id).state as PartState;
  } catch {
    return 'waiting';
  }
}

test('undo undoes what was sent, the last one first, as one change; the rest is not sent any more', async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, fc.integer({ min: 0, max: 6 }), async (steps, failing) => {
      const kept = steps.filter(({ path }) => !path.endsWith('/notes'));
      const renumbered = kept.map((step) => ({ ...step, body: { ...(step.body as Values), summary: 'x' } }));
      fc.pre(failing > 0 && renumbered.length > 0);
      const outcomes = [...Array.from({ length: failing }, (): Outcome => 'made'), 'refused' as const];
      const { changes, seen, live } = setUpLive(outcomes);
      const before = structuredClone([...live]);
      const { changeId } = await changes.prepare(chain(renumbered));
      const { counts } = many(await changes.confirm(changeId));
      const sent = seen.filter(({ outcome }) => outcome === 'made').length;
      expect(counts.sent).toBe(sent);
      outcomes.length = 0;
      const undo = await changes.prepareUndo(changeId);
      expect(undo.steps).toHaveLength(sent);
      expect(many(await changes.confirm(undo.changeId)).state).toBe('finished');
      const undone = seen.slice(-sent).map(({ call }) => call.split(' ')[0]);
      expect(undone).toEqual(
        renumbered
          .slice(0, sent)
          .map(({ method }) => (method === 'POST' ? 'DELETE' : 'PATCH'))
          .toReversed(),
      );
      expect([...live]).toEqual(before);
      expect(changes.getEntry(changeId).undoneBy).toBe(undo.changeId);
      expect(changes.getEntry(`${changeId}.1`).undoneBy).toBe(`${undo.changeId}.${sent}`);
      if (sent === renumbered.length) return;
      const calls = seen.length;
      expect(many(await changes.confirm(changeId)).reason).toMatch(/was undone by/);
      expect(seen).toHaveLength(calls);
    }),
    { numRuns: atDepth(60, 1_000) },
  );
});

describe('the whole is as strict as its strictest part', () => {
  const internal = newTicket('Quiet');
  const deletion: WriteRequest = { method: 'DELETE', path: '/service/tickets/4712' };

  test('approval is by the user where that of one is, and the id says what is deleted', async () => {
    const { changes } = setUpLive();
    const calm = await changes.prepare(chain([internal, newTicket('Also quiet')]));
    expect(calm).toMatchObject({ approval: 'client', customerVisible: false });
    expect(calm.changeId).toMatch(/^changes-2_2-ticket-new_/);
    const strict = await changes.prepare(chain([internal, deletion]));
    expect(strict.approval).toBe('user');
    expect(strict.changeId).toMatch(/^changes-2_deletes_delete-ticket-4712_ticket-new_/);
  });

  test('a denied part, and mode read-only, refuse all of it', async () => {
    const policy = { deny: [parsePattern('DELETE /service/**')], confirm: [], allow: [] };
    const denied = setUpLive([], { policy });
    await expect(denied.changes.prepare(chain([internal, deletion]))).rejects.toMatchObject({ code: 'change_denied' });
    const reading = setUpLive([], { mode: 'read-only' });
    await expect(reading.changes.prepare(chain([internal]))).rejects.toMatchObject({ code: 'read_only' });
  });

  test('mode allow sends it at once only where it would send each', async () => {
    const policy = { deny: [], confirm: [parsePattern('POST /service/tickets/*/notes')], allow: [] };
    const { changes } = setUpLive([], { mode: 'allow', policy });
    expect(changes.isAllowed(await changes.prepare(chain([internal])))).toBe(true);
    const named = await changes.prepare(chain([internal, newNote('{change_1.id}', 'x')]));
    expect(changes.isAllowed(named)).toBe(false);
    const seen = await changes.prepare(
      chain([internal, { method: 'PATCH', path: '/service/tickets/4711', body: { status: 'Closed' } }]),
    );
    expect(changes.isAllowed(seen)).toBe(false);
  });
});

test('where a record has changed since the preview nothing at all is sent, and a new preview is prepared', async () => {
  const { changes, seen, live } = setUpLive();
  const patch: WriteRequest = {
    method: 'PATCH',
    path: '/service/tickets/4711',
    body: { summary: 'Follows {change_1.id}' },
  };
  const { changeId } = await changes.prepare(chain([newTicket('First'), patch]));
  Object.assign(live.get('/service/tickets/4711') ?? {}, { summary: 'Somebody else’s words' });
  const renewed = await changes.confirm(changeId);
  expect(renewed).toMatchObject({
    kind: 'renewed',
    reason: expect.stringMatching(/^Change 2: The record has changed/),
  });
  expect(seen).toEqual([]);
  if (renewed.kind !== 'renewed') throw new Error('not renewed');
  await changes.confirm(renewed.change.changeId);
  expect(seen.map(({ call }) => call)).toEqual(['POST /service/tickets', 'PATCH /service/tickets/4711']);
  expect(live.get('/service/tickets/4711')?.summary).toBe('Follows 9001');
});

test('what another process prepared is prepared again from the journal, with its references', async () => {
  const journal = memoryJournal(() => new Date('2026-11-02T10:00:00Z'));
  const first = setUpLive([], { journal });
  const { changeId } = await first.changes.prepare(
    chain([newTicket('First'), newNote('{change_1.id}', 'Of {change_1.id}')]),
  );
  const second = setUpLive([], { journal });
  const renewed = await second.changes.confirm(changeId);
  if (renewed.kind !== 'renewed') throw new Error(`${renewed.kind} is not renewed`);
  await second.changes.confirm(renewed.change.changeId);
  expect(second.seen.map(({ call, body }) => [call, body])).toEqual([
    ['POST /service/tickets', { summary: 'First', company: { id: 2 } }],
    ['POST /service/tickets/9001/notes', { text: 'Of 9001', internalAnalysisFlag: true }],
  ]);
});

test('two at once send it once', async () => {
  const { changes, seen } = setUpLive();
  const { changeId } = await changes.prepare(chain([newTicket('First'), newTicket('Second')]));
  await Promise.allSettled([changes.confirm(changeId), changes.confirm(changeId), changes.confirm(changeId)]);
  expect(seen).toHaveLength(2);
});

test('the preview names what does not exist yet by the change that makes it', async () => {
  const { changes } = setUpLive();
  const { steps, sentence } = await changes.prepare(
    chain([newTicket('First'), newNote('{change_1.id}', 'Of {change_1.id}')]),
  );
  expect(steps?.[1]).toMatchObject({
    path: '/service/tickets/{change_1.id}/notes',
    body: { text: 'Of {change_1.id}', internalAnalysisFlag: true },
    sentence: "New note of ticket of change 1: text 'Of of change 1', 'internalAnalysisFlag' yes.",
  });
  expect(sentence).toMatch(/^2 changes in this order: 1\. New ticket: .* 2\. New note of ticket of change 1/);
});

test.each<[string, WriteRequest[], RegExp]>([
  ['itself', [newTicket('{change_1.id}')], /uses \{change_1\.id\}, which is not an earlier change/],
  ['a later one', [newTicket('{change_2.id}'), newTicket('x')], /is not an earlier change/],
  ['nothing', [newTicket('{change_0.id}')], /is not an earlier change/],
  ['another member', [newTicket('x'), newTicket('{change_1.summary}')], /only its id is known/],
  [
    'a PATCH',
    [{ method: 'PATCH', path: '/service/tickets/4711', body: { summary: 'y' } }, newTicket('{change_1.id}')],
    /makes no record/,
  ],
  [
    'an action',
    [
      { method: 'POST', path: '/service/tickets/4711/merge', body: { mergeTicketIds: [1], status: { id: 9 } } },
      newTicket('{change_1.id}'),
    ],
    /makes no record/,
  ],
  [
    'a record that is to be changed',
    [newTicket('x'), { method: 'PATCH', path: '/service/tickets/{change_1.id}', body: { summary: 'y' } }],
    /give its values in change 1/,
  ],
  [
    'one record twice',
    [
      { method: 'PATCH', path: '/service/tickets/4711', body: { summary: 'y' } },
      { method: 'DELETE', path: '/service/tickets/4711' },
    ],
    /of the same record/,
  ],
  [
    'a fault of one',
    [newTicket('x'), { method: 'POST', path: '/service/tickets', body: { summary: 'y' } }],
    /^Change 2: .*fault/,
  ],
  [
    'another kind',
    [newTicket('x'), { method: 'PATCH', path: '/service/tickets/4711', body: { owner: '{change_1.id}' } }],
    /is the new ticket, and not a member/,
  ],
])('refused: %s', async (_, steps, message) => {
  const { changes, requests } = setUpLive();
  await expect(changes.prepare(chain(steps))).rejects.toThrow(message);
  expect(JSON.stringify(requests)).not.toMatch(/\d{10}/);
});

test('lists hold the records that are not there yet, and ConnectWise is asked for the others alone', async () => {
  const { client, requests } = scriptedClient(({ path }) =>
    path === '/service/tickets' ? [{ id: 4711 }] : answers({ method: 'GET', path }),
  );
  const made = {
    number: '1',
    standIn: 1_999_999_999,
    path: '/service/tickets',
    noun: 'ticket',
    record: { id: 1_999_999_999 },
  };
  const context = { client, lookups: namelessLookups, catalog } as unknown as PlanContext;
  const reading = withMade(context, [made]).client;
  const read = async (path: string, conditions?: string) =>
    (await reading.send({ method: 'GET', path, ...(conditions && { query: { conditions } }) })).body;
  expect(await read('/service/tickets', 'id in (4711,1999999999)')).toEqual([{ id: 4711 }, { id: 1_999_999_999 }]);
  expect(requests).toEqual([{ method: 'GET', path: '/service/tickets', query: { conditions: 'id in (4711)' } }]);
  expect(await read('/service/tickets', 'id in (1999999999)')).toEqual([{ id: 1_999_999_999 }]);
  expect(await read('/service/tickets/1999999999')).toEqual({ id: 1_999_999_999 });
  expect(await read('/service/tickets/1999999999/notes')).toEqual([]);
  expect(await read('/service/tickets/count', 'company/id=1999999999')).toEqual({ count: 0 });
  await expect(read('/service/tickets/1999999999/notes/5')).rejects.toMatchObject({ code: 'record_not_found' });
  expect(requests).toHaveLength(1);
});
