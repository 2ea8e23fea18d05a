import { defined } from '../core/json.ts';
import type { SavedQuery } from './saved-query.ts';

/** A saved query that comes with the program: a read among the thirty everyday jobs. What is not named here is params. */
interface BuiltInQuery extends Pick<SavedQuery, 'description' | 'path' | 'sql'> {
  name: string;
  /** The job in docs/connectwise.md. */
  job: `7.${number}`;
  conditions?: string;
  childConditions?: string;
  orderBy?: string;
  fields?: string;
  recordType?: string;
  recordId?: string;
  /** Of the audit trail: the kind of record, and which one. */
  type?: string;
  id?: string;
}

const tickets = '/service/tickets';
/** What a list of tickets is read for. */
const ticketFields = 'id,summary,company/name,board/name,status/name,priority/name,owner/identifier';

/** The reads among the thirty everyday jobs (CW 7). */
export const everydayReads: readonly BuiltInQuery[] = [
  // Tickets
  {
    name: 'my-open-tickets',
    job: '7.1',
    description: 'My open service tickets, or those of another member',
    path: tickets,
    // `resources` is a text of identifiers: members who are scheduled are in it, not in owner (CW 5.1.1).
    conditions: 'closedFlag=false and (owner/identifier="{member=me}" or resources contains "{member}")',
    orderBy: '_info/lastUpdated asc',
    fields: `${ticketFields},requiredDate,_info/lastUpdated`,
  },
  {
    name: 'my-open-project-tickets',
    job: '7.1',
    description: 'My open project tickets, or those of another member',
    path: '/project/tickets',
    conditions: 'closedFlag=false and (owner/identifier="{member=me}" or resources contains "{member}")',
    fields: 'id,summary,project/name,phase/name,company/name,status/name,requiredDate',
  },
  {
    name: 'new-unassigned-tickets',
    job: '7.2',
    description: 'New and unassigned tickets on a board',
    path: tickets,
    conditions: 'board/name="{board}" and status/name="{status=New}" and owner=null and closedFlag=false',
    fields: `${ticketFields},_info/dateEntered`,
  },
  {
    name: 'unassigned-tickets',
    job: '7.2',
    description: 'Open tickets on a board that nobody owns, whatever their status',
    path: tickets,
    conditions: 'board/name="{board}" and owner=null and closedFlag=false',
    fields: ticketFields,
  },
  {
    name: 'recently-updated-tickets',
    job: '7.3',
    description: 'Open tickets on a board that were updated recently: in the last day, or since a date',
    path: tickets,
    conditions: 'board/name="{board}" and closedFlag=false and lastUpdated>[{since=now-24h}]',
    orderBy: '_info/lastUpdated desc',
    fields: `${ticketFields},_info/lastUpdated`,
  },
  {
    name: 'stale-tickets',
    job: '7.4',
    description: 'Stale open tickets: no update for two weeks, or since a date',
    path: tickets,
    conditions: 'closedFlag=false and lastUpdated<[{before=today-14d}] and status/name != "{except=Waiting Customer}"',
    orderBy: '_info/lastUpdated asc',
    fields: `${ticketFields},_info/lastUpdated`,
  },
  {
    name: 'ticket-notes',
    job: '7.5',
    description: 'All notes of a ticket: discussion, internal, resolution',
    path: `${tickets}/{ticket}/allNotes`,
  },
  {
    name: 'ticket-time',
    job: '7.5',
    description: 'Time entries on a ticket',
    path: '/time/entries',
    conditions: 'chargeToType="ServiceTicket" and chargeToId={ticket}',
    fields: 'id,member/identifier,timeStart,actualHours,billableOption,notes',
  },
  {
    name: 'ticket-documents',
    job: '7.5',
    description: 'Documents and attachments of a ticket',
    path: '/system/documents',
    recordType: 'Ticket',
    recordId: '{ticket}',
  },
  {
    name: 'ticket-configurations',
    job: '7.5',
    description: 'Configurations (devices) attached to a ticket',
    path: `${tickets}/{ticket}/configurations`,
  },
  {
    name: 'ticket-history',
    job: '7.5',
    description: 'History of a ticket: who changed what and when (audit trail)',
    path: '/system/audittrail',
    type: 'Ticket',
    id: '{ticket}',
  },
  {
    name: 'client-open-tickets',
    job: '7.6',
    description: 'Open tickets of a client',
    path: tickets,
    conditions: 'company/id={company} and closedFlag=false',
    fields: `${ticketFields},_info/lastUpdated`,
  },
  {
    name: 'similar-tickets',
    job: '7.7',
    description: 'Has this happened before: tickets of a client about a word, in the last year',
    path: tickets,
    conditions: 'company/id={company} and summary contains "{word}" and dateEntered>[{since=today-1y}]',
    orderBy: '_info/dateEntered desc',
    fields: 'id,summary,status/name,closedFlag,contact/name,_info/dateEntered',
  },
  {
    name: 'board-workload',
    job: '7.16',
    description: 'Workload of a board: open tickets by owner and status',
    path: tickets,
    conditions: 'board/name="{board}" and closedFlag=false',
    fields: 'id,owner/identifier,status/name',
    sql: 'select owner_identifier owner, status_name status, count(*) tickets from it group by 1, 2 order by 1, 3 desc',
  },
  {
    name: 'sla-breached-tickets',
    job: '7.17',
    description: 'Open tickets out of SLA: at risk or breached',
    path: tickets,
    conditions: 'closedFlag=false and isInSla=false',
    fields: `${ticketFields},requiredDate,slaStatus`,
  },
  // Time, schedules and activities
  {
    name: 'my-time',
    job: '7.19',
    description: 'My time entered this week, or that of another member, by billable option',
    path: '/time/entries',
    conditions:
      'member/identifier="{member=me}" and timeStart>=[{from=start_of_week}] and timeStart<[{to=end_of_week}]',
    fields: 'id,actualHours,billableOption',
    sql: 'select billableOption, count(*) entries, round(sum(actualHours), 2) hours from it group by 1 order by 3 desc',
  },
  {
    name: 'time-by-member',
    job: '7.20',
    description: 'Who has entered how much time this week, or in another period: hours by member',
    path: '/time/entries',
    conditions: 'timeStart>=[{from=start_of_week}] and timeStart<[{to=end_of_week}]',
    fields: 'id,member/identifier,actualHours',
    sql: 'select member_identifier member, count(*) entries, round(sum(actualHours), 2) hours from it group by 1 order by 3',
  },
  {
    name: 'open-time-sheets',
    job: '7.20',
    description: 'Open time sheets of mine, or of another member',
    path: '/time/sheets',
    conditions: 'member/identifier="{member=me}" and status="Open"',
  },
  {
    name: 'unbilled-time',
    job: '7.21',
    description: 'Unbilled billable time before this month, or before a date, by client',
    path: '/time/entries',
    conditions: 'billableOption="Billable" and invoiceFlag=false and timeStart<[{before=start_of_month}]',
    fields: 'id,company/name,actualHours',
    sql: 'select company_name company, count(*) entries, round(sum(actualHours), 2) hours from it group by 1 order by 3 desc',
  },
  {
    name: 'my-schedule',
    job: '7.29',
    description: 'My schedule today, or of another member and day',
    path: '/schedule/entries',
    conditions:
      'member/identifier="{member=me}" and dateStart>=[{from=today}] and dateStart<[{to=today}] and doneFlag=false',
    orderBy: 'dateStart asc',
    fields: 'id,name,type/identifier,objectId,dateStart,dateEnd',
  },
  {
    name: 'my-activities',
    job: '7.28',
    description: 'My sales activities this week, or of another member and period: next actions',
    path: '/sales/activities',
    conditions:
      'assignTo/identifier="{member=me}" and dateStart>=[{from=start_of_week}] and dateStart<[{to=end_of_week}]',
    orderBy: 'dateStart asc',
    fields: 'id,name,type/name,company/name,opportunity/name,dateStart,status/name',
  },
  // Clients, finance, sales and projects
  {
    name: 'client-contacts',
    job: '7.22',
    description: 'Contacts of a client',
    path: '/company/contacts',
    // Whether somebody left is read, not asked: some sites refuse the flag in conditions (CW 2.2.20).
    conditions: 'company/id={company}',
    fields: 'id,firstName,lastName,title,defaultPhoneNbr,inactiveFlag',
  },
  {
    name: 'client-agreements',
    job: '7.22',
    description: 'Active agreements of a client',
    path: '/finance/agreements',
    conditions: 'company/id={company} and agreementStatus="Active"',
    fields: 'id,name,type/name,startDate,endDate,billAmount',
  },
  {
    name: 'client-unpaid-invoices',
    job: '7.22',
    description: 'Unpaid invoices of a client',
    path: '/finance/invoices',
    conditions: 'company/id={company} and balance>0',
    orderBy: 'dueDate asc',
    fields: 'id,invoiceNumber,date,dueDate,total,balance',
  },
  {
    name: 'client-configurations',
    job: '7.25',
    description: 'Active configurations (devices) of a client',
    path: '/company/configurations',
    conditions: 'company/id={company} and activeFlag=true',
    fields: 'id,name,type/name,status/name,serialNumber,warrantyExpirationDate',
  },
  {
    name: 'contact-by-mail',
    job: '7.23',
    description: 'Find a contact by e-mail address',
    path: '/company/contacts',
    childConditions: 'communicationItems/value="{mail}" and communicationItems/communicationType="Email"',
    fields: 'id,firstName,lastName,company/name,defaultPhoneNbr',
  },
  {
    name: 'contact-by-phone',
    job: '7.23',
    description: 'Find a contact by phone number',
    path: '/company/contacts',
    childConditions: 'communicationItems/value like "%{phone}%" and communicationItems/communicationType="Phone"',
    fields: 'id,firstName,lastName,company/name,defaultPhoneNbr',
  },
  {
    name: 'configuration-by-serial',
    job: '7.25',
    description: 'Find a configuration (device) by serial number',
    path: '/company/configurations',
    conditions: 'serialNumber="{serial}"',
    fields: 'id,name,type/name,company/name,status/name,activeFlag,warrantyExpirationDate',
  },
  {
    name: 'expiring-warranties',
    job: '7.25',
    description: 'Configurations whose warranty expires in the next 90 days, or until a date',
    path: '/company/configurations',
    conditions: 'activeFlag=true and warrantyExpirationDate>=[{today}] and warrantyExpirationDate<[{until=today+90d}]',
    orderBy: 'warrantyExpirationDate asc',
    fields: 'id,name,type/name,company/name,serialNumber,warrantyExpirationDate',
  },
  {
    name: 'expiring-agreements',
    job: '7.26',
    description: 'Active agreements that expire in the next 60 days, or until a date',
    path: '/finance/agreements',
    conditions:
      'agreementStatus="Active" and noEndingDateFlag=false and endDate>=[{today}] and endDate<[{until=today+60d}]',
    orderBy: 'endDate asc',
    fields: 'id,name,type/name,company/name,endDate,billAmount',
  },
  {
    name: 'agreement-additions',
    job: '7.26',
    description: 'Additions of an agreement that are in force today, with their monthly price',
    path: '/finance/agreements/{agreement}/additions',
    conditions: 'effectiveDate<=[{today}] and (cancelledDate=null or cancelledDate>[{today}])',
    fields: 'id,product/identifier,quantity,unitPrice,extPrice,effectiveDate,cancelledDate',
  },
  {
    name: 'overdue-invoices',
    job: '7.27',
    description: 'Overdue unpaid invoices of all clients',
    path: '/finance/invoices',
    conditions: 'balance>0 and dueDate<[{today}]',
    orderBy: 'dueDate asc',
    fields: 'id,invoiceNumber,company/name,dueDate,total,balance',
  },
  {
    name: 'closing-opportunities',
    job: '7.28',
    description: 'Sales pipeline: opportunities expected to close this quarter, or until a date',
    path: '/sales/opportunities',
    // Which statuses are open differs from site to site, a closing date does not.
    conditions: 'closedDate=null and expectedCloseDate<[{until=end_of_quarter}]',
    orderBy: 'expectedCloseDate asc',
    fields: 'id,name,company/name,status/name,stage/name,expectedCloseDate,primarySalesRep/identifier',
  },
  {
    name: 'projects-over-budget',
    job: '7.30',
    description: 'Open projects over budget',
    path: '/project/projects',
    conditions: 'closedFlag=false',
    fields: 'id,name,company/name,manager/identifier,actualHours,budgetHours',
    sql: 'select id, name, company_name, manager_identifier, actualHours, budgetHours from it where budgetHours > 0 and actualHours > budgetHours order by actualHours - budgetHours desc',
  },
  {
    name: 'late-projects',
    job: '7.30',
    description: 'Open projects that are late: behind their estimated end',
    path: '/project/projects',
    conditions: 'closedFlag=false and estimatedEnd<[{today}]',
    orderBy: 'estimatedEnd asc',
    fields: 'id,name,company/name,manager/identifier,estimatedEnd,percentComplete',
  },
  {
    name: 'due-project-tickets',
    job: '7.30',
    description: 'Open tickets of a project that are due in the next week, or until a date',
    path: '/project/tickets',
    conditions: 'project/id={project} and closedFlag=false and requiredDate<[{until=today+7d}]',
    orderBy: 'requiredDate asc',
    fields: 'id,summary,phase/name,owner/identifier,status/name,requiredDate',
  },
];

/** A file never counts that far, so that these ids and those of the user's own queries cannot be equal. */
const firstId = 900_000_001;

/** In the order in which they are shown. */
export const builtInQueries: readonly SavedQuery[] = everydayReads.map(toSavedQuery);

function toSavedQuery({ job: _, name, description, path, sql, ...params }: BuiltInQuery, at: number): SavedQuery {
  return defined<SavedQuery>({
    id: firstId + at,
    name,
    description,
    method: 'GET',
    path,
    params: Object.keys(params).length > 0 ? { ...params } : undefined,
    sql,
    timestamp: 0,
    usageCount: 0,
    builtIn: true,
  });
}
