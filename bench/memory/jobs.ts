import type { ResultTable } from '../../src/results/result-store.ts';
import type { Connection } from '../../tests/support/connect.ts';

/** The reads among the thirty everyday jobs (CW 7): solved once, saved with placeholders, and asked again for others. */

export type Row = Readonly<Record<string, unknown>>;

export interface Job {
  job: string;
  /** The words of the first request. */
  asks: string;
  path: string;
  /** What answers it. */
  params: Record<string, string>;
  /** What is saved of it. */
  saved: { description: string; params: Record<string, string>; sql?: string };
  /** The words of a later request, with the values in them. */
  again: string;
  arguments: Record<string, unknown>;
  /** Whether a record of the list belongs to the answer; found without conditions. */
  key(row: Row): boolean;
}

/** A member of a record by its path, as text. */
const at = (row: Row, path: string): string => {
  let value: unknown = row;
  for (const name of path.split('/')) value = (value as Row | undefined)?.[name];
  return value === undefined || value === null ? '' : String(value);
};

const now = '2026-03-10T15:00:00Z';
const isOpen = (row: Row) => row.closedFlag === false;

const tickets: readonly Job[] = [
  {
    job: '7.1',
    asks: 'show my open service tickets',
    path: '/service/tickets',
    params: {
      conditions: 'closedFlag=false and (owner/identifier="jmarsh" or resources contains "jmarsh")',
      fields: 'id,summary,board/name',
    },
    saved: {
      description: 'Open tickets of a technician',
      params: {
        conditions: 'closedFlag=false and (owner/identifier={member} or resources contains {member})',
        fields: 'id,summary,board/name',
      },
    },
    again: 'open tickets of technician Baljit Kaur',
    arguments: { member: 'bkaur' },
    key: (row) => isOpen(row) && (at(row, 'owner/identifier') === 'bkaur' || at(row, 'resources').includes('bkaur')),
  },
  {
    job: '7.2',
    asks: 'which new tickets on the service desk board are unassigned',
    path: '/service/tickets',
    params: {
      conditions: 'board/name="Service Desk" and status/name="New" and owner=null and closedFlag=false',
      fields: 'id,summary',
    },
    saved: {
      description: 'Unassigned new tickets of a board',
      params: {
        conditions: 'board/name={board} and status/name="New" and owner=null and closedFlag=false',
        fields: 'id,summary',
      },
    },
    again: 'unassigned new tickets of the Monitoring board',
    arguments: { board: 'Monitoring & Alerts' },
    key: (row) =>
      isOpen(row) &&
      at(row, 'board/name') === 'Monitoring & Alerts' &&
      at(row, 'status/name') === 'New' &&
      row.owner === undefined,
  },
  {
    job: '7.4',
    asks: 'open tickets that nobody touched for two weeks',
    path: '/service/tickets',
    params: { conditions: 'closedFlag=false and lastUpdated<[2026-02-24]', fields: 'id,summary' },
    saved: {
      description: 'Open tickets not touched since a date',
      params: { conditions: 'closedFlag=false and lastUpdated<[{since=today-14d}]', fields: 'id,summary' },
    },
    again: 'open tickets not touched since February 1',
    arguments: { since: '2026-02-01' },
    key: (row) => isOpen(row) && at(row, '_info/lastUpdated') < '2026-02-01T00:00:00Z',
  },
  {
    job: '7.6',
    asks: 'find the open tickets of Silverline Logistics',
    path: '/service/tickets',
    params: {
      conditions: 'company/name="Silverline Logistics" and closedFlag=false',
      fields: 'id,summary,status/name',
    },
    saved: {
      description: 'Open tickets of a client',
      params: { conditions: 'company/name={company} and closedFlag=false', fields: 'id,summary,status/name' },
    },
    again: 'open tickets of client Northgate',
    arguments: { company: 'Northgate' },
    key: (row) => isOpen(row) && at(row, 'company/name') === 'Northgate Manufacturing',
  },
  {
    job: '7.7',
    asks: 'has a backup failed before at Silverline Logistics',
    path: '/service/tickets',
    params: { conditions: 'company/name="Silverline Logistics" and summary contains "Backup"', fields: 'id,summary' },
    saved: {
      description: 'Earlier tickets of a client about a word',
      params: { conditions: 'company/name={company} and summary contains {word}', fields: 'id,summary' },
    },
    again: 'earlier tickets of client Northgate about the word printer',
    arguments: { company: 'Northgate Manufacturing', word: 'print' },
    key: (row) => at(row, 'company/name') === 'Northgate Manufacturing' && /print/i.test(at(row, 'summary')),
  },
  {
    job: '7.17',
    asks: 'which open tickets of the service desk board are out of SLA',
    path: '/service/tickets',
    params: { conditions: 'closedFlag=false and isInSla=false and board/name="Service Desk"', fields: 'id,summary' },
    saved: {
      description: 'Tickets of a board out of SLA',
      params: { conditions: 'closedFlag=false and isInSla=false and board/name={board}', fields: 'id,summary' },
    },
    again: 'tickets of board Monitoring & Alerts out of SLA',
    arguments: { board: 'monitoring' },
    key: (row) => isOpen(row) && row.isInSla === false && at(row, 'board/name') === 'Monitoring & Alerts',
  },
];

