import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';
import { readWholeList } from '../support/read-list.ts';

// Built-in queries against the sandbox's records, which are read whole and filtered here without any condition.

type Row = Readonly<Record<string, unknown>>;

const at = (row: Row, path: string): string => {
  let value: unknown = row;
  for (const name of path.split('/')) value = (value as Row | undefined)?.[name];
  return value === undefined || value === null ? '' : String(value);
};
const isOpen = (row: Row) => row.closedFlag === false;
const isOf = (row: Row, member: string) =>
  at(row, 'owner/identifier') === member || at(row, 'resources').split(', ').includes(member);
const between = (text: string, from: string, to: string) => text >= from && text < to;

let app: Connection;
beforeAll(async () => {
  app = await connect({ environment: { CONNECTWISE_MEMBER: 'jmarsh', CONNECTWISE_TIMEZONE: 'UTC' } });
});
afterAll(() => app[Symbol.asyncDispose]());

const readAll = async (path: string) => readWholeList(await app.gateway.context.client(), path);

const tickets = '/service/tickets';

// The clock of the tests reads Tuesday, 2026-03-10, 15:00.
test.each<[string, Record<string, unknown>, string, (row: Row) => boolean]>([
  ['my-open-tickets', {}, tickets, (row) => isOpen(row) && isOf(row, 'jmarsh')],
  ['my-open-tickets', { member: 'bkaur' }, tickets, (row) => isOpen(row) && isOf(row, 'bkaur')],
  ['my-open-project-tickets', { member: 'asmith' }, '/project/tickets', (row) => isOpen(row) && isOf(row, 'asmith')],
  [
    'unassigned-tickets',
    { board: 'Service Desk' },
    tickets,
    (row) => isOpen(row) && at(row, 'board/name') === 'Service Desk' && row.owner === undefined,
  ],
  [
    'recently-updated-tickets',
    { board: 'service desk', since: '2026-03-01' },
    tickets,
    (row) =>
      isOpen(row) && at(row, 'board/name') === 'Service Desk' && at(row, '_info/lastUpdated') > '2026-03-01T00:00:00Z',
  ],
  [
    'stale-tickets',
    {},
    tickets,
    (row) =>
      isOpen(row) &&
      at(row, '_info/lastUpdated') < '2026-02-24T00:00:00Z' &&
      at(row, 'status/name') !== 'Waiting Customer',
  ],
  [
    'client-open-tickets',
    { company: 'Northgate' },
    tickets,
    (row) => isOpen(row) && at(row, 'company/name') === 'Northgate Manufacturing',
  ],
  [
    'similar-tickets',
    { company: 'Silverline', word: 'backup' },
    tickets,
    (row) =>
      at(row, 'company/name') === 'Silverline Logistics' &&
      /backup/i.test(at(row, 'summary')) &&
      at(row, '_info/dateEntered') > '2025-03-10T00:00:00Z',
  ],
  ['sla-breached-tickets', {}, tickets, (row) => isOpen(row) && row.isInSla === false],
  [
    'open-time-sheets',
    { member: 'bkaur' },
    '/time/sheets',
    (row) => at(row, 'member/identifier') === 'bkaur' && row.status === 'Open',
  ],
  [
    'my-schedule',
    { member: 'bkaur' },
    '/schedule/entries',
    (row) =>
      at(row, 'member/identifier') === 'bkaur' &&
      between(at(row, 'dateStart'), '2026-03-10', '2026-03-11') &&
      row.doneFlag === false,
  ],
  [
    'client-contacts',
    { company: 'Silverline' },
    '/company/contacts',
    (row) => at(row, 'company/name') === 'Silverline Logistics',
  ],
  [
    'client-agreements',
    { company: 'Silverline' },
    '/finance/agreements',
    (row) => at(row, 'company/name') === 'Silverline Logistics' && row.agreementStatus === 'Active',
  ],
  [
    'client-unpaid-invoices',
    { company: 'Granite State Electric' },
    '/finance/invoices',
    (row) => at(row, 'company/name') === 'Granite State Electric Supply' && Number(row.balance) > 0,
  ],
  [
    'client-configurations',
    { company: 'Silverline' },
    '/company/configurations',
    (row) => at(row, 'company/name') === 'Silverline Logistics' && row.activeFlag === true,
  ],
  [
    'expiring-warranties',
    {},
    '/company/configurations',
    (row) => row.activeFlag === true && between(at(row, 'warrantyExpirationDate'), '2026-03-10', '2026-06-08'),
  ],
  [
    'expiring-agreements',
    { until: 'today+1y' },
    '/finance/agreements',
    (row) =>
      row.agreementStatus === 'Active' &&
      row.noEndingDateFlag === false &&
      between(at(row, 'endDate'), '2026-03-10', '2027-03-10'),
  ],
  ['overdue-invoices', {}, '/finance/invoices', (row) => Number(row.balance) > 0 && at(row, 'dueDate') < '2026-03-10'],
  [
    'closing-opportunities',
    {},
    '/sales/opportunities',
    (row) => row.closedDate === undefined && at(row, 'expectedCloseDate') < '2026-04-01',
  ],
  [
    'late-projects',
    {},
    '/project/projects',
    (row) => isOpen(row) && at(row, 'estimatedEnd') !== '' && at(row, 'estimatedEnd') < '2026-03-10',
  ],
])('%s with %j answers what the records say', async (query, given, path, key) => {
  const expected = (await readAll(path)).filter(key).map(({ id }) => Number(id));
  const { text, data } = await app.call('run_fast_memory', { query, arguments: given, max_tokens: 8_000 });
  expect(text).toMatch(new RegExp(`^COMPLETE: ${expected.length} row`));
  const shown = (data.table?.rows ?? []).map((row: unknown[]) => Number(row[data.table.columns.indexOf('id')]));
  expect(expected).toEqual(expect.arrayContaining(shown));
  expect(expected.length, 'an answer without rows would show little').toBeGreaterThan(0);
});

