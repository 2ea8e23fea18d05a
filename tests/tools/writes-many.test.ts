import { describe, expect, test } from 'vitest';
import { countTokens } from '../../src/gateway/calls/reply.ts';
import { type Connection, connect } from '../support/connect.ts';

async function ticketIds(app: Connection, count: number, conditions = 'closedFlag=false and board/id=1') {
  const params = { conditions, fields: 'id', pageSize: count };
  const { data } = await app.call('execute_api_call', { path: '/service/tickets', params, max_tokens: 4000 });
  return data.table.rows.map(([id]: [number]) => id) as number[];
}

const prepare = (app: Connection, ids: unknown, data: unknown) =>
  app.call('execute_api_call', { method: 'PATCH', path: '/service/tickets/{id}', for_each: ids, data });

test('one change of many records is shown, confirmed once, and sent to each', async () => {
  await using app = await connect();
  const ids = await ticketIds(app, 12);
  const prepared = await prepare(app, ids, { severity: 'High', summary: 'All the same' });
  expect(prepared.text).toMatch(/^NOT SENT/);
  expect(prepared.data.records).toBe(12);
  expect(prepared.data.change_id).toMatch(/^tickets-12_/);
  expect(prepared.data.next).toMatch(/wait for an answer/);
  expect(countTokens(prepared.text)).toBeLessThanOrEqual(500);
  expect(countTokens(JSON.stringify(prepared.data))).toBeLessThanOrEqual(500);
  const sent = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(sent.data.outcome).toBe('SENT: 12 sent of 12 records.');
  expect(await ticketIds(app, 20, "summary='All the same'")).toHaveLength(12);
  const again = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(again.data.outcome).toBe('SENT: 12 sent of 12 records.');
  const parts = await app.call('execute_api_call', {
    path: '/gateway/changes',
    params: { part_of: prepared.data.change_id, limit: 50 },
  });
  expect(parts.data.answer.changes).toHaveLength(12);
});

test('what became of each record is a table that SQL joins with the list it came from', async () => {
  await using app = await connect();
  const list = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { conditions: 'closedFlag=false and board/id=1', fields: 'id,summary', pageSize: 5 },
  });
  const tickets = /in (tickets_\d+)/.exec(list.text)?.[1];
  const prepared = await prepare(app, `SELECT id FROM ${tickets}`, { severity: 'High', summary: 'Joined' });
  const sent = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  const results = /query_results over (results_\d+)/.exec(sent.data.next)?.[1];
  const { data } = await app.call('query_results', {
    sql: `SELECT r.state, count(*) AS records FROM ${results} r JOIN ${tickets} t ON t.id = r.id GROUP BY r.state`,
  });
  expect(data.table.rows).toEqual([['sent', prepared.data.records]]);
});

test('records that need no change or do not exist are left out, and said', async () => {
  await using app = await connect();
  const ids = await ticketIds(app, 4);
  const [first = 0] = ids;
  const one = await app.call('execute_api_call', {
    method: 'PATCH',
    path: `/service/tickets/${first}`,
    data: { summary: 'As wanted' },
  });
  await app.call('confirm_api_write', { change_id: one.data.change_id });
  const { data } = await prepare(app, [...ids, 999_999], { summary: 'As wanted' });
  expect(data.records).toBe(3);
  expect(data.differences.left_out).toEqual([
    `${first}: already has these values`,
    expect.stringMatching(/^999999: There is no/),
  ]);
});

test('a status is that of each record’s own board, and boards without it are left out', async () => {
  await using app = await connect();
  const own = await ticketIds(app, 3);
  const other = await ticketIds(app, 2, 'closedFlag=false and board/id=2');
  const { data } = await prepare(app, [...own, ...other], { status: 'Waiting Vendor' });
  expect(data.records).toBeLessThanOrEqual(3);
  expect(data.differences.left_out.join(' ')).toContain(String(other[0]));
});

