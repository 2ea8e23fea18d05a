import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { findStorageFailure } from '../../src/core/storage.ts';
import { toGatewayError } from '../../src/gateway/calls/reply.ts';
import { connect } from '../support/connect.ts';
import { makeFolder } from '../support/folders.ts';

const spareFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('cwm-api-gateway-mcp-'));

/** Data folders that nothing can be written to, also not by the administrator. */
const unusable: [string, (folder: string) => string][] = [
  [
    'with something else under each name',
    (folder) => {
      const data = join(folder, 'sandbox');
      mkdirSync(data);
      writeFileSync(join(data, 'results'), '');
      // As a newer version of the program leaves it.
      const database = new DatabaseSync(join(data, 'fast_memory.db'));
      database.exec('PRAGMA user_version = 9999');
      database.close();
      return folder;
    },
  ],
  [
    'that is read-only',
    (folder) => {
      const data = join(folder, 'data');
      mkdirSync(data);
      chmodSync(data, 0o500);
      return data;
    },
  ],
];

test.each(unusable)('a data folder %s is no reason to fail a read', async (name, spoil) => {
  using folder = makeFolder();
  const before = spareFolders();
  // The administrator may write to a read-only folder: nothing is missing then.
  const isSpoilt = name !== 'that is read-only' || process.getuid?.() !== 0;
  {
    await using app = await connect({ dataDir: spoil(folder.path), home: folder.path });
    const { data, isError, text } = await app.call('execute_api_call', { path: '/service/tickets', all_pages: true });
    expect(isError, text).toBe(false);
    expect(data.outcome).toMatch(/^COMPLETE: 600 rows in tickets_\d+/);
    if (isSpoilt) {
      expect(data.notes.join()).toMatch(/nothing is remembered.*doctor/);
      expect(data.notes.join()).toMatch(/answers are kept in a temporary folder/);
    }
    const table = /tickets_\d+/.exec(data.outcome)?.[0];
    const counted = await app.call('query_results', { sql: `select count(*) as n from ${table}` });
    expect(counted.data.table.rows).toEqual([[600]]);
    expect(JSON.stringify(counted.data)).not.toMatch(/temporary folder|nothing is remembered/);
    const builtIn = await app.call('run_fast_memory', { query: 'my-open-tickets', arguments: { member: 'jmarsh' } });
    expect(builtIn.isError, builtIn.text).toBe(false);
    const own = await app.call('run_fast_memory', { query: '77' });
    expect(own.text).toMatch(isSpoilt ? /^storage_failed: / : /^unknown_query: /);
    const conditions = 'lastUpdated>=[today] and closedFlag=false';
    const again = await app.call('execute_api_call', { path: '/service/tickets', params: { conditions } });
    expect(again.isError, again.text).toBe(false);
    // Said once.
    expect(JSON.stringify(again.data)).not.toMatch(/temporary folder|nothing is remembered/);
    expect((await app.call('execute_api_call', { path: '/service/tickets/1100' })).isError).toBe(false);
    expect((await app.call('execute_api_call', { path: '/gateway/me' })).isError).toBe(false);
    const saved = { description: 'Tickets', path: '/service/tickets', params: { conditions: 'id=1' } };
    if (isSpoilt) expect((await app.call('save_to_fast_memory', saved)).text).toMatch(/^storage_failed: /);
  }
  expect(spareFolders()).toEqual(before);
});

test('a disk that is full once everything is open is no reason to fail a read', async () => {
  await using app = await connect();
  const params = { conditions: 'closedFlag=false', fields: 'id' };
  const saved = { description: 'Open ones', name: 'open-ones', path: '/service/tickets', params };
  expect((await app.call('save_to_fast_memory', saved)).isError).toBe(false);
  const file = join(app.dataDir, 'sandbox', 'fast_memory.db');
  const database = new DatabaseSync(file);
  for (const table of ['saved_queries', 'endpoint_uses', 'me'])
    for (const event of ['INSERT', 'UPDATE'])
      database.exec(
        `CREATE TRIGGER full_${table}_${event} BEFORE ${event} ON ${table} BEGIN SELECT RAISE(ABORT, 'disk is full'); END`,
      );
  database.close();
  for (const [tool, given] of [
    ['run_fast_memory', { query: 'open-ones' }],
    ['execute_api_call', { path: '/service/tickets' }],
    ['execute_api_call', { path: '/service/tickets', params }],
    ['execute_api_call', { path: '/service/tickets', params }],
    ['natural_language_api_search', { query: 'open tickets' }],
  ] as const) {
    const { text, isError } = await app.call(tool, given);
    expect(isError, text).toBe(false);
  }
  expect((await app.call('save_to_fast_memory', { ...saved, name: 'other' })).text).toMatch(/^storage_failed: /);
});

const systemError = (code: string, more = {}) => Object.assign(new Error(code), { code, syscall: 'write', ...more });

test.each(['ENOSPC', 'EROFS', 'EACCES', 'EMFILE', 'ENFILE', 'EDQUOT'])(
  '%s is of the storage, and no defect',
  (code) => {
    const direct = toGatewayError(systemError(code, { path: '/data/x' }), 'id');
    expect(direct).toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('/data/x cannot be used'),
    });
    const wrapped = new GatewayError('internal', 'It failed.', { cause: new Error('x', { cause: systemError(code) }) });
    expect(toGatewayError(wrapped, 'id').code).toBe('storage_failed');
    expect(findStorageFailure(systemError(code, { syscall: 'connect' }))).toBeUndefined();
  },
);

test('a full disk is told by SQLite as well; any other error stays a defect', () => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
  expect(toGatewayError(full, 'id')).toMatchObject({
    code: 'storage_failed',
    message: expect.stringContaining('disk is full'),
  });
  expect(toGatewayError(new TypeError('x'), 'id').code).toBe('internal');
  const loop = new Error('loop');
  loop.cause = loop;
  expect(findStorageFailure(loop)).toBeUndefined();
});
