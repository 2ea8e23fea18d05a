import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkSavedQuery } from '../../src/gateway/calls/saved-query.ts';
import { builtInQueries, everydayReads } from '../../src/memory/built-in-queries.ts';
import { meaningOf } from '../../src/memory/meaning.ts';
import { parseDescription, parseName } from '../../src/memory/saved-query.ts';
import { type Connection, connect } from '../support/connect.ts';

let app: Connection;
beforeAll(async () => {
  app = await connect({ environment: { CONNECTWISE_MEMBER: 'jmarsh', CONNECTWISE_TIMEZONE: 'America/New_York' } });
});
afterAll(() => app[Symbol.asyncDispose]());

const named = builtInQueries.map((query) => [query.name ?? '', query] as const);

/** What the queries that cannot run without are given. */
const given: Record<string, Record<string, unknown>> = {
  'new-unassigned-tickets': { board: 'Service Desk' },
  'unassigned-tickets': { board: 'Service Desk' },
  'recently-updated-tickets': { board: 'service desk', since: 'last_month' },
  'ticket-notes': { ticket: 1001 },
  'ticket-time': { ticket: 1001 },
  'ticket-documents': { ticket: 1001 },
  'ticket-configurations': { ticket: 1001 },
  'client-open-tickets': { company: 'Silverline Logistics' },
  'similar-tickets': { company: 'Silverline Logistics', word: 'Backup' },
  'board-workload': { board: 'Service Desk' },
  'client-contacts': { company: 'Silverline' },
  'client-agreements': { company: 'Silverline' },
  'client-unpaid-invoices': { company: 'Silverline' },
  'client-configurations': { company: 'Silverline' },
  'contact-by-mail': { mail: 'nobody@example.com' },
  'contact-by-phone': { phone: '555' },
  'configuration-by-serial': { serial: 'x' },
  'agreement-additions': { agreement: 1 },
  'due-project-tickets': { project: 1 },
};

test('each is a job of docs/connectwise.md, with a name and a description of its own', () => {
  const doc = readFileSync(new URL('../../docs/connectwise.md', import.meta.url), 'utf8');
  for (const { job, name, description } of everydayReads) {
    expect(doc, name).toMatch(new RegExp(`^- ${job.replace('.', '\\.')} `, 'm'));
    expect(parseName(name)).toBe(name);
    expect(parseDescription(description)).toBe(description);
  }
  expect(new Set(everydayReads.map(({ name }) => name)).size).toBe(everydayReads.length);
  expect(new Set(builtInQueries.map(meaningOf)).size).toBe(everydayReads.length);
});

test.each(named)('%s fits the catalog, without a correction', async (_name, query) => {
  const { gateway } = app;
  const clock = { zone: await gateway.context.zone(), now: gateway.context.now() };
  expect(checkSavedQuery(query, await gateway.context.catalog(), clock).notes).toEqual([]);
});

test.each(named)('%s runs on the sandbox, by its name', async (name) => {
  const { text, data, isError } = await app.call('run_fast_memory', { query: name, arguments: given[name] ?? {} });
  expect(isError, text).toBe(false);
  expect(text).toMatch(/^COMPLETE/);
  expect(data.notes[0]).toContain(name);
});

describe('a period ends with its last day', () => {
  /** The entries that begin in the period, counted without the program's own reading of dates. */
  const countBetween = async (from: string, to: string) => {
    const request = { path: '/time/entries', params: { fields: 'id,timeStart' }, all_pages: true };
    const sql = `select count(*) from it where timeStart >= '${from}' and timeStart < '${to}'`;
    return (await app.call('execute_api_call', { ...request, sql })).data.table.rows[0][0] as number;
  };
  const run = async (given: Record<string, unknown>) => {
    const { text } = await app.call('run_fast_memory', { query: 'time-by-member', arguments: given });
    return { text, rows: Number(/^COMPLETE: ([\d,]+) rows/.exec(text)?.[1]?.replace(',', '')) };
  };

  test.each([
    // Clocks go forward on 8 March 2026.
    ['2026-02-01', '2026-02-28', '2026-02-01T05:00:00Z', '2026-03-01T05:00:00Z', '2026-03-01 00:00 EST'],
    ['last_month', 'last_month', '2026-02-01T05:00:00Z', '2026-03-01T05:00:00Z', '2026-03-01 00:00 EST'],
    ['2026-03-02', '2026-03-08', '2026-03-02T05:00:00Z', '2026-03-09T04:00:00Z', '2026-03-09 00:00 EDT'],
  ])('from %s to %s', async (from, to, start, end, shown) => {
    const { rows, text } = await run({ from, to });
    expect(rows).toBe(await countBetween(start, end));
    expect(rows).toBeGreaterThan(0);
    expect(text).toContain(`, before ${shown}.`);
  });

  test('a period that ends before it begins is refused, not answered with no rows', async () => {
    const { text } = await run({ from: '2026-02-28', to: '2026-02-01' });
    expect(text).toMatch(/^invalid_argument: The period ends before it begins.*Give from and to/s);
  });

  test('my schedule is that of today where no day is given', async () => {
    const { text } = await app.call('run_fast_memory', { query: 'my-schedule' });
    expect(text).toContain('dateStart from 2026-03-10 00:00 EDT, before 2026-03-11 00:00 EDT.');
  });
});

describe('a built-in query that its user does not want', () => {
  test('is hidden by deleting it, and found again after it was restored', async () => {
    await using own = await connect();
    const listed = async () => (await own.call('list_fast_memory', { search_term: 'stale' })).data.built_in;
    const [{ id }] = await listed();
    expect((await own.call('delete_from_fast_memory', { query_id: id })).text).toMatch(
      /^HIDDEN.*memory restore stale-tickets/,
    );
    expect(await listed()).toBeUndefined();
    expect((await own.call('run_fast_memory', { query: 'stale-tickets' })).text).toMatch(/^NOT RUN/);
    (await own.gateway.context.memory()).setHidden('stale-tickets', false);
    expect(await listed()).toHaveLength(1);
  });

  test('has a name that no other query can have', async () => {
    await using own = await connect();
    const save = { path: '/service/boards', description: 'Boards', name: 'Stale-Tickets' };
    expect((await own.call('save_to_fast_memory', save)).text).toMatch(/invalid_argument: .*built-in/);
  });
});
