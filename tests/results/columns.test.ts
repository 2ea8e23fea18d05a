import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Schema } from '../../src/catalog/endpoint.ts';
import { openTestStore } from './open-store.ts';

const ticketSchema: Schema = {
  name: 'Ticket',
  members: [
    { name: 'id', type: 'integer' },
    { name: 'summary', type: 'string' },
    { name: 'closedFlag', type: 'boolean' },
    { name: 'budgetHours', type: 'number' },
    { name: 'closedDate', type: 'string' },
    { name: 'status', type: 'object', schema: 'StatusReference' },
    { name: 'company', type: 'object', schema: 'CompanyReference' },
    { name: '_info', type: 'object' },
  ],
};
const references: Schema[] = ['StatusReference', 'CompanyReference'].map((name) => ({
  name,
  members: [
    { name: 'id', type: 'integer' },
    { name: 'identifier', type: 'string' },
    { name: 'name', type: 'string' },
    { name: 'sort', type: 'integer' },
  ],
}));
const agreementSchema: Schema = {
  name: 'Agreement',
  members: [
    { name: 'id', type: 'integer' },
    { name: 'startDate', type: 'string', format: 'date-time' },
  ],
};

test('references, _info dates and custom fields are columns; addresses are not', async () => {
  await using app = await openTestStore();
  const { name } = app.keep([
    {
      id: 7,
      status: { id: 3, name: 'Open', _info: { status_href: 'https://x' } },
      company: { id: 2, identifier: 'acme', name: 'Acme' },
      customFields: [
        { id: 1, caption: 'Contract Type', type: 'Text', value: 'Gold' },
        { id: 2, caption: 'contract type', type: 'Number', value: 5 },
        { id: 3, caption: 'Empty', type: 'Text', value: null },
      ],
      _info: { lastUpdated: '2026-03-01T10:00:00Z', updatedBy: 'jane', notes_href: 'https://x' },
    },
  ]);
  const { columns, rows } = await app.query(`SELECT *, _record FROM ${name}`);
  expect(Object.fromEntries(columns.map((column, index) => [column, rows[0]?.[index]]))).toEqual({
    id: 7,
    status_id: 3,
    status_name: 'Open',
    company_id: 2,
    company_identifier: 'acme',
    company_name: 'Acme',
    cf_Contract_Type: 'Gold',
    cf_contract_type_2: 5,
    lastUpdated: '2026-03-01T10:00:00Z',
    updatedBy: 'jane',
    _info_lastUpdated: '2026-03-01T10:00:00Z',
    _info_updatedBy: 'jane',
    _record: expect.stringContaining('"status_href":"https://x"'),
  });
});

test('a member keeps its name where _info has the same', async () => {
  await using app = await openTestStore();
  const schema: Schema = { name: 'TimeEntry', members: [{ name: 'dateEntered', type: 'string' }] };
  const record = { _info: { dateEntered: '2026-01-02T00:00:00Z' }, dateEntered: '2026-01-01T00:00:00Z' };
  const { name } = app.keep([record], { schemas: [schema] });
  expect(await app.rows(`SELECT dateEntered, _info_dateEntered FROM ${name}`)).toEqual([
    ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
  ]);
});

test('types come from the schema and the list of dates', async () => {
  await using app = await openTestStore();
  const schemas = [ticketSchema, ...references];
  const records = [
    { id: 1, summary: 12, closedFlag: true, budgetHours: 2, closedDate: '2026-03-01T10:00:00.000Z' },
    { id: 2, summary: '007', closedFlag: false, budgetHours: 0.5, closedDate: '2026-03-01T10:00:00+02:00' },
  ];
  const { name } = app.keep(records, { schemas });
  const sql = `SELECT summary, typeof(summary), closedFlag, budgetHours / 4, closedDate FROM ${name}`;
  expect(await app.rows(sql)).toEqual([
    ['12', 'text', true, 0.5, '2026-03-01T10:00:00Z'],
    ['007', 'text', false, 0.125, '2026-03-01T08:00:00Z'],
  ]);
  const days = app.keep([{ id: 1, startDate: '2026-03-01T00:00:00Z' }], { schemas: [agreementSchema] });
  expect(await app.rows(`SELECT startDate FROM ${days.name}`)).toEqual([['2026-03-01']]);
});

test('members that change their type from row to row stay what they are', async () => {
  await using app = await openTestStore();
  const values = [5, '007', 2.5, true, { name: 'an object' }, [1, 2], null, 'text'];
  const { name } = app.keep(values.map((mixed, index) => ({ id: index, mixed })));
  const sql = `SELECT mixed, typeof(mixed), mixed_name FROM ${name} ORDER BY id`;
  expect(await app.rows(sql)).toEqual([
    [5, 'integer', null],
    ['007', 'text', null],
    [2.5, 'real', null],
    [1, 'integer', null],
    [null, 'null', 'an object'],
    ['1, 2', 'text', null],
    [null, 'null', null],
    ['text', 'text', null],
  ]);
  expect(await app.rows(`SELECT parent_id, value FROM ${name}_mixed`)).toEqual([
    [5, 1],
    [5, 2],
  ]);
});

