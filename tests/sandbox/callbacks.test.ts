import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, expectFault, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
let asked: Asked;
beforeAll(async () => {
  catalog = await sharedCatalog();
  asked = startSandbox(catalog);
});

const callback = { url: 'https://example.com/hook?recordId=', objectId: 2, type: 'ticket', level: 'board' };

describe('CW 5.10: callbacks are stored', () => {
  test('CW 5.10.1, CW 5.4.21: level owner is stored with the id 1', async () => {
    const { status, body } = await asked.post('/system/callbacks', { ...callback, objectId: 0, level: 'owner' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      objectId: 1,
      payloadVersion: '3.0.0',
      inactiveFlag: false,
      isSoapCallbackFlag: false,
      memberId: expect.any(Number),
      connectWiseID: expect.any(String),
    });
    expect((await asked.ask(`/system/callbacks/${body.id}`)).body).toEqual(body);
    expect((await asked.remove(`/system/callbacks/${body.id}`)).status).toBe(204);
  });

  test.each([
    ['CW 4.2.7', 'InvalidField', 'Invalid URL', { url: 'nowhere' }],
    ['CW 4.2.7', 'InvalidField', 'Invalid URL', { url: 'ftp://example.com' }],
    [
      'CW 4.2.8',
      'InvalidObject',
      'Unrecognized level for type, see documentation for supported levels for each type',
      { level: 'territory' },
    ],
    [
      'CW 4.2.8',
      'InvalidObject',
      'Unrecognized level for type, see documentation for supported levels for each type',
      { type: 'toaster' },
    ],
    [
      'CW 5.4.21',
      'MaxLengthField',
      'The field description must be a string with a maximum length of 100.',
      { description: 'x'.repeat(101) },
    ],
  ])('%s: %s %s', async (_, code, message, change) => {
    expectFault(await asked.post('/system/callbacks', { ...callback, ...change }), code, message);
  });

  test('CW 4.2.9: the same callback twice exists already', async () => {
    const first = await asked.post('/system/callbacks', { ...callback, objectId: 3 });
    expect(first.status).toBe(201);
    expectFault(
      await asked.post('/system/callbacks', { ...callback, objectId: 3 }),
      'ObjectExists',
      'A matching callback entry already exists',
      'objectId',
    );
  });
});
