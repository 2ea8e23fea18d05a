/** How the predicate changes along with its path; `rename` changes nothing else. */
export type Rewrite = 'rename' | 'contains' | 'invert' | 'child' | 'personName' | 'billable';

/** A name that people and models expect and ConnectWise does not have, with what to write instead. */
export interface Alias {
  /** The paths to write, best first; empty where no member fits. */
  to: readonly string[];
  reason: string;
  /** Number in docs/connectwise.md. */
  cw: string;
  rewrite: Rewrite;
  /** For every schema, so it applies only where the path that it leads to exists. */
  general: boolean;
}

/**
 * By schemas, then by the wrong names, lower case, both separated by spaces: what to write (best first, separated by
 * commas), why, the number in docs/connectwise.md, and how else the predicate changes.
 */
type AliasTable = Readonly<
  Record<string, Readonly<Record<string, readonly [to: string, reason: string, cw: string, rewrite?: Rewrite]>>>
>;

/** Names expected everywhere; they apply where the schema has the member that they lead to. */
const generalAliases: AliasTable = {
  '': {
    'client customer account organization organisation': ['company/name', 'clients are companies', '2.2.12'],
    'created createdat createdon createddate datecreated createdate creationdate entereddate dateadded': [
      'dateEntered',
      'records carry dateEntered',
      '2.2.13',
    ],
    'updated updatedat updatedon updateddate dateupdated lastupdate lastupdateddate lastmodified modified': [
      'lastUpdated',
      'records carry lastUpdated',
      '2.2.13',
    ],
    'modifieddate datemodified lastmodifieddate lastchanged': ['lastUpdated', 'records carry lastUpdated', '2.2.13'],
    'createdby enteredby creator': ['_info/enteredBy', 'who entered a record is in _info', '5.14'],
    'updatedby modifiedby lastupdatedby lastmodifiedby': [
      '_info/updatedBy',
      'who changed a record last is in _info',
      '5.14',
    ],
  },
};