test('names that differ only in case, keywords and odd names are columns of their own', async () => {
  await using app = await openTestStore();
  const record = {
    id: 1,
    ID: 2,
    Id: 3,
    order: 4,
    group: 5,
    'a b': 6,
    'say "hi"': 7,
    '': 8,
    rowid: 9,
    _record: 10,
    Größe: 11,
  };
  const { name } = app.keep([record]);
  const sql = `SELECT id, ID_2, Id_3, "order", "group", "a b", [say _hi_], "value", rowid_2, _record_2, Größe FROM ${name}`;
  expect(await app.rows(sql)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]);
});

test('columns that come late are added, and earlier rows have nothing there', async () => {
  await using app = await openTestStore();
  const writer = app.store.begin({ noun: 'x', request: 'GET /x', schema: undefined, findSchema: () => undefined });
  writer.append([{ id: 1, a: 1 }]);
  await app.store.query('SELECT 1', { maxRows: 1 });
  writer.append([{ id: 2, b: 'late' }]);
  writer.finish({ state: 'complete' });
  expect(await app.rows(`SELECT id, a, b FROM ${writer.table.name} ORDER BY id`)).toEqual([
    [1, 1, null],
    [2, null, 'late'],
  ]);
});

test('of 5,000 members the first are columns and all are in _record', async () => {
  await using app = await openTestStore();
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`m${index}`, index]));
  const { name } = app.keep([{ id: 1, ...wide }]);
  expect(await app.rows(`SELECT m998, json_extract(_record, '$.m4999') FROM ${name}`)).toEqual([[998, 4_999]]);
  expect(app.store.takeNotices().join()).toContain('4001 members');
  expect(app.store.takeNotices()).toEqual([]);
});

test('arrays are tables with the id of their record, and go with it when it is replaced', async () => {
  await using app = await openTestStore();
  const writer = app.store.begin({
    noun: 'invoices',
    request: 'GET /x',
    schema: undefined,
    findSchema: () => undefined,
  });
  writer.append([
    { id: 1, payments: [{ amount: 5 }, { amount: 6 }], tags: ['a', 'b'] },
    { id: 2, payments: [{ amount: 9 }] },
  ]);
  writer.append([{ id: 1, payments: [{ amount: 7 }] }]);
  writer.finish({ state: 'complete' });
  const { name } = writer.table;
  expect(await app.rows(`SELECT parent_id, amount FROM ${name}_payments ORDER BY 1`)).toEqual([
    [1, 7],
    [2, 9],
  ]);
  expect(await app.rows(`SELECT count(*) FROM ${name}_tags`)).toEqual([[0]]);
  const joined = await app.query(
    'SELECT it.id, sum(p.amount) FROM it JOIN it_payments p ON p.parent_id = it.id GROUP BY 1',
    { it: name },
  );
  expect(joined.rows).toEqual([
    [1, 7],
    [2, 9],
  ]);
  expect(joined.tables.map((table) => table.name)).toEqual([name]);
});

test('a record that comes twice replaces the earlier one; rows of reports are all kept', async () => {
  await using app = await openTestStore();
  const twice = [
    { id: 1, a: 'old', b: 'gone' },
    { id: 2, a: 'x' },
    { id: 1, a: 'new' },
  ];
  const { name } = app.keep(twice);
  expect(await app.rows(`SELECT id, a, b FROM ${name} ORDER BY id`)).toEqual([
    [1, 'new', null],
    [2, 'x', null],
  ]);
  expect(app.store.tables().find((table) => table.name === name)?.rows).toBe(2);
  const report = app.keep(twice, { request: 'GET /system/reports/Time' });
  expect(await app.rows(`SELECT count(*) FROM ${report.name}`)).toEqual([[3]]);
});

test('secrets are masked, in columns and in _record', async () => {
  await using app = await openTestStore();
  const customFields = [{ id: 1, caption: 'Wifi', type: 'Password', value: 'hunter2' }];
  const { name } = app.keep([{ id: 1, portalPassword: 'hunter2', nested: { apiKey: 'hunter2' }, customFields }]);
  const [row] = await app.rows(`SELECT * FROM ${name}`);
  expect(JSON.stringify(row)).not.toContain('hunter2');
  expect(JSON.stringify(row)).toContain('[redacted]');
});

test('an empty list, and members that no row has, are columns where the schema promises them', async () => {
  await using app = await openTestStore();
  const schemas = [ticketSchema, ...references];
  const empty = app.keep([], { schemas });
  expect(await app.rows(`SELECT count(*) FROM ${empty.name} WHERE status_name = 'Open' AND closedFlag = 0`)).toEqual([
    [0],
  ]);
  expect(await app.rows(`SELECT dateEntered, lastUpdated, status_sort FROM ${empty.name}`)).toEqual([]);
  const whole = app.keep([{ id: 1 }], { schemas, fields: 'all' });
  expect(
    await app.rows(`SELECT id FROM ${whole.name} WHERE closedDate IS NULL AND company_identifier IS NULL`),
  ).toEqual([[1]]);
  const chosen = app.keep([{ id: 1 }], { schemas });
  await expect(app.query(`SELECT closedDate FROM ${chosen.name}`)).rejects.toThrow('There is no column closedDate');
  const nothing = app.keep([{}, 5, 'text', null]);
  expect(await app.rows(`SELECT value FROM ${nothing.name}`)).toEqual([[null], [5], ['text'], [null]]);
});

