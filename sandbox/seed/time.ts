import { toStamp } from '../context.ts';
import { referenceId } from '../json.ts';
import { phrases } from './data.ts';
import { chooseHelper } from './members.ts';
import { addHours, type SeededRecord, type Seeder, to } from './seeder.ts';

/** Time entries: tickets and projects first, meetings and training to fill up. */
export function seedTime(seeder: Seeder): void {
  const { store, random, size } = seeder;
  let left = size.timeEntries;
  const chargeable = [
    ...[...store.records('/service/tickets')].map((ticket) => ({ ticket, type: 'ServiceTicket', most: 4 })),
    ...[...store.records('/project/tickets')].map((ticket) => ({ ticket, type: 'ProjectTicket', most: 6 })),
  ];
  for (const { ticket, type, most } of chargeable) {
    const isTouched = ticket.value.owner !== undefined || ticket.value.closedFlag === true;
    const count = isTouched ? random.between(1, most) : 0;
    for (let index = 0; index < count && left > 0; index += 1, left -= 1) seedTicketTime(seeder, ticket, type, index);
  }
  for (; left > 0; left -= 1) seedInternalTime(seeder);
  sumProjects(seeder);
}

/** Work begins soon after the ticket came in; most of it is the owner's. */
function seedTicketTime(seeder: Seeder, ticket: SeededRecord, chargeToType: string, index: number): void {
  const { random, now } = seeder;
  const entered = Date.parse(ticket.stamps.dateEntered);
  const start = new Date(
    Math.min(entered + (index * 20 + random.between(0, 12)) * 3_600_000, now.getTime() - 4 * 3_600_000),
  );
  const ownerId = referenceId(ticket.value.owner) ?? 2;
  const memberId = random.chance(0.8) ? ownerId : chooseHelper(seeder);
  const hours = random.pick([0.25, 0.25, 0.5, 0.5, 0.75, 1, 1, 1.5, 2, 3]);
  const billableOption = random.weighted([
    ['Billable', 70],
    ['NoCharge', 10],
    ['DoNotBill', 20],
  ]);
  const daysAgo = (now.getTime() - start.getTime()) / 86_400_000;
  // Invoices go out once a month, so older billable time has been billed, nearly all of it.
  const isInvoiced = billableOption === 'Billable' && daysAgo > 40 && random.chance(0.95);
  seedEntry(seeder, start, hours, memberId, {
    company: ticket.value.company,
    chargeToId: ticket.id,
    chargeToType,
    ticket: to(ticket.id),
    project: ticket.value.project,
    phase: ticket.value.phase,
    agreement: ticket.value.agreement,
    workType: to(
      random.weighted([
        [1, 75],
        [2, 20],
        [3, 5],
      ]),
    ),
    billableOption,
    notes: random.pick(phrases.timeNotes),
    addToDetailDescriptionFlag: random.chance(0.5),
    addToResolutionFlag: false,
    addToInternalAnalysisFlag: random.chance(0.2),
    status: isInvoiced ? 'Billed' : daysAgo > 14 ? 'ApprovedByTierOne' : 'Open',
    invoiceFlag: isInvoiced,
    hoursBilled: billableOption === 'Billable' ? hours : 0,
  });
  ticket.value.actualHours = Math.round((Number(ticket.value.actualHours ?? 0) + hours) * 100) / 100;
}

/** Meetings and training, on charge codes. */
function seedInternalTime(seeder: Seeder): void {
  const { random, size } = seeder;
  const start = seeder.workingTime(random.between(1, 360));
  const hours = random.pick([0.5, 1, 1, 2]);
  // All but the API member, whose number is 8.
  const place = random.between(1, size.technicians + 1);
  seedEntry(seeder, start, hours, place < 8 ? place : place + 1, {
    chargeToId: random.between(1, 2),
    chargeToType: 'ChargeCode',
    workType: to(4),
    billableOption: 'DoNotBill',
    notes: random.pick(phrases.internalTimeNotes),
    status: 'ApprovedByTierOne',
    invoiceFlag: false,
    hoursBilled: 0,
  });
}

