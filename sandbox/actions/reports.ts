import type { Member } from '../../src/catalog/index.ts';
import { jsonAnswer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Field } from '../field.ts';
import { compileConditionsOver } from '../filter.ts';
import type { JsonObject } from '../json.ts';
import { orderOver } from '../order.ts';
import { cutPage, readPaging } from '../paging.ts';
import { recordNotFound } from '../refusal.ts';
import { type Column, type Report, readRow, reports } from '../reports/reports.ts';
import { visibilityOf } from '../roles.ts';

/** Which reports there are; instances differ, so clients read them (CW 5.11.1). */
export function listReports({ query }: Call): Response {
  const rows = reports.map(({ name }, index) => ({ id: index + 1, value: { name } }));
  const find = (segments: readonly string[]): Field | undefined =>
    segments.join('/').toLowerCase() === 'name'
      ? { member: { name: 'name', type: 'string' }, read: ({ value }) => value.name }
      : undefined;
  const passing = rows.filter(compileConditionsOver(query.conditions, ({ segments }) => find(segments)));
  return jsonAnswer(
    200,
    orderOver(passing, query.orderby, find).map(({ value }) => value),
  );
}

function getReport({ ids }: Call): Report {
  const [name = ''] = ids;
  const report = reports.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (report === undefined) throw recordNotFound('Report', name);
  return report;
}

/** How conditions treat the values of a column. */
const memberTypes: Readonly<Record<Column['type'], Pick<Member, 'type' | 'format'>>> = {
  Numeric: { type: 'number' },
  Text: { type: 'string' },
  Date: { type: 'string', format: 'date-time' },
  Boolean: { type: 'boolean' },
};

function findColumn(report: Report, segments: readonly string[]): Field | undefined {
  const name = segments.length === 1 ? segments[0]?.toLowerCase() : undefined;
  const column = report.columns.find((one) => one.name.toLowerCase() === name);
  if (column === undefined) return undefined;
  return { member: { name: column.name, ...memberTypes[column.type] }, read: ({ value }) => value[column.name] };
}

function passingRows({ world, query }: Call, report: Report) {
  const filter = compileConditionsOver(query.conditions, ({ segments }) => findColumn(report, segments));
  return [...world.store.records(report.key)]
    .filter(visibilityOf(world, report.key))
    .map((record) => readRow(world, report, record))
    .filter(filter);
}

/** One object with one key for each column; the first column of a report is its id. */
function defineColumns({ columns: [identity] }: Report, columns: readonly Column[]): JsonObject[] {
  return columns.map((column) => {
    const isIdentity = column === identity;
    return { [column.name]: { type: column.type, isNullable: !isIdentity, identityColumn: isIdentity } };
  });
}

/** Rows in the order of the definitions; `columns` stands in place of `fields` (CW 5.11.1). */
export function readReport(call: Call): Response {
  const { query, url } = call;
  const report = getReport(call);
  const rows = orderOver(passingRows(call, report), query.orderby, (segments) => findColumn(report, segments));
  const { page, link } = cutPage(rows, readPaging(query, false), url);
  const wanted = (query.columns ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const columns = report.columns.filter(({ name }) => wanted.length === 0 || wanted.includes(name.toLowerCase()));
  const body = {
    column_definitions: defineColumns(report, columns),
    row_values: page.map(({ value }) => columns.map(({ name }) => value[name] ?? null)),
  };
  return jsonAnswer(200, body, link === undefined ? {} : { link });
}

export function listReportColumns(call: Call): Response {
  const report = getReport(call);
  return jsonAnswer(200, defineColumns(report, report.columns));
}

export function countReport(call: Call): Response {
  return jsonAnswer(200, { count: passingRows(call, getReport(call)).length });
}
