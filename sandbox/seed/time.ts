import { dayMs, hourMs } from '../../src/core/zone.ts';
import { toStamp } from '../context.ts';
import { type JsonObject, referenceId } from '../json.ts';
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

/** Onsite work, the charge code of training and the provider itself, see set-up.json and clients.json. */
const onsite = 2;
const training = 2;
const provider = 40;

/** What members paid on the way to clients and at trainings, in a report for each of their weeks. */
export function seedExpenses(seeder: Seeder): void {
  const { random, store } = seeder;
  const paid = [...store.records('/time/entries')].filter(({ value }) => {
    const isTraining = value.chargeToType === 'ChargeCode' && value.chargeToId === training;
    return (referenceId(value.workType) === onsite && random.chance(0.4)) || (isTraining && random.chance(0.1));
  });
  const byReport = Map.groupBy(paid, ({ value }) => `${weekOf(value).toISOString()} ${referenceId(value.member)}`);
  for (const [, entries] of [...byReport].sort(([one], [other]) => one.localeCompare(other)))
    seedExpenseReport(seeder, entries);
}

/** The provider's own day: its zone is five hours behind UTC in winter, and no work begins after its midnight. */
function localDay({ timeStart }: JsonObject): Date {
  const local = Date.parse(String(timeStart)) - 5 * hourMs;
  return new Date(local - (((local % dayMs) + dayMs) % dayMs));
}

/** Monday of the week in which time was spent. */
function weekOf(value: JsonObject): Date {
  const date = localDay(value);
  return addHours(date, -24 * ((date.getUTCDay() + 6) % 7));
}

/** The running week's report is open, the last one waits for approval, older ones are approved. */
function seedExpenseReport(seeder: Seeder, entries: readonly SeededRecord[]): void {
  const [first] = entries;
  if (first === undefined) return;
  const { add, now } = seeder;
  const monday = weekOf(first.value);
  const weeksAgo = Math.floor((now.getTime() - monday.getTime()) / (7 * dayMs));
  const status = weeksAgo === 0 ? 'Open' : weeksAgo === 1 ? 'PendingApproval' : 'ApprovedByTierOne';
  const newYear = Date.UTC(monday.getUTCFullYear(), 0, 1);
  const report = add(
    '/expense/reports',
    {
      member: first.value.member,
      year: monday.getUTCFullYear(),
      period: Math.floor((monday.getTime() - newYear) / (7 * dayMs)) + 1,
      dateStart: toStamp(monday),
      dateEnd: toStamp(addHours(monday, 6 * 24)),
      dueDate: toStamp(addHours(monday, 8 * 24)),
      status,
    },
    { enteredAt: new Date(String(first.value.timeEnd)), enteredBy: String(first.value.enteredBy) },
  );
  let total = 0;
  for (const entry of entries) total += seedExpense(seeder, entry.value, { id: report.id, status });
  report.value.total = Math.round(total * 100) / 100;
}

/** Types of expenses, see set-up.json. Mileage is paid by the mile. */
const expenseTypes = { mileage: 1, parking: 2, materials: 3, meals: 4, training: 5 } as const;

/** An expense beside a time entry, charged to the same; its date is a calendar day (CW 6.11). Gives its amount. */
function seedExpense({ add, random, store }: Seeder, time: JsonObject, report: { id: number; status: string }): number {
  const isTraining = time.chargeToType === 'ChargeCode';
  const type = isTraining
    ? random.pick([expenseTypes.training, expenseTypes.meals])
    : random.weighted([
        [expenseTypes.mileage, 60],
        [expenseTypes.parking, 25],
        [expenseTypes.materials, 15],
      ]);
  const miles = type === expenseTypes.mileage ? random.between(6, 90) : undefined;
  const { reimbursementRate, invoiceMarkupAmount } = store.find('/expense/types', type)?.value ?? {};
  const cents = miles === undefined ? random.between(800, type === expenseTypes.training ? 45_000 : 6_000) : 0;
  const amount = miles === undefined ? cents / 100 : Math.round(miles * Number(reimbursementRate) * 100) / 100;
  const odometerStart = miles === undefined ? undefined : random.between(8_000, 90_000);
  const isBillable = !isTraining && time.billableOption === 'Billable';
  const billAmount = isBillable ? Math.round(amount * (100 + Number(invoiceMarkupAmount ?? 0))) / 100 : 0;
  const isBilled = isBillable && time.invoiceFlag === true && report.status === 'ApprovedByTierOne';
  const payment = random.chance(0.3) ? 2 : 1;
  add(
    '/expense/entries',
    {
      expenseReport: to(report.id),
      company: isTraining ? to(provider) : time.company,
      chargeToId: time.chargeToId,
      chargeToType: time.chargeToType,
      ticket: time.ticket,
      project: time.project,
      phase: time.phase,
      agreement: time.agreement,
      type: to(type),
      member: time.member,
      // The two ways to pay have the classifications of the same numbers.
      paymentMethod: to(payment),
      classification: to(payment),
      amount,
      billableOption: isBillable ? 'Billable' : 'DoNotBill',
      date: toStamp(localDay(time)),
      locationId: 1,
      businessUnitId: 1,
      notes: random.pick(phrases.expenseNotes[type - 1] ?? ['']),
      odometerStart,
      odometerEnd: odometerStart === undefined ? undefined : odometerStart + (miles ?? 0),
      status: isBilled ? 'Billed' : report.status,
      billAmount,
      invoiceAmount: isBilled ? billAmount : 0,
      currency: to(1),
    },
    { enteredAt: new Date(String(time.timeEnd)), enteredBy: String(time.enteredBy) },
  );
  return amount;
}
