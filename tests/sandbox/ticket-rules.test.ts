import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, expectFault, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
beforeAll(async () => {
  catalog = await sharedCatalog();
});

const start = () => startSandbox(catalog);

const ticket = { summary: 'Server is down', company: { id: 2 } };
const makeTicket = async ({ post }: Asked, more = {}): Promise<number> =>
  (await post('/service/tickets', { ...ticket, ...more })).body.id;
const read = async ({ ask }: Asked, id: number) => (await ask(`/service/tickets/${id}`)).body;

describe('CW 5.5: tickets', () => {
  test('CW 5.5.1, 5.5.11: project tickets are not among service tickets', async () => {
    const { ask, patch } = start();
    const [{ id }] = (await ask('/project/tickets')).body;
    expect((await ask(`/service/tickets/${id}`)).status).toBe(404);
    expect((await ask(`/service/tickets/${id}/notes`)).status).toBe(404);
    expect((await patch(`/service/tickets/${id}`, { op: 'replace', path: 'summary', value: 'x' })).status).toBe(404);
    const isProject = 'recordType in ("ProjectTicket","ProjectIssue")';
    expect((await ask('/service/tickets/count', { query: { conditions: isProject } })).body.count).toBe(0);
    expect((await ask('/service/tickets/count', { query: { conditions: `id=${id}` } })).body.count).toBe(0);
  });

  test('CW 5.5.7: /notes holds typed notes only, /allNotes those of time entries, too', async () => {
    const own = start();
    const id = await makeTicket(own, { initialDescription: 'typed' });
    const entry = {
      chargeToId: id,
      chargeToType: 'ServiceTicket',
      timeStart: '2026-03-10T13:00:00Z',
      actualHours: 1,
      notes: 'timed',
    };
    expect((await own.post('/time/entries', entry)).status).toBe(201);
    expect((await own.ask(`/service/tickets/${id}/notes`)).body).toHaveLength(1);
    const all = (await own.ask(`/service/tickets/${id}/allNotes`)).body;
    expect(all.map(({ noteType, text }: { noteType: string; text: string }) => `${noteType}: ${text}`).sort()).toEqual([
      'TicketNote: typed',
      'TimeEntryNote: timed',
    ]);
    expect(
      (await own.ask(`/service/tickets/${id}/allNotes`, { query: { conditions: 'noteType="TicketNote"' } })).status,
    ).toBe(400);
  });

  test('CW 5.5.4, 5.7.1: schedule entries of type S make the text of resources', async () => {
    const own = start();
    const id = await makeTicket(own);
    const entry = {
      objectId: id,
      type: { identifier: 'S' },
      dateStart: '2026-03-11T14:00:00Z',
      dateEnd: '2026-03-11T15:30:00Z',
    };
    const first = await own.post('/schedule/entries', { ...entry, member: { identifier: 'asmith' } });
    expect(first.body).toMatchObject({ name: 'Server is down', hours: 1.5, doneFlag: false, type: { id: 4 } });
    await own.post('/schedule/entries', { ...entry, member: { identifier: 'bkaur' } });
    expect((await read(own, id)).resources).toBe('asmith, bkaur');
    await own.ask(`/schedule/entries/${first.body.id}`, { method: 'DELETE' });
    expect((await read(own, id)).resources).toBe('bkaur');
    expect((await own.post('/schedule/entries', { ...entry, objectId: 1 })).status).toBe(400);
  });

  test('CW 4.2.30, 5.5.9: merge answers 200 and points the merged at the one that stays', async () => {
    const own = start();
    const [keep, other] = [await makeTicket(own), await makeTicket(own)];
    const { status, body } = await own.post(`/service/tickets/${keep}/merge`, {
      mergeTicketIds: [other],
      status: { id: 9 },
    });
    expect([status, body.success]).toEqual([200, true]);
    expect((await read(own, keep)).hasMergedChildTicketFlag).toBe(true);
    expect(await read(own, other)).toMatchObject({
      mergedParentTicket: { id: keep, summary: 'Server is down' },
      closedFlag: true,
    });
    expect((await own.post(`/service/tickets/${keep}/merge`, { mergeTicketIds: [1], status: { id: 9 } })).status).toBe(
      400,
    );
  });

  test('CW 5.5.9: merge without a status is refused and merges nothing', async () => {
    const own = start();
    const [keep, other] = [await makeTicket(own), await makeTicket(own)];
    expectFault(
      await own.post(`/service/tickets/${keep}/merge`, { mergeTicketIds: [other] }),
      'MissingRequiredField',
      'The status/id field is required.',
    );
    expect(await read(own, other)).not.toHaveProperty('mergedParentTicket');
  });

  test('CW 5.5.9: attachChildren bundles, and so does parentTicketId on POST', async () => {
    const own = start();
    const [parent, child] = [await makeTicket(own), await makeTicket(own)];
    expect((await own.post(`/service/tickets/${parent}/attachChildren`, { childTicketIds: [child] })).status).toBe(200);
    expect((await read(own, child)).parentTicketId).toBe(parent);
    expect((await read(own, parent)).hasChildTicket).toBe(true);
    const third = await makeTicket(own);
    await makeTicket(own, { parentTicketId: third });
    expect((await read(own, third)).hasChildTicket).toBe(true);
  });

  test('CW 5.5.9: copy makes a new, open ticket', async () => {
    const own = start();
    const { status, body } = await own.post('/service/tickets/1100/copy', {});
    const original = await read(own, 1100);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      summary: original.summary,
      company: { id: original.company.id },
      closedFlag: false,
      actualHours: 0,
    });
    expect(body.id).not.toBe(1100);
  });

  test('CW 5.5.9: convert moves a ticket to a project under the same number, with its notes', async () => {
    const own = start();
    const id = await makeTicket(own, { initialDescription: 'x' });
    const project = { recordType: 'ProjectTicket', project: { id: 1 }, phase: { id: 1 } };
    expect((await own.post(`/service/tickets/${id}/convert`, project)).status).toBe(200);
    expect((await own.ask(`/service/tickets/${id}`)).status).toBe(404);
    expect((await own.ask(`/project/tickets/${id}`)).body).toMatchObject({
      id,
      project: { id: 1 },
      board: { id: 3 },
      status: { name: 'Open' },
    });
    expect((await own.ask(`/project/tickets/${id}/notes`)).body).toHaveLength(1);
  });

  test('CW 5.5.9: a configuration is attached by its id', async () => {
    const own = start();
    const id = await makeTicket(own);
    expect((await own.post(`/service/tickets/${id}/configurations`, { id: 5 })).body).toMatchObject({
      id: 5,
      deviceIdentifier: expect.any(String),
    });
    expect((await own.ask(`/service/tickets/${id}/configurations`)).body).toMatchObject([{ id: 5 }]);
    expect((await own.ask(`/service/tickets/${id}/configurations/5`, { method: 'DELETE' })).status).toBe(204);
  });
});
