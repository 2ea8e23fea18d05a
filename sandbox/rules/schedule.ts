import { missing } from '../check-record.ts';
import { type JsonObject, referenceId } from '../json.ts';
import { referenceMember } from '../references.ts';
import type { World } from '../world.ts';
import { type Rule, referenceToDefault, setDefaults } from './rule.ts';
import { findAnyTicket } from './time.ts';

/** Types are known by their letter; their numbers differ from one instance to the next (CW 5.7). */
function isForTicket(world: World, value: JsonObject): boolean {
  return referenceMember(world, 'ScheduleTypeReference', value.type, 'identifier') === 'S';
}

/** A ticket's `resources` is text: the identifiers of all who are scheduled for it (CW 2.2.17, 5.5). */
export function listResources(world: World, ticketId: number): void {
  const ticket = findAnyTicket(world, ticketId);
  if (ticket === undefined) return;
  const identifiers = new Set<string>();
  for (const { value } of world.store.records('/schedule/entries')) {
    if (value.objectId !== ticketId || !isForTicket(world, value)) continue;
    const identifier = referenceMember(world, 'MemberReference', value.member, 'identifier');
    if (typeof identifier === 'string') identifiers.add(identifier);
  }
  if (identifiers.size === 0) delete ticket.value.resources;
  else ticket.value.resources = [...identifiers].join(', ');
}

export const scheduleRule: Rule = {
  complete(world, { value }) {
    const ticket = typeof value.objectId === 'number' ? findAnyTicket(world, value.objectId) : undefined;
    setDefaults(value, {
      name: ticket?.value.summary,
      status: referenceToDefault(world, '/schedule/statuses', 'defaultFlag'),
      doneFlag: false,
      acknowledgedFlag: false,
      ownerFlag: false,
      meetingFlag: false,
      allowScheduleConflictsFlag: false,
    });
  },
  check(world, { value }) {
    const errors =
      referenceId(value.member) === undefined ? [missing({ name: 'member', schema: 'MemberReference' })] : [];
    const { objectId } = value;
    if (isForTicket(world, value) && (typeof objectId !== 'number' || findAnyTicket(world, objectId) === undefined)) {
      errors.push({ code: 'NotFound', message: `Ticket ${objectId ?? 0} not found`, field: 'objectId' });
    }
    return errors;
  },
  derive(_world, { value }) {
    const span = Date.parse(String(value.dateEnd)) - Date.parse(String(value.dateStart));
    if (Number.isFinite(span)) value.hours = Math.round(span / 36_000) / 100;
  },
  // A moved entry changes the ticket it left, too.
  follow(world, record, { before }) {
    for (const value of [record.value, before]) {
      if (value !== undefined && typeof value.objectId === 'number') listResources(world, value.objectId);
    }
  },
};
