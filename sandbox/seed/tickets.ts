import { toStamp } from '../context.ts';
import { isObject, type JsonObject, referenceId } from '../json.ts';
import { clients, phrases, type TicketText, ticketTexts } from './data.ts';
import { chooseOwner } from './members.ts';
import { addHours, customFields, type SeededRecord, type Seeder, to } from './seeder.ts';

/** The first ticket number: the provider has been in business for a while. */
const firstTicketId = 1001;

/** Statuses and priorities by number (see boards.json, set-up.json), each with its share. */
const deskOpen = [
  [1, 34],
  [2, 12],
  [3, 14],
  [4, 16],
  [5, 12],
  [6, 5],
  [7, 7],
] as const;
const alertOpen = [
  [12, 40],
  [13, 30],
  [14, 15],
  [15, 15],
] as const;
const priorities = [
  [1, 3],
  [2, 7],
  [3, 20],
  [4, 50],
  [5, 20],
] as const;
const deskTeams = [
  [1, 4],
  [2, 1],
] as const;

interface Plan {
  text: TicketText;
  board: 1 | 2;
  daysAgo: number;
  companyId: number;
  /** Open, of high priority, whatever chance says. */
  isPermanent: boolean;
}

/** Tickets over a year, numbered in the order they came in; the more recent, the likelier still open. */
export function seedTickets(seeder: Seeder): void {
  const { random, size } = seeder;
  const plans: Plan[] = ticketTexts.permanent.map((text) => ({
    text,
    board: 1,
    daysAgo: random.next() * 2,
    companyId: text.company,
    isPermanent: true,
  }));
  while (plans.length < size.tickets) {
    const board = random.chance(0.78) ? 1 : 2;
    // An even spread would have the power 1; this leans towards today, as the provider has grown.
    const daysAgo = 365 * random.next() ** 1.4;
    // Four noisy clients make a good fifth of the work.
    const companyId = random.chance(0.2) ? random.between(2, 5) : random.between(1, size.companies);
    plans.push({
      text: random.pick(board === 1 ? ticketTexts.desk : ticketTexts.alerts),
      board,
      daysAgo,
      companyId,
      isPermanent: false,
    });
  }
  plans.sort((a, b) => b.daysAgo - a.daysAgo);
  for (const [index, plan] of plans.entries()) seedTicket(seeder, plan, firstTicketId + index);
}

/** Who and what a ticket is about. */
export interface Parties {
  company: SeededRecord | undefined;
  contact: SeededRecord | undefined;
  device: SeededRecord | undefined;
  agreement: SeededRecord | undefined;
}

interface Times {
  enteredAt: Date;
  closedAt: Date | undefined;
}

function seedTicket(seeder: Seeder, plan: Plan, id: number): void {
  const { add, random, store } = seeder;
  const { companyId, board, text } = plan;
  const parties: Parties = {
    company: store.find('/company/companies', companyId),
    // Alerts come from machines.
    contact: board === 1 ? seeder.pickOwned('/company/contacts', companyId) : undefined,
    device: seeder.pickOwned('/company/configurations', companyId),
    agreement: seeder.pickOwned('/finance/agreements', companyId),
  };
  const enteredAt = seeder.workingTime(plan.daysAgo);
  const isOpen = plan.isPermanent || isStillOpen(seeder, plan.daysAgo);
  const closedAt = isOpen ? undefined : seeder.hoursAfter(enteredAt, random.between(1, 60) ** 1.3);
  const words = {
    first: String(parties.contact?.value.firstName ?? 'Monitoring'),
    company: calledName(parties.company),
    device: String(parties.device?.value.name ?? 'the server'),
  };
  const ticket = add(
    '/service/tickets',
    {
      summary: fill(text.summary, words).slice(0, 100),
      ...describeParties(parties),
      ...describeSorting(seeder, plan),
      ...describeProgress(seeder, plan, { enteredAt, closedAt }),
      ...constantMembers,
    },
    {
      id,
      enteredAt,
      updatedAt: closedAt ?? seeder.hoursAfter(enteredAt, random.between(0, 40)),
      enteredBy: board === 2 ? 'apigateway' : 'dlopez',
    },
  );
  if (parties.device !== undefined && random.chance(0.5)) attachDevice(seeder, ticket, parties.device);
  seedNotes(seeder, ticket, { text, words, enteredAt, closedAt });
}

function isStillOpen({ random }: Seeder, daysAgo: number): boolean {
  const closedShare = daysAgo < 2 ? 0.2 : daysAgo < 7 ? 0.4 : daysAgo < 30 ? 0.65 : daysAgo < 90 ? 0.9 : 0.97;
  return !random.chance(closedShare);
}

/** What is the same on all tickets of this provider. */
const constantMembers = {
  recordType: 'ServiceTicket',
  serviceLocation: to(1),
  location: to(1),
  department: to(1),
  sla: to(1),
  actualHours: 0,
  billTime: 'Billable',
  hasChildTicket: false,
  hasMergedChildTicketFlag: false,
  automaticEmailResourceFlag: false,
  automaticEmailCcFlag: false,
  allowAllClientsPortalView: false,
} as const;

type Members = Parameters<Seeder['add']>[1];

