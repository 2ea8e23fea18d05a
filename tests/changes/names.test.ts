import { describe, expect, test } from 'vitest';
import type { WriteRequest } from '../../src/changes/change.ts';
import { type SetUp, setUp, ticket } from './fixtures.ts';

const patchTicket = (body: unknown): WriteRequest => ({ method: 'PATCH', path: '/service/tickets/4711', body });
const prepare = (request: WriteRequest, options: SetUp = {}) => setUp(options).changes.prepare(request);
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });

describe('names in a body', () => {
  test.each<[string, unknown, unknown]>([
    ['a text', { status: 'Waiting Customer' }, [replace('status', { id: 5 })]],
    ['another case', { Status: 'closed' }, [replace('status', { id: 9 })]],
    ['an identifier', { owner: 'jdoe' }, [replace('owner', { id: 3 })]],
    ['a number', { owner: 4 }, [replace('owner', { id: 4 })]],
    ['an object with a name', { status: { name: 'Closed' } }, [replace('status', { id: 9 })]],
    ['an object with an identifier', { owner: { identifier: 'jdoyle' } }, [replace('owner', { id: 4 })]],
  ])('%s becomes an id', async (_, body, sent) => {
    expect((await prepare(patchTicket(body))).body).toEqual(sent);
  });

  test('stand beside the ids in the preview', async () => {
    const change = await prepare(patchTicket({ status: 'Waiting Customer', owner: 'jdoe' }));
    expect(change.differences).toEqual([
      { member: 'status', before: { id: 1, name: 'New' }, after: { id: 5, name: 'Waiting Customer' } },
      { member: 'owner', after: { id: 3, identifier: 'jdoe', name: 'Jane Doe' } },
    ]);
  });

  test('that were only begun are taken where one alone begins so, and that is said', async () => {
    const change = await prepare(patchTicket({ status: 'Clo' }));
    expect(change.warnings[0]).toBe("status: 'Clo' was taken for 'Closed' (9), the only one whose name begins so.");
  });

  test.each<[string, unknown, string[]]>([
    ['several begin with', { status: 'Waiting' }, ['Waiting Customer (5)', 'Waiting Vendor (6)']],
    ['nobody has', { owner: 'jdoee' }, ['jdoe']],
  ])('that %s are refused with the candidates', async (_, body, candidates) => {
    const error = await prepare(patchTicket(body)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'invalid_body' });
    const shown = JSON.stringify((error as { details: unknown }).details);
    for (const candidate of candidates) expect(shown).toContain(candidate);
  });

  test('belong to the board that the body gives, else to the record’s', async () => {
    const { changes, requests } = setUp();
    await expect(changes.prepare(patchTicket({ board: { id: 2 }, status: 'Closed' }))).rejects.toMatchObject({});
    expect(requests.map(({ path }) => path)).toContain('/service/boards/2/statuses');
    await expect(
      changes.prepare({
        method: 'POST',
        path: '/service/tickets',
        body: { summary: 'x', company: { id: 2 }, status: 'New' },
      }),
    ).rejects.toMatchObject({ code: 'invalid_body', message: expect.stringContaining('belongs to a board') });
  });

  test('{me} is the user’s member, and is asked for where nobody knows it', async () => {
    const change = await prepare(patchTicket({ owner: '{me}' }), { me: 'jdoyle' });
    expect(change.body).toEqual([replace('owner', { id: 4 })]);
    await expect(prepare(patchTicket({ owner: '{me}' }))).rejects.toMatchObject({
      code: 'invalid_body',
      hint: expect.stringContaining('PUT /gateway/me'),
    });
  });

  test('are no names in ConnectWise’s own operations', async () => {
    await expect(prepare(patchTicket([replace('status', 'Closed')]))).rejects.toMatchObject({
      details: { faults: [{ path: 'status' }] },
    });
  });
});

describe('custom fields', () => {
  const rows = (value: string) => [{ ...ticket.customFields[0], value }, ticket.customFields[1]];

  test.each<[string, unknown]>([
    ['by caption', { 'Site code': 'X2' }],
    ['by caption in another case', { 'site  CODE': 'X2' }],
    ['as a row with its caption', [{ caption: 'Site code', value: 'X2' }]],
    ['as a row with its id', [{ id: 1, value: 'X2' }]],
  ])('%s are sent whole', async (_, customFields) => {
    expect((await prepare(patchTicket({ customFields }))).body).toEqual([replace('customFields', rows('X2'))]);
  });

  test('that do not exist are refused with those that do', async () => {
    await expect(prepare(patchTicket({ customFields: { 'Site cod': 'X2' } }))).rejects.toMatchObject({
      details: { faults: [{ path: 'customFields/Site cod', allowed: expect.stringContaining('Site code') }] },
    });
  });
});
