import { referenceId } from '../../sandbox/json.ts';
import { boards, company, ids, isWithin, members, type Provider, type Row, tally, tickets } from './provider.ts';
import type { Question } from './question.ts';

const openTickets = (provider: Provider): Row[] =>
  provider.rows(tickets).filter(({ closedFlag }) => closedFlag === false);

const companyOf = (provider: Provider) => (row: Row) => provider.nameOf(company, row.company);

/** Open service tickets. */
export const aboutTickets: readonly Question[] = [
  {
    id: 'open-by-client',
    asks: 'How many open tickets does each client have right now?',
    means: 'Service tickets with closedFlag false; clients without any are left out; the most first, then by name.',
    reads: [tickets],
    answer(provider) {
      const open = openTickets(provider);
      const answer = tally(open, companyOf(provider)).map(({ name, rows }) => ({
        company: name,
        tickets: rows.length,
      }));
      return { answer, chosen: open.length };
    },
  },
  {
    id: 'open-by-owner',
    asks: 'Who has how many open tickets on his desk, and how many have nobody?',
    means: 'Service tickets with closedFlag false by identifier of the owner; null for none; the most first.',
    reads: [tickets, members],
    answer(provider) {
      const open = openTickets(provider);
      const owners = tally(open, ({ owner }) => provider.nameOf(members, owner));
      return {
        answer: owners.map(({ name, rows }) => ({ owner: name || null, tickets: rows.length })),
        chosen: open.length,
      };
    },
  },
  {
    id: 'unassigned-service-desk',
    asks: 'Which open tickets on the Service Desk board are not assigned to anybody?',
    means: 'closedFlag false, no owner; ticket numbers.',
    reads: [tickets, boards],
    answer(provider) {
      const found = openTickets(provider).filter(
        ({ board, owner }) => provider.nameOf(boards, board) === 'Service Desk' && owner === undefined,
      );
      return { answer: ids(found), chosen: found.length };
    },
  },
  {
    id: 'sla-breached-urgent',
    asks: 'Which open tickets with priority High or above are out of SLA?',
    means: 'closedFlag false, isInSla false, priority Critical, Urgent or High; ticket numbers.',
    reads: [tickets, '/service/priorities'],
    answer(provider) {
      const found = openTickets(provider).filter(
        ({ isInSla, priority }) =>
          isInSla === false &&
          ['Critical', 'Urgent', 'High'].includes(provider.nameOf('/service/priorities', priority)),
      );
      return { answer: ids(found), chosen: found.length };
    },
  },
  {
    id: 'oldest-open',
    asks: 'What are our ten oldest open tickets, and how old are they?',
    means: 'By dateEntered, the oldest first; age in whole days until now.',
    reads: [tickets],
    answer(provider) {
      const now = Date.parse('2026-03-10T15:00:00Z');
      const oldest = openTickets(provider)
        .sort((a, b) => a.dateEntered.localeCompare(b.dateEntered))
        .slice(0, 10);
      const answer = oldest.map((row) => ({
        id: row.id,
        company: provider.nameOf(company, row.company),
        days: Math.floor((now - Date.parse(row.dateEntered)) / 86_400_000),
      }));
      return { answer, chosen: oldest.length };
    },
  },
  {
    id: 'one-backup-alert',
    asks: 'The backup of SILVER-SRV011 keeps failing. How many tickets has that alert made since the end of January, and which are still open?',
    means: 'Summary "Backup failed: SILVER-SRV011", entered since 2026-01-24; open by number.',
    reads: [tickets],
    answer(provider) {
      const found = provider
        .rows(tickets)
        .filter(
          ({ summary, dateEntered }) => summary === 'Backup failed: SILVER-SRV011' && dateEntered >= '2026-01-24',
        );
      const open = ids(found.filter(({ closedFlag }) => closedFlag === false));
      return { answer: { tickets: found.length, open }, chosen: found.length };
    },
  },
  {
    id: 'client-by-nickname',
    asks: 'What is open for "the Leaf"?',
    means: 'The client whose tickets call it so: Maple Leaf Credit Union; all its open service tickets by number.',
    reads: [tickets, company],
    answer(provider) {
      const nicknamed = provider.rows(tickets).filter(({ summary }) => /\bleaf\b/i.test(String(summary)));
      const companies = new Set(nicknamed.map((row) => referenceId(row.company)));
      const found = openTickets(provider).filter((row) => companies.has(referenceId(row.company)));
      return {
        answer: { company: [...companies].map((id) => provider.nameOf(company, { id: id ?? 0 })), tickets: ids(found) },
        chosen: found.length,
      };
    },
  },
  {
    id: 'client-with-a-twin',
    asks: 'Which tickets does Harbor View Dental Associates in Portsmouth have open?',
    means: 'Not Harborview Dental Group in Portland; ticket numbers.',
    reads: [tickets, company],
    answer(provider) {
      const found = openTickets(provider).filter(
        (row) => provider.nameOf(company, row.company) === 'Harbor View Dental Associates',
      );
      return { answer: ids(found), chosen: found.length };
    },
  },
  {
    id: 'stale',
    asks: 'Which open tickets has nobody touched for two weeks, leaving out those that wait for the customer?',
    means: 'lastUpdated before 2026-02-24T15:00:00Z, status not "Waiting Customer"; ticket numbers.',
    reads: [tickets, '/service/boards/{}/statuses'],
    answer(provider) {
      const found = openTickets(provider).filter(
        ({ lastUpdated, status }) =>
          lastUpdated < '2026-02-24T15:00:00Z' &&
          provider.nameOf('/service/boards/{}/statuses', status) !== 'Waiting Customer',
      );
      return { answer: ids(found), chosen: found.length };
    },
  },
  {
    id: 'owner-has-left',
    asks: 'Are there open tickets that belong to somebody who has left?',
    means: 'The owner has inactiveFlag true; ticket number and identifier of the owner.',
    reads: [tickets, members],
    answer(provider) {
      const gone = new Set(
        provider.rows(members).flatMap(({ id, inactiveFlag }) => (inactiveFlag === true ? [id] : [])),
      );
      const found = openTickets(provider).filter(({ owner }) => gone.has(referenceId(owner) ?? 0));
      const answer = found.map(({ id, owner }) => ({ id, owner: provider.nameOf(members, owner) }));
      return { answer, chosen: found.length };
    },
  },
];

