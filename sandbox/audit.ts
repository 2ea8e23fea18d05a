import type { Collection } from './collections.ts';
import { appendEntry } from './feed.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { kindOf } from './kinds.ts';
import { referenceMember } from './references.ts';
import type { Change } from './rules/rule.ts';
import type { StoredRecord } from './store.ts';
import { toStamp, type World } from './world.ts';

export const auditKey = '/system/audittrail';

/** What `type` calls the records of a collection (CW 5.11.3); of others no trail is kept. */
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
export function recordAudit(world: World, { key, schema }: Collection, record: StoredRecord, change: Change): void {
  const type = auditTypes[key];
  if (type === undefined) return;
  const texts =
    change.kind === 'update'
      ? changedTexts(world, schema, change.before ?? {}, record.value)
      : [`${kindOf(schema)} ${record.id} was ${deeds[change.kind].toLowerCase()}.`];
  for (const text of texts) {
    appendEntry(world, auditKey, {
      text,
      enteredDate: toStamp(world.now()),
      enteredBy: world.caller,
      auditType: 'Record',
      auditSubType: deeds[change.kind],
      auditSource: 'API',
      // What the entry is about; no schema has these two, so that they are never shown.
      recordType: type,
      recordId: record.id,
    });
  }
}

function changedTexts(world: World, schema: string, before: JsonObject, after: JsonObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    if (JSON.stringify(before[name]) === JSON.stringify(after[name])) return [];
    const show = (value: JsonValue | undefined) => showValue(world, world.schemas.member(schema, name)?.schema, value);
    return [`The ${name} field was changed from ${show(before[name])} to ${show(after[name])}.`];
  });
}

/** References by what people call them. */
function showValue(world: World, schema: string | undefined, value: JsonValue | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (!isObject(value) || schema === undefined) return JSON.stringify(value);
  const name = referenceMember(world, schema, value, 'name') ?? referenceMember(world, schema, value, 'identifier');
  return name === undefined ? JSON.stringify(value) : JSON.stringify(name);
}