test('ids come from a SELECT over stored tables', async () => {
  await using app = await connect();
  const { data: list } = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { conditions: 'closedFlag=false and board/id=1', fields: 'id,summary', pageSize: 5 },
  });
  const table = /\b([a-z]+_\d+)\b/.exec(JSON.stringify(list))?.[1];
  const prepared = await prepare(app, `SELECT id FROM ${table} LIMIT 3`, { severity: 'High', summary: 'From SQL' });
  expect(prepared.data.records).toBe(3);
});

test('where every record is refused, the reason is the error', async () => {
  await using app = await connect();
  const { text } = await prepare(app, await ticketIds(app, 3), { status: 'No Such Status' });
  expect(text).toMatch(/^invalid_body: status: The board "Service Desk" \(1\) has no status named/);
});

describe('the id of a change of many is made of all of them', () => {
  test('whichever record comes first: one that needs less does not hide what the others get', async () => {
    await using app = await connect();
    const open = await ticketIds(app, 3);
    const closed = await ticketIds(app, 1, 'status/name="Closed" and board/id=1 and priority/id!=5');
    const data = { status: 'Closed', priority: 5 };
    const prepared = await prepare(app, [...closed, ...open], data);
    expect(prepared.data.change_id).toMatch(/^tickets-4_closes_mails-customer_status-Closed_priority-Low_/);
    // On the closed one alone nothing is closed.
    const { data: alone } = await prepare(app, closed, data);
    expect(alone.change_id).toMatch(/^tickets-1_priority-Low_/);
  });

  test('what they get is not the same: its value is not said', async () => {
    await using app = await connect();
    const [first = 0, second = 0] = await ticketIds(app, 2);
    for (const [id, severity] of [
      [first, 'High'],
      [second, 'Low'],
    ] as const) {
      const given = { method: 'PATCH', path: `/service/tickets/${id}`, data: { severity, summary: 'Before' } };
      const { data } = await app.call('execute_api_call', given);
      await app.call('confirm_api_write', { change_id: data.change_id });
    }
    const { data } = await prepare(app, [first, second], { severity: 'Medium', summary: 'After' });
    expect(data.change_id).toMatch(/^tickets-2_severity-Medium_summary_/);
    await app.call('confirm_api_write', { change_id: data.change_id });
    const undo = { method: 'POST', path: `/gateway/changes/${data.change_id}/undo` };
    const inverse = await app.call('execute_api_call', undo);
    expect(inverse.data.change_id).toMatch(/^tickets-2_severity-various_summary_/);
  });

  test.each([
    [
      'notes',
      { text: 'Read', internalAnalysisFlag: true },
      'tickets-3-note-new_text_internalAnalysisFlag',
      'New note of 3 tickets: ',
    ],
    [
      'merge',
      { mergeTicketIds: [1595], status: { id: 1 } },
      'tickets-3_merge_status-[^_]+_mergeTicketIds',
      'Merge 3 tickets: ',
    ],
  ])('%s of many are not those of the first', async (below, data, id, sentence) => {
    await using app = await connect();
    const ids = await ticketIds(app, 3);
    const path = `/service/tickets/{id}/${below}`;
    const call = { method: 'POST', path, for_each: ids, data, strict: below !== 'merge' };
    const prepared = await app.call('execute_api_call', call);
    expect(prepared.data.change_id).toMatch(new RegExp(`^${id}_`));
    expect(prepared.data.change.sentence).toMatch(new RegExp(`^${sentence}`));
  });

  test('a record that the body gives by its id and calls by another name is refused', async () => {
    await using app = await connect();
    const [other, ...ids] = await ticketIds(app, 3);
    const data = { mergeTicketIds: [other], status: { id: 9, name: 'Approved' } };
    const call = { method: 'POST', path: '/service/tickets/{id}/merge', for_each: ids, data };
    const { text } = await app.call('execute_api_call', call);
    expect(text).toContain("The status 9 is 'Closed', and not 'Approved'.");
  });

  test('every member that is set is in the sentence, with each of its values', async () => {
    await using app = await connect();
    const ids = await ticketIds(app, 3);
    const [first] = ids;
    const status = async (id: unknown, given: unknown, values: Record<string, unknown> = {}) => {
      const call = { method: 'PATCH', path: `/service/tickets/${id}`, data: { ...values, status: given } };
      const { data } = await app.call('execute_api_call', call);
      await app.call('confirm_api_write', { change_id: data.change_id });
    };
    for (const id of ids) {
      const values = { summary: 'x', severity: 'Low', impact: 'Low', budgetHours: 3 };
      await status(id, 'Scheduled', values);
    }
    await status(first, 'In Progress');
    const { data } = await prepare(app, ids, {
      ...{ summary: 'y', severity: 'High', impact: 'High', budgetHours: 4 },
      status: 'Closed',
    });
    const shown = "summary 'x' → 'y', severity Low → High, impact Low → High, budget hours 3 → 4";
    const statuses = 'status Scheduled → Closed (2), In Progress → Closed (1)';
    expect(data.change.sentence).toBe(`Change 3 tickets: ${shown}, ${statuses}.`);
    expect(data.differences.kinds).toEqual([
      `2: ${shown}, status Scheduled → Closed`,
      `1: ${shown}, status In Progress → Closed`,
    ]);
  });
});

