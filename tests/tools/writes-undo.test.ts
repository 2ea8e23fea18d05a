import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';

async function openTicket(app: Connection) {
  const params = { conditions: 'closedFlag=false and board/id=1', fields: 'id', pageSize: 1 };
  const { data } = await app.call('execute_api_call', { path: '/service/tickets', params });
  return Number(data.table.rows[0][0]);
}

const read = async (app: Connection, path: string) => (await app.call('execute_api_call', { path })).data.record;

async function change(app: Connection, method: string, path: string, data?: unknown) {
  const prepared = await app.call('execute_api_call', { method, path, ...(data === undefined ? {} : { data }) });
  expect(prepared.text).toMatch(/^NOT SENT/);
  const sent = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(sent.text).toMatch(/^SENT/);
  return { id: String(prepared.data.change_id), sent };
}

const undo = async (app: Connection, id: string) =>
  app.call('execute_api_call', { method: 'POST', path: `/gateway/changes/${id}/undo` });

test('a change is undone by the call that its reply names, and the journal links the two', async () => {
  await using app = await connect();
  const id = await openTicket(app);
  const before = await read(app, `/service/tickets/${id}`);
  const { id: changeId, sent } = await change(app, 'PATCH', `/service/tickets/${id}`, {
    status: 'Closed',
    summary: 'Something else',
    owner: null,
  });
  expect(sent.data.next).toBe(`To undo: execute_api_call POST /gateway/changes/${changeId}/undo.`);
  const prepared = await undo(app, changeId);
  expect(prepared.text).toMatch(/^NOT SENT/);
  await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(await read(app, `/service/tickets/${id}`)).toEqual(before);
  const { data } = await app.call('execute_api_call', { path: `/gateway/changes/${changeId}` });
  expect(data.answer).toMatchObject({
    state: 'sent',
    tool: 'execute_api_call',
    status: 200,
    undone_by: prepared.data.change_id,
  });
  expect((await undo(app, changeId)).text).toMatch(/^conflict: .*already been undone by/);
});

test('a created record is deleted, and a deleted one is created again', async () => {
  await using app = await connect();
  const id = await openTicket(app);
  const notes = `/service/tickets/${id}/notes`;
  const made = await change(app, 'POST', notes, { text: 'Made', internalAnalysisFlag: true });
  const removal = await undo(app, made.id);
  expect(removal.data.change.request).toEqual({ method: 'DELETE', path: `${notes}/${made.sent.data.record.id}` });
  await app.call('confirm_api_write', { change_id: removal.data.change_id });
  const again = await undo(app, removal.data.change_id);
  expect(again.data.change.request).toMatchObject({ method: 'POST', path: notes, body: { text: 'Made' } });
  expect(again.text).toContain('created as a new record');
});

test('the list of changes says what was sent, which records were made, and whose they are', async () => {
  await using app = await connect({
    environment: { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'America/New_York' },
  });
  const id = await openTicket(app);
  const note = { text: 'Made', internalAnalysisFlag: true };
  const { sent } = await change(app, 'POST', `/service/tickets/${id}/notes`, note);
  await app.call('execute_api_call', { method: 'PATCH', path: `/service/tickets/${id}`, data: { summary: 'x' } });
  const list = async (params: Record<string, string> = {}) =>
    app.call('execute_api_call', { path: '/gateway/changes', params });
  const states = async (params: Record<string, string>) =>
    (await list(params)).data.answer.changes.map(({ state }: { state: string }) => state);
  const { changes } = (await list()).data.answer;
  expect(changes).toMatchObject([
    { state: 'sent', member: 'bkaur', made: `/service/tickets/${id}/notes/${sent.data.record.id}` },
    { state: 'prepared', member: 'bkaur' },
  ]);
  expect((await read(app, changes[0].made)).text).toBe('Made');
  const entry = async (number: number) =>
    (await app.call('execute_api_call', { path: `/gateway/changes/${number}` })).data.answer;
  expect((await entry(changes[0].number)).undo).toBe(`POST /gateway/changes/${changes[0].change_id}/undo`);
  expect(await states({ member: '{me}', state: 'sent' })).toEqual(['sent']);
  expect(await states({ member: 'jdoe' })).toEqual([]);
  // 15:00 UTC is 11:00 of the user's day.
  for (const day of ['2026-03-10', 'today', 'last 7 days']) expect(await states({ day })).toHaveLength(2);
  for (const day of ['2026-03-09', '2026-03-11', 'yesterday']) expect(await states({ day })).toEqual([]);
  expect((await list({ day: 'someday' })).text).toMatch(/^invalid_argument: day "someday" is not a day/);
});

test('changes of "me" are refused where the user is not known, and not taken for those of nobody', async () => {
  await using app = await connect();
  const { text } = await app.call('execute_api_call', { path: '/gateway/changes', params: { member: 'me' } });
  expect(text).toMatch(/^invalid_argument: .*PUT \/gateway\/me/s);
});

test('the journal lists the changes, what was sent first, and outlives the process', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cwm journal '));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  {
    await using app = await connect({ dataDir });
    const id = await openTicket(app);
    await change(app, 'PATCH', `/service/tickets/${id}`, { summary: 'One' });
    await app.call('execute_api_call', { method: 'PATCH', path: `/service/tickets/${id}`, data: { summary: 'Two' } });
  }
  await using next = await connect({ dataDir });
  const { data } = await next.call('execute_api_call', { path: '/gateway/changes' });
  expect(data.answer.changes.map(({ state }: { state: string }) => state)).toEqual(['sent', 'prepared']);
  const lost = await next.call('confirm_api_write', { change_id: data.answer.changes[1].change_id });
  expect(lost.text).toMatch(/^NOT SENT.*prepared by a process that has ended/);
  const used = await next.call('confirm_api_write', { change_id: data.answer.changes[0].change_id });
  expect(used.text).toMatch(/^unknown_change: .*already been used/);
});

test.each([
  ['a change that is not there', 'nothing-like-it', /^unknown_change/],
  ['a number that is not there', '99999', /^unknown_change/],
])('undo of %s is refused', async (_, id, refusal) => {
  await using app = await connect();
  expect((await undo(app, id)).text).toMatch(refusal);
});

test('a change that the user does not want is discarded, and cannot be sent', async () => {
  await using app = await connect();
  const id = await openTicket(app);
  const path = `/service/tickets/${id}`;
  const { data, text } = await app.call('execute_api_call', { method: 'PATCH', path, data: { summary: 'x' } });
  expect(text).toContain('DELETE /gateway/changes/{change_id}');
  const discarded = await app.call('execute_api_call', {
    method: 'DELETE',
    path: `/gateway/changes/${data.change_id}`,
  });
  expect(discarded.data.answer).toMatchObject({ state: 'discarded', change_id: data.change_id });
  const { text: refusal } = await app.call('confirm_api_write', { change_id: data.change_id });
  expect(refusal).toMatch(/^unknown_change: .*it was discarded/);
  const waiting = await app.call('execute_api_call', { path: '/gateway/changes', params: { state: 'prepared' } });
  expect(waiting.data.answer.changes).toEqual([]);
});

test('a change that was never sent cannot be undone', async () => {
  await using app = await connect();
  const id = await openTicket(app);
  const { data } = await app.call('execute_api_call', {
    method: 'PATCH',
    path: `/service/tickets/${id}`,
    data: { summary: 'x' },
  });
  expect((await undo(app, data.change_id)).text).toMatch(/^conflict: .*it was not sent/);
});