const others: readonly Job[] = [
  {
    job: '7.19',
    asks: 'time entries of jmarsh this week',
    path: '/time/entries',
    params: {
      conditions: 'member/identifier="jmarsh" and timeStart>=[2026-03-09] and timeStart<[2026-03-16]',
      fields: 'id,actualHours,billableOption',
    },
    saved: {
      description: 'Time entries of a member in a week',
      params: {
        conditions: 'member/identifier={member} and timeStart>=[{from=start_of_week}] and timeStart<[{to=end_of_week}]',
        fields: 'id,actualHours,billableOption',
      },
    },
    again: 'time entries of member asmith in the last week',
    arguments: { member: 'asmith', from: 'last_week.start', to: 'last_week.end' },
    key: (row) =>
      at(row, 'member/identifier') === 'asmith' &&
      at(row, 'timeStart') >= '2026-03-02' &&
      at(row, 'timeStart') < '2026-03-09',
  },
  {
    job: '7.21',
    asks: 'unbilled billable time before march',
    path: '/time/entries',
    params: {
      conditions: 'billableOption="Billable" and invoiceFlag=false and timeStart<[2026-03-01]',
      fields: 'id,actualHours',
    },
    saved: {
      description: 'Unbilled time before a cut-off date',
      params: {
        conditions: 'billableOption="Billable" and invoiceFlag=false and timeStart<[{before=start_of_month}]',
        fields: 'id,actualHours',
      },
    },
    again: 'unbilled time before cut-off date February 1',
    arguments: { before: '2026-02-01' },
    key: (row) => row.billableOption === 'Billable' && row.invoiceFlag === false && at(row, 'timeStart') < '2026-02-01',
  },
  {
    job: '7.22',
    asks: 'contacts of Silverline Logistics',
    path: '/company/contacts',
    params: { conditions: 'company/name="Silverline Logistics"', fields: 'id,firstName,lastName' },
    saved: {
      description: 'People at a client',
      params: { conditions: 'company/name={company}', fields: 'id,firstName,lastName' },
    },
    again: 'people at client Summit Orthopedics',
    arguments: { company: 'Summit' },
    key: (row) => at(row, 'company/name') === 'Summit Orthopedics',
  },
  {
    job: '7.25',
    asks: 'configurations with a warranty that expires in the next 90 days',
    path: '/company/configurations',
    params: {
      conditions: 'activeFlag=true and warrantyExpirationDate>=[2026-03-10] and warrantyExpirationDate<[2026-06-08]',
      fields: 'id,name',
    },
    saved: {
      description: 'Warranty of configurations that expires until a date',
      params: {
        conditions:
          'activeFlag=true and warrantyExpirationDate>=[{today}] and warrantyExpirationDate<[{until=today+90d}]',
        fields: 'id,name',
      },
    },
    again: 'warranty of configurations that expires until the end of the quarter',
    arguments: { until: 'end_of_quarter' },
    key: (row) =>
      row.activeFlag === true &&
      at(row, 'warrantyExpirationDate') >= '2026-03-10' &&
      at(row, 'warrantyExpirationDate') < '2026-04-01',
  },
  {
    job: '7.26',
    asks: 'active agreements that end in the next 60 days',
    path: '/finance/agreements',
    params: {
      conditions:
        'agreementStatus="Active" and noEndingDateFlag=false and endDate>=[2026-03-10] and endDate<[2026-05-09]',
      fields: 'id,name',
    },
    saved: {
      description: 'Agreements that end until a date',
      params: {
        conditions:
          'agreementStatus="Active" and noEndingDateFlag=false and endDate>=[{today}] and endDate<[{until=today+60d}]',
        fields: 'id,name',
      },
    },
    again: 'agreements that end until the end of the year',
    arguments: { until: 'end_of_year' },
    key: (row) =>
      row.agreementStatus === 'Active' &&
      row.noEndingDateFlag === false &&
      at(row, 'endDate') >= '2026-03-10' &&
      at(row, 'endDate') < '2027-01-01',
  },
  {
    job: '7.27',
    asks: 'unpaid overdue invoices of Quarry Road Storage',
    path: '/finance/invoices',
    params: {
      conditions: 'balance>0 and dueDate<[2026-03-10] and company/name="Quarry Road Storage"',
      fields: 'id,balance',
    },
    saved: {
      description: 'Overdue invoices of a client',
      params: { conditions: 'balance>0 and dueDate<[{today}] and company/name={company}', fields: 'id,balance' },
    },
    again: 'overdue invoices of client Granite State Electric',
    arguments: { company: 'Granite State Electric' },
    key: (row) =>
      Number(row.balance) > 0 &&
      at(row, 'dueDate') < '2026-03-10' &&
      at(row, 'company/name') === 'Granite State Electric Supply',
  },
  {
    job: '7.28',
    asks: 'opportunities expected to close this quarter',
    path: '/sales/opportunities',
    params: { conditions: 'closedDate=null and expectedCloseDate<[2026-04-01]', fields: 'id,name' },
    saved: {
      description: 'Opportunities expected to close before a date',
      params: { conditions: 'closedDate=null and expectedCloseDate<[{before=end_of_quarter}]', fields: 'id,name' },
    },
    again: 'opportunities expected to close before May',
    arguments: { before: '2026-05-01' },
    key: (row) => row.closedDate === undefined && at(row, 'expectedCloseDate') < '2026-05-01',
  },
  {
    job: '7.29',
    asks: 'schedule entries of jmarsh today',
    path: '/schedule/entries',
    params: {
      conditions: 'member/identifier="jmarsh" and dateStart>=[2026-03-10] and dateStart<[2026-03-11]',
      fields: 'id,name,dateStart',
    },
    saved: {
      description: 'Schedule of a member for a day',
      params: {
        conditions: 'member/identifier={member} and dateStart>=[{day=today}] and dateStart<[{next=tomorrow}]',
        fields: 'id,name,dateStart',
      },
    },
    again: 'schedule of member bkaur for the days of last week',
    arguments: { member: 'bkaur', day: 'last_week.start', next: 'last_week.end' },
    key: (row) =>
      at(row, 'member/identifier') === 'bkaur' &&
      at(row, 'dateStart') >= '2026-03-02' &&
      at(row, 'dateStart') < '2026-03-09',
  },
  {
    job: '7.30',
    asks: 'open projects that are late',
    path: '/project/projects',
    params: { conditions: 'closedFlag=false and estimatedEnd<[2026-03-10T15:00:00Z]', fields: 'id,name' },
    saved: {
      description: 'Projects late at a date',
      params: { conditions: 'closedFlag=false and estimatedEnd<[{date=now}]', fields: 'id,name' },
    },
    again: 'projects late at the date February 1',
    arguments: { date: '2026-02-01' },
    key: (row) => isOpen(row) && at(row, 'estimatedEnd') !== '' && at(row, 'estimatedEnd') < '2026-02-01',
  },
];

export const jobs: readonly Job[] = [...tickets, ...others];

/** The clock and the user of both processes. */
export const environment = { CONNECTWISE_NOW: now, CONNECTWISE_TIMEZONE: 'UTC', CONNECTWISE_MEMBER: 'jmarsh' };

/** The table of the latest list of this process, with all its rows counted. */
export async function findLastTable({ gateway }: Connection): Promise<ResultTable | undefined> {
  const store = await gateway.context.results();
  // A statement waits until all rows are stored.
  await store.query('select 1', { maxRows: 1 });
  return store.tables().at(-1);
}
