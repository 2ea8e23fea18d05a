import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';

// What a person expects without saying it: that notes, time and bookings are theirs, and a word where they collide.

let app: Connection;
let me: { id: number; identifier: string };
let ticket: number;

beforeAll(async () => {
  app = await connect();
  const [[id, identifier]] = await rows('/system/members', 'id,identifier', 'inactiveFlag=false');
  me = { id, identifier };
  [[ticket]] = await rows('/service/tickets', 'id', 'closedFlag=false and status/name="In Progress"');
});
afterAll(() => app[Symbol.asyncDispose]());

async function rows(path: string, fields: string, conditions: string) {
  const { data } = await app.call('execute_api_call', { path, params: { conditions, fields, pageSize: 5 } });
  return data.table.rows;
}

const post = (path: string, data: unknown) => app.call('execute_api_call', { path, method: 'POST', data });
const time = (timeStart: string, more: object = {}) =>
  post('/time/entries', { chargeToId: ticket, chargeToType: 'ServiceTicket', timeStart, actualHours: 1, ...more });
const booking = (dateStart: string, dateEnd: string, more: object = {}) =>
  post('/schedule/entries', { objectId: ticket, type: { identifier: 'S' }, dateStart, dateEnd, ...more });
const note = () => post(`/service/tickets/${ticket}/notes`, { text: 'Called', internalAnalysisFlag: true });

test('while it is not known who the user is, the preview says that the API member is taken', async () => {
  const { data, text } = await note();
  expect(data.change.request.body.member).toBeUndefined();
  expect(text).toContain('it will be recorded as the API member');
});

describe('once the user is known', () => {
  beforeAll(async () => {
    const data = { member: me.identifier };
    await app.call('save_to_fast_memory', { path: '/gateway/me', method: 'PUT', data, description: 'Who I am' });
  });

  test.each<[string, () => ReturnType<typeof post>]>([
    ['a note', note],
    ['time', () => time('2026-02-02T10:00:00Z')],
    ['a booking', () => booking('2026-02-02T10:00:00Z', '2026-02-02T11:00:00Z')],
  ])('%s without a member is theirs, and the preview says so', async (_, prepare) => {
    const { data, text } = await prepare();
    expect(data.change.request.body.member, text).toEqual({ id: me.id });
    expect(text).toContain(`No member is given: it will be recorded as yours (${me.identifier}).`);
    expect(text).not.toContain('API member');
  });

  test('a member that is given stays, and unchecked bodies stay as they are', async () => {
    const others = await rows('/system/members', 'id', `inactiveFlag=false and id!=${me.id}`);
    const member = { id: others[0][0] };
    expect((await time('2026-02-02T12:00:00Z', { Member: member })).data.change.request.body.member).toEqual(member);
    const data = { text: 'Called', internalAnalysisFlag: true };
    const path = `/service/tickets/${ticket}/notes`;
    const { data: unchecked } = await app.call('execute_api_call', { path, method: 'POST', data, strict: false });
    expect(unchecked.change.request.body.member).toBeUndefined();
  });
});

test.each<[string, (from: string, to: string) => ReturnType<typeof post>, RegExp]>([
  ['a booking', (from, to) => booking(from, to, { member: me }), /Overlaps booking \d+ \('.*'\) of the same member\./],
  [
    'time',
    (timeStart, timeEnd) => time(timeStart, { timeEnd, actualHours: undefined, member: me }),
    /Overlaps time entry \d+ \(ServiceTicket \d+\) of the same member\./,
  ],
])('%s that overlaps another of the same member is told; one that only touches it is not', async (_, make, told) => {
  const day = '2026-02-07';
  const first = await make(`${day}T03:00:00Z`, `${day}T05:00:00Z`);
  expect(first.text).not.toContain('Overlaps');
  const sent = await app.call('confirm_api_write', { change_id: first.data.change_id });
  expect(sent.data.outcome, sent.text).toMatch(/^SENT/);
  expect((await make(`${day}T04:30:00Z`, `${day}T06:00:00Z`)).text).toMatch(told);
  expect((await make(`${day}T02:00:00Z`, `${day}T06:00:00Z`)).text).toMatch(told);
  expect((await make(`${day}T05:00:00Z`, `${day}T06:00:00Z`)).text).not.toContain('Overlaps');
});

test('two companies of one name are told apart by identifier, town and status', async () => {
  for (const [identifier, city] of [
    ['TwinsNorth', 'Tampa'],
    ['TwinsSouth', 'Miami'],
  ]) {
    const data = { identifier, name: 'Twins Dental', site: 'Main', addressLine1: '1 High Street', city };
    const { data: prepared } = await post('/company/companies', data);
    expect((await app.call('confirm_api_write', { change_id: prepared.change_id })).data.outcome).toMatch(/^SENT/);
  }
  const { text } = await post('/service/tickets', { summary: 'Printer', company: 'Twins Dental' });
  expect(text).toMatch(
    /Twins Dental, TwinsNorth, Tampa, Active \(\d+\), Twins Dental, TwinsSouth, Miami, Active \(\d+\)/,
  );
});