const sum = (rows: readonly Row[]) =>
  Math.round(rows.reduce((total, row) => total + Number(row.actualHours), 0) * 100) / 100;

test('reports add up what the records say', async () => {
  const entries = await readAll('/time/entries');
  const report = async (query: string, given: Record<string, unknown>) =>
    (await app.call('run_fast_memory', { query, arguments: given, max_tokens: 8_000 })).data.table.rows as unknown[][];
  const mine = entries.filter(
    (row) => at(row, 'member/identifier') === 'asmith' && between(at(row, 'timeStart'), '2026-02-01', '2026-03-01'),
  );
  const byOption = await report('my-time', { member: 'asmith', from: 'last_month.start', to: 'last_month.end' });
  expect(mine.length).toBeGreaterThan(5);
  expect(byOption.reduce((total, [, count]) => total + Number(count), 0)).toBe(mine.length);
  for (const [option, , hours] of byOption)
    expect(hours).toBeCloseTo(sum(mine.filter((row) => row.billableOption === option)), 2);

  const unbilled = entries.filter(
    (row) => row.billableOption === 'Billable' && row.invoiceFlag === false && at(row, 'timeStart') < '2026-03-01',
  );
  const byClient = await report('unbilled-time', {});
  expect(byClient.reduce((total, [, count]) => total + Number(count), 0)).toBe(unbilled.length);

  const board = (await readAll(tickets)).filter((row) => isOpen(row) && at(row, 'board/name') === 'Service Desk');
  const workload = await report('board-workload', { board: 'Service Desk' });
  expect(workload.reduce((total, [, , count]) => total + Number(count), 0)).toBe(board.length);

  const over = (await readAll('/project/projects')).filter(
    (row) => isOpen(row) && Number(row.budgetHours) > 0 && Number(row.actualHours) > Number(row.budgetHours),
  );
  const projects = await app.call('run_fast_memory', { query: 'projects-over-budget' });
  expect(projects.data.table?.rows.map(([id]: unknown[]) => Number(id)).sort()).toEqual(
    over.map(({ id }) => Number(id)).sort(),
  );
});
