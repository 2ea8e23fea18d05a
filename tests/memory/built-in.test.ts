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
