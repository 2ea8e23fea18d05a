import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FastMemory } from '../../src/memory/memory.ts';
import type { NewSavedQuery } from '../../src/memory/saved-query.ts';
import { openMemory } from '../../src/memory/store.ts';

const acme = { host: 'cw.example', company: 'acme' };
const highPriority: NewSavedQuery = {
  description: 'Get all high priority open tickets',
  path: '/service/tickets',
  method: 'GET',
  params: { conditions: "status/name='Open' and priority/name='High'" },
};

let folder: string;
let file: string;
let clock: Date;
let memory: FastMemory;
const now = () => clock;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fast-memory-'));
  file = join(folder, 'data', 'memory.db');
  clock = new Date('2026-11-02T10:00:00Z');
  memory = await openMemory({ file, tenant: acme, now });
});
afterEach(async () => {
  memory.close();
  await rm(folder, { recursive: true, force: true });
});

describe('saving', () => {
  test('a saved query comes back whole, after closing too', async () => {
    const saved = memory.save({ ...highPriority, data: { summary: 'Server is down', board: { id: 1 } } });
    expect(saved.existed).toBe(false);
    expect(saved.query).toEqual({
      ...highPriority,
      data: { summary: 'Server is down', board: { id: 1 } },
      id: 1,
      timestamp: clock.getTime() / 1000,
      usageCount: 0,
    });
    memory.close();
    memory = await openMemory({ file, tenant: acme, now });
    expect(memory.find(1)).toEqual(saved.query);
    expect(memory.notice).toBeUndefined();
  });

  test('an endpoint can have several queries', () => {
    memory.save(highPriority);
    memory.save({ ...highPriority, description: 'all of board 1', params: { conditions: 'board/id=1' } });
    expect(memory.findFor('GET', '/service/tickets')).toHaveLength(2);
  });

  test.each<[string, Partial<NewSavedQuery>]>([
    ['another description', { description: 'urgent' }],
    ['a trailing slash and another case in the path', { path: '/Service/Tickets/' }],
    ['params in another order', { params: { pageSize: '50', conditions: 'id>1' } }],
    ['a body in another order', { data: { b: [1, { y: 1, x: 2 }], a: null } }],
  ])('the same meaning is joined, not saved twice: %s', (_, change) => {
    const first = {
      ...highPriority,
      params: { conditions: 'id>1', pageSize: '50' },
      data: { a: null, b: [1, { x: 2, y: 1 }] },
    };
    const { query } = memory.save(first);
    memory.countUse(query.id);
    const again = memory.save({ ...first, ...change });
    expect(again.existed).toBe(true);
    expect(again.query).toMatchObject({
      id: query.id,
      usageCount: 1,
      description: change.description ?? first.description,
    });
    expect(memory.list()).toHaveLength(1);
  });

  test.each<[string, Partial<NewSavedQuery>]>([
    ['method', { method: 'DELETE' }],
    ['path', { path: '/service/tickets/1' }],
    ['params', { params: { conditions: "status/name='open' and priority/name='High'" } }],
    ['data', { data: [2, 1] }],
    ['a body that only looks alike', { data: { members: [['1', 2]] } }],
  ])('another %s is another query', (_, change) => {
    memory.save({ ...highPriority, data: [1, 2] });
    expect(memory.save({ ...highPriority, data: [1, 2], ...change }).existed).toBe(false);
  });

  test('queries that differ in the names of path placeholders have the same endpoint', () => {
    memory.save({ ...highPriority, path: '/service/tickets/{id}' });
    expect(memory.findFor('GET', '/service/tickets/{ticketId}')).toHaveLength(1);
  });

  test('texts that are SQL are kept as texts', () => {
    const text = "x'); DROP TABLE saved_queries; --";
    memory.save({
      description: text,
      path: `/service/tickets/${text}`,
      method: 'GET',
      params: { [text]: text },
      data: text,
    });
    expect(memory.list(text)).toMatchObject([{ description: text, params: { [text]: text }, data: text }]);
  });
});

