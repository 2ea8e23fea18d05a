/** A change as a person would write it, and what is sent to ConnectWise. */
export interface PlainChange {
  name: string;
  /** Such as `PATCH /service/tickets/1595`. */
  call: string;
  data: unknown;
  /** Operations of a PATCH as `member: value`, or the whole body. */
  sent: Readonly<Record<string, unknown>>;
  /** Why it cannot be undone; absent if it can. */
  final?: RegExp;
}

const ticket = 'PATCH /service/tickets/1595';
const id = (value: number) => ({ id: value });
const patch = (name: string, call: string, data: unknown, sent: PlainChange['sent']): PlainChange => ({
  ...{ name, call, data, sent },
});

const tickets: PlainChange[] = [
  patch('status by name', ticket, { status: 'Waiting Customer' }, { status: id(5) }),
  patch('status in another case', ticket, { status: 'in progress' }, { status: id(4) }),
  patch('closing', ticket, { status: 'Closed' }, { status: id(9) }),
  patch('owner by identifier', ticket, { owner: 'dlopez' }, { owner: id(5) }),
  patch('owner by full name', ticket, { owner: 'Casey Miller' }, { owner: id(4) }),
  patch('owner as me', ticket, { owner: '{me}' }, { owner: id(3) }),
  patch(
    'priority and severity',
    ticket,
    { priority: 'Urgent', severity: 'high' },
    { priority: id(2), severity: 'High' },
  ),
  patch('type and subtype', ticket, { type: 'Security', subType: 'Malware' }, { type: id(5), subType: id(14) }),
  patch(
    'item',
    ticket,
    { type: 'Hardware', subType: 'Server', item: 'Repair' },
    { type: id(1), subType: id(3), item: id(2) },
  ),
  patch('team', ticket, { team: 'Escalation' }, { team: id(2) }),
  patch('source', ticket, { source: 'Walk-in' }, { source: id(5) }),
  patch('summary', ticket, { summary: 'Printer jams on every page' }, { summary: 'Printer jams on every page' }),
  patch('a date in words', ticket, { requiredDate: 'tomorrow 14:00' }, { requiredDate: '2026-03-11T18:00:00Z' }),
  patch('budget as text', ticket, { budgetHours: '2.5' }, { budgetHours: 2.5 }),
  patch('another site of the company', ticket, { site: 'Branch Office' }, { site: id(8) }),
  patch('another contact of the company', ticket, { contact: 'Ravi Sawyer' }, { contact: id(149) }),
  patch(
    'board, status and type at once',
    ticket,
    {
      board: 'Monitoring & Alerts',
      status: 'In Progress',
      type: 'Server',
      subType: 'Offline',
      item: null,
      team: 'Monitoring',
    },
    {
      board: id(2),
      status: id(13),
      type: id(7),
      subType: id(18),
      item: null,
      team: id(3),
    },
  ),
  patch(
    'several, of which one is so already',
    ticket,
    { company: 'SummitOrtho', impact: 'Low', summary: 'x' },
    { impact: 'Low', summary: 'x' },
  ),
  patch(
    'a custom field by its caption',
    ticket,
    { customFields: { 'change approved by': 'Jordan' } },
    {
      customFields: [expectRow(5, 'Root cause'), { ...expectRow(6, 'Change approved by'), value: 'Jordan' }],
    },
  ),
  patch('flags of mail', ticket, { automaticEmailContactFlag: 'false' }, { automaticEmailContactFlag: false }),
];

function expectRow(row: number, caption: string) {
  return { id: row, caption };
}

