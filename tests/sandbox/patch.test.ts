import { beforeAll, describe, expect, test } from 'vitest';
import { createCollections } from '../../sandbox/definitions.ts';
import { seedStore } from '../../sandbox/seed/seed.ts';
import { createStore } from '../../sandbox/store.ts';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Answer, expectFault, sandboxNow, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
beforeAll(async () => {
  catalog = await sharedCatalog();
});

/** A sandbox of its own for each test, as writes stay. */
const start = (now?: () => Date) => startSandbox(catalog, now);

const ticket = {
  summary: 'Server is down',
  board: { id: 1 },
  company: { id: 2 },
  status: { id: 1 },
  priority: { id: 3 },
};
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });

/** That a patch was refused as one that does not fit (CW 4.2.31). */
function expectPatchFault({ status, body }: Answer, message: string) {
  expect([status, body.code, body.message], JSON.stringify(body)).toEqual([400, 'InvalidPatch', message]);
}

describe('CW 5.2: PATCH', () => {
  test('CW 5.2.1: 200 with the whole record; later changes are stamped', async () => {
    let time = new Date('2026-03-10T15:00:00Z');
    const { post, patch } = start(() => time);
    const { body } = await post('/service/tickets', ticket);
    time = new Date('2026-03-11T09:30:00Z');
    const changed = await patch(`/service/tickets/${body.id}`, replace('summary', 'Server is back'));
    expect(changed.status).toBe(200);
    const _info = { ...body._info, lastUpdated: '2026-03-11T09:30:00Z' };
    expect(changed.body).toEqual({ ...body, summary: 'Server is back', _info });
  });

  test('CW 5.2.1: a bare object is 400', async () => {
    const { ask } = start();
    const answer = await ask('/service/tickets/1100', { method: 'PATCH', body: replace('summary', 'x') });
    expectPatchFault(answer, 'The body must be an array of patch operations.');
  });

  test.each(['Source', 'Summary', 'nope', '_info', 'board/nope'])(
    'CW 2.2.4, 5.2.2: path %s does not exist: case counts',
    async (path) => {
      const { patch } = start();
      expectPatchFault(await patch('/service/tickets/1100', replace(path, 'x')), `path ${path} is not valid`);
    },
  );

  test.each([
    [
      'an unknown operation',
      { op: 'move', path: 'summary' },
      'op "move" is not valid; it must be add, replace or remove',
    ],
    ['no path', { op: 'replace', value: 'x' }, 'path null is not valid'],
    ['an object where a text is due', replace('summary', { id: 1 }), 'path summary is not valid'],
    ['a number where an array is due', replace('customFields', 1), 'path customFields is not valid'],
  ])('CW 4.2.31: %s is an InvalidPatch', async (_, operation, message) => {
    const { patch } = start();
    expectPatchFault(await patch('/service/tickets/1100', operation), message);
  });

  test('CW 5.1.9: a time with milliseconds or without a zone is refused in a patch, too', async () => {
    const { patch } = start();
    for (const value of ['2026-03-12T10:00:00.000Z', '2026-03-12T10:00:00'])
      expectFault(
        await patch('/service/tickets/1100', replace('requiredDate', value)),
        'UnsupportedFormat',
        'Unsupported format applied to requiredDate',
      );
  });

  test('CW 4.2.31, 5.2.8: a text where a reference is due', async () => {
    const { patch } = start();
    expectPatchFault(await patch('/service/tickets/1100', replace('source', 'Phone')), 'path source is not valid');
    expect((await patch('/service/tickets/1100', replace('source', { id: 2 }))).body.source).toMatchObject({
      id: 2,
      name: 'Email Connector',
    });
  });

  test.each([
    ['CW 5.2.3: the whole reference by name', 'status', { name: 'Closed' }],
    ['CW 5.2.2, 5.2.3: its id', '/status/id', 9],
    ['CW 5.2.3: its name', 'status/name', 'closed'],
  ])('%s of a status, which closes the ticket', async (_, path, value) => {
    const { post, patch } = start();
    const { body } = await post('/service/tickets', ticket);
    const closed = await patch(`/service/tickets/${body.id}`, replace(path, value));
    expect(closed.body).toMatchObject({
      status: { id: 9, name: 'Closed' },
      closedFlag: true,
      closedDate: '2026-03-10T15:00:00Z',
      closedBy: 'apigateway',
    });
    const reopened = await patch(`/service/tickets/${body.id}`, replace('status', { id: 1 }));
    expect(reopened.body.closedFlag).toBe(false);
    expect(reopened.body).not.toHaveProperty('closedDate');
  });

  test('CW 5.5.2: another board needs a status of that board in the same patch', async () => {
    const { patch, post } = start();
    const { body } = await post('/service/tickets', ticket);
    expectFault(
      await patch(`/service/tickets/${body.id}`, replace('board', { id: 2 })),
      'NotFound',
      'Service Status 1 not found for Service Board 2',
      'status/id',
    );
    const moved = await patch(
      `/service/tickets/${body.id}`,
      replace('board', { id: 2 }),
      replace('status', { name: 'New' }),
    );
    expect(moved.body).toMatchObject({ board: { id: 2 }, status: { name: 'New' } });
  });

  test('CW 5.2.5: the whole record is validated again', async () => {
    const { patch } = start();
    expectFault(
      await patch('/service/tickets/1100', { op: 'remove', path: 'company' }),
      'MissingRequiredField',
      'The company/id field is required.',
    );
  });

  test('the records of every seeded collection pass this validation', async () => {
    const { ask, patch } = start();
    const store = createStore();
    seedStore(store, { seed: 1, now: sandboxNow });
    const collections = createCollections(catalog);
    for (const key of store.keys()) {
      const template = collections.find(key)?.template ?? '';
      const records = [...store.records(key)];
      for (const record of [records[0], records.at(-1)]) {
        if (record === undefined || catalog.findEndpoint('PATCH', `${template}/1`) === undefined) continue;
        const ids = [...record.parents, record.id];
        const path = `${template}/{id}`.replace(/\{[^}]*\}/g, () => String(ids.shift()));
        const before = (await ask(path)).body;
        const after = await patch(path);
        expect(after.status, `${path} ${after.text}`).toBe(200);
        // Only the stamps and what follows from other members may change.
        expect(Object.keys(after.body)).toEqual(expect.arrayContaining(Object.keys(before)));
      }
    }
  });

  test('a patch that is refused changes nothing', async () => {
    const { ask, patch } = start();
    const before = (await ask('/service/tickets/1100')).body;
    await patch('/service/tickets/1100', replace('summary', 'changed'), replace('status', { id: 17 }));
    expect((await ask('/service/tickets/1100')).body).toEqual(before);
  });

  test('CW 5.5.3, 5.5.4: derived and create-only members cannot be set', async () => {
    const { patch } = start();
    const { body } = await patch(
      '/service/tickets/1600',
      replace('closedFlag', true),
      replace('resources', 'x'),
      replace('actualHours', 99),
    );
    expect(body.closedFlag).toBe(false);
    expect(body.actualHours).not.toBe(99);
    expectFault(
      await patch('/company/contacts/2', replace('typeIds', [1])),
      'InvalidField',
      'typeIds can only be used when creating a new contact.',
    );
  });

  test('CW 5.2.7: custom fields are merged by id', async () => {
    const { patch } = start();
    const { body } = await patch(
      '/company/companies/2',
      replace('customFields', [{ id: 2, value: '2024-01-01T00:00:00Z' }]),
    );
    expect(body.customFields).toMatchObject([
      { id: 1, caption: 'Account tier' },
      { id: 2, caption: 'Onboarded on', value: '2024-01-01T00:00:00Z' },
    ]);
  });

  test('CW 5.2.4: communication items by index: a new default switches the old one off, the domain is computed', async () => {
    const { patch } = start();
    const item = { type: { id: 1 }, value: 'new@acme.example', defaultFlag: true };
    const { body } = await patch('/company/contacts/7', { op: 'add', path: '/communicationItems/2', value: item });
    expect(body.communicationItems).toMatchObject([
      { communicationType: 'Email', defaultFlag: false },
      { communicationType: 'Phone', defaultFlag: true },
      { id: expect.any(Number), communicationType: 'Email', defaultFlag: true, domain: '@acme.example' },
    ]);
    const removed = await patch('/company/contacts/7', { op: 'remove', path: '/communicationItems/0' });
    expect(removed.body.communicationItems).toHaveLength(2);
  });
});