describe('listing', () => {
  test('the most used come first, then those used last', () => {
    for (const id of [1, 2, 3])
      memory.save({ ...highPriority, description: `query ${id}`, params: { conditions: `id=${id}` } });
    clock = new Date('2026-11-02T11:00:00Z');
    memory.countUse(2);
    memory.countUse(1);
    memory.countUse(1);
    clock = new Date('2026-11-02T12:00:00Z');
    memory.countUse(3);
    expect(memory.list().map((query) => query.id)).toEqual([1, 3, 2]);
    expect(memory.find(3)?.timestamp).toBe(clock.getTime() / 1000);
  });

  test.each([
    ['HIGH priority', ['Get all high priority open tickets']],
    ['service/tickets', ['Get all high priority open tickets']],
    ['100%', ['100% billed']],
    ['%', ['100% billed']],
    ['_', ['a_b']],
    ['ÜBERFÄLLIG', ['Überfällige Rechnungen']],
    ['   ', ['100% billed', 'a_b', 'Get all high priority open tickets', 'Überfällige Rechnungen']],
    ["'", []],
  ])('the term %j finds %j', (term, descriptions) => {
    memory.save(highPriority);
    memory.save({ description: '100% billed', path: '/time/entries', method: 'GET' });
    memory.save({ description: 'a_b', path: '/company/companies', method: 'GET' });
    memory.save({ description: 'Überfällige Rechnungen', path: '/finance/invoices', method: 'GET' });
    const found = memory.list(term).map((query) => query.description);
    expect(found.sort((one, other) => one.localeCompare(other))).toEqual(descriptions);
  });
});

describe('removing', () => {
  test('deleting returns the query, and its id is not used again', async () => {
    const { query } = memory.save(highPriority);
    expect(memory.delete(query.id)).toEqual(query);
    const other = await openMemory({ file, tenant: acme, now });
    expect(other.list()).toEqual([]);
    other.close();
    expect(memory.save(highPriority).query.id).toBeGreaterThan(query.id);
  });

  test('an unknown id is refused, with the known ones as candidates', () => {
    memory.save(highPriority);
    expect(() => memory.delete(7)).toThrow(
      expect.objectContaining({ code: 'unknown_query', details: expect.objectContaining({ candidates: ['1'] }) }),
    );
  });

  test('clearing says how many it removed', () => {
    memory.save(highPriority);
    memory.save({ ...highPriority, method: 'POST' });
    expect(memory.clear()).toBe(2);
    expect(memory.list()).toEqual([]);
  });
});

test('another tenant neither sees, finds, uses nor removes a query, and has its own user', async () => {
  const { query } = memory.save(highPriority);
  memory.saveMe({ member: 'jdoe', timeZone: 'Europe/Berlin' });
  for (const tenant of [
    { ...acme, company: 'other' },
    { ...acme, host: 'cw.other' },
  ]) {
    const stranger = await openMemory({ file, tenant, now });
    expect(stranger.list()).toEqual([]);
    expect(stranger.list('tickets')).toEqual([]);
    expect(stranger.find(query.id)).toBeUndefined();
    expect(stranger.findFor('GET', '/service/tickets')).toEqual([]);
    expect(stranger.me()).toEqual({});
    stranger.countUse(query.id);
    expect(() => stranger.delete(query.id)).toThrow(expect.objectContaining({ code: 'unknown_query' }));
    expect(stranger.save(highPriority).existed).toBe(false);
    expect(stranger.clear()).toBe(1);
    stranger.close();
  }
  expect(memory.list()).toEqual([query]);
  expect(memory.me()).toEqual({ member: 'jdoe', timeZone: 'Europe/Berlin' });
});

test('a company keeps its queries however its login name is written', async () => {
  memory.save(highPriority);
  const shouted = await openMemory({ file, tenant: { ...acme, company: 'ACME' }, now });
  expect(shouted.list()).toHaveLength(1);
  shouted.close();
});

test('the user’s settings are replaced as a whole', () => {
  memory.saveMe({ member: 'jdoe', timeZone: 'Europe/Berlin' });
  memory.saveMe({ member: 'asmith' });
  expect(memory.me()).toEqual({ member: 'asmith' });
});

test.skipIf(process.platform === 'win32')('the file and its folder belong to their owner alone', async () => {
  memory.save(highPriority);
  expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
  for (const name of ['', '-wal', '-shm']) expect((await stat(file + name)).mode & 0o777).toBe(0o600);
});
