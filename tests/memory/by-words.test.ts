import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';

// Saved queries asked for in a person's words: every word counts, or nothing runs. The clock reads Tuesday, 2026-03-10,
// 15:00 UTC.

let app: Connection;
beforeAll(async () => {
  app = await connect({ environment: { CONNECTWISE_MEMBER: 'jmarsh', CONNECTWISE_TIMEZONE: 'America/New_York' } });
});
afterAll(() => app[Symbol.asyncDispose]());

type Row = Readonly<Record<string, unknown>>;

const nameIn = (row: Row, member: string, name = 'identifier') => (row[member] as Row | undefined)?.[name];

async function idsOf(path: string, wanted: (row: Row) => boolean): Promise<number[]> {
  const client = await app.gateway.context.client();
  const ids: number[] = [];
  for (let page = 1; ; page++) {
    const { body } = await client.send({ method: 'GET', path, query: { pageSize: '1000', page: String(page) } });
    const rows = body as Row[];
    ids.push(...rows.filter(wanted).map(({ id }) => Number(id)));
    if (rows.length < 1_000) return ids;
  }
}

const run = (query: string, given?: Record<string, unknown>) =>
  app.call('run_fast_memory', { query, max_tokens: 8_000, ...(given && { arguments: given }) });

const idsIn = ({ data }: Awaited<ReturnType<typeof run>>): number[] =>
  (data.table?.rows ?? []).map((row: unknown[]) => Number(row[data.table.columns.indexOf('id')]));

const sorted = (ids: readonly number[]) => [...ids].sort((one, other) => one - other);

const within = (row: Row, member: string, from: string, to: string) =>
  String(row[member]) >= from && String(row[member]) < to;

