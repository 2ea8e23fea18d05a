import { referenceId } from '../json.ts';
import { toStamp } from '../world.ts';
import { addHours, type Garden, type PlantedRecord, to } from './garden.ts';
import { chooseHelper } from './members.ts';

const notes = [
  'Remote session with user, tested after restart.',
  'Researched vendor knowledge base and applied the fix.',
  'Onsite visit, swapped hardware.',
  'Called user, confirmed that the problem is gone.',
  'Checked logs and adjusted monitoring thresholds.',
  'Worked with vendor support.',
] as const;

/** Time entries: tickets and projects first, meetings and training to fill up. */
export function plantTime(garden: Garden): void {
  const { store, random, size } = garden;
  let left = size.timeEntries;
  const chargeable = [
    ...[...store.records('/service/tickets')].map((ticket) => ({ ticket, type: 'ServiceTicket', most: 4 })),
    ...[...store.records('/project/tickets')].map((ticket) => ({ ticket, type: 'ProjectTicket', most: 6 })),
  ];
  for (const { ticket, type, most } of chargeable) {
    const isTouched = ticket.value.owner !== undefined || ticket.value.closedFlag === true;
    const count = isTouched ? random.between(1, most) : 0;
    for (let index = 0; index < count && left > 0; index += 1, left -= 1) plantTicketTime(garden, ticket, type, index);
  }
  for (; left > 0; left -= 1) plantInternalTime(garden);
  sumProjects(garden);
}

/** Work begins soon after the ticket came in; most of it is the owner's. */
function plantTicketTime(garden: Garden, ticket: PlantedRecord, chargeToType: string, index: number): void {
  const { random, now } = garden;
  const entered = Date.parse(ticket.stamps.dateEntered);
  const start = new Date(
    Math.min(entered + (index * 20 + random.between(0, 12)) * 3_600_000, now.getTime() - 4 * 3_600_000),
  );
  const ownerId = referenceId(ticket.value.owner) ?? 2;
  const memberId = random.chance(0.8) ? ownerId : chooseHelper(garden);
  const hours = random.pick([0.25, 0.25, 0.5, 0.5, 0.75, 1, 1, 1.5, 2, 3]);
  const billableOption = random.weighted([
    ['Billable', 70],
    ['NoCharge', 10],
    ['DoNotBill', 20],
  ]);
  const daysAgo = (now.getTime() - start.getTime()) / 86_400_000;
  // Invoices go out once a month, so older billable time has been billed, nearly all of it.
  const isInvoiced = billableOption === 'Billable' && daysAgo > 40 && random.chance(0.95);
  plantEntry(garden, start, hours, memberId, {
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
    notes: random.pick(notes),
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
function plantInternalTime(garden: Garden): void {
  const { random, size } = garden;
  const start = garden.workingTime(random.between(1, 360));
  const hours = random.pick([0.5, 1, 1, 2]);
  // All but the API member, whose number is 8.
  const place = random.between(1, size.technicians + 1);
  plantEntry(garden, start, hours, place < 8 ? place : place + 1, {
    chargeToId: random.between(1, 2),
    chargeToType: 'ChargeCode',
    workType: to(4),
    billableOption: 'DoNotBill',
    notes: random.pick(['Weekly service meeting', 'Vendor training', 'Documentation']),
    status: 'ApprovedByTierOne',
    invoiceFlag: false,
    hoursBilled: 0,
  });
}

/** What all entries share; dates are whole seconds in UTC (CW 5.6). */
function plantEntry(
  { plant, store }: Garden,
  start: Date,
  hours: number,
  memberId: number,
  members: Parameters<Garden['plant']>[1],
): void {
  const member = store.find('/system/members', memberId);
  const end = addHours(start, hours);
  const enteredBy = String(member?.value.identifier);
  plant(
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
function sumProjects({ store }: Garden): void {
  for (const ticket of store.records('/project/tickets')) {
    const project = store.find('/project/projects', referenceId(ticket.value.project) ?? 0);
    if (project !== undefined)
      project.value.actualHours = Number(project.value.actualHours ?? 0) + Number(ticket.value.actualHours ?? 0);
  }
}
