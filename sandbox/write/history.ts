import { addRecord, type Context, toStamp } from '../context.ts';
import type { Collection } from '../definitions.ts';
import { kindOf } from '../definitions.ts';
import { isObject, type JsonObject, type JsonValue, referenceId } from '../json.ts';
import { referenceMember } from '../references.ts';
import type { Change } from '../rules/rule.ts';
import type { StoredRecord } from '../store.ts';

export const auditKey = '/system/audittrail';

/** The `type` of the records of a collection (CW 5.11.3); others have no audit trail. */
const auditTypes: Readonly<Record<string, string>> = {
  '/company/companies': 'Company',
  '/company/configurations': 'Configuration',
  '/company/contacts': 'Contact',
  '/finance/agreements': 'Agreement',
  '/finance/invoices': 'Invoice',
  '/procurement/purchaseorders': 'PurchaseOrder',
  '/project/projects': 'Project',
  '/project/tickets': 'Ticket',
  '/sales/activities': 'Activity',
  '/sales/opportunities': 'Opportunity',
  '/schedule/entries': 'Schedule',
  '/service/tickets': 'Ticket',
  '/time/entries': 'TimeEntry',
};

const deeds = { create: 'Created', update: 'Updated', delete: 'Deleted' } as const;

/** Notes who changed what: one entry for each member that an update changed (CW 5.11.3). */
export function recordAudit(context: Context, { key, schema }: Collection, record: StoredRecord, change: Change): void {
  const type = auditTypes[key];
  if (type === undefined) return;
  const texts =
    change.kind === 'update'
      ? changedTexts(context, schema, change.before ?? {}, record.value)
      : [`${kindOf(schema)} ${record.id} was ${deeds[change.kind].toLowerCase()}.`];
  for (const text of texts) {
    appendEntry(context, auditKey, {
      text,
      enteredDate: toStamp(context.now()),
      enteredBy: context.caller,
      auditType: 'Record',
      auditSubType: deeds[change.kind],
      auditSource: 'API',
      // What the entry is about. No schema has these two members, so they are never shown.
      recordType: type,
      recordId: record.id,
    });
  }
}

function changedTexts(context: Context, schema: string, before: JsonObject, after: JsonObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    if (JSON.stringify(before[name]) === JSON.stringify(after[name])) return [];
    const show = (value: JsonValue | undefined) =>
      showValue(context, context.schemas.member(schema, name)?.schema, value);
    return [`The ${name} field was changed from ${show(before[name])} to ${show(after[name])}.`];
  });
}

/** References by what people call them. */
function showValue(context: Context, schema: string | undefined, value: JsonValue | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (!isObject(value) || schema === undefined) return JSON.stringify(value);
  const name = referenceMember(context, schema, value, 'name') ?? referenceMember(context, schema, value, 'identifier');
  return name === undefined ? JSON.stringify(value) : JSON.stringify(name);
}

export const changeLogKey = '/service/tickets/changelogs';

const changeActions = { create: 'added', update: 'updated', delete: 'deleted' } as const;

/** Members of an entry that are the ticket's own. */
const copied = [
  'impact',
  'severity',
  'slaStatus',
  'summary',
  'recordType',
  'closedFlag',
  'customerUpdatedFlag',
  'parentTicketId',
];

/** Adds a change of a ticket to the feed of changes (CW 5.5.10). */
export function logChange(context: Context, { key }: Collection, { id, value }: StoredRecord, { kind }: Change): void {
  if (key !== '/service/tickets') return;
  const named = (member: string, schema: string, inner = 'name') =>
    referenceMember(context, schema, value[member], inner);
  const members: Record<string, JsonValue | undefined> = {
    action: changeActions[kind],
    ticketNumber: id,
    boardId: referenceId(value.board),
    boardName: named('board', 'BoardReference'),
    // Despite its name a number in the definition.
    companyIdentifier: referenceId(value.company),
    companyName: named('company', 'CompanyReference'),
    contactId: referenceId(value.contact),
    contactName: named('contact', 'ContactReference'),
    ownerIdentifier: referenceId(value.owner),
    ticketOwner: named('owner', 'MemberReference', 'identifier'),
    priorityId: referenceId(value.priority),
    priorityName: named('priority', 'PriorityReference'),
    prioritySort: named('priority', 'PriorityReference', 'sort'),
    resourceList: value.resources,
    status: named('status', 'ServiceStatusReference'),
    teamName: named('team', 'ServiceTeamReference'),
    mergedParentTicketId: referenceId(value.mergedParentTicket),
  };
  for (const name of copied) members[name] = value[name];
  appendEntry(context, changeLogKey, members);
}

/** The oldest entries are dropped, so that a sandbox that runs for weeks does not grow. */
const mostEntries = 20_000;

/** Adds an entry at the end of a feed. */
function appendEntry(context: Context, key: string, members: Readonly<Record<string, JsonValue | undefined>>): void {
  const { id } = addRecord(context, key, [], members);
  const outdated = context.store.find(key, id - mostEntries);
  if (outdated !== undefined) context.store.remove(key, outdated);
}