/** What all entries share; dates are whole seconds in UTC (CW 5.6). */
function seedEntry(
  { add, store }: Seeder,
  start: Date,
  hours: number,
  memberId: number,
  members: Parameters<Seeder['add']>[1],
): void {
  const member = store.find('/system/members', memberId);
  const end = addHours(start, hours);
  const enteredBy = String(member?.value.identifier);
  add(
    '/time/entries',
    {
      member: to(memberId),
      workRole: member?.value.workRole,
      location: to(1),
      department: to(1),
      locationId: 1,
      businessUnitId: 1,
      timeStart: toStamp(start),
      timeEnd: toStamp(end),
      hoursDeduct: 0,
      actualHours: hours,
      enteredBy,
      dateEntered: toStamp(end),
      hourlyRate: store.find('/time/workroles', referenceId(member?.value.workRole) ?? 1)?.value.hourlyRate,
      ...members,
    },
    { enteredAt: end, enteredBy },
  );
}

/** A project's hours are those of its tickets. */
function sumProjects({ store }: Seeder): void {
  for (const ticket of store.records('/project/tickets')) {
    const project = store.find('/project/projects', referenceId(ticket.value.project) ?? 0);
    if (project !== undefined)
      project.value.actualHours = Number(project.value.actualHours ?? 0) + Number(ticket.value.actualHours ?? 0);
  }
}

const weeks = 8;

/** A sheet a week for each of the members who enters time; that of the running week is still open. */
export function seedTimeSheets({ add, store, random, now, day }: Seeder, members: Iterable<SeededRecord>): void {
  const staff = [...members].filter(({ value }) => value.requireTimeSheetEntryFlag === true);
  const entriesOf = Map.groupBy(store.records('/time/entries'), ({ value }) => referenceId(value.member));
  // Weeks begin on Monday.
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  for (let week = weeks - 1; week >= 0; week -= 1) {
    const start = sinceMonday + week * 7;
    const [from, until] = [day(start), day(start - 7)];
    for (const member of staff) {
      // No sheets from before a member was hired.
      if (String(member.value.hireDate) > from) continue;
      const sheet = add('/time/sheets', {
        member: to(member.id),
        year: Number(from.slice(0, 4)),
        period: weeks - week,
        dateStart: from,
        dateEnd: day(start - 6),
        deadline: until,
        status: week === 0 ? 'Open' : week === 1 ? random.pick(['Open', 'PendingApproval']) : 'ApprovedByTierOne',
      });
      linkEntries(sheet, entriesOf.get(member.id) ?? [], { from, until });
    }
  }
}

interface Week {
  from: string;
  until: string;
}

/** A member's entries of the week belong to the sheet, and add up to its hours. */
function linkEntries(sheet: SeededRecord, entries: readonly SeededRecord[], { from, until }: Week): void {
  let hours = 0;
  for (const { value } of entries) {
    const start = String(value.timeStart);
    if (start < from || start >= until) continue;
    value.timeSheet = to(sheet.id);
    hours += Number(value.actualHours);
  }
  sheet.value.hours = Math.round(hours * 100) / 100;
}

/** Id of the schedule type for service tickets, see set-up.json. */
const serviceType = 4;

/** Every open ticket with an owner is scheduled; `resources` lists the identifiers of those scheduled (CW 5.5). */
export function seedSchedule(seeder: Seeder): void {
  const { add, random, store } = seeder;
  for (const ticket of store.records('/service/tickets')) {
    const ownerId = referenceId(ticket.value.owner);
    const isClosed = ticket.value.closedFlag === true;
    if (ownerId === undefined || (isClosed && !random.chance(0.25))) continue;
    // Now and then two work on one ticket.
    const helper = random.chance(0.15) ? chooseHelper(seeder) : ownerId;
    const members = [...new Set([ownerId, helper])];
    for (const memberId of members) {
      const start = isClosed
        ? addHours(new Date(ticket.stamps.dateEntered), random.between(1, 20))
        : seeder.workingTimeAhead(random.between(0, 6));
      const hours = random.pick([0.5, 1, 1, 2]);
      add(
        '/schedule/entries',
        {
          objectId: ticket.id,
          name: ticket.value.summary,
          member: to(memberId),
          type: to(serviceType),
          status: to(isClosed ? 3 : random.between(1, 2)),
          dateStart: toStamp(start),
          dateEnd: toStamp(addHours(start, hours)),
          hours,
          doneFlag: isClosed,
          acknowledgedFlag: isClosed || random.chance(0.5),
          ownerFlag: memberId === ownerId,
          meetingFlag: false,
          allowScheduleConflictsFlag: false,
          where: to(random.between(1, 2)),
        },
        { enteredAt: new Date(ticket.stamps.dateEntered), enteredBy: 'dlopez' },
      );
    }
    ticket.value.resources = members.map((id) => store.find('/system/members', id)?.value.identifier).join(', ');
  }
}
