import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { connect } from '../support/connect.ts';
import { filesBelow, makeFolder } from '../support/folders.ts';

const put = (data: unknown) => ({ path: '/gateway/me', method: 'PUT', data });
const keep = (data: unknown) => ({ ...put(data), description: 'Who I am' });

describe('who "me" is', () => {
  test('is not changed by tools that are listed as only reading, and is by the one that says that it writes', async () => {
    await using app = await connect();
    const me = async () => (await app.call('execute_api_call', { path: '/gateway/me' })).data.answer;
    const given = { member: 'jmarsh', timeZone: 'Europe/Berlin' };
    const refused = [
      await app.call('execute_api_call', put(given)),
      await app.call('send_raw_api_request', { raw_request: `PUT /gateway/me ${JSON.stringify(given)}` }),
    ];
    for (const { text, isError } of refused) {
      expect(isError).toBe(true);
      expect(text).toMatch(/^invalid_argument: .*changed nothing.*\n.*save_to_fast_memory with path "\/gateway\/me"/);
    }
    expect(await me()).toMatchObject({ member: null, timeZoneFrom: 'this computer' });
    const { data } = await app.call('save_to_fast_memory', keep(given));
    expect(data).toMatchObject({ outcome: 'SAVED: who you are.', me: { ...given, timeZoneFrom: 'you' } });
    expect(await me()).toMatchObject(given);
    // It is no saved query.
    expect((await app.call('list_fast_memory')).data.total).toBe(0);
  });

  test('is not changed in mode read-only', async () => {
    await using app = await connect({ environment: { CONNECTWISE_READ_ONLY: 'true' } });
    for (const [tool, given] of [
      ['execute_api_call', put({ member: 'jmarsh' })],
      ['save_to_fast_memory', keep({ member: 'jmarsh' })],
    ] as const)
      expect((await app.call(tool, given)).text).toMatch(/^read_only: .*\n.*CONNECTWISE_MEMBER/);
  });

  test('is what a setting says, whatever was said before in a conversation', async () => {
    await using first = await connect();
    await first.call('save_to_fast_memory', keep({ member: 'jmarsh', timeZone: 'Europe/Berlin' }));
    const { dataDir } = first;
    await using app = await connect({
      dataDir,
      environment: { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'UTC' },
    });
    const { data } = await app.call('execute_api_call', { path: '/gateway/me' });
    expect(data.answer).toMatchObject({ member: 'bkaur', timeZone: 'UTC', timeZoneFrom: 'the settings' });
    const params = { conditions: 'owner={me}', pageSize: 1 };
    const mine = await app.call('execute_api_call', { path: '/service/tickets', params });
    expect(mine.text).toContain('With me=bkaur.');
    const { text } = await app.call('save_to_fast_memory', keep({ member: 'jmarsh' }));
    expect(text).toMatch(/^invalid_argument: member is not changed: the setting CONNECTWISE_MEMBER is "bkaur"/);
  });
});

describe('a file', () => {
  const path = '/finance/invoices/1/pdf';

  test('is read and not saved by tools that are listed as only reading, and saved by the one for it', async () => {
    using downloads = makeFolder();
    await using app = await connect({
      environment: { CONNECTWISE_DOWNLOAD_DIR: downloads.path, CONNECTWISE_READ_ONLY: 'true' },
    });
    const { tools } = await app.client.listTools();
    const reading = new Set(tools.flatMap(({ name, annotations }) => (annotations?.readOnlyHint ? [name] : [])));
    const list = await app.call('execute_api_call', {
      path: '/finance/invoices',
      params: { fields: 'id', pageSize: 3 },
    });
    const [table] = /invoices_\d+/.exec(list.text) ?? [];
    await app.call('save_to_fast_memory', { path, description: 'A PDF', name: 'a-pdf' });
    const calls: [string, Record<string, unknown>][] = [
      ['execute_api_call', { path }],
      ['execute_api_call', { path: '/finance/invoices/{id}/pdf', for_each: [1, 2] }],
      ['send_raw_api_request', { raw_request: `GET ${path}` }],
      ['run_fast_memory', { query: 'a-pdf' }],
      ['query_results', { sql: `select * from ${table}`, export: 'csv' }],
    ];
    for (const [tool, given] of calls) {
      expect(reading.has(tool), tool).toBe(true);
      const { text } = await app.call(tool, given);
      expect(text).toMatch(/^COMPLETE: a file of .* was read, and not saved\.|^invalid_argument: /);
      expect(filesBelow(downloads.path), text).toEqual([]);
    }
    const { data } = await app.call('execute_api_call', { path });
    expect(data).toMatchObject({
      file: { type: 'application/pdf' },
      next: expect.stringContaining(`save_file {"path":"${path}"}`),
    });
    expect(reading.has('save_file')).toBe(false);
    // Mode read-only is about ConnectWise and what later conversations read; a file is what was asked for.
    const saved = await app.call('save_file', { path });
    expect(existsSync(saved.data.file.path)).toBe(true);
    const rows = await app.call('save_file', { sql: `select * from ${table}`, format: 'json' });
    expect(rows.data.outcome).toMatch(/^COMPLETE: 3 rows written to |3 rows written to /);
    expect(filesBelow(downloads.path)).toHaveLength(2);
  });

  test('needs either a path or sql', async () => {
    await using app = await connect();
    for (const given of [{}, { path, sql: 'select 1' }])
      expect((await app.call('save_file', given)).text).toMatch(/^invalid_argument: save_file takes a path or sql/);
  });
});
