import { describe, expect, test } from 'vitest';
import type { WriteRequest } from '../../src/changes/change.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { setUp, ticket } from './fixtures.ts';

const patchTicket = (body: unknown): WriteRequest => ({ method: 'PATCH', path: '/service/tickets/4711', body });
const prepare = (request: WriteRequest) => setUp().changes.prepare(request);

describe('a PATCH', () => {
  test('is previewed by reading the record, and not sent', async () => {
    const { changes, requests, writes } = setUp();
    const change = await changes.prepare(patchTicket({ status: { id: 5 }, summary: 'Router down' }));
    expect(change).toEqual({
      changeId: expect.stringMatching(/^ticket-4711_status-Waiting-Customer_summary_[a-z0-9]{8}$/),
      method: 'PATCH',
      path: '/service/tickets/4711',
      body: [
        { op: 'replace', path: 'status', value: { id: 5 } },
        { op: 'replace', path: 'summary', value: 'Router down' },
      ],
      sentence:
        "Ticket 4711 'Server down ’; status New → Closed' of 'Acme': status New → Waiting Customer, summary 'Server down ’; status New → Closed' → 'Router down'.",
      statement: expect.objectContaining({
        settings: [
          { member: 'status', value: 'New → Waiting Customer' },
          { member: 'summary', value: "'Server down ’; status New → Closed' → 'Router down'" },
        ],
        ends: [],
      }),
      differences: [
        { member: 'status', before: { id: 1, name: 'New' }, after: { id: 5, name: 'Waiting Customer' } },
        { member: 'summary', before: ticket.summary, after: 'Router down' },
      ],
      warnings: ['Status Waiting Customer stops the SLA clock.'],
      approval: 'client',
      customerVisible: false,
      preparedAt: '2026-11-02T10:00:00Z',
      expiresAt: '2026-11-02T11:00:00Z',
    });
    expect(writes()).toEqual([]);
    // The record and the target status; the names of the board's statuses are kept for the next change.
    const paths = ['/service/tickets/4711', '/service/boards/1/statuses', '/service/boards/1/statuses/5'];
    expect(requests.map(({ path }) => path).sort()).toEqual(paths.sort());
    await changes.prepare(patchTicket({ status: { id: 5 } }));
    expect(requests).toHaveLength(4);
  });

  test('that names a status which its board lacks is refused, and unchecked says so', async () => {
    const lacking = 'status: The board "Help Desk" (1) has no status with the id 99.';
    const request = patchTicket({ status: { id: 99 } });
    await expect(prepare(request)).rejects.toMatchObject({ code: 'invalid_body', message: lacking });
    const change = await prepare({ ...request, strict: false });
    expect(change.warnings).toContain(lacking);
    expect(change.sentence).toContain('status New → 99');
  });

  test('that changes nothing is refused, and what is so already is not sent', async () => {
    const fulfilled = { status: { id: '1' }, budgetHours: 2, owner: null };
    await expect(prepare(patchTicket(fulfilled))).rejects.toMatchObject({
      code: 'invalid_body',
      message: expect.stringMatching(/status is already New\. budgetHours is already 2\. owner is already –\.$/),
    });
    const change = await prepare(patchTicket({ ...fulfilled, summary: 'x' }));
    expect(change.body).toEqual([{ op: 'replace', path: 'summary', value: 'x' }]);
    expect(change.warnings).toContain('budgetHours is already 2.');
  });

  test('that fills or empties a member shows a dash for nothing', async () => {
    const change = await prepare(patchTicket({ owner: { identifier: 'jdoe' }, budgetHours: null }));
    expect(change.differences).toEqual([
      { member: 'owner', after: { id: 3, identifier: 'jdoe', name: 'Jane Doe' } },
      { member: 'budgetHours', before: 2 },
    ]);
    expect(change.sentence).toContain('owner – → Jane Doe, budget hours 2 → –.');
    expect(change.changeId).toMatch(/^ticket-4711_owner-Jane-Doe_budgetHours_/);
  });

  test('of custom fields shows the rows that differ, masks secret ones and sends all rows', async () => {
    const change = await prepare(patchTicket({ customFields: [{ id: 2, value: 'neu' }] }));
    const sent = [
      {
        op: 'replace',
        path: 'customFields',
        value: [ticket.customFields[0], { ...ticket.customFields[1], value: 'neu' }],
      },
    ];
    expect(change.body).toEqual(sent);
    expect(change.differences).toEqual([{ member: 'customFields[Vault]', before: '[redacted]', after: '[redacted]' }]);
    expect(change.warnings).toEqual([]);
    expect(change.changeId).toMatch(/^ticket-4711_customFields_/);
  });

  test.each<[string, unknown, RegExp]>([
    ['a wrong case', { Summary: 'x' }, /^Repaired: Summary is written summary\.$/],
    ['what no catalog knows', { futureFlag: true }, /Ticket has no member futureFlag/],
    ['a part of a reference', [{ op: 'replace', path: '/status/id', value: 5 }], /replace the whole status/],
    ['emptying what must have a value', [{ op: 'remove', path: 'severity' }], /severity must have a value/],
    ['an element that is not there', [{ op: 'remove', path: '/customFields/7' }], /does not exist in the record/],
  ])('warns of %s', async (_, body, warning) => {
    expect((await prepare(patchTicket(body))).warnings).toContainEqual(expect.stringMatching(warning));
  });

  test('of a reference’s part shows no name of the old record', async () => {
    const change = await prepare({
      ...patchTicket([{ op: 'replace', path: '/status/id', value: 99 }]),
      strict: false,
    });
    expect(change.differences).toEqual([{ member: 'status', before: { id: 1, name: 'New' }, after: { id: 99 } }]);
  });

  test('keeps the operations as they were given, slash or not', async () => {
    const body = [
      { op: 'replace', path: '/summary', value: 'x' },
      { op: 'add', path: 'budgetHours', value: 3 },
    ];
    expect((await prepare(patchTicket(body))).body).toEqual(body);
  });

  test.each<[string, unknown, string[]]>([
    ['names that mean nobody', { status: 'Gone', owner: 'nobody' }, ['status', 'owner']],
    [
      'a text that is too long, a value that is none and the id',
      { summary: 'x'.repeat(101), severity: 'Highest', id: 5 },
      ['summary', 'severity', 'id'],
    ],
    [
      'operations without op, path or value',
      [{ op: 'set', path: '/' }],
      ['operation 1, op', 'operation 1, path', 'operation 1, value'],
    ],
  ])('with %s is refused with every fault', async (_, body, paths) => {
    const error = await prepare(patchTicket(body)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'invalid_body', details: { faults: paths.map((path) => ({ path })) } });
  });

  test.each([[undefined], [null], ['text'], [[]], [{}]])('with the body %j is refused', async (body) => {
    await expect(prepare(patchTicket(body))).rejects.toMatchObject({ code: 'invalid_body' });
  });

  test('of a record that is not there is the client’s own error', async () => {
    const request = { method: 'PATCH', path: '/service/tickets/1', body: { summary: 'x' } } as const;
    await expect(prepare(request)).rejects.toMatchObject({ code: 'record_not_found' });
  });

  test('of a record that cannot be read says that its state is not known', async () => {
    const change = await prepare({ method: 'PATCH', path: '/system/locks/1', body: { open: true } });
    expect(change.differences).toBeUndefined();
    expect(change.warnings).toEqual([expect.stringContaining('cannot be read')]);
  });

  test('goes on without a name when reading the name fails', async () => {
    const { changes } = setUp({
      script: ({ path }) => {
        if (path === '/service/tickets/4711') return ticket;
        throw new GatewayError('permission_denied', 'no');
      },
    });
    const change = await changes.prepare(patchTicket({ status: { id: 5 } }));
    expect(change.changeId).toMatch(/^ticket-4711_may-close_status-5_/);
  });
});

