import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { exportQueries, readImport, readPredecessor } from '../../src/memory/exchange.ts';
import type { FastMemory } from '../../src/memory/memory.ts';
import { openMemory } from '../../src/memory/store.ts';

let folder: string;
let memory: FastMemory;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exchange '));
  memory = await openMemory({
    file: join(folder, 'memory.db'),
    tenant: { host: 'h', company: 'c' },
    now: () => new Date(),
  });
});
afterEach(() => {
  memory.close();
  rmSync(folder, { recursive: true, force: true });
});

const query = {
  name: 'open',
  description: 'Open tickets of a client',
  method: 'GET' as const,
  path: '/service/tickets',
  params: { conditions: 'company/name={company} and closedFlag=false' },
  sql: 'select count(*) from it',
};
const fileOf = (...queries: unknown[]) => JSON.stringify({ format: 'cwm-fast-memory', version: 1, queries });

describe('import', () => {
  test('what was exported comes back, waits, and is found once it is accepted', () => {
    memory.save(query);
    const text = exportQueries(memory.list());
    memory.clear();
    const { queries, refused } = readImport(text);
    expect({ queries, refused }).toEqual({ queries: [query], refused: [] });
    const { added } = memory.import(queries);
    expect(added).toMatchObject([{ ...query, waiting: true }]);
    expect(memory.list()).toEqual([]);
    expect(memory.findNamed('open')).toBeUndefined();
    expect(memory.search('open tickets of a client', 3).filter((found) => !found.query.builtIn)).toEqual([]);
    memory.accept(added[0]?.id);
    expect(memory.list()).toMatchObject([{ ...query, imported: true }]);
    expect(memory.search('open tickets of a client', 3).map((found) => found.query.id)).toContain(added[0]?.id);
    expect(() => memory.accept(999)).toThrow(/No imported query with the id 999/);
  });

  test('entries that mean the same are joined, and a name in use stays with its owner', () => {
    const { query: own } = memory.save(query);
    const same = {
      ...query,
      description: 'other words',
      params: { conditions: 'company/name = {company} AND closedFlag=FALSE' },
    };
    const other = { ...query, params: { conditions: 'id=1' } };
    const { added, joined } = memory.import([same, other]);
    expect(joined).toBe(1);
    expect(added[0]?.name).toBeUndefined();
    expect(memory.find(own.id)).toEqual(own);
  });

  test.each<[string, unknown, RegExp]>([
    ['a path out of the API', { ...query, path: '/../../admin' }, /path cannot be called/],
    ['an encoded path out of the API', { ...query, path: '/service/%2e%2e/x' }, /would leave its folder/],
    ['another host', { ...query, path: 'https://evil.example/service/tickets' }, /is not on/],
    ['an unknown method', { ...query, method: 'CONNECT' }, /method/],
    ['an unknown member', { ...query, run: 'rm' }, /run|Unrecognized/],
    ['no description', { ...query, description: ' \u202e ' }, /description is empty/],
    ['a long description', { ...query, description: 'x'.repeat(201) }, /201 characters/],
    ['a param that is an object', { ...query, params: { conditions: {} } }, /params\/conditions/],
    ['a megabyte', { ...query, data: { text: 'x'.repeat(1_000_000) } }, /at most 200000/],
    ['nothing', null, /the entry/],
    ['a name that is an id', { ...query, name: '12' }, /name "12"/],
  ])('%s is refused by its place, and the others are taken', (_, entry, reason) => {
    const { queries, refused } = readImport(fileOf(query, entry, { ...query, params: {} }));
    expect(queries).toHaveLength(2);
    expect(refused).toEqual([{ entry: 2, reason: expect.stringMatching(reason) }]);
  });

  test.each<[string, string, RegExp]>([
    ['no JSON', 'hello', /not an export of Fast Memory/],
    ['another shape', '[{"path":"/x"}]', /not an export/],
    [
      'a newer version',
      JSON.stringify({ format: 'cwm-fast-memory', version: 2, queries: [] }),
      /version 2; this program reads 1/,
    ],
    ['100,000 entries', fileOf(...Array.from({ length: 100_000 }, () => query)), /100000 entries; at most 2000/],
  ])('%s is refused as a whole', (_, text, reason) => {
    expect(() => readImport(text)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringMatching(reason) }),
    );
  });

  test('an entry of many levels is refused', () => {
    const data = `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`;
    const text = fileOf(query).replace('"queries":[', `"queries":[{"description":"x","path":"/x","data":${data}},`);
    expect(text).toContain(data);
    const { queries, refused } = readImport(text);
    expect({ queries: queries.length, refused }).toEqual({
      queries: 1,
      refused: [{ entry: 1, reason: expect.stringMatching(/nested deeper/) }],
    });
  });

  test('whatever a file holds, it is read or refused', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.jsonValue(), fc.record({ description: fc.string(), path: fc.string(), params: fc.jsonValue() })),
        ),
        (entries) => {
          const { queries, refused } = readImport(fileOf(...entries));
          expect(queries.length + refused.length).toBe(entries.length);
          for (const taken of queries) expect(taken.path).toMatch(/^\/[^.\\]/);
        },
      ),
    );
  });
});

