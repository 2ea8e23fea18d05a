import { expect, test } from 'vitest';
import { createZone, instantOfClock, toUtcSeconds } from '../../src/core/zone.ts';
import { connect } from '../support/connect.ts';

// Every midnight of UTC is the evening before there.
const zone = { CONNECTWISE_TIMEZONE: 'America/New_York' };
const day = /^\d{4}-\d\d-\d\d$/;
const sheets = { path: '/time/sheets', params: { fields: 'id,dateStart,dateEnd', orderBy: 'dateStart asc' } };

test('time sheets show their days in lists, records and SQL, and one note says so', async () => {
  await using app = await connect({ environment: zone });
  const list = await app.call('execute_api_call', sheets);
  const [id, start, end] = list.data.table.rows[0];
  expect(start).toMatch(day);
  expect(Date.parse(end) - Date.parse(start)).toBe(6 * 86_400_000);
  expect(list.data.notes.filter((note: string) => note.includes('Calendar days'))).toEqual([
    'Calendar days, which no zone shifts: dateStart, dateEnd.',
  ]);
  const { data } = await app.call('execute_api_call', { path: `/time/sheets/${id}` });
  expect(data.record).toMatchObject({ dateStart: start, dateEnd: end });
  const sql = await app.call('execute_api_call', {
    ...sheets,
    sql: `select dateStart, dateEnd from it where id = ${id}`,
  });
  expect(sql.data.table.rows).toEqual([[start, end]]);
});

test('a day in a condition is that day: no record of it is lost or taken by its neighbour', async () => {
  await using app = await connect({ environment: zone });
  const count = async (conditions: string) => {
    const { data } = await app.call('execute_api_call', { path: '/time/sheets/count', params: { conditions } });
    return data.count as number;
  };
  const list = await app.call('execute_api_call', sheets);
  const first = list.data.table.rows[0][1];
  expect(await count(`dateStart<[${first}]`)).toBe(0);
  expect(await count(`dateStart>[${first}]`)).toBeLessThan(await count(`dateStart>=[${first}]`));
  expect(await count(`dateStart=[${first}]`)).toBe(await count(`dateStart<=[${first}]`));
  // The midnight of New York, as an assistant works it out by itself.
  const midnight = toUtcSeconds(instantOfClock(Date.parse(first), createZone(zone.CONNECTWISE_TIMEZONE)));
  expect(await count(`dateStart>=[${midnight}]`)).toBe(await count(`dateStart>=[${first}]`));
});

test('the preview of a change shows days, and sends midnights', async () => {
  await using app = await connect({ environment: zone });
  const { data: before } = await app.call('execute_api_call', { path: '/finance/agreements/1' });
  const { data } = await app.call('execute_api_call', {
    method: 'PATCH',
    path: '/finance/agreements/1',
    data: { startDate: '2027-03-02' },
  });
  expect(data.differences).toEqual([
    expect.objectContaining({ member: 'startDate', before: before.record.startDate, after: '2027-03-02' }),
  ]);
  expect(data.change.sentence).toContain('→ Tue 2 Mar 2027');
  expect(JSON.stringify(data.change.request.body)).toContain('2027-03-02T00:00:00Z');
});

test('the filters of a POST search take days and ends of days as those of a list do', async () => {
  await using app = await connect({ environment: zone });
  const count = async (path: string, call: Record<string, unknown>) =>
    (await app.call('execute_api_call', { path, sql: 'select count(*) from it', all_pages: true, ...call })).data.table
      .rows[0][0];
  for (const conditions of ['dateEntered<=[2026-02-28]', 'dateEntered=[2026-03-09]', 'requiredDate!=[2026-03-09]']) {
    const listed = await count('/service/tickets', { params: { conditions } });
    expect(await count('/service/tickets/search', { method: 'POST', data: { conditions } }), conditions).toBe(listed);
    expect(listed).toBeGreaterThan(0);
  }
  // 9 March in New York, whose clocks went forward on the 8th.
  const day = 'dateEntered>=[2026-03-09T04:00:00Z] and dateEntered<[2026-03-10T04:00:00Z]';
  const exact = await count('/service/tickets', { params: { conditions: day } });
  expect(await count('/service/tickets', { params: { conditions: 'dateEntered=[2026-03-09]' } })).toBe(exact);
});