test('deletions of many are prepared alike', async () => {
  await using app = await connect();
  const ids = await ticketIds(app, 3);
  const prepared = await app.call('execute_api_call', {
    method: 'DELETE',
    path: '/service/tickets/{id}',
    for_each: ids,
  });
  expect(prepared.data.change_id).toMatch(/^tickets-3_deletes_/);
  expect(prepared.data.change.sentence).toBe(
    'Delete 3 tickets. Cannot be undone: only the record itself can be made again, under another number.',
  );
});

describe('a change of many records is undone as one', () => {
  const readAll = async (app: Connection, ids: readonly number[]) => {
    const params = { conditions: `id in (${ids.join(',')})`, fields: 'id,summary,severity', orderBy: 'id asc' };
    const { data } = await app.call('execute_api_call', { path: '/service/tickets', params, max_tokens: 4000 });
    return data.table.rows as unknown[][];
  };
  const undo = (app: Connection, changeId: string) =>
    app.call('execute_api_call', { method: 'POST', path: `/gateway/changes/${changeId}/undo` });

  test('each record gets its previous values, and the journal says by which change', async () => {
    await using app = await connect();
    const ids = await ticketIds(app, 6);
    const before = await readAll(app, ids);
    const { data } = await prepare(app, ids, { severity: 'High', summary: 'All the same' });
    const sent = await app.call('confirm_api_write', { change_id: data.change_id });
    expect(sent.data.next).toContain(`/gateway/changes/${data.change_id}/undo`);
    const inverse = await undo(app, data.change_id);
    expect(inverse.text).toMatch(/^NOT SENT/);
    expect(inverse.data.records).toBe(6);
    expect(await readAll(app, ids)).not.toEqual(before);
    // What differs from record to record is not what the person approves by the id.
    expect(inverse.data.change_id).toMatch(/^tickets-6_/);
    await app.call('confirm_api_write', { change_id: inverse.data.change_id });
    expect(await readAll(app, ids)).toEqual(before);
    const path = `/gateway/changes/${data.change_id}`;
    const whole = await app.call('execute_api_call', { path });
    expect(whole.data.answer.undone_by).toBe(inverse.data.change_id);
    const part = await app.call('execute_api_call', { path: `${path}.${ids[0]}` });
    expect(part.data.answer.undone_by).toBe(`${inverse.data.change_id}.${ids[0]}`);
    expect((await undo(app, data.change_id)).text).toMatch(/^conflict: .* already been undone by/);
  });

  test('records that were undone before are left out', async () => {
    await using app = await connect();
    const ids = await ticketIds(app, 3);
    const before = await readAll(app, ids);
    const { data } = await prepare(app, ids, { summary: 'All the same' });
    await app.call('confirm_api_write', { change_id: data.change_id });
    const single = await undo(app, `${data.change_id}.${ids[0]}`);
    await app.call('confirm_api_write', { change_id: single.data.change_id });
    const inverse = await undo(app, data.change_id);
    expect(inverse.data.records).toBe(2);
    expect(inverse.text).toMatch(/Left out: 1 of 3 records/);
    await app.call('confirm_api_write', { change_id: inverse.data.change_id });
    expect(await readAll(app, ids)).toEqual(before);
  });

  test('a change of many that was never sent, or a deletion, is not undone', async () => {
    await using app = await connect();
    const ids = await ticketIds(app, 2);
    const { data } = await prepare(app, ids, { summary: 'All the same' });
    expect((await undo(app, data.change_id)).text).toMatch(/^conflict: /);
  });
});