describe('the file of the predecessor', () => {
  const makeFile = () => {
    const file = join(folder, 'fast_memory_api.db');
    const database = new DatabaseSync(file);
    database.exec(`CREATE TABLE saved_queries(id INTEGER PRIMARY KEY AUTOINCREMENT, description TEXT NOT NULL, path TEXT NOT NULL,
      method TEXT NOT NULL, params TEXT, data TEXT, timestamp INTEGER NOT NULL, usage_count INTEGER DEFAULT 0)`);
    const insert = database.prepare(
      'INSERT INTO saved_queries (description, path, method, params, data, timestamp, usage_count) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    insert.run(
      'Get all high priority open tickets',
      '/service/tickets',
      'GET',
      `{"conditions": "status/name='Open'", "pageSize": 50}`,
      '{}',
      1_700_000_000,
      7,
    );
    insert.run('New ticket', '/service/tickets', 'post', null, '{"summary": "Server {1} is down"}', 1_700_000_001, 0);
    insert.run('broken', '/service/tickets', 'GET', '{not json', null, 1_700_000_002, 0);
    database.close();
    return file;
  };

  test('is read as it is, with its uses, and stays as it was', async () => {
    const file = makeFile();
    const before = readFileSync(file);
    const { queries, refused } = await readPredecessor(file);
    expect(queries).toEqual([
      {
        description: 'Get all high priority open tickets',
        path: '/service/tickets',
        method: 'GET',
        params: { conditions: "status/name='Open'", pageSize: '50' },
        timestamp: 1_700_000_000,
        usageCount: 7,
      },
      {
        description: 'New ticket',
        path: '/service/tickets',
        method: 'POST',
        data: { summary: 'Server {{1} is down' },
        timestamp: 1_700_000_001,
        usageCount: 0,
      },
    ]);
    expect(refused).toEqual([{ entry: 3, reason: expect.stringMatching(/^params/) }]);
    memory.import(queries);
    expect(memory.accept()).toMatchObject([{ usageCount: 7 }, { usageCount: 0 }]);
    expect(readFileSync(file)).toEqual(before);
  });

  const stored = 'id INTEGER PRIMARY KEY, path TEXT, method TEXT, params TEXT, data TEXT';
  const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)';
  test.each([
    [
      'a view without an end',
      `CREATE VIEW saved_queries AS ${endless} SELECT max(x) id, 'd' description, 'p' path, 'GET' method, 0 params, 0 data FROM c`,
    ],
    ['a virtual table', 'CREATE VIRTUAL TABLE saved_queries USING fts5(id, description, path, method, params, data)'],
    ['a computed column', `CREATE TABLE saved_queries (${stored}, description TEXT AS (hex(zeroblob(10))))`],
  ])('is refused where what it asks for is computed: %s', async (_, sql) => {
    const file = join(folder, 'computed.db');
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.exec(sql.startsWith('CREATE TABLE') ? 'INSERT INTO saved_queries (path) VALUES (1)' : '');
    database.close();
    await expect(readPredecessor(file)).rejects.toThrow(/not the predecessor's Fast Memory/);
  });

  test('is read without further columns, whatever they would compute', async () => {
    const file = makeFile();
    const database = new DatabaseSync(file);
    database.exec('ALTER TABLE saved_queries ADD COLUMN more TEXT AS (json(description || path)) VIRTUAL');
    database.close();
    expect((await readPredecessor(file)).queries).toHaveLength(2);
  });

  test('is refused where its rows hold more than a file may', async () => {
    const file = makeFile();
    const database = new DatabaseSync(file);
    const insert = database.prepare(
      'INSERT INTO saved_queries (description, path, method, timestamp) VALUES (?, ?, ?, 1)',
    );
    for (let row = 0; row < 3; row++) insert.run('x'.repeat(8_000_000), '/service/tickets', 'GET');
    database.close();
    await expect(readPredecessor(file)).rejects.toThrow('holds more than 20000000 bytes');
  });

  test('is refused where it is another database, or damaged', async () => {
    const other = join(folder, 'other.db');
    new DatabaseSync(other).exec('CREATE TABLE x (y)');
    await expect(readPredecessor(other)).rejects.toThrow(/not the predecessor's Fast Memory/);
    const damaged = join(folder, 'damaged.db');
    writeFileSync(damaged, Buffer.concat([readFileSync(makeFile()).subarray(0, 60), Buffer.alloc(9_000, 7)]));
    await expect(readPredecessor(damaged)).rejects.toBeInstanceOf(GatewayError);
  });
});

describe('a name that looks like the one of a built-in query', () => {
  const names = [
    'my-open-tickets',
    'My_Open Tickets',
    'my-0pen-tickets',
    'mу-оpen-tickets',
    'ｍｙ-open-tickets',
    'my-opén-tickets',
  ];
  test.each(names)('is refused where it is given, and left out where it is imported: %s', (name) => {
    expect(() => memory.save({ ...query, name })).toThrow(/built-in query/);
    const { added } = memory.import(readImport(fileOf({ ...query, name })).queries);
    expect(added.map((one) => one.name)).toEqual([undefined]);
  });

  test('is no name that merely shares its words', () => {
    expect(memory.save({ ...query, name: 'my-open-tickets-of-acme' }).query.name).toBe('my-open-tickets-of-acme');
  });
});

describe('what was deleted', () => {
  test('comes back with its id, its name and its uses', () => {
    const { query: saved } = memory.save(query);
    memory.countUse(saved.id);
    memory.save({ ...query, name: 'other', params: { conditions: 'id=1' } });
    memory.delete(saved.id);
    expect(memory.restore(saved.id)).toMatchObject([{ id: saved.id, name: 'open', usageCount: 1 }]);
    expect(memory.clear()).toBe(2);
    expect(memory.restore()).toHaveLength(2);
    expect(memory.count()).toBe(2);
    expect(() => memory.restore(saved.id)).toThrow(expect.objectContaining({ code: 'unknown_query' }));
    expect(memory.search('open tickets of a client', 9).map((found) => found.query.id)).toContain(saved.id);
  });

  test('joins the same query that was saved meanwhile', () => {
    const { query: saved } = memory.save(query);
    memory.delete(saved.id);
    const { query: again } = memory.save({ ...query, description: 'Saved again' });
    expect(memory.restore(saved.id)).toMatchObject([{ id: again.id }]);
    expect(memory.count()).toBe(1);
  });

  test('waits again if it waited', () => {
    memory.import([query]);
    memory.clear();
    expect(memory.restore()).toMatchObject([{ waiting: true, imported: true }]);
    expect(memory.list()).toEqual([]);
  });

  test('is forgotten after 30 days', async () => {
    const at = { now: new Date('2026-01-01T00:00:00Z') };
    const late = await openMemory({
      file: join(folder, 'late.db'),
      tenant: { host: 'h', company: 'c' },
      now: () => at.now,
    });
    const { query: saved } = late.save(query);
    late.delete(saved.id);
    at.now = new Date('2026-02-01T00:00:00Z');
    expect(() => late.restore(saved.id)).toThrow(/No deleted query has the id/);
    expect(late.restore()).toEqual([]);
    late.close();
  });
});
