import { afterAll, beforeAll, expect, test } from 'vitest';
import { countTokens } from '../../src/gateway/calls/reply.ts';
import { type Connection, connect } from '../support/connect.ts';
import { ambiguousChanges, plainChanges } from './golden/plain-changes.ts';

let app: Connection;
beforeAll(async () => {
  app = await connect({ environment: { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'America/New_York' } });
});
afterAll(() => app[Symbol.asyncDispose]());

const split = (call: string) => {
  const [method = '', path = ''] = call.split(' ');
  return { method, path };
};
const titled = plainChanges.map((one) => [one.name, one] as const);

/** The record as ConnectWise has it, without what no one can bring back. */
async function readBare(path: string): Promise<unknown> {
  const client = await app.gateway.context.client();
  const answer = await client.send({ method: 'GET', path }).catch((error: { code: string }) => ({ body: error.code }));
  return JSON.parse(
    JSON.stringify(answer.body, (name, value) => (name === '_info' || value === null ? undefined : value)),
  );
}

test('forty changes are tried', () => {
  expect(plainChanges.length).toBeGreaterThanOrEqual(40);
});

test.each(titled)(
  '%s: what is sent is what was meant, and undo restores the record',
  async (_, { call, data, sent }) => {
    const { method, path } = split(call);
    const before = await readBare(path);
    const prepared = await app.call('execute_api_call', { method, path, data });
    expect(prepared.text).toMatch(/^NOT SENT/);
    expect(countTokens(prepared.text)).toBeLessThanOrEqual(500);
    expect(countTokens(JSON.stringify(prepared.data))).toBeLessThanOrEqual(500);
    const entry = await app.call('execute_api_call', { path: `/gateway/changes/${prepared.data.change_id}` });
    expect(entry.data.answer.change_id).toBe(prepared.data.change_id);
    const { body } = prepared.data.change.request;
    const values = Array.isArray(body)
      ? Object.fromEntries(body.map(({ path: member, value }) => [member, value]))
      : body;
    expect(Object.keys(values).sort()).toEqual(Object.keys(sent).sort());
    expect(values).toMatchObject(sent);

    const done = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
    expect(done.data.outcome).toMatch(/^SENT: .*; ConnectWise returned 20[01]\.$/);
    const undo = await app.call('execute_api_call', {
      method: 'POST',
      path: `/gateway/changes/${prepared.data.change_id}/undo`,
    });
    expect(undo.text).toMatch(/^NOT SENT/);
    expect((await app.call('confirm_api_write', { change_id: undo.data.change_id })).text).toMatch(/^SENT/);
    if (method === 'PATCH') expect(await readBare(path)).toEqual(before);
    else expect(await readBare(`${path}/${done.data.record.id}`)).toBe('record_not_found');
  },
);

test.each(ambiguousChanges)('%s is refused with the candidates', async (_, call, data, candidates) => {
  const { text, isError } = await app.call('execute_api_call', { ...split(call), data });
  expect(isError).toBe(true);
  expect(text).toMatch(/^invalid_body: /);
  for (const candidate of candidates) expect(text).toContain(candidate);
});
