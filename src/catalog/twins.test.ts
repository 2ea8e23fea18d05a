import { expect, test } from 'vitest';
import { deriveDefinition } from '../../scripts/derive-definition.ts';
import { isOfTwin, twinOf, twins } from './twins.ts';

const paths = Object.keys(deriveDefinition().paths as Record<string, unknown>);

test('a path beneath a record has the same path at the twin, and none that only begins alike', () => {
  expect(twinOf('/service/tickets/1601/notes')).toMatchObject({
    path: '/project/tickets/1601/notes',
    record: '/project/tickets/1601',
    noun: 'project ticket',
    number: '1601',
  });
  expect(twinOf('/Project/Tickets/5')).toMatchObject({ path: '/service/tickets/5', noun: 'service ticket' });
  expect(twinOf('/service/tickets/{id}/notes')?.path).toBe('/project/tickets/{id}/notes');
  expect(twinOf('/service/tickets')).toMatchObject({ path: '/project/tickets', number: undefined });
  expect(twinOf('/service/ticketLinks/5')).toBeUndefined();
});

test('a list never has the values of its twin', () => {
  expect(isOfTwin('/service/tickets', 'recordType', 'projectissue')).toBe(true);
  expect(isOfTwin('/service/tickets/count', 'RECORDTYPE', 'ProjectTicket')).toBe(true);
  expect(isOfTwin('/service/tickets', 'recordType', 'ServiceTicket')).toBe(false);
  expect(isOfTwin('/service/tickets/{id}/notes', 'recordType', 'ProjectTicket')).toBe(false);
});

test('the table names lists of the catalog, and each with its reason', () => {
  const known = new Set(paths.map((path) => path.toLowerCase()));
  for (const { sides, reason } of twins) {
    for (const { path } of sides) expect(known).toContain(path.toLowerCase());
    expect(reason.length).toBeGreaterThan(7);
  }
});

/** Last words that lists share without being one thing to a person, who says of what. */
const notTwins: Readonly<Record<string, string>> = {
  types: 'types of something',
  statuses: 'statuses of something',
  entries: 'of time, of expenses, of the schedule',
  conversions: 'of opportunities, of orders',
  documents: 'of records, and those of the provider itself',
  reports: 'of expenses, and of the database',
  settings: 'of procurement, and of the system',
  surveys: 'of tickets, and of the system',
  companyfinance: 'one is not listed any more',
  userdefinedfields: 'fields, and workflows on them',
  actions: 'of two kinds of workflow',
  events: 'of two kinds of workflow',
};

test('every two lists of the same word are in the table, or were looked at and are not one thing', () => {
  const byWord = new Map<string, string[]>();
  for (const path of paths) {
    const list = /^(\/[^{}]*)\/\{[^{}]*\}$/.exec(path)?.[1]?.toLowerCase();
    if (list === undefined || /\/info\//.test(list)) continue;
    const word = list.slice(list.lastIndexOf('/') + 1);
    byWord.set(word, [...(byWord.get(word) ?? []), list]);
  }
  const shared = [...byWord].filter(([word, lists]) => lists.length > 1 && !(word in notTwins));
  expect(shared.map(([word]) => word)).toContain('tickets');
  expect(shared.filter(([, lists]) => lists.some((list) => twinOf(list) === undefined))).toEqual([]);
});