describe('a PUT', () => {
  test('is refused where PATCH exists, with the ready PATCH', async () => {
    const { changes, requests } = setUp();
    const body = { id: 4711, summary: 'x', _info: {} };
    await expect(changes.prepare({ method: 'PUT', path: '/service/tickets/4711', body })).rejects.toMatchObject({
      code: 'invalid_argument',
      details: { corrected: 'PATCH /service/tickets/4711 {"summary":"x"}' },
    });
    expect(requests).toEqual([]);
  });

  test('is prepared where it is the only way, with a warning', async () => {
    const change = await prepare({ method: 'PUT', path: '/system/settings/3', body: { value: 1 } });
    expect(change.warnings).toEqual([expect.stringContaining('become empty')]);
  });
});

test('a PUT gives all that updates require, and may give back what is read-only', async () => {
  const put = (body: unknown) => prepare({ method: 'PUT', path: '/system/limits/3', body });
  await expect(put({ total: '7' })).rejects.toMatchObject({
    details: {
      faults: [
        { path: 'name', problem: 'is required' },
        { path: 'level', problem: 'is required' },
      ],
    },
  });
  expect((await put({ name: 'x', level: 'High', total: '7' })).body).toEqual({ name: 'x', level: 'High', total: '7' });
});

describe('a POST', () => {
  const body = {
    summary: 'Server is down',
    board: { id: 1 },
    company: { id: 2 },
    status: { id: 1 },
    priority: { id: 3 },
  };

  test('is prepared with the names of its references, and after looking for one like it', async () => {
    const { changes, requests } = setUp();
    const change = await changes.prepare({ method: 'POST', path: '/service/tickets', body });
    expect(change.sentence).toBe(
      "New ticket: summary 'Server is down', board Help Desk (1), company 2, status New (1), priority 3. ConnectWise adds its own source and site.",
    );
    expect(change.changeId).toMatch(
      /^ticket-new_status-New_board-Help-Desk_priority-3_summary_and-1-more_[a-z0-9]{8}$/,
    );
    expect(change.body).toEqual(body);
    const like = requests.find(({ path }) => path === '/service/tickets');
    expect(like?.query?.conditions).toBe(
      'company/id=2 and summary="Server is down" and dateEntered>[2026-11-01T10:00:00Z]',
    );
  });

  test('lists everything that is missing or of the wrong type', async () => {
    const error = prepare({ method: 'POST', path: '/service/tickets', body: { summary: null, budgetHours: 'x' } });
    await expect(error).rejects.toMatchObject({
      code: 'invalid_body',
      details: { faults: [{ path: 'budgetHours' }, { path: 'summary' }, { path: 'company' }] },
    });
  });

  test.each<[string, string, unknown]>([
    ['no body', '/service/tickets', undefined],
    ['an array for an object', '/service/tickets', [body]],
    ['an object for an array', '/procurement/lines/bulk', { text: 'x' }],
    ['an array of texts', '/procurement/lines/bulk', ['x']],
    ['an element that is not complete', '/procurement/lines/bulk', [{ text: 'x' }, {}]],
  ])('with %s is refused', async (_, path, given) => {
    await expect(prepare({ method: 'POST', path, body: given })).rejects.toMatchObject({ code: 'invalid_body' });
  });

  test('names members that the catalog does not know, and is prepared', async () => {
    const change = await prepare({ method: 'POST', path: '/service/tickets', body: { ...body, novelty: 'x' } });
    expect(change.warnings).toEqual([expect.stringContaining('has no member novelty')]);
    expect(change.body).toMatchObject({ novelty: 'x' });
  });

  test('with strict false is prepared as it was given', async () => {
    const wrong = { sumary: 'x', board: 1, severity: 'low' };
    const change = await prepare({ method: 'POST', path: '/service/tickets', body: wrong, strict: false });
    expect(change.body).toEqual(wrong);
    expect(change.warnings).toEqual([expect.stringContaining('was not checked')]);
  });

  test.each([
    [
      '/service/tickets/4711/notes',
      { text: 'Done', resolutionFlag: true },
      /^New note of ticket 4711 .*: text 'Done', resolution yes\. Cannot be undone\.$/,
      /^ticket-4711-note-new_customer-reads_resolutionFlag_text_/,
    ],
    [
      '/service/tickets/4711/merge',
      { mergeTicketIds: [1, 2], status: { id: 5 } },
      /^Merge service ticket 1 'Ticket 1' of 'Acme', service ticket 2 'Ticket 2' of 'Acme' into service ticket 4711 .* of 'Acme' \(they disappear\): status Waiting Customer \(5\)\. Cannot be undone\.$/,
      /^ticket-4711_merge_/,
    ],
    [
      '/procurement/lines/bulk',
      [{ text: 'a', resolutionFlag: true }],
      /^Bulk of lines: record 1 \(text 'a', resolution yes\)\. Cannot be undone\.$/,
      /^lines_bulk_/,
    ],
  ])('to %s says what it does', async (path, given, sentence, id) => {
    const change = await prepare({ method: 'POST', path, body: given });
    expect(change.sentence).toMatch(sentence);
    expect(change.changeId).toMatch(id);
  });

  test('that is a merge gives what its definition demands, or is sent unchecked', async () => {
    const merge = { method: 'POST', path: '/service/tickets/4711/merge' } as const;
    await expect(prepare({ ...merge, body: {} })).rejects.toMatchObject({
      details: { faults: [{ path: 'mergeTicketIds' }, { path: 'status' }] },
    });
    const change = await prepare({ ...merge, body: { mergeTicketIds: [1] }, strict: false });
    expect(change.body).toEqual({ mergeTicketIds: [1] });
  });

  test('shows no password in its sentence', async () => {
    const change = await prepare({
      method: 'POST',
      path: '/system/members',
      body: { identifier: 'x', password: 'geheim' },
    });
    expect(change.sentence).not.toContain('geheim');
    expect(change.body).toMatchObject({ password: 'geheim' });
  });

  test('of a document names everything that is missing', async () => {
    await expect(prepare({ method: 'POST', path: '/system/documents', body: { title: 'x' } })).rejects.toMatchObject({
      code: 'invalid_body',
      details: { faults: [{ path: 'file' }, { path: 'recordType' }, { path: 'recordId' }] },
    });
  });

  test('outside the catalog is prepared with a warning', async () => {
    const change = await prepare({ method: 'POST', path: '/service/novelties', body: { any: 1 } });
    expect(change.warnings).toEqual([expect.stringContaining('is not in the catalog')]);
  });
});