export function describeParties({ company, contact, agreement }: Parties): Members {
  return {
    company: company && to(company.id),
    site: company?.value.site,
    contact: contact && to(contact.id),
    contactName: contact && `${contact.value.firstName} ${contact.value.lastName}`,
    contactPhoneNumber: contact?.value.defaultPhoneNbr,
    contactEmailAddress: contact && emailOf(contact.value),
    agreement: agreement && to(agreement.id),
  };
}

function emailOf({ communicationItems }: JsonObject): JsonObject[string] | undefined {
  const items = Array.isArray(communicationItems) ? communicationItems.filter(isObject) : [];
  return items.find((item) => item.communicationType === 'Email')?.value;
}

function describeSorting({ random }: Seeder, { board, text, isPermanent }: Plan): Members {
  return {
    board: to(board),
    type: to(text.type),
    subType: to(text.subType),
    // Items 1 to 4 belong to the first board, 5 and 6 to the second.
    item: to(board === 1 ? random.between(1, 4) : random.between(5, 6)),
    team: to(board === 1 ? random.weighted(deskTeams) : 3),
    priority: to(isPermanent ? 3 : random.weighted(priorities)),
    source: to(board === 2 ? 4 : random.between(1, 3)),
    severity: random.pick(['Low', 'Medium', 'High']),
    impact: random.pick(['Low', 'Medium', 'High']),
    automaticEmailContactFlag: board === 1,
    customerUpdatedFlag: random.chance(0.1),
  };
}

function describeProgress(seeder: Seeder, { board, isPermanent }: Plan, { enteredAt, closedAt }: Times): Members {
  const { random, store } = seeder;
  const isOpen = closedAt === undefined;
  const status = isPermanent ? 1 : isOpen ? random.weighted(board === 1 ? deskOpen : alertOpen) : board === 1 ? 9 : 16;
  // New tickets often have no owner yet.
  const isUnassigned = isOpen && [1, 2, 12].includes(status) && random.chance(0.6);
  const owner = isUnassigned ? undefined : chooseOwner(seeder);
  return {
    status: to(status),
    owner: owner && to(owner),
    requiredDate: random.chance(0.4) ? toStamp(addHours(enteredAt, 72)) : undefined,
    closedFlag: !isOpen,
    closedDate: closedAt && toStamp(closedAt),
    closedBy: closedAt && store.find('/system/members', owner ?? 1)?.value.identifier,
    isInSla: random.chance(0.85),
    slaStatus: isOpen ? 'Respond by tomorrow' : 'Resolved',
    customFields: customFields('/service/tickets', {
      'Root cause': isOpen ? null : random.pick(['User', 'Vendor', 'Hardware', null]),
    }),
  };
}

function attachDevice({ add }: Seeder, ticket: SeededRecord, device: SeededRecord): void {
  const members = { deviceIdentifier: device.value.deviceIdentifier ?? '' };
  add('/service/tickets/{}/configurations', members, { parents: [ticket.id], id: device.id });
}

interface NotePlan {
  text: TicketText;
  /** Values of the placeholders in the text. */
  words: Readonly<Record<string, string>>;
  enteredAt: Date;
  closedAt: Date | undefined;
}

/** The description first, some back and forth, and what solved it at the end. */
export function seedNotes(seeder: Seeder, ticket: SeededRecord, { text, words, enteredAt, closedAt }: NotePlan): void {
  const { random, now } = seeder;
  const { contact, owner, source } = ticket.value;
  // Source 2 is the e-mail connector, which keeps the HTML.
  const isMail = referenceId(source) === 2;
  const description = fill(isMail ? (text.html ?? asHtmlMail(text.description)) : text.description, words);
  seedNote(seeder, ticket, { text: description, detailDescriptionFlag: true, issueFlag: true, contact }, enteredAt);
  const until = closedAt ?? now;
  for (let step = random.between(0, 2); step > 0; step -= 1) {
    const at = new Date(enteredAt.getTime() + (until.getTime() - enteredAt.getTime()) / (step + 1));
    const flag = random.chance(0.4) ? 'internalAnalysisFlag' : 'detailDescriptionFlag';
    seedNote(seeder, ticket, { text: random.pick(phrases.followUps), [flag]: true, member: owner }, at);
  }
  if (closedAt === undefined) return;
  seedNote(seeder, ticket, { text: fill(text.resolution, words), resolutionFlag: true, member: owner }, closedAt);
}

function seedNote({ add }: Seeder, ticket: SeededRecord, members: Parameters<Seeder['add']>[1], at: Date): void {
  const isInternal = members.internalAnalysisFlag === true;
  add(
    '/service/tickets/{}/notes',
    {
      ticketId: ticket.id,
      detailDescriptionFlag: false,
      internalAnalysisFlag: false,
      resolutionFlag: false,
      issueFlag: false,
      customerUpdatedFlag: members.contact !== undefined,
      internalFlag: isInternal,
      externalFlag: !isInternal,
      dateCreated: toStamp(at),
      createdBy: 'dlopez',
      ...members,
    },
    { parents: [ticket.id], enteredAt: at },
  );
}

/** A description as it arrives by e-mail: HTML, with a greeting and a signature. */
function asHtmlMail(description: string): string {
  return `<div>Hi team,<br><br>${description}<br><br>Thanks,<br>{first}${phrases.mailSignature}</div>`;
}

export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** What people call a company: by its nickname, where it has one. */
export function calledName(company: SeededRecord | undefined): string {
  const nickname = company === undefined ? undefined : clients[company.id - 1]?.nickname;
  return nickname ?? String(company?.value.name);
}
