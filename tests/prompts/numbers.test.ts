import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { referenceId } from '../../sandbox/json.ts';
import { key } from '../questions/key.ts';
import { boards, company, hours, isWithin, members, seedProvider, tickets, total } from '../questions/provider.ts';
import type { ReplyRow } from '../questions/script.ts';
import type { Connection } from '../support/connect.ts';
import { connectToKey, followPrompt } from './follow-prompt.ts';

const provider = seedProvider();
const now = '2026-03-10T15:00:00Z';
let app: Connection;
beforeAll(async () => {
  app = await connectToKey();
});
afterAll(() => app[Symbol.asyncDispose]());

const sumOf = (rows: readonly ReplyRow[] | undefined, column: string) =>
  hours((rows ?? []).reduce((sum, row) => sum + Number(row[column]), 0));
const byText = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
const openTickets = provider.rows(tickets).filter(({ closedFlag }) => closedFlag === false);

test('board health counts as the answer key does', async () => {
  const [totals, byStatus, byOwner, stale, weeks] = await followPrompt(app, 'board_health', { board: 'Service Desk' });
  const own = openTickets.filter(({ board }) => provider.nameOf(boards, board) === 'Service Desk');
  const oldest = own.map(({ dateEntered }) => dateEntered).sort()[0] ?? '';
  expect(totals?.rows).toEqual([
    {
      open: own.length,
      unassigned: (key.get('unassigned-service-desk') as number[]).length,
      out_of_sla: own.filter(({ isInSla }) => isInSla === false).length,
      oldest: oldest.replace('T', ' ').replace('Z', ''),
    },
  ]);
  expect(sumOf(byStatus?.rows, 'tickets')).toBe(own.length);
  expect(sumOf(byOwner?.rows, 'tickets')).toBe(own.length);
  const untouched = own
    .filter(({ lastUpdated }) => lastUpdated < '2026-02-24T00:00:00Z')
    .sort((a, b) => a.lastUpdated.localeCompare(b.lastUpdated));
  expect(stale?.outcome).toContain(`${untouched.length} rows in`);
  expect(stale?.rows.map(({ id }) => id)).toEqual(untouched.slice(0, 15).map(({ id }) => id));
  expect(weeks?.rows.map(({ week }) => week)).toEqual(['2026-W11', '2026-W10', '2026-W09', '2026-W08']);
  const lastWeek = weeks?.rows[1];
  const inAndOut = key.get('in-and-out') as { board: string; came: number; closed: number }[];
  expect({ board: 'Service Desk', came: lastWeek?.came, closed: lastWeek?.closed }).toEqual(
    inAndOut.find(({ board }) => board === 'Service Desk'),
  );
});

test('a name made to break out of its condition is a board that does not exist', async () => {
  const [totals] = await followPrompt(app, 'board_health', { board: '" or id > 0 or summary="' });
  expect(totals?.rows).toMatchObject([{ open: 0, unassigned: 0 }]);
});

describe('technician workload', () => {
  const february = provider
    .rows('/time/entries')
    .filter(({ timeStart }) => isWithin(timeStart, '2026-02-01', '2026-03-01'));

  test('counts as the answer key does', async () => {
    const [share, byClient, closed, open] = await followPrompt(app, 'technician_workload', { period: 'last month' });
    expect(sumOf(share?.rows, 'hours')).toBe(total(february, 'actualHours'));
    const billable = february.filter(({ billableOption }) => billableOption === 'Billable');
    expect(sumOf(share?.rows, 'billable')).toBe(total(billable, 'actualHours'));
    expect(byText(byClient?.rows ?? [])).toEqual(byText(key.get('hours-by-technician-and-client') as unknown[]));
    expect(closed?.rows.map(({ member, closed }) => ({ member, tickets: closed }))).toEqual(key.get('closed-most'));
    expect(open?.rows.map(({ owner, open }) => ({ owner, tickets: open }))).toEqual(key.get('open-by-owner'));
  });

  test.each(['asmith', 'Aaron Smith'])('is that of %s alone when asked so', async (member) => {
    const [share, byClient, closed, open] = await followPrompt(app, 'technician_workload', {
      member,
      period: 'last month',
    });
    const own = february.filter((row) => provider.nameOf(members, row.member) === 'asmith');
    expect(share?.rows).toMatchObject([{ member: 'asmith', hours: total(own, 'actualHours') }]);
    expect(new Set(byClient?.rows.map((row) => row.member))).toEqual(new Set(['asmith']));
    expect(closed?.rows).toEqual([{ member: 'asmith', closed: 14 }]);
    expect(open?.rows).toMatchObject([{ owner: 'asmith', open: 7 }]);
  });
});

