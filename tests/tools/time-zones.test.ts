import { expect, test } from 'vitest';
import { connect } from '../support/connect.ts';

const ticket = { path: '/service/tickets/1595', params: { fields: 'id,_info/dateEntered' } };
const filtered = { path: '/service/tickets/count', params: { conditions: 'dateEntered>=[2026-03-01]' } };
const notesOf = ({ data }: { data: { notes?: string[] } }) => data.notes?.filter((note) => /\bUTC\b/.test(note)) ?? [];

test.each([
  ['', 'the variable TZ is empty'],
  ['Mars/Olympus', 'TZ is "Mars/Olympus", which is not a time zone'],
  // POSIX means three hours behind; Node would take it for three hours ahead.
  ['GMT+3', 'TZ is "GMT+3", which is not a time zone'],
])('TZ=%j is said where times are shown or read, once, and in status', async (zone, cause) => {
  await using app = await connect({ environment: { TZ: zone } });
  const said = `Times are read and shown in UTC: ${cause}. CONNECTWISE_TIMEZONE sets yours.`;
  expect(notesOf(await app.call('execute_api_call', ticket))).toEqual([said]);
  expect(notesOf(await app.call('execute_api_call', filtered))).toEqual([said]);
  const list = { path: '/service/tickets', params: { conditions: filtered.params.conditions, pageSize: '5' } };
  expect(notesOf(await app.call('execute_api_call', list))).toEqual([said]);
  const noTimes = { path: '/service/boards', params: { fields: 'id,name' } };
  expect(notesOf(await app.call('execute_api_call', noTimes))).toEqual([]);
  const change = { method: 'PATCH', path: ticket.path, data: { requiredDate: '2026-03-20 14:00' } };
  expect(notesOf(await app.call('execute_api_call', change))).toContain(said);
  const { data } = await app.call('execute_api_call', { path: '/gateway/status' });
  expect(JSON.stringify(data)).toContain(cause.replaceAll('"', '\\"'));
  const me = await app.call('execute_api_call', { path: '/gateway/me' });
  expect(JSON.stringify(me.data)).toContain('timeZoneProblem');
});

test.each([
  ['of the computer', { TZ: 'Eastern Standard Time' }],
  ['of the setting', { CONNECTWISE_TIMEZONE: 'Eastern Standard Time', TZ: '' }],
])('the name that Windows gives the zone %s is taken for that of the IANA list', async (_where, environment) => {
  await using app = await connect({ environment });
  const reply = await app.call('execute_api_call', ticket);
  expect(reply.text).toMatch(/\d\d:\d\d E[SD]T/);
  expect(notesOf(reply)).toEqual([]);
  const { text } = await app.call('execute_api_call', { path: '/gateway/me' });
  expect(text).toContain('America/New_York');
});

test('a person may name their zone as Windows does; another word is refused', async () => {
  await using app = await connect();
  const put = (timeZone: string) =>
    app.call('save_to_fast_memory', { method: 'PUT', path: '/gateway/me', data: { timeZone }, description: 'My zone' });
  expect((await put('W. Europe Standard Time')).text).toContain('Europe/Berlin');
  expect((await put('Mars Standard Time')).text).toContain('is not a time zone');
});

test('GET /gateway/me names the company of the provider', async () => {
  await using app = await connect();
  const { text } = await app.call('execute_api_call', { path: '/gateway/me' });
  expect(text).toContain('Sandbox Managed Services');
});
