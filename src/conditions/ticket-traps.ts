import type { TrapTable } from './aliases.ts';

/** Names expected on tickets, their notes, boards and statuses. */
export const ticketTraps: TrapTable = {
  'Ticket ProjectTicket': {
    'assignedto assigned assignee assignedresource assignedresources assignedmember technician tech engineer member resource agent':
      [
        'owner/identifier, resources',
        'a ticket has an owner, and in resources everyone who is scheduled on it',
        '2.2.17',
      ],
    'resources/identifier resources/name resources/id resources/member resources/member/identifier resources/member/name':
      ['resources', 'resources is one text such as "jdoe, asmith"', '2.2.17', 'contains'],
    'title subject name description summarytext': ['summary', 'the headline of a ticket is its summary', '5.5'],
    'number ticketnumber ticketid ticketno ticket/id ticketnbr': ['id', 'the ticket number is the id', '5.5'],
    'queue serviceboard': ['board/name', 'queues are boards', '2.2.12'],
    'ticketstatus state': ['status/name', 'the status is a reference', '2.2.12'],
    'tickettype category': ['type/name', 'the type is a reference', '2.2.12'],
    subcategory: ['subType/name', 'the subtype is a reference', '2.2.12'],
    'ticketpriority urgency': ['priority/name', 'the priority is a reference', '2.2.12'],
    'requester caller user enduser reportedby': ['contact/name', 'the person who asks is the contact', '2.2.12'],
    'email contactemail contact/email contact/emailaddress': [
      'contactEmailAddress',
      'a ticket carries the address itself',
      '5.5',
    ],
    'phone contactphone contact/phone': ['contactPhoneNumber', 'a ticket carries the number itself', '5.5'],
    'duedate due deadline datedue': ['requiredDate', 'a ticket is due on its requiredDate', '5.5'],
    'open isopen openflag active activeflag': ['closedFlag', 'open is closedFlag = false', '6.13', 'invert'],
    'resolved isresolved completed done status/closedflag status/closed': [
      'closedFlag',
      'closedFlag follows the status',
      '5.5',
    ],
    'closedon dateclosed closedat completeddate': ['closedDate', 'a closed ticket has a closedDate', '5.5'],
    'opened opendate openeddate dateopened reporteddate datereported': [
      'dateEntered',
      'a ticket is opened when it is entered',
      '2.2.13',
    ],
  },
  Ticket: {
    'resolveddate resolutiondate resolvedat': [
      'dateResolved',
      'the SLA times are dateResponded, dateResplan, dateResolved',
      '5.5',
    ],
    'parent parentid parentticket parentticket/id': [
      'parentTicketId',
      'a child ticket names its parent by id',
      '2.2.11',
    ],
    'sla/breached slabreached breached': ['isInSla', 'a breached ticket has isInSla = false', '7.17', 'invert'],
    'configurations device asset configurations/id': [
      'configuration/id',
      'tickets of a device are found by configuration/id',
      '5.5',
    ],
  },
  ServiceNote: {
    notetype: [
      '',
      'notes cannot be filtered by noteType; the flags detailDescriptionFlag, internalAnalysisFlag and resolutionFlag can',
      '5.5',
    ],
    'note body content message notetext': ['text', 'a note holds its words in text', '5.5'],
  },
  Board: {
    'boardname board/name board': ['name', 'on the list of boards the name is its own member', '2.7'],
  },
  BoardStatus: {
    'inactiveflag isinactive': ['inactive', 'statuses of a board have inactive, without Flag', '6.14'],
    'active activeflag isactive': ['inactive', 'statuses of a board have inactive', '6.14', 'invert'],
    'closedflag closed isclosed': ['closedStatus', 'a status that closes tickets has closedStatus', '5.5'],
  },
};
