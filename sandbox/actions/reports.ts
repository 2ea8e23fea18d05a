import type { Member } from '../../src/catalog/index.ts';
import type { Context } from '../context.ts';
import { type JsonObject, type JsonValue, referenceId } from '../json.ts';
import type { Field } from '../query/field.ts';
import { compileConditionsOver } from '../query/filter.ts';
import { orderOver } from '../query/order.ts';
import { cutPage, readPaging } from '../query/paging.ts';
import { referenceMember } from '../references.ts';
import { visibilityOf } from '../roles.ts';
import { jsonAnswer } from '../server/answer.ts';
import type { Call } from '../server/call.ts';
import { recordNotFound } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';

/** The list of reports. Instances differ, so clients read it (CW 5.11.1). */
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

function passingRows({ context, query }: Call, report: Report) {
  const filter = compileConditionsOver(query.conditions, ({ segments }) => findColumn(report, segments));
  return [...context.store.records(report.key)]
    .filter(visibilityOf(context, report.key))
    .map((record) => readRow(context, report, record))
    .filter(filter);
}

/** One object with one key for each column; the first column of a report is its id. */
function defineColumns({ columns: [identity] }: Report, columns: readonly Column[]): JsonObject[] {
  return columns.map((column) => {
    const isIdentity = column === identity;
    return { [column.name]: { type: column.type, isNullable: !isIdentity, identityColumn: isIdentity } };
  });
}

/** Rows in the order of the definitions; `columns` is used instead of `fields` (CW 5.11.1). */
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

/** A column, named as the database views of ConnectWise name theirs (CW 5.11.1). */
interface Column {
  name: string;
  type: 'Numeric' | 'Text' | 'Date' | 'Boolean';
  read(context: Context, record: StoredRecord): JsonValue | undefined;
}

/** A flat table over one collection; the first column is the id. */
interface Report {
  name: string;
  /** Collection key of its rows. */
  key: string;
  columns: readonly Column[];
}

/** A member as it is. */
const plain =
  (name: string) =>
  (_context: Context, { value }: StoredRecord) =>
    value[name];

/** A member of the record that a reference refers to. */
const via =
  (member: string, schema: string, inner = 'name') =>
  (context: Context, { value }: StoredRecord) =>
    referenceMember(context, schema, value[member], inner);

const idOf =
  (member: string) =>
  (_context: Context, { value }: StoredRecord) =>
    referenceId(value[member]);

const idColumn = (name: string): Column => ({ name, type: 'Numeric', read: (_context, { id }) => id });

const serviceReport: Report = {
  name: 'Service',
  key: '/service/tickets',
  columns: [
    idColumn('TicketNbr'),
    { name: 'Summary', type: 'Text', read: plain('summary') },
    { name: 'Board_Name', type: 'Text', read: via('board', 'BoardReference') },
    { name: 'Status_Description', type: 'Text', read: via('status', 'ServiceStatusReference') },
    { name: 'Closed_Flag', type: 'Boolean', read: plain('closedFlag') },
    { name: 'Urgency', type: 'Text', read: via('priority', 'PriorityReference') },
    { name: 'Company_RecID', type: 'Numeric', read: idOf('company') },
    { name: 'Company_Name', type: 'Text', read: via('company', 'CompanyReference') },
    { name: 'Ticket_Owner', type: 'Text', read: via('owner', 'MemberReference', 'identifier') },
    { name: 'Resource_List', type: 'Text', read: plain('resources') },
    { name: 'Hours_Actual', type: 'Numeric', read: plain('actualHours') },
    { name: 'Date_Entered_UTC', type: 'Date', read: (_context, { stamps }) => stamps.dateEntered },
    { name: 'Date_Closed_UTC', type: 'Date', read: plain('closedDate') },
  ],
};

const timeReport: Report = {
  name: 'Time',
  key: '/time/entries',
  columns: [
    idColumn('Time_RecID'),
    { name: 'Member_ID', type: 'Text', read: via('member', 'MemberReference', 'identifier') },
    { name: 'Company_Name', type: 'Text', read: via('company', 'CompanyReference') },
    { name: 'Charge_Type', type: 'Text', read: plain('chargeToType') },
    { name: 'Charge_RecID', type: 'Numeric', read: plain('chargeToId') },
    { name: 'Work_Type', type: 'Text', read: via('workType', 'WorkTypeReference') },
    { name: 'Work_Role', type: 'Text', read: via('workRole', 'WorkRoleReference') },
    { name: 'Time_Start_UTC', type: 'Date', read: plain('timeStart') },
    { name: 'Hours_Actual', type: 'Numeric', read: plain('actualHours') },
    { name: 'Billable_Option', type: 'Text', read: plain('billableOption') },
    { name: 'Invoiced_Flag', type: 'Boolean', read: plain('invoiceFlag') },
  ],
};

const reports: readonly Report[] = [serviceReport, timeReport];

/** One row as a record of its columns. */
function readRow(context: Context, { columns }: Report, record: StoredRecord): { id: number; value: JsonObject } {
  const value: JsonObject = {};
  for (const column of columns) {
    const cell = column.read(context, record);
    if (cell !== undefined) value[column.name] = cell;
  }
  return { id: record.id, value };
}
