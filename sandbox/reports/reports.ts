import { type JsonObject, type JsonValue, referenceId } from '../json.ts';
import { referenceMember } from '../references.ts';
import type { StoredRecord } from '../store.ts';
import type { World } from '../world.ts';

/** A column, named as the database views of ConnectWise name theirs (CW 5.11.1). */
export interface Column {
  name: string;
  type: 'Numeric' | 'Text' | 'Date' | 'Boolean';
  read(world: World, record: StoredRecord): JsonValue | undefined;
}

/** A flat table over one collection; the first column is the id. */
export interface Report {
  name: string;
  /** Collection key of its rows. */
  key: string;
  columns: readonly Column[];
}

/** A member as it is. */
const plain =
  (name: string) =>
  (_world: World, { value }: StoredRecord) =>
    value[name];

/** A member of what a reference stands for. */
const via =
  (member: string, schema: string, inner = 'name') =>
  (world: World, { value }: StoredRecord) =>
    referenceMember(world, schema, value[member], inner);

const idOf =
  (member: string) =>
  (_world: World, { value }: StoredRecord) =>
    referenceId(value[member]);

const idColumn = (name: string): Column => ({ name, type: 'Numeric', read: (_world, { id }) => id });

const service: Report = {
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
    { name: 'Date_Entered_UTC', type: 'Date', read: (_world, { stamps }) => stamps.dateEntered },
    { name: 'Date_Closed_UTC', type: 'Date', read: plain('closedDate') },
  ],
};

const time: Report = {
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

export const reports: readonly Report[] = [service, time];

/** One row as a record of its columns. */
export function readRow(world: World, { columns }: Report, record: StoredRecord): { id: number; value: JsonObject } {
  const value: JsonObject = {};
  for (const column of columns) {
    const cell = column.read(world, record);
    if (cell !== undefined) value[column.name] = cell;
  }
  return { id: record.id, value };
}
