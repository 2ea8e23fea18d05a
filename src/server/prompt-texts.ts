import { quote } from '../conditions/index.ts';
import {
  asking,
  type Prompt,
  readDay,
  readDays,
  reading,
  readName,
  readPeriod,
  writePromptText,
} from './write-prompt.ts';

const tickets = '/service/tickets';

export const boardHealth: Prompt = {
  name: 'board_health',
  title: 'Board health',
  description:
    'How a service board is doing: open tickets by status and owner, out of SLA, unassigned, not updated lately, and opened and closed by week.',
  arguments: [{ name: 'board', description: 'Name of the board, such as Service Desk', required: true }],
  write({ board = '' }) {
    const name = readName('board', board);
    const open = `closedFlag=false and board/name=${quote(name)}`;
    return writePromptText({
      question: `How healthy is the service board ${JSON.stringify(name)}?`,
      steps: [
        reading(
          'open tickets in all, without an owner, out of SLA, and since when the oldest is open',
          tickets,
          open,
          'select count(*) open, count(*) filter (where owner_id is null) unassigned, count(*) filter (where isInSla = 0) out_of_sla, local(min(dateEntered)) oldest from it',
        ),
        asking(
          'the same tickets by status and priority',
          'select status_name status, priority_name priority, count(*) tickets from TABLE_1 group by 1, 2 order by 1, min(priority_sort)',
        ),
        asking(
          'the same tickets by owner; an empty owner means none',
          'select owner_identifier owner, count(*) tickets, count(*) filter (where isInSla = 0) out_of_sla from TABLE_1 group by 1 order by 2 desc, 1',
        ),
        reading(
          'open tickets without an update for two weeks: how many (COMPLETE: … rows), and the 15 oldest of them',
          tickets,
          `${open} and lastUpdated < [14 days ago]`,
          'select id, summary, company_name company, status_name status, owner_identifier owner, local(lastUpdated) touched from it order by lastUpdated limit 15',
        ),
        reading(
          'tickets that came in and were closed, this week and the three before',
          tickets,
          `board/name=${quote(name)} and (dateEntered >= [28 days ago] or closedDate >= [28 days ago])`,
          'select week, sum(came) came, sum(closed) closed from (select week(dateEntered) week, 1 came, 0 closed from it union all select week(closedDate), 0, 1 from it where closedDate is not null) group by 1 order by 1 desc limit 4',
        ),
      ],
      report: `Report in a few lines: how many are open, unassigned and out of SLA; who has how many; what was not updated; whether the board grows or shrinks. Name tickets by number. If call 1 says 0 rows, the board may have another name: look at /service/boards and ask.`,
    });
  },
};

export const technicianWorkload: Prompt = {
  name: 'technician_workload',
  title: 'Technician workload',
  description:
    'Hours by technician and client in a period, the billable share, tickets closed in it, and open tickets now.',
  arguments: [
    { name: 'member', description: 'Identifier or name of one technician (default: all)', required: false },
    { name: 'period', description: 'Such as last week, last month, last 30 days', required: true },
  ],
  write({ member, period = '' }) {
    const words = readPeriod('period', period);
    const who = member === undefined ? undefined : readName('member', member);
    const isWho = (path: string) =>
      who === undefined ? '' : ` and (${path}/identifier=${quote(who)} or ${path}/name=${quote(who)})`;
    const onlyThem = who === undefined ? '' : ' where closedBy in (select member_identifier from TABLE_1)';
    return writePromptText({
      question: `What was the workload of ${who === undefined ? 'each technician' : JSON.stringify(who)} (${words})?`,
      steps: [
        reading(
          'hours by technician, and how much of them is billable',
          '/time/entries',
          `timeStart = [${words}]${isWho('member')}`,
          "select member_identifier member, round(sum(actualHours), 2) hours, round(coalesce(sum(actualHours) filter (where billableOption = 'Billable'), 0), 2) billable, round(100 * coalesce(sum(actualHours) filter (where billableOption = 'Billable'), 0) / sum(actualHours)) percent, count(distinct company_id) clients from it group by 1 order by 2 desc, 1",
        ),
        asking(
          'the same hours by technician and client',
          'select member_identifier member, company_name company, round(sum(actualHours), 2) hours from TABLE_1 where company_id is not null group by 1, 2 order by 1, 3 desc, 2',
          { max_rows: 500, max_tokens: 3000 },
        ),
        reading(
          'service tickets closed in the period, by who closed them',
          '/service/tickets',
          `closedDate = [${words}]`,
          `select closedBy member, count(*) closed from it${onlyThem} group by 1 order by 2 desc, 1`,
        ),
        reading(
          'service tickets open now, by owner; an empty owner means none',
          '/service/tickets',
          `closedFlag=false${isWho('owner')}`,
          'select owner_identifier owner, count(*) open, count(*) filter (where isInSla = 0) out_of_sla from it group by 1 order by 2 desc, 1',
        ),
      ],
      report:
        'Report one line a technician: hours, billable share, the clients that took most, tickets closed and open. Say who has clearly more or less than the others. Hours without a client (meetings, training) are in call 1 and not in call 2.',
    });
  },
};

