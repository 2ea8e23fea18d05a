import { idsIn, read, type Script, tableOf } from './script.ts';

const tickets = '/service/tickets';

const numbers: Script['say'] = ([row]) => idsIn(row?.ids);

/** Open service tickets. */
export const ticketScripts: readonly Script[] = [
  {
    id: 'open-by-client',
    calls: [
      read(
        tickets,
        'closedFlag=false',
        'select company_name company, count(*) tickets from it group by 1 order by 2 desc, 1',
        'id,company/name',
      ),
    ],
  },
  {
    id: 'open-by-owner',
    calls: [
      read(
        tickets,
        'closedFlag=false',
        'select owner_identifier owner, count(*) tickets from it group by 1 order by 2 desc, 1',
        'id,owner/identifier',
      ),
    ],
  },
  {
    id: 'unassigned-service-desk',
    calls: [
      read(
        tickets,
        "closedFlag=false and board/name='Service Desk' and owner=null",
        'select group_concat(id) ids from it',
      ),
    ],
    say: numbers,
  },
  {
    id: 'sla-breached-urgent',
    calls: [
      read('/service/priorities', '', 'select name, sortOrder from it order by sortOrder'),
      (earlier) =>
        read(
          tickets,
          'closedFlag=false and isInSla=false',
          `select group_concat(i.id) ids from it i join ${tableOf(earlier)} p on p.id = i.priority_id where p.sortOrder <= (select sortOrder from ${tableOf(earlier)} where name = 'High')`,
        ),
    ],
    say: numbers,
  },
  {
    id: 'oldest-open',
    calls: [
      read(
        tickets,
        'closedFlag=false',
        "select id, company_name company, cast(hours_between(dateEntered, '2026-03-10T15:00:00Z') / 24 as int) days from it order by dateEntered limit 10",
      ),
    ],
  },
  {
    id: 'one-backup-alert',
    calls: [
      read(
        tickets,
        "summary contains 'SILVER-SRV011' and dateEntered >= [2026-01-24]",
        'select summary, count(*) tickets, group_concat(id) filter (where not closedFlag) open from it group by 1',
      ),
    ],
    // Other alerts of the same server would match too.
    say: (rows) => {
      const alert = rows.find(({ summary }) => /backup/i.test(String(summary)));
      return { tickets: Number(alert?.tickets), open: idsIn(alert?.open) };
    },
  },
  {
    id: 'client-by-nickname',
    calls: [
      read(tickets, "summary contains 'Leaf'", 'select company_name, count(*) n from it group by 1 order by 2 desc'),
      ([named]) =>
        read(
          tickets,
          `closedFlag=false and company/name='${named?.rows[0]?.company_name}'`,
          'select company_name company, group_concat(id) ids from it group by 1',
        ),
    ],
    say: (rows) => ({ company: rows.map(({ company }) => company ?? ''), tickets: idsIn(rows[0]?.ids) }),
  },
  {
    id: 'client-with-a-twin',
    calls: [
      read(
        tickets,
        "closedFlag=false and company/name='Harbor View Dental Associates'",
        'select group_concat(id) ids from it',
      ),
    ],
    say: numbers,
  },
  {
    id: 'stale',
    calls: [
      read(
        tickets,
        'closedFlag=false and lastUpdated < [2026-02-24T15:00:00Z]',
        'select status_name status, group_concat(id) ids from it group by 1',
      ),
    ],
    // Which statuses mean that the customer is waited for is read from their names.
    say: (rows) =>
      rows
        .filter(({ status }) => !/customer|client/i.test(String(status)))
        .flatMap(({ ids }) => idsIn(ids))
        .sort((a, b) => a - b),
  },
  {
    id: 'owner-has-left',
    calls: [
      read('/system/members', 'inactiveFlag=true', 'select identifier from it'),
      (earlier) =>
        read(
          tickets,
          'closedFlag=false and owner!=null',
          `select id, owner_identifier owner from it where owner_id in (select id from ${tableOf(earlier)}) order by id`,
        ),
    ],
  },
];

/** Service tickets over some time. */
export const historyScripts: readonly Script[] = [
  {
    id: 'noisiest-clients',
    calls: [
      read(
        tickets,
        'dateEntered >= [2025-12-10T15:00:00Z]',
        'select company_name company, count(*) tickets from it group by 1 order by 2 desc limit 3',
      ),
    ],
  },
  {
    id: 'closed-most',
    calls: [
      read(
        tickets,
        'closedDate = [last month]',
        'select closedBy member, count(*) tickets from it group by 1 order by 2 desc, 1',
      ),
    ],
  },
  {
    id: 'first-response',
    calls: [
      read(
        tickets,
        'dateEntered = [last month] and dateResponded != null',
        'select priority_name priority, count(*) tickets, round(avg(respondMinutes)) minutes from it group by 1 order by min(priority_sort)',
      ),
    ],
  },
  {
    id: 'in-and-out',
    calls: [
      read(
        tickets,
        'dateEntered = [last week] or closedDate = [last week]',
        "select board_name board, sum(dateEntered >= '2026-03-02' and dateEntered < '2026-03-09') came, sum(closedDate >= '2026-03-02' and closedDate < '2026-03-09') closed from it group by 1 order by 1",
      ),
    ],
  },
  {
    id: 'site-with-a-twin',
    calls: [
      read(
        tickets,
        "company/name contains 'Coastal Freight' and site/name contains 'Warehouse' and dateEntered >= [365 days ago]",
        'select company_name company, site_name site, count(*) tickets from it group by 1, 2',
      ),
    ],
    say: (rows) => Number(rows.find(({ site }) => site === 'Warehouse 2')?.tickets),
  },
];