describe('client overview', () => {
  test.each(['Bluefin Seafood Distributors', 'BluefinSeafood'])('counts what belongs to %s', async (name) => {
    const [who, open, months, agreements, unbilled, invoices, devices] = await followPrompt(app, 'client_overview', {
      company: name,
    });
    const id = provider.rows(company).find((row) => row.name === 'Bluefin Seafood Distributors')?.id;
    const ownOf = (path: string) => provider.rows(path).filter((row) => referenceId(row.company) === id);
    expect(who?.rows).toMatchObject([{ id, name: 'Bluefin Seafood Distributors' }]);
    const openByClient = key.get('open-by-client') as { company: string; tickets: number }[];
    const count = openByClient.find((row) => row.company === 'Bluefin Seafood Distributors')?.tickets;
    expect(open?.rows).toHaveLength(count ?? 0);
    const recent = ownOf(tickets).filter(({ dateEntered }) => dateEntered >= '2025-12-10T00:00:00Z');
    expect(sumOf(months?.rows, 'tickets')).toBe(recent.length);
    const active = ownOf('/finance/agreements').filter(({ agreementStatus }) => agreementStatus === 'Active');
    expect(sumOf(agreements?.rows, 'billAmount')).toBe(total(active, 'billAmount'));
    const entries = ownOf('/time/entries').filter(
      ({ billableOption, invoiceFlag }) => billableOption === 'Billable' && invoiceFlag === false,
    );
    expect(sumOf(unbilled?.rows, 'hours')).toBe(total(entries, 'actualHours'));
    const unpaid = ownOf('/finance/invoices').filter(({ balance }) => Number(balance) > 0);
    expect(sumOf(invoices?.rows, 'balance')).toBe(total(unpaid, 'balance'));
    const kept = ownOf('/company/configurations').filter(({ activeFlag }) => activeFlag === true);
    expect(sumOf(devices?.rows, 'devices')).toBe(kept.length);
  });
});

test.each(['2026-03-01', 'this month'])('unbilled time before %s is that of the answer key', async (until) => {
  const [byClient, byTechnician, byMonth] = await followPrompt(app, 'unbilled_time', { until });
  const unbilled = key.get('unbilled-hours') as { company: string; hours: number }[];
  expect(byClient?.rows.map(({ company, hours }) => ({ company, hours }))).toEqual(unbilled);
  expect(sumOf(byTechnician?.rows, 'hours')).toBe(sumOf(unbilled, 'hours'));
  expect(sumOf(byMonth?.rows, 'hours')).toBe(sumOf(unbilled, 'hours'));
});

test('agreements expiring are those of the answer key, with their additions in force', async () => {
  const [ending, monthly] = await followPrompt(app, 'agreements_expiring', { days: '60' });
  expect(ending?.rows.map(({ name, ends }) => ({ name, ends }))).toEqual(key.get('agreements-ending'));
  const expected = ending?.rows.map(({ id, name, company, billAmount }) => {
    const inForce = provider
      .rows('/finance/agreements/{}/additions')
      .filter(({ parentId, effectiveDate, cancelledDate }) => {
        const isCancelled = cancelledDate !== undefined && String(cancelledDate) <= now;
        return parentId === id && String(effectiveDate) <= now && !isCancelled;
      });
    return { name, company, monthly: hours(Number(billAmount ?? 0) + total(inForce, 'extPrice')) };
  });
  expect(monthly?.rows).toEqual(expected);
});