export const clientOverview: Prompt = {
  name: 'client_overview',
  title: 'Client overview',
  description: 'One client before a visit or a call: open tickets, agreements, unbilled time, open invoices, devices.',
  arguments: [{ name: 'company', description: 'Name or identifier of the company', required: true }],
  write({ company = '' }) {
    const name = readName('company', company);
    const isClient = `(company/name=${quote(name)} or company/identifier=${quote(name)})`;
    return writePromptText({
      question: `What is the current state of the client ${JSON.stringify(name)}?`,
      steps: [
        {
          shows: 'which company that is; continue only if it is exactly one',
          tool: 'execute_api_call',
          arguments: {
            path: '/company/companies',
            params: {
              conditions: `(name=${quote(name)} or identifier=${quote(name)}) and deletedFlag=false`,
              fields: 'id,identifier,name,status/name,city,phoneNumber,defaultContact/name',
            },
          },
        },
        reading(
          'open tickets: how many (COMPLETE: … rows), and the 20 most urgent',
          '/service/tickets',
          `closedFlag=false and ${isClient}`,
          'select id, summary, board_name board, status_name status, priority_name priority, owner_identifier owner, local(dateEntered) entered from it order by priority_sort, dateEntered limit 20',
        ),
        reading(
          'tickets of the last 90 days by month and board',
          '/service/tickets',
          `dateEntered >= [90 days ago] and ${isClient}`,
          'select month(dateEntered) month, board_name board, count(*) tickets from it group by 1, 2 order by 1, 2',
        ),
        reading(
          'active agreements and when they end',
          '/finance/agreements',
          `agreementStatus='Active' and ${isClient}`,
          'select id, name, type_name type, billAmount, substr(endDate, 1, 10) ends from it order by name',
        ),
        reading(
          'billable hours that are on no invoice yet, by month',
          '/time/entries',
          `billableOption='Billable' and invoiceFlag=false and ${isClient}`,
          'select month(timeStart) month, round(sum(actualHours), 2) hours from it group by 1 order by 1',
        ),
        reading(
          'invoices that are not paid; those whose due date has passed are overdue',
          '/finance/invoices',
          `balance > 0 and ${isClient}`,
          'select invoiceNumber, substr(date, 1, 10) date, substr(dueDate, 1, 10) due, balance from it order by dueDate',
        ),
        reading(
          'devices by type',
          '/company/configurations',
          `activeFlag=true and ${isClient}`,
          'select type_name type, count(*) devices from it group by 1 order by 2 desc, 1',
        ),
      ],
      report:
        'Report what a person needs before they call this client: what is open and urgent, whether tickets increase, what they pay for and until when, what is unbilled, what they owe. If call 1 has no row or several, say which companies have a similar name and ask.',
    });
  },
};

export const unbilledTime: Prompt = {
  name: 'unbilled_time',
  title: 'Unbilled time',
  description: 'Billable hours before a day that are on no invoice yet, by client, technician and month.',
  arguments: [
    {
      name: 'until',
      description: 'The first day that does not count: 2026-03-01, or words such as this month',
      required: true,
    },
  ],
  write({ until = '' }) {
    const day = readDay('until', until);
    return writePromptText({
      question: `Which billable time from before ${day} is not invoiced yet?`,
      steps: [
        reading(
          'unbilled hours by client',
          '/time/entries',
          `billableOption='Billable' and invoiceFlag=false and timeStart < [${day}]`,
          'select company_name company, round(sum(actualHours), 2) hours, count(*) entries from it group by 1 order by 2 desc, 1',
        ),
        asking(
          'the same hours by technician',
          'select member_identifier member, round(sum(actualHours), 2) hours from TABLE_1 group by 1 order by 2 desc, 1',
        ),
        asking(
          'the same hours by month: the older, the less likely to be paid',
          'select month(timeStart) month, round(sum(actualHours), 2) hours, count(*) entries from TABLE_1 group by 1 order by 1',
        ),
      ],
      report: 'Report the hours in all, the clients with most of them, and how old they are.',
    });
  },
};

const maxDays = 730;

export const agreementsExpiring: Prompt = {
  name: 'agreements_expiring',
  title: 'Agreements expiring',
  description: 'Active agreements that end within some days, and what they bring in a month with their additions.',
  arguments: [{ name: 'days', description: `From 1 to ${maxDays}, such as 60`, required: true }],
  write({ days = '' }) {
    const count = readDays('days', days, maxDays);
    return writePromptText({
      question: `Which active agreements end within the next ${count} days, and what is at stake?`,
      steps: [
        reading(
          'the agreements, the first to end on top',
          '/finance/agreements',
          `agreementStatus='Active' and endDate >= [today] and endDate <= [in ${count} days]`,
          'select id, name, company_name company, type_name type, substr(endDate, 1, 10) ends, billAmount from it order by endDate, name',
        ),
        {
          shows: 'what each brings in a month, with the additions in force; leave this out where call 1 has no rows',
          tool: 'execute_api_call',
          arguments: {
            path: '/finance/agreements/{id}/additions',
            for_each: 'select id from TABLE_1',
            params: { conditions: 'effectiveDate <= [now] and (cancelledDate = null or cancelledDate > [now])' },
            sql: 'select a.name, a.company_name company, round(coalesce(a.billAmount, 0) + coalesce(x.price, 0), 2) monthly from TABLE_1 a left join (select parentId, sum(extPrice) price from it group by 1) x on x.parentId = a.id order by a.endDate, a.name',
          },
        },
      ],
      report:
        'Report the agreements in order of their end, with client and monthly amount, and the sum at stake. An agreement without an end date never ends and is not here.',
    });
  },
};