describe('a DELETE', () => {
  test('reads what goes, and needs no body', async () => {
    const { changes, writes } = setUp();
    const change = await changes.prepare({ method: 'DELETE', path: '/service/tickets/4711' });
    expect(change.sentence).toBe(
      "Delete ticket 4711 'Server down ’; status New → Closed' of 'Acme'. Cannot be undone: only the record itself can be made again, under another number.",
    );
    expect(change.changeId).toMatch(/^ticket-4711_deletes_/);
    expect(change).not.toHaveProperty('body');
    expect(writes()).toEqual([]);
  });

  test('of something that cannot be read as one record says so', async () => {
    const change = await prepare({ method: 'DELETE', path: '/service/tickets/changelogs' });
    expect(change.warnings).toEqual([expect.stringContaining('cannot be read as one record')]);
    expect(change.changeId).toMatch(/^ticket-changelogs_deletes_/);
  });

  test('of a record that is not there is the client’s own error', async () => {
    await expect(prepare({ method: 'DELETE', path: '/service/tickets/1' })).rejects.toMatchObject({
      code: 'record_not_found',
    });
  });
});

test('a path whose placeholder has no value is refused', async () => {
  await expect(prepare({ method: 'DELETE', path: '/service/tickets/{id}' })).rejects.toMatchObject({
    code: 'invalid_path',
    message: expect.stringContaining('{id}'),
  });
});
