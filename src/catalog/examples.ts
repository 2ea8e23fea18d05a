/** Arguments that a technician would give, each checked against the schema by a test. */
export interface Example {
  /** `METHOD /path`, with `{}` for placeholders. */
  endpoint: string;
  params?: Readonly<Record<string, string>>;
  data?: Readonly<Record<string, unknown>>;
}

const list = (endpoint: string, conditions: string, more: Readonly<Record<string, string>> = {}): Example => ({
  endpoint: `GET ${endpoint}`,
  params: { conditions, ...more },
});
const write = (endpoint: string, data: Readonly<Record<string, unknown>>): Example => ({ endpoint, data });

/** From the thirty everyday jobs (CW 7). Other writes get an example made from their required members. */
export const examples: readonly Example[] = [
  list('/service/tickets', "closedFlag=false and board/name='Service Desk' and priority/name='High'"),
  list('/service/tickets/count', "closedFlag=false and company/identifier='Acme'"),
  list('/service/tickets/calculateSla', 'closedFlag=false and isInSla=false'),
  list('/project/tickets', "closedFlag=false and project/name='Office move'"),
  list('/service/tickets/{}/notes', 'internalAnalysisFlag=false'),
  list('/service/boards', 'inactiveFlag=false'),
  list('/service/boards/{}/statuses', 'inactive=false and closedStatus=true'),
  list('/service/boards/{}/types', 'inactiveFlag=false'),
  list('/company/companies', "name like 'Acme%' and deletedFlag=false"),
  list('/company/contacts', "company/identifier='Acme' and inactiveFlag=false"),
  list('/company/configurations', 'activeFlag=true and warrantyExpirationDate<[2026-12-31]'),
  list('/finance/agreements', 'agreementStatus="Active" and noEndingDateFlag=false and endDate<[2026-12-31]'),
  list('/finance/agreements/{}/additions', 'effectiveDate<=[2026-12-31]'),
  list('/finance/invoices', 'balance>0 and dueDate<[2026-12-31]', { orderBy: 'dueDate asc' }),
  list('/sales/opportunities', 'status/id in (1,2) and expectedCloseDate<[2026-12-31]'),
  list('/sales/activities', "assignTo/identifier='jdoe'"),
  list(
    '/schedule/entries',
    "member/identifier='jdoe' and dateStart>=[2026-11-23T05:00:00Z] and dateStart<[2026-11-24T05:00:00Z]",
  ),
  list('/time/entries', "member/identifier='jdoe' and timeStart>=[2026-11-16T05:00:00Z]"),
  list('/time/sheets', "member/identifier='jdoe' and status='Open'"),
  list('/project/projects', 'closedFlag=false and estimatedEnd<[2026-12-31]'),
  list('/procurement/purchaseorders', 'closedFlag=false'),
  list('/procurement/products', 'ticket/id=123 and cancelledFlag=false'),
  list('/procurement/catalog', "identifier like 'LAPTOP%' and inactiveFlag=false"),
  list('/expense/entries', "member/identifier='jdoe' and date>=[2026-11-01]"),
  list('/system/members', 'inactiveFlag=false'),
  list('/system/info/members', 'inactiveFlag=false'),
  write('POST /service/tickets', {
    summary: 'Server is down',
    company: { identifier: 'Acme' },
    board: { name: 'Service Desk' },
  }),
  write('PATCH /service/tickets/{}', { status: { id: 5 } }),
  write('POST /service/tickets/{}/notes', { text: 'Called the client', internalAnalysisFlag: true }),
  write('POST /service/tickets/{}/merge', { mergeTicketIds: [124, 125], status: { id: 5 } }),
  write('POST /company/companies', {
    identifier: 'Acme',
    name: 'Acme Inc',
    site: { name: 'Main' },
    addressLine1: '1 High Street',
  }),
  write('PATCH /company/companies/{}', { phoneNumber: '555-0100' }),
  write('POST /company/contacts', { firstName: 'Jane', lastName: 'Doe', company: { identifier: 'Acme' } }),
  write('POST /time/entries', {
    chargeToId: 123,
    chargeToType: 'ServiceTicket',
    timeStart: '2026-11-23T14:00:00Z',
    actualHours: 0.5,
    notes: 'Replaced the disk',
  }),
  write('POST /schedule/entries', {
    objectId: 123,
    type: { identifier: 'S' },
    member: { identifier: 'jdoe' },
    dateStart: '2026-11-23T14:00:00Z',
    dateEnd: '2026-11-23T15:00:00Z',
  }),
  write('PATCH /finance/agreements/{}/additions/{}', { quantity: 12 }),
];
