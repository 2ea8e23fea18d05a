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
  'ticket-history': { ticket: 1001 },
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

describe('a built-in query that means what one of the user means', () => {
  const conditions = 'closedFlag=false and (owner/identifier="{member=me}" or resources contains "{member}")';
  const own = {
    path: '/service/tickets',
    description: 'What I still have to do',
    params: { conditions, fields: 'id', orderBy: 'id asc' },
  };
  const withOwn = async () => {
    const connected = await connect({ environment: { CONNECTWISE_MEMBER: 'jmarsh' } });
    const { data } = await connected.call('save_to_fast_memory', own);
    return { connected, id: Number(data.saved.id) };
  };

  test('is listed with it, and with its conditions', async () => {
    const { connected, id } = await withOwn();
    await using _ = connected;
    const { data } = await connected.call('list_fast_memory', { search_term: 'my-open-tickets' });
    expect(data.total).toBe(1);
    expect(data.queries).toMatchObject([{ id, description: own.description }]);
    expect(data.built_in).toMatchObject([
      { query: 'my-open-tickets', path: '/service/tickets', params: { conditions }, arguments: 'member=me' },
    ]);
    expect((await connected.call('list_fast_memory', { search_term: 'still' })).data.total).toBe(1);
  });

  test('is offered after it by a search, and words that mean either run neither', async () => {
    const { connected, id } = await withOwn();
    await using _ = connected;
    const found = await connected.call('natural_language_api_search', { query: 'my open tickets' });
    expect(found.data.queries.slice(0, 2)).toMatchObject([{ query: String(id) }, { query: 'my-open-tickets' }]);
    const run = await connected.call('run_fast_memory', { query: 'my open tickets' });
    expect(run.text).toMatch(/^NOT RUN/);
    expect(run.data.queries.slice(0, 2)).toMatchObject([{ query: String(id) }, { query: 'my-open-tickets' }]);
    const named = await connected.call('run_fast_memory', { query: 'my-open-tickets' });
    expect(named.data.notes[0]).toContain('Saved query my-open-tickets');
  });

  test('is not listed with one that asks something else of the same endpoint', async () => {
    await using connected = await connect();
    await connected.call('save_to_fast_memory', {
      ...own,
      description: 'Tickets of a board',
      params: { conditions: 'board/name="{board}"' },
    });
    expect((await connected.call('list_fast_memory', { search_term: 'my-open-tickets' })).data.total).toBe(0);
    expect(
      (await connected.call('run_fast_memory', { query: 'my open tickets', arguments: { member: 'jmarsh' } })).text,
    ).toMatch(/^COMPLETE/);
  });

  test('shows its conditions wherever a search finds it; the rest is named', async () => {
    await using connected = await connect();
    const { data, text } = await connected.call('list_fast_memory', { search_term: 'ticket' });
    expect(data.built_in.length).toBeGreaterThan(5);
    const filtered = data.built_in.filter(({ query }: { query: string }) => !query.startsWith('ticket-'));
    expect(filtered.every(({ params }: { params?: { conditions?: string } }) => params?.conditions)).toBe(true);
    const named = [
      ...data.built_in.map(({ query }: { query: string }) => query),
      ...(data.more_built_in ?? '').split(', '),
    ];
    const expected = (await connected.gateway.context.memory()).builtIn('ticket').map(({ name }) => name);
    expect(named.filter((name) => name !== '')).toEqual(expected);
    expect(Buffer.byteLength(text) / 4).toBeLessThan(1_500);
  });
});

test('the history of a ticket is what the audit trail holds of it, by parameters that the catalog knows', async () => {
  await using own = await connect();
  const client = await own.gateway.context.client();
  const change = async (summary: string) => {
    const given = { method: 'PATCH', path: '/service/tickets/1417', data: { summary } };
    const { data } = await own.call('execute_api_call', given);
    await own.call('confirm_api_write', { change_id: data.change_id });
  };
  await change('The internet is down');
  await change('The internet is down again');
  const query = { type: 'Ticket', id: '1417', pageSize: '1000' };
  const { body } = await client.send({ method: 'GET', path: '/system/audittrail', query });
  const expected = (body as { enteredDate?: string; text?: string }[]).length;
  expect(expected).toBeGreaterThan(1);
  const run = await own.call('run_fast_memory', { query: 'history of ticket 1417' });
  expect(run.text).toMatch(new RegExp(`^COMPLETE: ${expected} rows`));
  expect(run.data.notes.slice(0, 2)).toEqual([
    expect.stringContaining('Saved query ticket-history'),
    'With ticket=1417.',
  ]);

  const typed = await own.call('execute_api_call', {
    path: '/system/audittrail',
    params: { type: 'Ticket', id: 1417 },
  });
  expect(typed.text).toMatch(new RegExp(`^COMPLETE: ${expected} rows`));
  expect(typed.text).not.toContain('no parameter');
  const { data } = await own.call('get_api_endpoint_details', { path: '/system/audittrail' });
  expect(JSON.stringify(data)).toMatch(/"type".*"id"/);

  const params = { type: '{kind=Ticket}', id: '{record}' };
  const save = { path: '/system/audittrail', description: 'Changes of a record', params };
  const saved = await own.call('save_to_fast_memory', save);
  expect([saved.data.notes, saved.data.saved.arguments]).toEqual([undefined, 'kind=Ticket, record']);
  const given = { record: 'x' };
  const wrong = await own.call('run_fast_memory', { query: 'changes of a record', arguments: given });
  expect(wrong.text).toMatch(/The argument record "x" is not a number/);
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