/** Names expected on tickets, their notes, boards and statuses. */
const ticketAliases: AliasTable = {
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
    'note body content message notetext': ['text', 'the text of a note is in text', '5.5'],
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

/** Names expected on companies, people, devices, money, time and projects. */
const businessAliases: AliasTable = {
  Invoice: {
    'invoicedate dateinvoiced': ['date', 'the date of an invoice is called date', '5.7'],
    'amount invoicetotal totalamount invoiceamount invoice/total': [
      'total',
      'the sum of an invoice is its total',
      '5.7',
    ],
    'amountdue outstanding balancedue unpaid openbalance': ['balance', 'the unpaid amount is the balance', '5.7'],
    'number invoiceno invoicenbr invoiceid': ['invoiceNumber', 'the printed number is invoiceNumber', '5.7'],
    invoicestatus: ['status/name', 'the status is a reference to /finance/billingStatuses', '5.7'],
  },
  Contact: {
    'name fullname contactname displayname': [
      'lastName, firstName',
      'a contact has firstName and lastName, but no name',
      '5.7',
      'personName',
    ],
    'email emailaddress primaryemail defaultemail mail': [
      'communicationItems/value, communicationItems/communicationType = "Email"',
      'the addresses of a contact are communication items',
      '2.4',
      'child',
    ],
    'phone phonenumber mobile cell directphone': [
      'communicationItems/value, communicationItems/communicationType = "Phone"',
      'the numbers of a contact are communication items',
      '2.4',
      'child',
    ],
  },
  'Contact Member MemberInfo Board CatalogItem ConfigurationType': {
    'active activeflag isactive enabled': ['inactiveFlag', 'active is inactiveFlag = false', '6.14', 'invert'],
  },
  Company: {
    'type companytype type/name companytype/name': ['types/name', 'a company has several types', '2.2.18', 'child'],
    'inactiveflag inactive isdeleted': ['deletedFlag', 'companies have deletedFlag and a status', '6.14'],
    'active activeflag isactive': ['deletedFlag', 'companies have deletedFlag and a status', '6.14', 'invert'],
    'parent parentid': ['parentCompany/id', 'the parent is the reference parentCompany', '2.2.12'],
    industry: ['market/name', 'the industry is the market', '2.2.12'],
    phone: ['phoneNumber', 'the number is phoneNumber', '5.7'],
  },
  Configuration: {
    'inactiveflag inactive isinactive': ['activeFlag', 'configurations have activeFlag', '6.14', 'invert'],
    'active isactive': ['activeFlag', 'configurations have activeFlag', '6.14'],
    'serial serialno': ['serialNumber', 'the serial is serialNumber', '5.7'],
    'hostname devicename computername configurationname': ['name', 'a device goes by its name', '5.7'],
    'warrantyexpiration warrantyexpires warrantydate warrantyend warranty warrantyenddate': [
      'warrantyExpirationDate',
      'the end of the warranty is warrantyExpirationDate',
      '5.7',
    ],
    assettag: ['tagNumber', 'the tag is tagNumber', '5.7'],
  },
  Opportunity: {
    'closedflag closed isclosed openflag open wonflag lostflag': [
      '',
      'open, won and lost are members of /sales/opportunities/statuses: read its ids, then status/id in (…)',
      '5.7',
    ],
    'owner salesrep rep salesperson assignedto member': [
      'primarySalesRep/identifier',
      'the owner of an opportunity is its primarySalesRep',
      '2.2.12',
    ],
    'closedate expectedclose estimatedclosedate': ['expectedCloseDate', 'the planned end is expectedCloseDate', '7.28'],
  },
  TimeEntry: {
    'invoiced isinvoiced': ['invoiceFlag', 'an invoiced entry has invoiceFlag', '5.6'],
    'user technician tech resource employee owner engineer enteredfor': [
      'member/identifier',
      'time is entered for a member',
      '7.19',
    ],
    'date workdate entrydate startdate datestart starttime dateworked': [
      'timeStart',
      'a time entry begins at timeStart',
      '5.6',
    ],
    'enddate dateend endtime': ['timeEnd', 'a time entry ends at timeEnd', '5.6'],
    'hours duration hoursworked timespent': ['actualHours', 'the hours worked are actualHours', '5.6'],
    'description note comments summary': ['notes', 'the text of a time entry is in notes', '5.6'],
  },
  'TimeEntry ExpenseEntry': {
    'billable billableflag isbillable': ['billableOption', 'billing is the choice billableOption', '5.6', 'billable'],
  },
  ScheduleEntry: {
    'ticketid ticket/id ticket recordid': ['objectId', 'a schedule entry names its record by objectId', '2.3'],
    'start startdate starttime date': ['dateStart', 'a schedule entry begins at dateStart', '5.7'],
    'end enddate endtime': ['dateEnd', 'a schedule entry ends at dateEnd', '5.7'],
    'resource technician tech owner assignedto user': ['member/identifier', 'a schedule entry is for a member', '5.7'],
    'done completed isdone complete': ['doneFlag', 'a done entry has doneFlag', '7.29'],
  },
  Agreement: {
    'status status/name agreementstate': [
      'agreementStatus',
      'the status of an agreement is the choice agreementStatus',
      '5.7',
    ],
    'expirationdate expirydate expires expiration renewaldate': ['endDate', 'an agreement ends on its endDate', '5.7'],
    'cancelled canceled canceledflag iscancelled': ['cancelledFlag', 'the flag is cancelledFlag', '5.7'],
  },
  Project: {
    'projectmanager owner pm': ['manager/identifier', 'the person in charge is the manager', '5.7'],
    'duedate enddate deadline finishdate due': ['estimatedEnd', 'a project should end at estimatedEnd', '7.30'],
    'startdate start': ['estimatedStart', 'a project should begin at estimatedStart', '7.30'],
  },
  Activity: {
    'assignedto member owner resource user': ['assignTo/identifier', 'an activity is for assignTo', '7.28'],
    'closedflag closed isclosed': ['closeFlag', 'the flag is closeFlag', '5.7'],
    'duedate enddate due': ['dateEnd', 'an activity ends at dateEnd', '5.7'],
    'startdate date': ['dateStart', 'an activity begins at dateStart', '7.28'],
  },
  'Member MemberInfo': {
    'username login user loginname userid': ['identifier', 'the login name is the identifier', '5.7'],
  },
  Member: {
    'email emailaddress workemail': ['officeEmail, primaryEmail', 'a member has officeEmail and primaryEmail', '5.7'],
    'name fullname displayname': ['lastName, firstName', 'a member has firstName and lastName', '5.7', 'personName'],
  },
  MemberInfo: {
    'email emailaddress officeemail': ['defaultEmail', 'this list carries defaultEmail', '5.7'],
  },
  PurchaseOrder: {
    'vendor supplier': ['vendorCompany/name', 'the vendor is the reference vendorCompany', '5.7'],
    'number ponbr purchaseordernumber ordernumber': ['poNumber', 'the number is poNumber', '5.7'],
    'date orderdate purchasedate': ['poDate', 'the date is poDate', '5.7'],
  },
  ExpenseEntry: {
    'user employee owner technician': ['member/identifier', "an expense is a member's", '7.19'],
    'expensedate dateexpense': ['date', 'the date of an expense is called date', '7'],
  },
  DocumentInfo: {
    name: ['fileName, title', 'a document has title and fileName', '5.8'],
  },
};

/** By `schema name`, or ` name` for every schema. */
export const aliases: ReadonlyMap<string, Alias> = new Map(
  [ticketAliases, businessAliases, generalAliases].flatMap((table) =>
    Object.entries(table).flatMap(([schemas, names]) =>
      Object.entries(names).flatMap(([wrong, [to, reason, cw, rewrite = 'rename']]) => {
        const alias: Alias = { to: to === '' ? [] : to.split(', '), reason, cw, rewrite, general: schemas === '' };
        return schemas
          .split(' ')
          .flatMap((schema) => wrong.split(' ').map((name) => [`${schema} ${name}`, alias] as const));
      }),
    ),
  ),
);

/** The alias for a path of this schema, given in lower case; entries of the schema come before the general ones. */
export function findAlias(schema: string, segments: readonly string[]): Alias | undefined {
  const path = segments.join('/').toLowerCase();
  return aliases.get(`${schema} ${path}`) ?? aliases.get(` ${path}`);
}
