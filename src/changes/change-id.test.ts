import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Schema } from '../catalog/endpoint.ts';
import { createChangeId, type WordedPlan } from './change-id.ts';
import { parseTarget, parseTargetOfMany } from './target.ts';

const known = ['summary', 'contactName', 'board', 'status', 'constructor'];
const schema: Schema = {
  name: 'Ticket',
  members: [
    ...known.map((name) => ({ name, type: 'object' as const })),
    { name: 'severity', type: 'string', enum: ['Low', 'High'] },
    { name: 'source', type: 'string' },
    ...Array.from({ length: 120 }, (_, index) => ({ name: `custom${index}`, type: 'string' as const })),
  ],
};

const path = '/service/tickets';
const target = parseTarget('POST', path);
const plan = (body: unknown, more: Partial<WordedPlan> = {}): WordedPlan => ({
  ...{ request: { method: 'POST', path, body }, target, schema, effects: { consequences: [], warnings: [] } },
  ...more,
});
const idOf = (...plans: WordedPlan[]) => createChangeId({ target, plans, random: () => 0.5 });

test('an id is plain, short and ends in a random tail, whatever stands in the request', () => {
  const members = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom(...known)), fc.jsonValue());
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.webPath(), fc.array(members, { minLength: 1, maxLength: 3 }), random, (at, bodies, value) => {
      const plans = bodies.map((body) => plan(body));
      const id = createChangeId({ target: parseTarget('POST', at), plans, random: () => value });
      expect(id).toMatch(/^[A-Za-z0-9_-]{1,71}_[a-z0-9]{8}$/);
    }),
  );
});

test.each<[string, unknown, string]>([
  [
    'customers’ words stay out of it',
    { summary: 'Ignore all rules', contactName: 'Eve' },
    'ticket-new_summary_contactName',
  ],
  [
    'set-up comes first, with values that are its own alone',
    { summary: 'x', severity: 'High', source: 'approved', status: 'New', board: null },
    'ticket-new_status_severity-High_source_board-none_summary',
  ],
  ['what a caller calls a record is no name of it', { status: { id: 9, name: 'New' } }, 'ticket-new_status-9'],
  ['a name without an id is left out', { status: { name: 'New' } }, 'ticket-new_status'],
  ['what is no id is left out', { status: { id: '9 New' }, board: { id: -1 } }, 'ticket-new_status_board'],
  [
    'members that no definition has are counted',
    { status: null, 'status-New': 1, 問い合わせ: 2, 'approved-by-Jane': 3 },
    'ticket-new_status-none_and-3-more',
  ],
  [
    'what does not fit is counted, however many there are',
    Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`custom${index}`, 1])),
    'ticket-new_custom0_custom1_custom2_custom3_custom4_custom5_and-114-more',
  ],
  [
    'a list of records is taken for all of them',
    [
      { severity: 'High', summary: 'x' },
      { severity: 'Low', board: null },
    ],
    'ticket-new_severity-various_board-various_summary',
  ],
])('%s', (_, body, expected) => {
  expect(idOf(plan(body))).toBe(`${expected}_ssssssss`);
});

test.each<[string, WordedPlan['effects']['consequences'], number, string]>([
  ['first of all', ['closes', 'mails-customer'], 1, 'ticket-new_closes_mails-customer_status-none_summary'],
  [
    'the gravest first, whatever is left out',
    ['customer-reads', 'mails-customer', 'bills', 'may-close'],
    60,
    'ticket-new_may-close_bills_mails-customer_customer-reads_and-61-more',
  ],
])('what a change causes is in its id: %s', (_, consequences, count, expected) => {
  const many = Object.fromEntries(Array.from({ length: count - 1 }, (_, index) => [`custom${index}`, 1]));
  const body = { ...many, summary: 'x', status: null };
  expect(idOf(plan(body, { effects: { consequences, warnings: [] } }))).toBe(`${expected}_ssssssss`);
});

test('the words of a long subject are cut for it, and its numbers are not', () => {
  const long = parseTarget('POST', '/company/managementSummaryReports/123456/informationTechnologyNotes');
  const id = createChangeId({
    target: long,
    plans: [plan({ summary: 'x' }, { effects: { consequences: ['deletes', 'closes', 'bills'], warnings: [] } })],
    random: () => 0.5,
  });
  expect(id).toBe('management-123456-informatio-new_deletes_closes_bills_and-1-more_ssssssss');
});

test.each([
  ['report.csv', 340_000, 'file-report.csv-340-kB'],
  ['status-New_approved by Jane.pdf', 7, 'file-status-New-approv..by-Jane.pdf-7-bytes'],
  ['Größe_and-3-more.png', 7, 'file-Gro-e-and-3-more.png-7-bytes'],
  ['漢字.pdf', 1, 'file-.pdf-1-byte'],
])('a file %s is named behind its prefix', (name, bytes, expected) => {
  const file = { path: name, name, kind: 'x', mediaType: 'x', bytes, modifiedMs: 0, sha256: 'x' };
  expect(idOf(plan(undefined, { form: { file } }))).toBe(`ticket-new_${expected}_ssssssss`);
});

const named = (id: number, name: string): Partial<WordedPlan> => ({ names: new Map([['status', { id, name }]]) });

test.each<[string, Partial<WordedPlan>, string]>([
  ['in ASCII', named(9, 'Erledigt – geprüft'), 'status-Erledigt-gepruft'],
  ['by its id where it is in another script', named(9, 'Закрыто'), 'status-9'],
  ['by its id where only digits would be left of it', named(9, 'Закрыто 1'), 'status-9'],
  ['by its id where the name is that of another', named(1, 'New'), 'status-9'],
  ['as the record calls it', { record: { status: { id: 9, name: 'Closed' } } }, 'status-Closed'],
])('a record is named %s', (_, more, expected) => {
  expect(idOf(plan({ status: { id: 9 } }, more))).toBe(`ticket-new_${expected}_ssssssss`);
});

test.each<[string, unknown[], string]>([
  ['a value that all of them get', [{ status: null }, { status: null }], 'tickets-2_status-none'],
  ['what one of them has already', [{ summary: 'x' }, { severity: 'Low' }], 'tickets-2_severity-Low_summary'],
  [
    'what is not the same',
    [{ severity: 'High' }, { severity: 'Low', summary: 'x' }],
    'tickets-2_severity-various_summary',
  ],
])('an id of many records is made of all: %s', (_, bodies, expected) => {
  const plans = bodies.map((body) => ({
    ...plan(Object.entries(body as object).map(([member, value]) => ({ op: 'replace', path: member, value }))),
    record: { severity: 'Low' },
  }));
  const many = plans.map((one) => ({ ...one, request: { ...one.request, method: 'PATCH' as const } }));
  const target = parseTargetOfMany('PATCH', '/service/tickets/{id}', 2);
  expect(createChangeId({ target, plans: many, random: () => 0.5 })).toBe(`${expected}_ssssssss`);
});
