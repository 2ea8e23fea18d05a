import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countTokens } from '../../src/gateway/calls/reply.ts';
import { connect, testNow } from '../support/connect.ts';

type Write = readonly [title: string, method: string, path: string, data?: unknown, more?: Record<string, unknown>];

/** What technicians, dispatchers and account managers change in a week. */
const writes: readonly Write[] = [
  ['Put a ticket on waiting', 'PATCH', '/service/tickets/1595', { status: 'Waiting Customer' }],
  ['Close a ticket', 'PATCH', '/service/tickets/1595', { status: 'Closed' }],
  ['Give a ticket to a colleague', 'PATCH', '/service/tickets/1595', { owner: 'jmarsh', priority: 'High' }],
  ['Set when a ticket is due', 'PATCH', '/service/tickets/1595', { requiredDate: '2026-03-12 17:00', budgetHours: 3 }],
  ['Move a ticket to another board', 'PATCH', '/service/tickets/1595', { board: 'Monitoring & Alerts', status: null }],
  ['Do not bill a ticket', 'PATCH', '/service/tickets/1595', { billTime: 'DoNotBill' }],
  ['Rename a ticket', 'PATCH', '/service/tickets/1595', { summary: 'VPN drops every hour, since the update' }],
  [
    'Open a ticket',
    'POST',
    '/service/tickets',
    { summary: 'Printer on the second floor jams', company: { id: 5 }, initialDescription: 'Paper from tray 2.' },
  ],
  [
    'Note for colleagues',
    'POST',
    '/service/tickets/1595/notes',
    { text: 'Called back, nobody there.', internalAnalysisFlag: true },
  ],
  [
    'Answer to the customer',
    'POST',
    '/service/tickets/1595/notes',
    { text: 'Please restart the router.', detailDescriptionFlag: true, processNotifications: true },
  ],
  [
    'Log time',
    'POST',
    '/time/entries',
    {
      chargeToType: 'ServiceTicket',
      chargeToId: 1595,
      member: '{me}',
      timeStart: '2026-03-11 10:00',
      timeEnd: '2026-03-11 12:00',
      workType: 'Remote Support',
      notes: 'Replaced the switch.',
    },
  ],
  [
    'Log time that is free',
    'POST',
    '/time/entries',
    {
      chargeToType: 'ServiceTicket',
      chargeToId: 1595,
      member: '{me}',
      timeStart: '2026-03-11 10:00',
      actualHours: 0.5,
      billableOption: 'NoCharge',
    },
  ],
  ['Correct the hours of an entry', 'PATCH', '/time/entries/1', { actualHours: 1.5 }],
  [
    'Schedule a visit',
    'POST',
    '/schedule/entries',
    { objectId: 1595, type: { id: 4 }, member: '{me}', dateStart: '2026-03-12 09:00', dateEnd: '2026-03-12 11:00' },
  ],
  ['Move a visit', 'PATCH', '/schedule/entries/1', { dateStart: '2026-03-13 14:00', dateEnd: '2026-03-13 15:00' }],
  ['Merge two tickets', 'POST', '/service/tickets/1595/merge', { mergeTicketIds: [1596, 1597], status: { id: 9 } }],
  ['Add a task', 'POST', '/service/tickets/1595/tasks', { notes: 'Order the cable' }],
  ['Bundle tickets', 'POST', '/service/tickets/1595/attachChildren', { childTicketIds: [1596] }],
  ['Delete a ticket', 'DELETE', '/service/tickets/1596'],
  [
    'Add a contact',
    'POST',
    '/company/contacts',
    {
      firstName: 'Ana',
      lastName: 'Ruiz',
      company: { id: 5 },
      communicationItems: [{ type: { id: 1 }, value: 'ana@harborview.example' }],
    },
  ],
  ['Change a contact’s title', 'PATCH', '/company/contacts/5', { title: 'Office manager', inactiveFlag: false }],
  [
    'Add a company',
    'POST',
    '/company/companies',
    { identifier: 'NorthPier', name: 'North Pier Clinic', site: { name: 'Main' }, addressLine1: '4 Pier Rd' },
  ],
  ['Merge companies', 'POST', '/company/companies/7/merge', { toCompanyId: 4 }],
  [
    'Add a device',
    'POST',
    '/company/configurations',
    {
      name: 'NP-FW01',
      type: { id: 2 },
      company: { id: 5 },
      serialNumber: 'FW-2231',
      warrantyExpirationDate: '2028-06-30',
    },
  ],
  ['Attach a device to a ticket', 'POST', '/service/tickets/1595/configurations', { id: 12 }],
  ['End an agreement', 'PATCH', '/finance/agreements/1', { endDate: '2026-12-31' }],
  [
    'Add to an agreement',
    'POST',
    '/finance/agreements/1/additions',
    { product: { id: 3 }, quantity: 2, billCustomer: 'Billable', effectiveDate: '2026-04-01' },
  ],
  ['Win an opportunity', 'PATCH', '/sales/opportunities/1', { status: 'Won' }],
  ['Turn an opportunity into a project', 'POST', '/sales/opportunities/1/convertToProject', { board: 'Projects' }],
  ['Attach a file', 'POST', '/system/documents', { recordType: 'Ticket', recordId: 1595, file: 'error.png' }],
  [
    'Close many tickets',
    'PATCH',
    '/service/tickets/{id}',
    { status: 'Closed', budgetHours: 2 },
    { for_each: [1595, 1596, 1597] },
  ],
  ['Finish a project', 'PATCH', '/project/projects/1', { status: 'Closed' }],
];

test('the previews of everyday writes read as they are written down', { timeout: 120_000 }, async () => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'cwm previews ')));
  mkdirSync(join(home, 'Downloads'));
  writeFileSync(join(home, 'Downloads', 'error.png'), 'a picture');
  const seconds = Date.parse(testNow) / 1000 - 180;
  utimesSync(join(home, 'Downloads', 'error.png'), seconds, seconds);
  await using app = await connect({
    home,
    environment: { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'America/New_York' },
  });
  const said: string[] = [];
  for (const [title, method, path, data, more] of writes) {
    const reply = await app.call('execute_api_call', { method, path, ...(data !== undefined && { data }), ...more });
    said.push(`# ${title}`, '', reply.isError ? reply.text : describe(reply.data as Preview), '');
    expect(countTokens(reply.text), title).toBeLessThanOrEqual(500);
  }
  rmSync(home, { recursive: true });
  await expect(said.join('\n')).toMatchFileSnapshot('previews.txt');
});

interface Preview {
  outcome: string;
  notes?: string[];
  about?: string[];
  change: { sentence: string };
  change_id: string;
}

/** What a person is shown, without what each preview has and without the random end of its id. */
function describe({ notes = [], change, about = [], change_id, outcome }: Preview): string {
  const first = outcome.replace(/^NOT SENT\. Nothing has changed in ConnectWise yet\. ?/, '');
  return [
    first,
    change.sentence,
    ...notes.map((note: string) => `! ${note}`),
    ...about.map((one: string) => `  ${one}`),
    change_id.replace(/_[a-z0-9]{8}$/, ''),
  ]
    .filter((line) => line !== '')
    .join('\n');
}
