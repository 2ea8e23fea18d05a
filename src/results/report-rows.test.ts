import { expect, test } from 'vitest';
import { findReportRecords } from './report-rows.ts';

const definitions = [
  { Company_RecID: { type: 'Numeric', isNullable: false, identityColumn: true } },
  { Company_Name: { type: 'Text', isNullable: true, identityColumn: false } },
];
const find = (body: unknown) => findReportRecords('/system/reports/Company', body);

test('rows get the names of their columns, in the order of the definitions', () => {
  expect(
    find({
      column_definitions: definitions,
      row_values: [
        [2, 'Acme'],
        [3, null],
      ],
    }),
  ).toEqual([
    { Company_RecID: 2, Company_Name: 'Acme' },
    { Company_RecID: 3, Company_Name: null },
  ]);
});

test('a report without rows is an empty list', () => {
  expect(find({ column_definitions: definitions, row_values: [] })).toEqual([]);
});

test('no cell is lost: columns of one name, and cells beyond the definitions', () => {
  expect(find({ column_definitions: [{ a: {} }, { a: {} }], row_values: [[1, 2, 3]] })).toEqual([
    { a: 1, 'a 2': 2, 'column 3': 3 },
  ]);
});

test.each<[string, unknown]>([
  ['a list of definitions', definitions],
  ['a list of one object', [Object.assign({}, ...definitions)]],
  ['an object', Object.assign({}, ...definitions)],
  ['definitions as in a report', { column_definitions: definitions }],
])('columns given as %s are one row each', (_, body) => {
  expect(findReportRecords('/system/reports/Company/columns', body)).toEqual([
    { name: 'Company_RecID', type: 'Numeric', isNullable: false, identityColumn: true },
    { name: 'Company_Name', type: 'Text', isNullable: true, identityColumn: false },
  ]);
});

test.each([[undefined], [null], ['text'], [[]], [{ column_definitions: 1, row_values: [] }], [[{ name: 'Company' }]]])(
  '%j is no report',
  (body) => {
    expect(find(body)).toBeUndefined();
    expect(findReportRecords('/system/reports/x/columns', body)).toBeUndefined();
  },
);