describe('words that a saved query takes up', () => {
  test.each([
    ['my schedule', '2026-03-10T04:00:00Z', '2026-03-11T04:00:00Z'],
    ['my schedule today', '2026-03-10T04:00:00Z', '2026-03-11T04:00:00Z'],
    ['show me my schedule for tomorrow, please', '2026-03-11T04:00:00Z', '2026-03-12T04:00:00Z'],
    ["what's on my schedule this week", '2026-03-09T04:00:00Z', '2026-03-16T04:00:00Z'],
    ['my schedule last month', '2026-02-01T05:00:00Z', '2026-03-01T05:00:00Z'],
    ['my schedule 2026-03-12', '2026-03-12T04:00:00Z', '2026-03-13T04:00:00Z'],
    ['my schedule from 2026-03-11 to 2026-03-13', '2026-03-11T04:00:00Z', '2026-03-14T04:00:00Z'],
  ])('%s is read from %s to %s', async (words, from, to) => {
    const reply = await run(words);
    const mine = (row: Row) => nameIn(row, 'member') === 'jmarsh' && row.doneFlag === false;
    const expected = await idsOf('/schedule/entries', (row) => mine(row) && within(row, 'dateStart', from, to));
    expect(reply.text).toMatch(new RegExp(`^COMPLETE: ${expected.length} rows?`));
    expect(sorted(idsIn(reply))).toEqual(sorted(expected));
  });

  test('a period of time entries is added up', async () => {
    const { data } = await run('my time yesterday');
    const mine = await idsOf(
      '/time/entries',
      (row) =>
        nameIn(row, 'member') === 'jmarsh' && within(row, 'timeStart', '2026-03-09T04:00:00Z', '2026-03-10T04:00:00Z'),
    );
    expect(mine.length).toBeGreaterThan(0);
    const counts = data.table.rows.map((row: unknown[]) => Number(row[1]));
    expect(counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(mine.length);
    expect(data.notes[1]).toBe('With member=jmarsh, timeStart from 2026-03-09 00:00 EDT, before 2026-03-10 00:00 EDT.');
  });

  test.each([
    ['open tickets of client Silverline', 'company/name', 'Silverline Logistics'],
    ["What are Northgate's open tickets?", 'company/name', 'Northgate Manufacturing'],
    ['Unassigned tickets that nobody owns, on board Service Desk', 'board/name', 'Service Desk'],
  ])('%s fills %s', async (words, path, name) => {
    const reply = await run(words);
    const [member = '', part = ''] = path.split('/');
    const expected = await idsOf(
      '/service/tickets',
      (row) =>
        row.closedFlag === false &&
        nameIn(row, member, part) === name &&
        (member === 'company' || row.owner === undefined),
    );
    expect(reply.text).toMatch(new RegExp(`^COMPLETE: ${expected.length} rows`));
    expect(reply.data.notes[1]).toContain(`="${name}" (`);
    expect(expected).toEqual(expect.arrayContaining(idsIn(reply)));
  });

  test.each([
    ['my open tix', 'my-open-tickets'],
    ['contracts expiring', 'expiring-agreements'],
    ['agreements that expire in the next 30 days', 'expiring-agreements'],
    ['notes of ticket 1001', 'ticket-notes'],
    ['all notes of ticket #1001', 'ticket-notes'],
    ['open time sheets of bkaur', 'open-time-sheets'],
  ])('%s runs %s', async (words, name) => {
    const { text, data } = await run(words);
    expect(text).toMatch(/^COMPLETE/);
    expect(data.notes[0]).toContain(`Saved query ${name}:`);
  });

  test('next 30 days takes the place of the default', async () => {
    const { data } = await run('agreements that expire in the next 30 days');
    expect(data.notes[1]).toBe('With endDate from 2026-03-10, before 2026-04-09.');
  });
});

describe('words that a saved query leaves open', () => {
  test.each<[string, string, string]>([
    ['overdue invoices of Maple Leaf', 'overdue-invoices', 'Maple Leaf'],
    ['overdue invoices from last month', 'overdue-invoices', 'last month'],
    ['my open tickets for Silverline Logistics', 'my-open-tickets', 'Silverline Logistics'],
    ['my open tickets on the Service Desk board', 'my-open-tickets', 'Desk board'],
    ['my schedule monday', 'my-schedule', 'monday'],
    ['my time without lunch', 'my-time', 'without lunch'],
    ['open tickets of client Nobody Inc', 'client-open-tickets', 'Nobody Inc'],
    ['find a contact by phone number 5', 'contact-by-phone', '5'],
    ['unbilled billable time this month', 'unbilled-time', 'this month'],
    ['stale open tickets of the last 7 days', 'stale-tickets', 'last 7 days'],
  ])('%s runs nothing, and names %s and “%s”', async (words, name, open) => {
    const { text, data } = await run(words);
    expect(text).toMatch(/^NOT RUN/);
    expect(data.table).toBeUndefined();
    expect(data.queries[0].query).toBe(name);
    expect(data.outcome).toContain(JSON.stringify(open));
    expect(data.next).toContain(`run_fast_memory {"query":"${name}"`);
  });

  test('the call that it names holds what is known, and runs', async () => {
    const { data } = await run('my time on Widgets last month');
    expect(data.next).toContain('{"query":"my-time","arguments":{"from":"last month.start","to":"last month.end"}}');
    const again = await run('my-time', { from: 'last month.start', to: 'last month.end' });
    expect(again.data.notes[1]).toBe(
      'With member=jmarsh, timeStart from 2026-02-01 00:00 EST, before 2026-03-01 00:00 EST.',
    );
  });

  test('what the caller gives as an argument may be in the words too', async () => {
    const given = { company: 'Silverline Logistics' };
    expect((await run('open tickets of client Silverline Logistics', given)).text).toMatch(/^COMPLETE/);
    const other = await run('open tickets of client Silverline Logistics since yesterday', given);
    expect(other.text).toMatch(/^NOT RUN/);
    expect(other.data.next).toContain('{"query":"client-open-tickets","arguments":{"company":"Silverline Logistics"}}');
    const period = { from: 'yesterday.start', to: 'yesterday.end' };
    expect((await run('my time yesterday', period)).text).toMatch(/^COMPLETE/);
    expect((await run('my time yesterday', { from: 'last month' })).text).toMatch(/^NOT RUN/);
  });

  test('a query of the user is held to its words as a built-in is', async () => {
    await using own = await connect();
    await own.call('save_to_fast_memory', {
      path: '/service/tickets',
      description: 'Printer tickets since a date',
      params: { conditions: 'summary contains "print" and dateEntered>=[{since=last_month}]' },
    });
    const ask = (query: string) => own.call('run_fast_memory', { query });
    expect((await ask('printer tickets since a date')).text).toMatch(/^(COMPLETE|PARTIAL)/);
    expect((await ask('printer tickets since yesterday')).data.notes[1]).toContain('dateEntered from 2026-03-09 00:00');
    expect((await ask('printer tickets since a date for toner')).text).toMatch(/^NOT RUN/);
  });
});