describe('the columns of a SELECT fill placeholders, row by row', () => {
  const forEach = (app: Connection, call: Record<string, unknown>) => app.call('execute_api_call', call);

  test('an hour each from nine: new records whose path has no place for ids', async () => {
    await using app = await connect({ environment: { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'UTC' } });
    const ids = await ticketIds(app, 6);
    const rows = ids.map((id, at) => `(${id}, '2026-03-10 ${String(9 + at).padStart(2, '0')}:00', ${at + 0.5})`);
    const { data } = await forEach(app, {
      method: 'POST',
      path: '/time/entries',
      for_each: `WITH plan(ticket, begin, worked) AS (VALUES ${rows.join(', ')}) SELECT * FROM plan`,
      data: {
        chargeToId: '{ticket}',
        chargeToType: 'ServiceTicket',
        timeStart: '{begin}',
        actualHours: '{worked}',
        notes: 'Visit at {begin} for {me}{{x}',
        member: '{me}',
      },
    });
    expect(data.records).toBe(6);
    expect(data.change_id).toMatch(/^time-entries-new-6_/);
    expect(data.table.rows[1][2]).toContain(`charge to service ticket ${ids[1]} '`);
    expect(data.table.rows[1][2]).toContain('actual hours 1.5');
    expect(data.change.sentence).toMatch(
      /^New 6 time entries: .*charge to by row, 6 different values.*\. ConnectWise adds/,
    );
    const sent = await app.call('confirm_api_write', { change_id: data.change_id });
    expect(sent.data.outcome).toBe('SENT: 6 sent of 6 records.');
    const made = await app.call('execute_api_call', {
      path: '/time/entries',
      params: {
        conditions: `chargeToId in (${ids.join(',')}) and notes like 'Visit at%'`,
        orderBy: 'timeStart',
        fields: 'chargeToId,timeStart,actualHours,notes',
      },
      sql: 'select chargeToId, timeStart, actualHours, notes from it order by timeStart',
    });
    expect(made.data.table.rows[0]).toEqual([
      ids[0],
      '2026-03-10T09:00:00Z',
      0.5,
      'Visit at 2026-03-10 09:00 for {me}{x}',
    ]);
    expect(made.data.table.rows.map(([id]: [number]) => id)).toEqual(ids);
  });

  test('of records that exist, each gets its own values; numbers stay numbers, NULL empties', async () => {
    await using app = await connect();
    const [one = 0, two = 0] = await ticketIds(app, 2);
    const { data } = await forEach(app, {
      method: 'PATCH',
      path: '/service/tickets/{id}',
      for_each: `SELECT ${one} AS id, 2.5 AS hours, 'A' AS word UNION ALL SELECT ${two}, NULL, 'B'`,
      data: { budgetHours: '{hours}', summary: 'Work {word}: {hours}' },
      params: { fields: 'id' },
    });
    expect(data.records).toBe(2);
    await app.call('confirm_api_write', { change_id: data.change_id });
    const read = async (id: number) =>
      (await forEach(app, { path: `/service/tickets/${id}`, params: { fields: 'summary,budgetHours' } })).data.record;
    expect(await read(one)).toEqual({ summary: 'Work A: 2.5', budgetHours: 2.5 });
    expect(await read(two)).toEqual({ summary: 'Work B: ' });
  });

  test('of a few with many members nothing is hidden behind a count', async () => {
    await using app = await connect({ environment: { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'UTC' } });
    const [one = 0, two = 0] = await ticketIds(app, 2);
    const { data } = await forEach(app, {
      method: 'POST',
      path: '/schedule/entries',
      for_each: `SELECT ${one} AS id, '2026-03-10 09:00' AS begin UNION ALL SELECT ${two}, '2026-03-10 10:00'`,
      data: { objectId: '{id}', type: { identifier: 'S' }, member: '{me}', dateStart: '{begin}', hours: 1 },
    });
    expect(data.change.sentence).toMatch(/^New 2 schedule entries: object service ticket .*member Balpreet Kaur \(3\)/);
    expect(data.change.sentence).toContain('date start Tue 10 Mar 09:00 UTC (1), Tue 10 Mar 10:00 UTC (1), hours 1.');
    expect(data.change.sentence).not.toContain('more');
    expect(data.table.rows.map(([, , change]: string[]) => change)).toEqual([
      expect.stringMatching(`^object service ticket ${one} .*date start Tue 10 Mar 09:00 UTC, hours 1$`),
      expect.stringMatching(`^object service ticket ${two} .*date start Tue 10 Mar 10:00 UTC, hours 1$`),
    ]);
  });

  test('a row that the checks refuse is left out, as a single write would be refused', async () => {
    await using app = await connect();
    const [one = 0, two = 0] = await ticketIds(app, 2);
    const { data } = await forEach(app, {
      method: 'PATCH',
      path: '/service/tickets/{id}',
      for_each: `SELECT ${one} AS id, 'often' AS hours UNION ALL SELECT ${two}, 3`,
      data: { budgetHours: '{hours}' },
    });
    expect(data.records).toBe(1);
    expect(data.differences.left_out).toEqual([expect.stringContaining(`${one}: `)]);
  });

  test('params are filled as data is', async () => {
    await using app = await connect();
    const [one = 0] = await ticketIds(app, 1);
    const { data } = await forEach(app, {
      method: 'PATCH',
      path: '/service/tickets/{id}',
      for_each: `SELECT ${one} AS id, 'id,summary' AS wanted`,
      params: { fields: '{wanted}' },
      data: { summary: 'Filled' },
    });
    await app.call('confirm_api_write', { change_id: data.change_id });
    const entry = await forEach(app, { path: `/gateway/changes/${data.change_id}.${one}` });
    expect(entry.data.answer.request.query).toEqual({ fields: 'id,summary' });
  });

  test.each([
    [
      'a column that is missing',
      { for_each: 'SELECT 1595 AS id, 2 AS hours', data: { summary: '{hors}' } },
      /names \{hors\}.*its columns are id, hours/,
    ],
    ['one name twice', { for_each: 'SELECT 1595 AS id, 1 AS a, 2 AS A', data: { summary: '{a}' } }, /more than once/],
    [
      'one id with two values',
      { for_each: "SELECT 1595 AS id, 'x' AS a UNION ALL SELECT 1595, 'y'", data: { summary: '{a}' } },
      /the id 1595 twice/,
    ],
    [
      'a new record that is the same for all',
      { method: 'POST', path: '/time/entries', for_each: [1, 2], data: { notes: 'x' } },
      /uses none of its columns/,
    ],
    [
      'an action without a place for ids',
      {
        method: 'POST',
        path: '/service/tickets/1595/merge',
        for_each: [1596],
        data: { mergeTicketIds: ['{id}'], status: { id: 1 } },
      },
      /cannot be changed for many records/,
    ],
  ])('%s is refused', async (_, call, message) => {
    await using app = await connect();
    const { text } = await forEach(app, { method: 'PATCH', path: '/service/tickets/{id}', ...call });
    expect(text).toMatch(message);
  });
});
