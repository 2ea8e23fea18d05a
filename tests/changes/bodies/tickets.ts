import type { BodyCase } from './body-case.ts';

const company = { id: 2 };
const create = (name: string, data: Record<string, unknown>, expected: Partial<BodyCase> = {}): BodyCase => ({
  name: `a new ticket ${name}`,
  call: 'POST /service/tickets',
  data: { summary: 'Server down', company, ...data },
  ...expected,
});
const sends = (data: Record<string, unknown>, said: RegExp): Partial<BodyCase> => ({
  sent: { summary: 'Server down', company, ...data },
  said: [said],
});
const patch = (name: string, data: unknown, expected: Partial<BodyCase> = {}): BodyCase => ({
  name: `a change of a ticket ${name}`,
  call: 'PATCH /service/tickets/1',
  data,
  ...expected,
});
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });

export const ticketBodies: readonly BodyCase[] = [
  create('that is right', {
    board: { id: 1 },
    status: { name: 'New' },
    owner: { identifier: 'jdoe' },
    severity: 'Low',
    budgetHours: 1.5,
    initialDescription: 'It is down.\nAll of it.',
    processNotifications: false,
    requiredDate: '2025-04-01T16:00:00Z',
    customFields: [{ id: 3, value: 'X1' }],
  }),
  {
    name: 'a new ticket without anything',
    call: 'POST /service/tickets',
    data: {},
    refused: { summary: /is required/, company: /is required/ },
  },
  create('whose summary is blank', { summary: ' ' }, { refused: { summary: /is required/ } }),
  create(
    'whose summary is too long',
    { summary: 'x'.repeat(104) },
    { refused: { summary: /104 characters.*at most 100/ } },
  ),
  create(
    'with names in another case',
    { Severity: 'low', OWNER: { Identifier: 'jdoe' } },
    sends(
      { severity: 'Low', owner: { identifier: 'jdoe' } },
      /Severity is written severity; severity: "low" is spelt Low; OWNER is written owner; owner\/Identifier is written identifier/,
    ),
  ),
  create('with words parted by underscores', { budget_hours: 2 }, sends({ budgetHours: 2 }, /is written budgetHours/)),
  create(
    'with numbers and flags as text',
    { budgetHours: '1.5', parentTicketId: '12', billTime: 'nocharge', approved: 'True' },
    sends({ budgetHours: 1.5, parentTicketId: 12, billTime: 'NoCharge', approved: true }, /"1.5" is sent as 1.5/),
  ),
  create('whose zip is a number', { zip: 90210 }, sends({ zip: '90210' }, /zip: 90210 is sent as text/)),
  create(
    'with values of the wrong type',
    { budgetHours: 'two', parentTicketId: 1.5, approved: 'yes', siteName: { name: 'Main' } },
    {
      refused: {
        budgetHours: /not a number.*digits/,
        parentTicketId: /not a whole number/,
        approved: /not a boolean.*true or false/,
        siteName: /is not text/,
      },
    },
  ),
  create(
    'with a value outside its list',
    { severity: 'Critical' },
    { refused: { severity: /not one of.*Low, Medium, High/ } },
  ),
  create(
    'with texts and numbers for references',
    { board: 1, status: 'New', owner: ['jdoe'] },
    { refused: { board: /\{"id": 1\}/, status: /"name": "…"/, owner: /must name a record/ } },
  ),
  create(
    'whose references say more than names',
    { board: { id: 1, title: 'x' }, type: {}, status: { id: null } },
    {
      refused: {
        'board/title': /id, identifier, name/,
        type: /does not name a record/,
        status: /does not name a record/,
      },
    },
  ),
  create(
    'whose references have ids as text',
    { board: { id: '1' }, team: { id: 'seven' } },
    { refused: { 'team/id': /"seven" is not a whole number/ } },
  ),
  create(
    'whose reference was read before',
    { board: { id: 1, name: 'Help Desk', _info: { board_href: 'https://cw.example/1' } } },
    { sent: { summary: 'Server down', company, board: { id: 1 } } },
  ),
  create('with a typing error', { sumary: 'x' }, { refused: { sumary: /not a member of Ticket.*summary/ } }),
  create(
    'with the names of other systems',
    { assignedTo: 'jdoe', title: 'x', client: 'Acme', dueDate: '2025-04-01', statusName: 'New' },
    {
      refused: {
        assignedTo: /owner, as \{"identifier": …\}/,
        title: /summary/,
        client: /company, as \{"name": …\}/,
        dueDate: /requiredDate/,
        statusName: /status, as \{"name": …\}/,
      },
    },
  ),
  create('that describes itself', { description: 'x' }, { refused: { description: /initialDescription/ } }),
  create(
    'with a path for a name',
    { 'status/name': 'New' },
    { refused: { 'status/name': /status, as \{"name": …\}/ } },
  ),
  create(
    'with what ConnectWise computes',
    { closedFlag: true, resources: 'jdoe', createdBy: 'me' },
    {
      refused: {
        closedFlag: /follows the status/,
        resources: /set owner/,
        createdBy: /ConnectWise writes such stamps itself/,
      },
    },
  ),
  create(
    'that copies another',
    { id: 7, _info: { lastUpdated: '2025-01-01T00:00:00Z' } },
    sends({}, /id is left out.*_info is left out/),
  ),
  create('with a member of a newer system', { quantumFlag: true }, { said: [/Ticket has no member quantumFlag/] }),
  create('named twice', { Summary: 'x' }, { refused: { Summary: /is summary again/ } }),
  patch(
    'that is right',
    { summary: 'Router down', status: { id: 5 }, severity: 'High' },
    {
      sent: [replace('summary', 'Router down'), replace('status', { id: 5 }), replace('severity', 'High')],
    },
  ),
  patch('with operations in another case', [replace('/Summary', 'x'), replace('status/ID', '5')], {
    sent: [replace('/summary', 'x'), replace('status/id', 5)],
    said: [
      /Summary is written summary; status\/ID is written id; status\/id: "5" is sent as 5/,
      /replace the whole status/,
    ],
  }),
  patch(
    'with what only new tickets take',
    { initialDescription: 'x', id: 2, _info: {} },
    {
      refused: {
        initialDescription: /only when the record is created.*add a note/,
        id: /never changes/,
        _info: /itself/,
      },
    },
  ),
  patch('that closes it by a flag', [{ op: 'add', path: 'closedFlag', value: true }], {
    refused: { closedFlag: /set a status that closes \(CW 5\.5\.3\)/ },
  }),
  patch('of a reference that it does not have', [replace('status/title', 'x'), replace('summary/text', 'x')], {
    refused: { 'status/title': /does not belong to a reference/, 'summary/text': /has no members/ },
  }),
  patch(
    'that empties what updates require',
    { impact: null, severity: 'Low' },
    {
      sent: [replace('severity', 'Low')],
      said: [/impact must have a value after an update/, /impact is already –/],
    },
  ),
  patch('of a row of custom fields', [replace('customFields/0/Value', 'X2'), replace('customFields/1/id', '4')], {
    sent: [replace('customFields/0/value', 'X2'), replace('customFields/1/id', 4)],
    said: [/customFields\/0\/Value is written value/, /does not exist in the record/],
  }),
  patch(
    'of custom fields by name',
    { customFields: { 'Site code': 'X1' } },
    {
      refused: { 'customFields/Site code': /not a custom field of this record/ },
    },
  ),
  patch(
    'with a date in words',
    { requiredDate: 'tomorrow 14:00' },
    {
      sent: [replace('requiredDate', '2025-03-13T18:00:00Z')],
      said: [/"tomorrow 14:00" is sent as 2025-03-13T18:00:00Z \(2025-03-13 14:00 EDT\)/],
    },
  ),
  {
    name: 'a note that is right',
    call: 'POST /service/tickets/1/notes',
    data: { text: 'Called back.\nDone.', internalAnalysisFlag: true },
  },
  {
    name: 'a note in the words of other systems',
    call: 'POST /service/tickets/1/notes',
    data: { note: 'x', noteType: 'Internal', internalAnalysis: true },
    refused: { note: /text/, noteType: /internalAnalysisFlag/, internalAnalysis: /internalAnalysisFlag/ },
  },
  {
    name: 'an action that takes ids',
    call: 'POST /service/tickets/1/merge',
    data: { mergeTicketIds: ['2', 3], status: { id: 5 } },
    sent: { mergeTicketIds: [2, 3], status: { id: 5 } },
    said: [/mergeTicketIds\/0: "2" is sent as 2/],
  },
  {
    name: 'a configuration that is attached by its id',
    call: 'POST /service/tickets/1/configurations',
    data: { id: 9 },
  },
];
