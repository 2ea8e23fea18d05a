import { expect, test } from 'vitest';
import type { Schema } from '../catalog/endpoint.ts';
import { findArrays, findEmptyMembers, profileRecords } from './profile.ts';

const schema: Schema = {
  name: 'Ticket',
  members: [
    { name: 'id', type: 'integer' },
    { name: 'dateEntered', type: 'string' },
    { name: 'closedFlag', type: 'boolean' },
  ],
};
const options = { schema, findSchema: () => undefined };

const tickets = Array.from({ length: 100 }, (_, index) => ({
  id: 1_000 + index,
  summary: `Ticket ${index}`,
  status: { id: index % 2, name: index % 4 === 0 ? 'New' : 'Open' },
  dateEntered: `2026-03-${String((index % 28) + 1).padStart(2, '0')}T00:00:00Z`,
  closedFlag: index < 10,
  actualHours: index / 4,
  ...(index < 25 ? { owner: { id: 1, identifier: 'jane', name: 'Jane' } } : {}),
  notes: 'x'.repeat(200) + index,
  nothing: null,
}));

test('types, empty shares, most frequent values and ranges, in the names of the table', async () => {
  const { columns, rows, rowsRead } = await profileRecords(tickets, options);
  expect(columns).toEqual(['column', 'type', 'empty %', 'values']);
  expect(rowsRead).toBe(100);
  const profile = Object.fromEntries(rows.map(([name, ...rest]) => [name, rest]));
  expect(profile).toMatchObject({
    id: ['number', 0, '1000 … 1099'],
    status_name: ['text', 0, 'Open: 75, New: 25'],
    dateEntered: ['date-time', 0, '2026-03-01T00:00:00Z … 2026-03-28T00:00:00Z'],
    closedFlag: ['true/false', 0, 'false: 90, true: 10'],
    actualHours: ['number', 0, '0 … 24.75, sum 1237.5'],
    owner_name: ['text', 75, 'Jane: 25'],
    summary: ['text', 0, '100 different, such as Ticket 0'],
    notes: ['text', 0, '100 different texts'],
  });
  expect(Object.keys(profile)).not.toContain('nothing');
  expect(Object.keys(profile)).not.toContain('status_id');
});

test('what reports group by stands before what is different in each row', async () => {
  const names = (await profileRecords(tickets, options)).rows.map(([name]) => name);
  expect(names.indexOf('status_name')).toBeLessThan(names.indexOf('actualHours'));
  expect(names.indexOf('actualHours')).toBeLessThan(names.indexOf('summary'));
});

test('a wide record and long values keep to the size', async () => {
  const wide = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [`member${index}`, `${'ü'.repeat(50)}${index % 7}`]),
  );
  const profile = await profileRecords([wide, { ...wide, member0: 'other' }], { ...options, maxBytes: 1_500 });
  expect(Buffer.byteLength(JSON.stringify([profile.columns, ...profile.rows]))).toBeLessThanOrEqual(1_500);
  expect(profile.rows.length).toBeGreaterThan(3);
});

test('more rows than are looked at are counted, and none at all are no fault', async () => {
  const many = Array.from({ length: 10_500 }, (_, index) => ({ id: index }));
  expect((await profileRecords(many, options)).rowsRead).toBe(10_000);
  expect((await profileRecords([], options)).rows).toEqual([]);
  expect((await profileRecords([5, 'text', null], options)).rows.map(([name]) => name)).toEqual(['value']);
});

test('members that no record fills are named, those that a filter mentions first', async () => {
  const members = ['id', 'invoice', 'hourlyCost', 'owner', 'tags', '_info', 'customFields'];
  const whole: Schema = {
    name: 'X',
    members: members.map((name) => ({ name, type: name === 'hourlyCost' ? 'number' : 'string' })),
  };
  const only: Schema = {
    ...whole,
    members: [...whole.members, { name: 'initialNote', type: 'string', description: 'Only available for POST' }],
  };
  const records = [
    { id: 1, owner: { id: null, name: 'Jo' } },
    { id: 2, invoice: null, hourlyCost: '', tags: [] },
  ];
  const find = (asked: readonly string[], mentioned = '') =>
    findEmptyMembers(records, { schema: only, asked, mentioned });
  // An amount before texts.
  expect(find([])).toEqual(['hourlyCost', 'invoice', 'tags']);
  expect(find([], 'tags/name=null and hourlyCost>0')).toEqual(['hourlyCost', 'tags', 'invoice']);
  expect(find(['id', 'owner/id', 'Owner/name', 'odd'])).toEqual(['owner/id', 'odd']);
  expect(findEmptyMembers([], { schema: only, asked: [], mentioned: '' })).toEqual([]);
});

test('arrays are tables with the id of their record', async () => {
  const records = [
    { id: 1, types: [{ id: 5, name: 'Client' }] },
    { id: 2, tags: ['a'], types: [{ id: 6, level: 2 }] },
  ];
  expect(findArrays(records, options)).toEqual([
    { part: 'types', columns: ['parent_id', 'id', 'name', 'level'] },
    { part: 'tags', columns: ['parent_id', 'value'] },
  ]);
});