/** Service tickets over some time. */
export const aboutTicketHistory: readonly Question[] = [
  {
    id: 'noisiest-clients',
    asks: 'Which three clients have opened the most tickets in the last 90 days?',
    means: 'Entered since 2025-12-10T15:00:00Z, all boards; the most first.',
    reads: [tickets],
    answer(provider) {
      const recent = provider.rows(tickets).filter(({ dateEntered }) => dateEntered >= '2025-12-10T15:00:00Z');
      const top = tally(recent, companyOf(provider)).slice(0, 3);
      const answer = top.map(({ name, rows }) => ({ company: name, tickets: rows.length }));
      return { answer, chosen: top.flatMap(({ rows }) => rows).length };
    },
  },
  {
    id: 'closed-most',
    asks: 'Who closed the most tickets last month?',
    means: 'closedDate in February 2026; closedBy with the number of tickets, the most first.',
    reads: [tickets],
    answer(provider) {
      const closed = provider.rows(tickets).filter((row) => isWithin(row.closedDate, '2026-02-01', '2026-03-01'));
      const answer = tally(closed, ({ closedBy }) => String(closedBy)).map(({ name, rows }) => ({
        member: name,
        tickets: rows.length,
      }));
      return { answer, chosen: closed.length };
    },
  },
  {
    id: 'first-response',
    asks: 'How long did customers wait for our first response last month, on average, by priority?',
    means:
      'Entered in February 2026 with a dateResponded; mean of respondMinutes, rounded; by the sortOrder of priorities.',
    reads: [tickets, '/service/priorities'],
    answer(provider) {
      const answered = provider
        .rows(tickets)
        .filter((row) => isWithin(row.dateEntered, '2026-02-01', '2026-03-01') && row.dateResponded !== undefined);
      const answer = provider.rows('/service/priorities').flatMap(({ id, name }) => {
        const own = answered.filter(({ priority }) => referenceId(priority) === id);
        const sum = own.reduce((minutes, { respondMinutes }) => minutes + Number(respondMinutes), 0);
        return own.length === 0
          ? []
          : [{ priority: String(name), tickets: own.length, minutes: Math.round(sum / own.length) }];
      });
      return { answer, chosen: answered.length };
    },
  },
  {
    id: 'in-and-out',
    asks: 'How many tickets came in last week and how many did we close, per board?',
    means: 'dateEntered and closedDate from Monday 2026-03-02 until Monday 2026-03-09; boards by name.',
    reads: [tickets, boards],
    answer(provider) {
      const within = (value: Row[string]) => isWithin(value, '2026-03-02', '2026-03-09');
      const moved = provider.rows(tickets).filter((row) => within(row.dateEntered) || within(row.closedDate));
      const answer = tally(moved, ({ board }) => provider.nameOf(boards, board)).map(({ name, rows }) => ({
        board: name,
        came: rows.filter((row) => within(row.dateEntered)).length,
        closed: rows.filter((row) => within(row.closedDate)).length,
      }));
      return { answer: answer.sort((a, b) => a.board.localeCompare(b.board)), chosen: moved.length };
    },
  },
  {
    id: 'site-with-a-twin',
    asks: 'How many tickets did we have this past year for Warehouse 2 of Coastal Freight?',
    means: 'Site "Warehouse 2" of Coastal Freight Lines, not "Warehouse" or "Warehouse East"; open and closed.',
    reads: [tickets, '/company/companies/{}/sites'],
    answer(provider) {
      const site = provider.rows('/company/companies/{}/sites').find(({ name }) => name === 'Warehouse 2');
      const found = provider.rows(tickets).filter((row) => referenceId(row.site) === site?.id);
      return { answer: found.length, chosen: found.length };
    },
  },
];
