import { company, hours, isWithin, type Provider, type Row, tally, total } from './provider.ts';
import type { Question } from './question.ts';

const agreements = '/finance/agreements';
const additions = '/finance/agreements/{}/additions';
const invoices = '/finance/invoices';
const now = '2026-03-10T15:00:00Z';

/** Additions in force: begun, and not cancelled by now. */
function additionsOf(provider: Provider, agreement: Row): Row[] {
  return provider
    .rows(additions)
    .filter(
      ({ parentId, effectiveDate, cancelledDate }) =>
        parentId === agreement.id &&
        String(effectiveDate) <= now &&
        (cancelledDate === undefined || String(cancelledDate) > now),
    );
}

function monthly(provider: Provider, agreement: Row): number {
  return hours(Number(agreement.billAmount ?? 0) + total(additionsOf(provider, agreement), 'extPrice'));
}

export const aboutMoney: readonly Question[] = [
  {
    id: 'overdue-invoices',
    asks: 'How much money is overdue, and who owes it?',
    means: 'Invoices with a balance and dueDate before now; sum of balance, in all and by client, the most first.',
    reads: [invoices, company],
    answer(provider) {
      const found = provider
        .rows(invoices)
        .filter(({ balance, dueDate }) => Number(balance) > 0 && String(dueDate) < now);
      const clients = tally(found, (row) => provider.nameOf(company, row.company))
        .map(({ name, rows }) => ({ company: name, invoices: rows.length, balance: total(rows, 'balance') }))
        .sort((a, b) => b.balance - a.balance || a.company.localeCompare(b.company, 'en'));
      return { answer: { total: total(found, 'balance'), clients }, chosen: found.length };
    },
  },
  {
    id: 'agreements-ending',
    asks: 'Which agreements run out within the next 60 days?',
    means: 'agreementStatus Active, endDate from now until 2026-05-09T15:00:00Z; by endDate.',
    reads: [agreements],
    answer(provider) {
      const found = provider
        .rows(agreements)
        .filter((row) => row.agreementStatus === 'Active' && isWithin(row.endDate, now, '2026-05-09T15:00:00Z'))
        .sort((a, b) => String(a.endDate).localeCompare(String(b.endDate)));
      const answer = found.map(({ name, endDate }) => ({ name: String(name), ends: String(endDate).slice(0, 10) }));
      return { answer, chosen: found.length };
    },
  },
  {
    id: 'revenue-of-an-agreement',
    asks: 'What does the managed services agreement with Bluefin Seafood Distributors bring in a month, with everything that was added to it?',
    means:
      'billAmount and extPrice of additions in force: effectiveDate not later than now, no cancelledDate or a later one.',
    reads: [additions, agreements],
    answer(provider) {
      const agreement = provider
        .rows(agreements)
        .find(({ name }) => name === 'Managed Services - Bluefin Seafood Distributors');
      if (agreement === undefined) return { answer: null, chosen: 0 };
      return { answer: monthly(provider, agreement), chosen: additionsOf(provider, agreement).length };
    },
  },
  {
    id: 'recurring-revenue',
    asks: 'What is our monthly recurring revenue by type of agreement?',
    means: 'Agreements with agreementStatus Active: billAmount and extPrice of their additions in force; by type name.',
    reads: [agreements, additions, '/finance/agreements/types'],
    answer(provider) {
      const active = provider.rows(agreements).filter(({ agreementStatus }) => agreementStatus === 'Active');
      const types = tally(active, ({ type }) => provider.nameOf('/finance/agreements/types', type));
      const answer = types
        .map(({ name, rows }) => ({
          type: name,
          agreements: rows.length,
          monthly: hours(rows.reduce((sum, row) => sum + monthly(provider, row), 0)),
        }))
        .sort((a, b) => a.type.localeCompare(b.type, 'en'));
      return { answer, chosen: active.length };
    },
  },
];
