import { type BuiltInQuery, ticketFields } from './built-in-query.ts';

const tickets = '/service/tickets';

export const aboutTickets: readonly BuiltInQuery[] = [
  {
    name: 'my-open-tickets',
    job: '7.1',
    description: 'My open service tickets, or those of another member',
    path: tickets,
    params: {
      // `resources` is a text of identifiers: whoever is scheduled stands there, not in owner (CW 5.1.1).
      conditions: 'closedFlag=false and (owner/identifier="{member=me}" or resources contains "{member}")',
      orderBy: '_info/lastUpdated asc',
      fields: `${ticketFields},requiredDate,_info/lastUpdated`,
    },
  },
  {
    name: 'my-open-project-tickets',
    job: '7.1',
    description: 'My open project tickets, or those of another member',
    path: '/project/tickets',
    params: {
      conditions: 'closedFlag=false and (owner/identifier="{member=me}" or resources contains "{member}")',
      fields: 'id,summary,project/name,phase/name,company/name,status/name,requiredDate',
    },
  },
  {
    name: 'new-unassigned-tickets',
    job: '7.2',
    description: 'New and unassigned tickets on a board',
    path: tickets,
    params: {
      conditions: 'board/name="{board}" and status/name="{status=New}" and owner=null and closedFlag=false',
      fields: `${ticketFields},_info/dateEntered`,
    },
  },
  {
    name: 'unassigned-tickets',
    job: '7.2',
    description: 'Open tickets on a board that nobody owns, whatever their status',
    path: tickets,
    params: { conditions: 'board/name="{board}" and owner=null and closedFlag=false', fields: ticketFields },
  },
  {
    name: 'recently-updated-tickets',
    job: '7.3',
    description: 'Open tickets on a board that were updated recently: in the last day, or since a date',
    path: tickets,
    params: {
      conditions: 'board/name="{board}" and closedFlag=false and lastUpdated>[{since=now-24h}]',
      orderBy: '_info/lastUpdated desc',
      fields: `${ticketFields},_info/lastUpdated`,
    },
  },
  {
    name: 'stale-tickets',
    job: '7.4',
    description: 'Stale open tickets: no update for two weeks, or since a date',
    path: tickets,
    params: {
      conditions:
        'closedFlag=false and lastUpdated<[{before=today-14d}] and status/name != "{except=Waiting Customer}"',
      orderBy: '_info/lastUpdated asc',
      fields: `${ticketFields},_info/lastUpdated`,
    },
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
    params: {
      conditions: 'chargeToType="ServiceTicket" and chargeToId={ticket}',
      fields: 'id,member/identifier,timeStart,actualHours,billableOption,notes',
    },
  },
  {
    name: 'ticket-documents',
    job: '7.5',
    description: 'Documents and attachments of a ticket',
    path: '/system/documents',
    params: { recordType: 'Ticket', recordId: '{ticket}' },
  },
  {
    name: 'ticket-configurations',
    job: '7.5',
    description: 'Configurations (devices) attached to a ticket',
    path: `${tickets}/{ticket}/configurations`,
  },
  {
    name: 'client-open-tickets',
    job: '7.6',
    description: 'Open tickets of a client',
    path: tickets,
    params: {
      conditions: 'company/id={company} and closedFlag=false',
      fields: `${ticketFields},_info/lastUpdated`,
    },
  },
  {
    name: 'similar-tickets',
    job: '7.7',
    description: 'Has this happened before: tickets of a client about a word, in the last year',
    path: tickets,
    params: {
      conditions: 'company/id={company} and summary contains "{word}" and dateEntered>[{since=today-1y}]',
      orderBy: '_info/dateEntered desc',
      fields: 'id,summary,status/name,closedFlag,contact/name,_info/dateEntered',
    },
  },
  {
    name: 'board-workload',
    job: '7.16',
    description: 'Workload of a board: open tickets by owner and status',
    path: tickets,
    params: { conditions: 'board/name="{board}" and closedFlag=false', fields: 'id,owner/identifier,status/name' },
    sql: 'select owner_identifier owner, status_name status, count(*) tickets from it group by 1, 2 order by 1, 3 desc',
  },
  {
    name: 'sla-breached-tickets',
    job: '7.17',
    description: 'Open tickets out of SLA: at risk or breached',
    path: tickets,
    params: { conditions: 'closedFlag=false and isInSla=false', fields: `${ticketFields},requiredDate,slaStatus` },
  },
];
