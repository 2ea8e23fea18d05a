import { type Context, findCaller, toStamp } from '../context.ts';
import { type JsonObject, referenceId } from '../json.ts';
import { findReferenced, referenceMember } from '../references.ts';
import type { FieldError } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';
import { missing } from '../write/check-record.ts';
import { type Draft, type Rule, referenceToDefault, setDefaults } from './rule.ts';

const ticketTypes = ['ServiceTicket', 'ProjectTicket'];

/** The ticket that is charged; none for charge codes, activities and companies. */
export function findTicket(context: Context, { chargeToType, chargeToId }: JsonObject): StoredRecord | undefined {
  if (typeof chargeToId !== 'number' || !ticketTypes.includes(String(chargeToType))) return undefined;
  return context.store.find(chargeToType === 'ServiceTicket' ? '/service/tickets' : '/project/tickets', chargeToId);
}

function hoursBetween(start: unknown, end: unknown): number | undefined {
  const span = Date.parse(String(end)) - Date.parse(String(start));
  return Number.isFinite(span) && span >= 0 ? span / 3_600_000 : undefined;
}

/** A hundredth of an hour is what ConnectWise shows. */
function roundHours(hours: number): number {
  return Math.round(hours * 100) / 100;
}

/** Member, role and type come from the API member; company and agreement from what is charged (CW 5.6). */
function complete(context: Context, draft: Draft): void {
  const { value } = draft;
  const caller = findCaller(context);
  setDefaults(value, {
    member: caller === undefined ? undefined : { id: caller.id },
    workRole: caller?.value.workRole,
    workType: caller?.value.workType,
    billableOption: 'Billable',
    status: 'Open',
    hoursDeduct: 0,
    invoiceFlag: false,
  });
  const ticket = findTicket(context, value);
  if (ticket === undefined) return;
  value.ticket = { id: ticket.id };
  setDefaults(value, { company: ticket.value.company, agreement: ticket.value.agreement });
  setDefaults(value, { project: ticket.value.project, phase: ticket.value.phase });
}

function check(context: Context, { value, before }: Draft): FieldError[] {
  const errors: FieldError[] = [];
  const { chargeToId, chargeToType } = value;
  if ((chargeToId === undefined || chargeToType === undefined) && value.company === undefined) {
    errors.push({ code: 'MissingRequiredField', message: 'The chargeToId field is required.', field: 'chargeToId' });
  }
  const ticket = findTicket(context, value);
  if (ticketTypes.includes(String(chargeToType)) && ticket === undefined) {
    errors.push({ code: 'NotFound', message: `Ticket ${chargeToId} not found`, field: 'chargeToId' });
  }
  const status = ticket && context.store.find('/service/boards/{}/statuses', referenceId(ticket.value.status) ?? 0);
  // Old entries may be corrected after the ticket has been closed.
  if (before === undefined && status?.value.timeEntryNotAllowed === true) {
    const message = `Time entry is not allowed for tickets in status ${status.value.name}.`;
    errors.push({ code: 'InvalidField', message, field: 'chargeToId' });
  }
  errors.push(...roleErrors(context, value, ticket));
  if (value.timeEnd !== undefined && hoursBetween(value.timeStart, value.timeEnd) === undefined) {
    errors.push({ code: 'OutOfRange', message: 'The field timeEnd must be after timeStart.', field: 'timeEnd' });
  }
  return errors;
}

/** The work roles to choose from are those of the ticket's location, where it lists any (CW 5.6.9). */
function roleErrors(context: Context, { workRole }: JsonObject, ticket: StoredRecord | undefined): FieldError[] {
  const locationId = referenceId(ticket?.value.location);
  const roleId = referenceId(workRole);
  if (locationId === undefined || roleId === undefined) return [];
  const roles = [...context.store.records('/system/locations/{}/workroles', [locationId])];
  if (roles.length === 0 || roles.some(({ value }) => referenceId(value.workRole) === roleId)) return [];
  const message = `Work Role ${roleId} not found for Location ${locationId}`;
  return [{ code: 'NotFound', message, field: 'workRole/id' }];
}

