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

  test('are shown beside the ids in the preview', async () => {
    const change = await prepare(patchTicket({ status: 'Waiting Customer', owner: 'jdoe' }));
    expect(change.differences).toEqual([
      { member: 'status', before: { id: 1, name: 'New' }, after: { id: 5, name: 'Waiting Customer' } },
      { member: 'owner', after: { id: 3, identifier: 'jdoe', name: 'Jane Doe' } },
    ]);
  });

  test('that are only a prefix are accepted if one name has it, and the preview says so', async () => {
    const change = await prepare(patchTicket({ status: 'Clo' }));
    expect(change.warnings[0]).toBe("status: 'Clo' was interpreted as 'Closed' (9), the only name starting with it.");
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

  test('{me} is the user’s member, and is asked for if it is not known', async () => {
    const change = await prepare(patchTicket({ owner: '{me}' }), { me: 'jdoyle' });
    expect(change.body).toEqual([replace('owner', { id: 4 })]);
    await expect(prepare(patchTicket({ owner: '{me}' }))).rejects.toMatchObject({
      code: 'invalid_body',
      hint: expect.stringContaining('PUT /gateway/me'),
    });
  });

  test('are not looked up in ConnectWise’s own operations', async () => {
    await expect(prepare(patchTicket([replace('status', 'Closed')]))).rejects.toMatchObject({
      details: { faults: [{ path: 'status' }] },
    });
  });
});

describe('a record that is given by its id', () => {
  const closed = { member: 'status', before: { id: 1, name: 'New' }, after: { id: 9, name: 'Closed' } };

  test.each<[string, unknown]>([
    ['its own name', { status: { id: 9, name: 'closed' } }],
    ['its own identifier in another case', { owner: { ID: '3', Identifier: 'JDOE' } }],
  ])('is sent by nothing else: with %s', async (_, body) => {
    const change = await prepare(patchTicket(body));
    for (const { value } of change.body as { value: unknown }[]) expect(Object.keys(value as object)).toEqual(['id']);
  });

  test.each<[string, unknown, RegExp]>([
    ['an object', { status: { id: 9, name: 'New' } }, /^status: The status 9 is 'Closed', and not 'New'\.$/],
    ['what nobody is called', { owner: { id: 3, name: 'Approved' } }, /^owner: The member 3 is 'Jane Doe', and not/],
    [
      'another’s identifier',
      { owner: { id: 3, identifier: 'jdoyle' } },
      /The member 3 is 'Jane Doe', and not 'jdoyle'/,
    ],
    ['two names', { owner: { identifier: 'jdoe', name: 'Jim Doyle' } }, /The member 3 is 'Jane Doe', and not 'Jim/],
    ['operations', [replace('/status', { id: 9, name: 'New' })], /The status 9 is 'Closed', and not 'New'/],
    ['their parts', [replace('/status/name', 'New'), replace('status/id', 9)], /^The operations name two records/],
    ['operations on one member', [replace('status', { id: 9 }), replace('status', { id: 1 })], /name two records/],
  ])('and by the name of another is refused: %s', async (_, body, message) => {
    const refused = { code: 'invalid_body', message: expect.stringMatching(message) };
    await expect(prepare(patchTicket(body))).rejects.toMatchObject(refused);
  });

  test('is refused as well where the body is not checked, and in parts', async () => {
    const bodies = [{ status: { id: 9, name: 'New' } }, [replace('/status/id', 9), replace('/status/name', 'New')]];
    for (const body of bodies) {
      await expect(prepare({ ...patchTicket(body), strict: false })).rejects.toMatchObject({
        code: 'invalid_body',
        message: "status: The status 9 is 'Closed', and not 'New'.",
      });
    }
  });

  test('is shown as its id if its name cannot be looked up, and costs at most one request', async () => {
    const { changes, requests } = setUp();
    const body = { summary: 'x', company: { id: 2, name: 'Approved' }, status: { id: 9, name: 'New' } };
    const change = await changes.prepare({ method: 'POST', path: '/service/tickets', body });
    expect(change.changeId).toMatch(/^ticket-new_may-close_status-9_summary_company_/);
    expect(change.sentence).toBe(
      "New ticket: summary 'x', company 2, status 9. ConnectWise adds its own board, priority, source and site.",
    );
    expect(change.body).toEqual({ summary: 'x', company: { id: 2 }, status: { id: 9 } });
    const one = setUp();
    await one.changes.prepare(patchTicket({ status: { id: 9, name: 'Closed' } }));
    const paths = one.requests.map(({ path }) => path);
    expect(paths.filter((path) => path === '/service/boards/1/statuses')).toHaveLength(1);
    expect(requests.length).toBeLessThanOrEqual(3);
  });

  test('by a part that names it is sent whole, and is what the preview says', async () => {
    const change = await prepare(patchTicket([replace('/status/name', 'closed')]));
    expect(change.body).toEqual([replace('/status', { id: 9 })]);
    expect(change.differences).toEqual([closed]);
    expect(change).toMatchObject({ approval: 'user', customerVisible: true });
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

  test('that are named by the id of one and the caption of another are refused', async () => {
    await expect(
      prepare(patchTicket({ customFields: [{ id: 1, caption: 'Vault', value: 'x' }] })),
    ).rejects.toMatchObject({
      details: { faults: [{ path: 'customFields/Vault', problem: "the field 1 is 'Site code'" }] },
    });
    // Unchecked, the preview has the caption of the record.
    const unchecked = { ...patchTicket({ customFields: [{ id: 1, caption: 'Harmless', value: 'x' }] }), strict: false };
    expect((await prepare(unchecked)).differences).toMatchObject([{ member: 'customFields[Site code]' }]);
  });

  test('that do not exist are refused with those that do', async () => {
    await expect(prepare(patchTicket({ customFields: { 'Site cod': 'X2' } }))).rejects.toMatchObject({
      details: { faults: [{ path: 'customFields/Site cod', allowed: expect.stringContaining('Site code') }] },
    });
  });
});
