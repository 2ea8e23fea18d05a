import { isObject, type JsonObject } from '../json.ts';
import type { StoredRecord } from '../store.ts';
import { toStamp } from '../world.ts';
import { customFields } from './custom-fields.ts';
import { addHours, type Garden, to } from './garden.ts';
import { chooseOwner } from './members.ts';
import { nicknames } from './names.ts';
import { plantNotes } from './ticket-notes.ts';
import { alertTexts, deskTexts, fill, standingTexts, type TicketText } from './ticket-texts.ts';

/** Ticket numbers of a provider that has been at it for a while. */
const firstTicketId = 1001;

/** Statuses and priorities by number (see boards.ts, set-up.ts), each with its share. */
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

/** Companies of the tickets that are always there. */
const standingCompanies = [5, 13, 4, 2] as const;

interface Plan {
  text: TicketText;
  board: 1 | 2;
  daysAgo: number;
  companyId: number;
  /** Open, of high priority, whatever chance says. */
  isStanding: boolean;
}

/** Tickets over a year, numbered in the order they came in; the more recent, the likelier still open. */
export function plantTickets(garden: Garden): void {
  const { random, size } = garden;
  const plans: Plan[] = standingTexts.map((text, index) => ({
    text,
    board: 1,
    daysAgo: random.next() * 2,
    companyId: standingCompanies[index] ?? 2,
    isStanding: true,
  }));
  while (plans.length < size.tickets) {
    const board = random.chance(0.78) ? 1 : 2;
    // An even spread would have the power 1; this leans towards today, as the provider has grown.
    const daysAgo = 365 * random.next() ** 1.4;
    // Four noisy clients make a good fifth of the work.
    const companyId = random.chance(0.2) ? random.between(2, 5) : random.between(1, size.companies);
    plans.push({
      text: random.pick(board === 1 ? deskTexts : alertTexts),
      board,
      daysAgo,
      companyId,
      isStanding: false,
    });
  }
  plans.sort((a, b) => b.daysAgo - a.daysAgo);
  for (const [index, plan] of plans.entries()) plantTicket(garden, plan, firstTicketId + index);
}

/** Who and what a ticket is about. */
export interface Parties {
  company: StoredRecord | undefined;
  contact: StoredRecord | undefined;
  device: StoredRecord | undefined;
  agreement: StoredRecord | undefined;
}

interface Times {
  enteredAt: Date;
  closedAt: Date | undefined;
}

function plantTicket(garden: Garden, plan: Plan, id: number): void {
  const { plant, random, store } = garden;
  const { companyId, board, text } = plan;
  const parties: Parties = {
    company: store.find('/company/companies', companyId),
    // Alerts come from machines.
    contact: board === 1 ? garden.pickOwned('/company/contacts', companyId) : undefined,
    device: garden.pickOwned('/company/configurations', companyId),
    agreement: garden.pickOwned('/finance/agreements', companyId),
  };
  const enteredAt = garden.workingTime(plan.daysAgo);
  const isOpen = plan.isStanding || isStillOpen(garden, plan.daysAgo);
  const closedAt = isOpen ? undefined : garden.hoursAfter(enteredAt, random.between(1, 60) ** 1.3);
  const words = {
    first: String(parties.contact?.value.firstName ?? 'Monitoring'),
    company: nicknames[companyId] ?? String(parties.company?.value.name),
    device: String(parties.device?.value.name ?? 'the server'),
  };
  const ticket = plant(
    '/service/tickets',
    {
      summary: fill(text.summary, words).slice(0, 100),
      ...describeParties(parties),
      ...describeSorting(garden, plan),
      ...describeProgress(garden, plan, { enteredAt, closedAt }),
      ...constantMembers,
    },
    {
      id,
      enteredAt,
      updatedAt: closedAt ?? garden.hoursAfter(enteredAt, random.between(0, 40)),
      enteredBy: board === 2 ? 'apigateway' : 'dlopez',
    },
  );
  if (parties.device !== undefined && random.chance(0.5)) attachDevice(garden, ticket, parties.device);
  plantNotes(garden, ticket, { text, words, enteredAt, closedAt });
}

function isStillOpen({ random }: Garden, daysAgo: number): boolean {
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

type Members = Parameters<Garden['plant']>[1];

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

function describeSorting({ random }: Garden, { board, text, isStanding }: Plan): Members {
  return {
    board: to(board),
    type: to(text.type),
    subType: to(text.subType),
    // Items 1 to 4 belong to the first board, 5 and 6 to the second.
    item: to(board === 1 ? random.between(1, 4) : random.between(5, 6)),
    team: to(board === 1 ? random.weighted(deskTeams) : 3),
    priority: to(isStanding ? 3 : random.weighted(priorities)),
    source: to(board === 2 ? 4 : random.between(1, 3)),
    severity: random.pick(['Low', 'Medium', 'High']),
    impact: random.pick(['Low', 'Medium', 'High']),
    automaticEmailContactFlag: board === 1,
    customerUpdatedFlag: random.chance(0.1),
  };
}

function describeProgress(garden: Garden, { board, isStanding }: Plan, { enteredAt, closedAt }: Times): Members {
  const { random, store } = garden;
  const isOpen = closedAt === undefined;
  const status = isStanding ? 1 : isOpen ? random.weighted(board === 1 ? deskOpen : alertOpen) : board === 1 ? 9 : 16;
  // What is new has often nobody yet.
  const isUnassigned = isOpen && [1, 2, 12].includes(status) && random.chance(0.6);
  const owner = isUnassigned ? undefined : chooseOwner(garden);
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

function attachDevice({ plant }: Garden, ticket: StoredRecord, device: StoredRecord): void {
  const members = { deviceIdentifier: device.value.deviceIdentifier ?? '' };
  plant('/service/tickets/{}/configurations', members, { parents: [ticket.id], id: device.id });
}