/** With both ends given, the hours follow from them and a value in the body is ignored (CW 5.6). */
function derive(context: Context, { value, before }: Draft): void {
  const span = value.timeEnd === undefined ? undefined : hoursBetween(value.timeStart, value.timeEnd);
  const deduct = typeof value.hoursDeduct === 'number' ? value.hoursDeduct : 0;
  if (span !== undefined) value.actualHours = roundHours(Math.max(0, span - deduct));
  setDefaults(value, {
    actualHours: 0,
    enteredBy: before?.value.enteredBy ?? context.caller,
    dateEntered: before?.value.dateEntered ?? toStamp(context.now()),
  });
  value.hoursBilled = value.billableOption === 'Billable' ? (value.actualHours ?? 0) : 0;
}

/** A ticket's hours are the sum of its time entries (CW 8.4). */
function sumTicketHours(context: Context, chargedTo: JsonObject): void {
  const ticket = findTicket(context, chargedTo);
  if (ticket === undefined) return;
  let hours = 0;
  for (const { value } of context.store.records('/time/entries')) {
    if (value.chargeToId === ticket.id && value.chargeToType === chargedTo.chargeToType)
      hours += Number(value.actualHours ?? 0);
  }
  ticket.value = { ...ticket.value, actualHours: roundHours(hours) };
}

export const timeRule: Rule = {
  computed: ['enteredBy', 'dateEntered', 'invoiceFlag', 'invoice'],
  complete,
  check,
  derive,
  // Billed time stays (CW 5.3.2).
  refuseDelete(_context, { id, value }) {
    const isBilled = value.invoiceFlag === true || referenceId(value.invoice) !== undefined;
    return isBilled ? `Time Entry ${id} cannot be deleted because it has been billed.` : undefined;
  },
  follow(context, record, { before }) {
    sumTicketHours(context, record.value);
    if (before !== undefined && before.chargeToId !== record.value.chargeToId) sumTicketHours(context, before);
  },
};

/** The ticket of a schedule entry, of either kind. */
function findAnyTicket(context: Context, id: number): StoredRecord | undefined {
  return findReferenced(context, '/service/tickets', id);
}

/** Types are known by their letter; their numbers differ from one instance to the next (CW 5.7). */
function isForTicket(context: Context, value: JsonObject): boolean {
  return referenceMember(context, 'ScheduleTypeReference', value.type, 'identifier') === 'S';
}

/** A ticket's `resources` is text: the identifiers of all who are scheduled for it (CW 2.2.17, 5.5). */
function listResources(context: Context, ticketId: number): void {
  const ticket = findAnyTicket(context, ticketId);
  if (ticket === undefined) return;
  const identifiers = new Set<string>();
  for (const { value } of context.store.records('/schedule/entries')) {
    if (value.objectId !== ticketId || !isForTicket(context, value)) continue;
    const identifier = referenceMember(context, 'MemberReference', value.member, 'identifier');
    if (typeof identifier === 'string') identifiers.add(identifier);
  }
  const { resources: _, ...others } = ticket.value;
  ticket.value = identifiers.size === 0 ? others : { ...ticket.value, resources: [...identifiers].join(', ') };
}

export const scheduleRule: Rule = {
  complete(context, { value }) {
    const ticket = typeof value.objectId === 'number' ? findAnyTicket(context, value.objectId) : undefined;
    setDefaults(value, {
      name: ticket?.value.summary,
      status: referenceToDefault(context, '/schedule/statuses', 'defaultFlag'),
      doneFlag: false,
      acknowledgedFlag: false,
      ownerFlag: false,
      meetingFlag: false,
      allowScheduleConflictsFlag: false,
    });
  },
  check(context, { value }) {
    const errors =
      referenceId(value.member) === undefined ? [missing({ name: 'member', schema: 'MemberReference' })] : [];
    const { objectId } = value;
    if (
      isForTicket(context, value) &&
      (typeof objectId !== 'number' || findAnyTicket(context, objectId) === undefined)
    ) {
      errors.push({ code: 'NotFound', message: `Ticket ${objectId ?? 0} not found`, field: 'objectId' });
    }
    return errors;
  },
  derive(_context, { value }) {
    const span = Date.parse(String(value.dateEnd)) - Date.parse(String(value.dateStart));
    if (Number.isFinite(span)) value.hours = Math.round(span / 36_000) / 100;
  },
  // A moved entry changes the ticket it left, too.
  follow(context, record, { before }) {
    for (const value of [record.value, before]) {
      if (value !== undefined && typeof value.objectId === 'number') listResources(context, value.objectId);
    }
  },
};