const others: PlainChange[] = [
  patch('status of a company', 'PATCH /company/companies/5', { status: 'Credit Hold' }, { status: id(3) }),
  patch('territory of a company', 'PATCH /company/companies/5', { territory: 'Portsmouth' }, { territory: id(2) }),
  patch(
    'main contact of a company',
    'PATCH /company/companies/5',
    { defaultContact: 'Erik Ramirez' },
    { defaultContact: id(120) },
  ),
  patch(
    'address of a company',
    'PATCH /company/companies/5',
    { City: 'Concord', zip: 3301 },
    { city: 'Concord', zip: '3301' },
  ),
  patch(
    'custom fields of a company',
    'PATCH /company/companies/5',
    { customFields: { 'Onboarded on': '2025-01-31' } },
    {
      customFields: [expectRow(1, 'Account tier'), { ...expectRow(2, 'Onboarded on'), value: '2025-01-31T00:00:00Z' }],
    },
  ),
  patch(
    'title of a contact',
    'PATCH /company/contacts/5',
    { title: 'Head of Practice' },
    { title: 'Head of Practice' },
  ),
  patch('site of a contact', 'PATCH /company/contacts/5', { site: 'Branch Office' }, { site: id(8) }),
  patch(
    'a checkbox of a contact',
    'PATCH /company/contacts/61',
    { customFields: { VIP: 'yes' } },
    {
      customFields: [{ ...expectRow(3, 'VIP'), value: true }],
    },
  ),
  patch(
    'end of an agreement',
    'PATCH /finance/agreements/4',
    { endDate: '2026-12-31' },
    { endDate: '2026-12-31T00:00:00Z' },
  ),
  patch('contact of an agreement', 'PATCH /finance/agreements/4', { contact: 'Wendy Nguyen' }, { contact: id(105) }),
  patch('work role of a time entry', 'PATCH /time/entries/1', { workRole: 'Consultant' }, { workRole: id(3) }),
  patch(
    'billing of a time entry',
    'PATCH /time/entries/1',
    { billableOption: 'no charge' },
    { billableOption: 'NoCharge' },
  ),
  patch(
    'notes of a time entry',
    'PATCH /time/entries/1',
    { notes: 'Checked the logs.' },
    { notes: 'Checked the logs.' },
  ),
  patch('status of a schedule entry', 'PATCH /schedule/entries/1', { status: 'Tentative' }, { status: id(2) }),
  patch('member of a schedule entry', 'PATCH /schedule/entries/1', { member: 'asmith' }, { member: id(2) }),
  patch('status of a configuration', 'PATCH /company/configurations/1', { status: 'In Stock' }, { status: id(2) }),
  patch('status of an opportunity', 'PATCH /sales/opportunities/1', { status: 'Quoted' }, { status: id(2) }),
  {
    name: 'a new ticket',
    call: 'POST /service/tickets',
    data: {
      summary: 'Server down',
      company: 'SummitOrtho',
      board: 'Service Desk',
      status: 'New',
      priority: 'High',
      contact: 'Ravi Sawyer',
    },
    sent: { summary: 'Server down', company: id(5), board: id(1), status: id(2), priority: id(3), contact: id(149) },
  },
  {
    name: 'a new note',
    call: 'POST /service/tickets/1595/notes',
    data: { text: 'Called back.', internalAnalysisFlag: 'true', member: '{me}' },
    sent: { text: 'Called back.', internalAnalysisFlag: true, member: id(3) },
  },
  {
    name: 'a new time entry',
    call: 'POST /time/entries',
    data: {
      chargeToType: 'ServiceTicket',
      chargeToId: 1595,
      member: 'me',
      timeStart: 'today 09:00',
      timeEnd: 'today 09:30',
      workType: 'Remote Support',
    },
    sent: {
      ...{ chargeToType: 'ServiceTicket', chargeToId: 1595, member: id(3), workType: id(1) },
      ...{ timeStart: '2026-03-10T13:00:00Z', timeEnd: '2026-03-10T13:30:00Z' },
    },
  },
  {
    name: 'a new schedule entry',
    call: 'POST /schedule/entries',
    data: { objectId: 1595, member: 'dlopez', type: 'S', dateStart: 'tomorrow 10:00', dateEnd: 'tomorrow 11:00' },
    sent: {
      objectId: 1595,
      member: id(5),
      type: id(4),
      dateStart: '2026-03-11T14:00:00Z',
      dateEnd: '2026-03-11T15:00:00Z',
    },
  },
];

export const plainChanges: readonly PlainChange[] = [...tickets, ...others];

/** Names that may mean several or none: call, data, and some of the candidates. */
export const ambiguousChanges: readonly (readonly [
  name: string,
  call: string,
  data: unknown,
  candidates: readonly string[],
])[] = [
  ['a status that two begin with', ticket, { status: 'Waiting' }, ['Waiting Customer', 'Waiting Vendor']],
  ['a status of another board', ticket, { status: 'Completed' }, []],
  ['a status that is no longer in use', ticket, { status: 'Escalated (old)' }, ['no longer in use']],
  ['a misspelt member', ticket, { owner: 'dlopes' }, ['Dana Lopez']],
  ['a member who has left', ticket, { owner: 'hstone' }, ['no longer in use']],
  [
    'a company that two begin with',
    'POST /service/tickets',
    { summary: 'x', company: 'Harbor' },
    ['Harborview Dental Group', 'Harbor View Dental Associates'],
  ],
  ['a contact of another company', ticket, { contact: 'Nobody Atall' }, []],
  ['a site that does not exist', ticket, { site: 'Warehouse' }, ['Branch Office']],
  ['a type of another board', ticket, { type: 'Backup' }, []],
  ['a caption that does not exist', ticket, { customFields: { Root: 'x' } }, ['Root cause']],
];