test('whatever JSON comes, every row is there and whole', async () => {
  await using app = await openTestStore();
  const record = fc.dictionary(
    fc.oneof(fc.constantFrom('id2', 'ID2', 'a', 'A', 'select', '_info', 'customFields'), fc.string()),
    fc.jsonValue({ maxDepth: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 8 }), async (records) => {
      const plain = JSON.parse(JSON.stringify(records)) as Record<string, unknown>[];
      const { name } = app.keep(plain.filter((row) => !('id' in row)));
      const kept = await app.rows(`SELECT _record FROM ${name}`);
      expect(kept.length).toBe(plain.filter((row) => !('id' in row)).length);
      for (const [json] of kept) expect(() => JSON.parse(String(json))).not.toThrow();
    }),
    { numRuns: 60 },
  );
});

test('what fields named is a column in its order, though no record has it', async () => {
  await using app = await openTestStore();
  const fields = ['summary', 'company', 'status/name', '_info/dateEntered', 'closedDate', 'odd/name'];
  const { name } = app.keep([{ id: 1, summary: 'x' }], { schemas: [ticketSchema, ...references], fields });
  const { columns, rows } = await app.query(`SELECT * FROM ${name}`);
  expect(columns).toEqual([
    'summary',
    'company_id',
    'company_identifier',
    'company_name',
    'company_sort',
    'status_name',
    'dateEntered',
    'closedDate',
    'id',
    'odd_name',
    '_info_dateEntered',
  ]);
  expect(rows[0]).toEqual(['x', null, null, null, null, null, null, null, 1, null, null]);
});

test('the dates of _info have two names, whichever the record of its own comes first or last', async () => {
  await using app = await openTestStore();
  const info = { dateEntered: '2026-01-02T00:00:00Z', lastUpdated: '2026-01-03T00:00:00Z' };
  const { name } = app.keep([
    { id: 1, _info: info },
    { id: 2, _info: info, dateEntered: 'its own' },
  ]);
  const sql = `SELECT dateEntered, _info_dateEntered, lastUpdated = _info_lastUpdated FROM ${name} ORDER BY id`;
  expect(await app.rows(sql)).toEqual([
    [null, '2026-01-02T00:00:00Z', 1],
    ['its own', '2026-01-02T00:00:00Z', 1],
  ]);
});

test('an array is a column with the names of its elements, and a table though no record has an element', async () => {
  await using app = await openTestStore();
  const schemas: Schema[] = [
    {
      name: 'Company',
      members: [
        { name: 'id', type: 'integer' },
        { name: 'types', type: 'array', schema: 'TypeReference' },
        { name: 'sites', type: 'array', schema: 'TypeReference' },
      ],
    },
    {
      name: 'TypeReference',
      members: [
        { name: 'id', type: 'integer' },
        { name: 'name', type: 'string' },
      ],
    },
  ];
  const records = [
    {
      id: 1,
      types: [
        { id: 5, name: 'Client' },
        { id: 6, name: 'Vendor' },
      ],
    },
    { id: 2, types: [{ id: 7 }, { id: 8, name: 'Owner' }] },
    { id: 3 },
  ];
  const { name } = app.keep(records, { schemas, fields: 'all' });
  expect(await app.rows(`SELECT id, types, sites FROM ${name} ORDER BY id`)).toEqual([
    [1, 'Client, Vendor', null],
    [2, '[2]', null],
    [3, null, null],
  ]);
  expect(await app.rows(`SELECT parent_id, id, name FROM ${name}_sites`)).toEqual([]);
  expect(await app.rows(`SELECT parent_id, name FROM ${name}_types WHERE id = 6`)).toEqual([[1, 'Vendor']]);
});

test('flags are true and false in answers, as in records, and 0 and 1 to compare and to add up', async () => {
  await using app = await openTestStore();
  const customFields = (value: unknown) => [{ id: 1, caption: 'VIP', value }];
  const records = [
    { id: 1, closedFlag: true, odd: true, customFields: customFields(true) },
    { id: 2, closedFlag: false, odd: 5, customFields: customFields('007') },
    { id: 3, odd: false },
  ];
  const { name } = app.keep(records, { schemas: [ticketSchema] });
  expect(await app.rows('SELECT id, closedFlag, odd, cf_VIP FROM it ORDER BY id', { it: name })).toEqual([
    [1, true, true, true],
    [2, false, 5, '007'],
    [3, null, false, null],
  ]);
  const sums = `SELECT sum(closedFlag), count(*) FILTER (WHERE closedFlag = false), max(odd = 0) FROM ${name}`;
  expect(await app.rows(sums)).toEqual([[1, 1, 1]]);
  expect(await app.rows(`SELECT flag FROM (SELECT closedFlag flag FROM ${name} WHERE closedFlag = 1)`)).toEqual([
    [true],
  ]);
});
