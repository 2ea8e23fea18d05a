import type { Collection } from './collections.ts';
import { appendEntry } from './feed.ts';
import { type JsonObject, type JsonValue, referenceId } from './json.ts';
import { referenceMember } from './references.ts';
import type { Change } from './rules/rule.ts';
import type { StoredRecord } from './store.ts';
import type { World } from './world.ts';

export const changeLogKey = '/service/tickets/changelogs';

const deeds = { create: 'added', update: 'updated', delete: 'deleted' } as const;

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
export function logChange(world: World, { key }: Collection, { id, value }: StoredRecord, { kind }: Change): void {
  if (key !== '/service/tickets') return;
  const named = (member: string, schema: string, inner = 'name') =>
    referenceMember(world, schema, value[member], inner);
  const members: Record<string, JsonValue | undefined> = {
    action: deeds[kind],
    ticketNumber: id,
    boardId: referenceId(value.board),
    boardName: named('board', 'BoardReference'),
    // So named, and yet numbers in the definition.
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
  const given = Object.entries(members).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
  appendEntry(world, changeLogKey, Object.fromEntries(given) satisfies JsonObject);
}
