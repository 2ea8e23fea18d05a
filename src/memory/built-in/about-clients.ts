import type { BuiltInQuery } from './built-in-query.ts';

export const aboutClients: readonly BuiltInQuery[] = [
  {
    name: 'client-contacts',
    job: '7.22',
    description: 'Contacts of a client',
    path: '/company/contacts',
    params: {
      // Whether somebody left is read, not asked: some sites refuse the flag in conditions (CW 2.2.20).
      conditions: 'company/id={company}',
      fields: 'id,firstName,lastName,title,defaultPhoneNbr,inactiveFlag',
    },
  },
  {
    name: 'client-agreements',
    job: '7.22',
    description: 'Active agreements of a client',
    path: '/finance/agreements',
    params: {
      conditions: 'company/id={company} and agreementStatus="Active"',
      fields: 'id,name,type/name,startDate,endDate,billAmount',
    },
  },
  {
    name: 'client-unpaid-invoices',
    job: '7.22',
    description: 'Unpaid invoices of a client',
    path: '/finance/invoices',
    params: {
      conditions: 'company/id={company} and balance>0',
      orderBy: 'dueDate asc',
      fields: 'id,invoiceNumber,date,dueDate,total,balance',
    },
  },
  {
    name: 'client-configurations',
    job: '7.25',
    description: 'Active configurations (devices) of a client',
    path: '/company/configurations',
    params: {
      conditions: 'company/id={company} and activeFlag=true',
      fields: 'id,name,type/name,status/name,serialNumber,warrantyExpirationDate',
    },
  },
  {
    name: 'contact-by-mail',
    job: '7.23',
    description: 'Find a contact by e-mail address',
    path: '/company/contacts',
    params: {
      childConditions: 'communicationItems/value="{mail}" and communicationItems/communicationType="Email"',
      fields: 'id,firstName,lastName,company/name,defaultPhoneNbr',
    },
  },
  {
    name: 'contact-by-phone',
    job: '7.23',
    description: 'Find a contact by phone number',
    path: '/company/contacts',
    params: {
      childConditions: 'communicationItems/value like "%{phone}%" and communicationItems/communicationType="Phone"',
      fields: 'id,firstName,lastName,company/name,defaultPhoneNbr',
    },
  },
  {
    name: 'configuration-by-serial',
    job: '7.25',
    description: 'Find a configuration (device) by serial number',
    path: '/company/configurations',
    params: {
      conditions: 'serialNumber="{serial}"',
      fields: 'id,name,type/name,company/name,status/name,activeFlag,warrantyExpirationDate',
    },
  },
  {
    name: 'expiring-warranties',
    job: '7.25',
    description: 'Configurations whose warranty expires in the next 90 days, or until a date',
    path: '/company/configurations',
    params: {
      conditions:
        'activeFlag=true and warrantyExpirationDate>=[{today}] and warrantyExpirationDate<[{until=today+90d}]',
      orderBy: 'warrantyExpirationDate asc',
      fields: 'id,name,type/name,company/name,serialNumber,warrantyExpirationDate',
    },
  },
  {
    name: 'expiring-agreements',
    job: '7.26',
    description: 'Active agreements that expire in the next 60 days, or until a date',
    path: '/finance/agreements',
    params: {
      conditions:
        'agreementStatus="Active" and noEndingDateFlag=false and endDate>=[{today}] and endDate<[{until=today+60d}]',
      orderBy: 'endDate asc',
      fields: 'id,name,type/name,company/name,endDate,billAmount',
    },
  },
  {
    name: 'agreement-additions',
    job: '7.26',
    description: 'Additions of an agreement that are in force today, with their monthly price',
    path: '/finance/agreements/{agreement}/additions',
    params: {
      conditions: 'effectiveDate<=[{today}] and (cancelledDate=null or cancelledDate>[{today}])',
      fields: 'id,product/identifier,quantity,unitPrice,extPrice,effectiveDate,cancelledDate',
    },
  },
  {
    name: 'overdue-invoices',
    job: '7.27',
    description: 'Overdue unpaid invoices of all clients',
    path: '/finance/invoices',
    params: {
      conditions: 'balance>0 and dueDate<[{today}]',
      orderBy: 'dueDate asc',
      fields: 'id,invoiceNumber,company/name,dueDate,total,balance',
    },
  },
  {
    name: 'closing-opportunities',
    job: '7.28',
    description: 'Sales pipeline: opportunities expected to close this quarter, or until a date',
    path: '/sales/opportunities',
    params: {
      // Which statuses are open differs from site to site, a closing date does not.
      conditions: 'closedDate=null and expectedCloseDate<[{until=end_of_quarter}]',
      orderBy: 'expectedCloseDate asc',
      fields: 'id,name,company/name,status/name,stage/name,expectedCloseDate,primarySalesRep/identifier',
    },
  },
  {
    name: 'projects-over-budget',
    job: '7.30',
    description: 'Open projects over budget',
    path: '/project/projects',
    params: {
      conditions: 'closedFlag=false',
      fields: 'id,name,company/name,manager/identifier,actualHours,budgetHours',
    },
    sql: 'select id, name, company_name, manager_identifier, actualHours, budgetHours from it where budgetHours > 0 and actualHours > budgetHours order by actualHours - budgetHours desc',
  },
  {
    name: 'late-projects',
    job: '7.30',
    description: 'Open projects that are late: behind their estimated end',
    path: '/project/projects',
    params: {
      conditions: 'closedFlag=false and estimatedEnd<[{today}]',
      orderBy: 'estimatedEnd asc',
      fields: 'id,name,company/name,manager/identifier,estimatedEnd,percentComplete',
    },
  },
  {
    name: 'due-project-tickets',
    job: '7.30',
    description: 'Open tickets of a project that are due in the next week, or until a date',
    path: '/project/tickets',
    params: {
      conditions: 'project/id={project} and closedFlag=false and requiredDate<[{until=today+7d}]',
      orderBy: 'requiredDate asc',
      fields: 'id,summary,phase/name,owner/identifier,status/name,requiredDate',
    },
  },
];
