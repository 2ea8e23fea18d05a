import { referenceId } from '../json.ts';
import type { StoredRecord } from '../store.ts';
import { toStamp } from '../world.ts';
import { customFields } from './custom-fields.ts';
import { addHours, type Garden, to } from './garden.ts';
import { clients } from './names.ts';
import { alertTexts, asHtmlMail, deskTexts, fill, followUps, standingTexts, type TicketText } from './ticket-texts.ts';

const ticketCount = 600;
/** Ticket numbers of a provider that has been at it for a while. */
const firstTicketId = 1001;

/** Statuses by number: see boards.ts. */
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
/** Technicians, not equally busy. */
const owners = [
  [1, 5],
  [2, 26],
  [3, 24],
  [4, 20],
  [5, 8],
  [6, 17],
] as const;

interface Plan {
  text: TicketText;
  board: 1 | 2;
  daysAgo: number;
  isStanding: boolean;
}

/** Six hundred tickets over a year, numbered in the order they came in; the more recent, the likelier still open. */
export function plantTickets(garden: Garden): void {
  const { random } = garden;
  const plans: Plan[] = [];
  for (let index = standingTexts.length; index < ticketCount; index += 1) {
    const board = random.chance(0.78) ? 1 : 2;
    // The square root would spread evenly; this leans towards today, as the provider has grown.
    const daysAgo = 365 * random.next() ** 1.4;
    plans.push({ text: random.pick(board === 1 ? deskTexts : alertTexts), board, daysAgo, isStanding: false });
  }
  for (const text of standingTexts) plans.push({ text, board: 1, daysAgo: random.next() * 2, isStanding: true });
  plans.sort((a, b) => b.daysAgo - a.daysAgo);
  for (const [index, plan] of plans.entries()) plantTicket(garden, plan, firstTicketId + index);
}

function isStillOpen({ random }: Garden, daysAgo: number): boolean {
  const closedShare = daysAgo < 2 ? 0.2 : daysAgo < 7 ? 0.4 : daysAgo < 30 ? 0.65 : daysAgo < 90 ? 0.9 : 0.97;
  return !random.chance(closedShare);
}

function plantTicket(garden: Garden, plan: Plan, id: number): void {
  const { plant, random, store } = garden;
  const { text, board, isStanding } = plan;
  // One client in ten makes a fifth of the work.
  const companyId = isStanding
    ? ([5, 13, 4, 2][id % 4] ?? 2)
    : random.chance(0.2)
      ? random.between(2, 5)
      : random.between(1, clients.length);
  const company = store.find('/company/companies', companyId);
  const contact = board === 1 ? pickOwned(garden, '/company/contacts', companyId) : undefined;
  const device = pickOwned(garden, '/company/configurations', companyId);
  const agreement = pickOwned(garden, '/finance/agreements', companyId);
  const isOpen = isStanding || isStillOpen(garden, plan.daysAgo);
  const enteredAt = garden.workingTime(plan.daysAgo);
  const closedAt = isOpen ? undefined : garden.hoursAfter(enteredAt, random.between(1, 60) ** 1.3);
  const values = {
    first: String(contact?.value.firstName ?? 'Monitoring'),
    company: String(company?.value.name),
    device: String(device?.value.name ?? 'the server'),
  };
  const status = isStanding ? 1 : isOpen ? random.weighted(board === 1 ? deskOpen : alertOpen) : board === 1 ? 9 : 16;
  const isUnassigned = isOpen && (status <= 2 || status === 12) && random.chance(0.6);
  const ticket = plant(
    '/service/tickets',
    {
      summary: fill(text.summary, values).slice(0, 100),
      recordType: 'ServiceTicket',
      board: to(board),
      status: to(status),
      company: to(companyId),
      site: company?.value.site,
      contact: contact && to(contact.id),
      contactName: contact && `${values.first} ${contact.value.lastName}`,
      contactPhoneNumber: contact?.value.defaultPhoneNbr,
      contactEmailAddress: contact && emailOf(contact),
      type: to(text.type),
      subType: to(text.subType),
      item: to(board === 1 ? random.between(1, 4) : random.between(5, 6)),
      team: to(
        board === 1
          ? random.weighted([
              [1, 4],
              [2, 1],
            ])
          : 3,
      ),
      owner: isUnassigned ? undefined : to(random.weighted(owners)),
      priority: to(isStanding ? 3 : random.weighted(priorities)),
      serviceLocation: to(1),
      source: to(board === 2 ? 4 : random.between(1, 3)),
      agreement: agreement && to(agreement.id),
      severity: random.pick(['Low', 'Medium', 'High']),
      impact: random.pick(['Low', 'Medium', 'High']),
      location: to(1),
      department: to(1),
      requiredDate: random.chance(0.4) ? toStamp(addHours(enteredAt, 72)) : undefined,
      closedFlag: !isOpen,
      closedDate: closedAt && toStamp(closedAt),
      closedBy: closedAt && 'asmith',
      actualHours: 0,
      billTime: 'Billable',
      isInSla: random.chance(0.85),
      slaStatus: isOpen ? 'Respond by tomorrow' : 'Resolved',
      sla: to(1),
      hasChildTicket: false,
      hasMergedChildTicketFlag: false,
      automaticEmailContactFlag: board === 1,
      automaticEmailResourceFlag: false,
      automaticEmailCcFlag: false,
      customerUpdatedFlag: random.chance(0.1),
      allowAllClientsPortalView: false,
      customFields: customFields('/service/tickets', {
        'Root cause': isOpen ? null : random.pick(['User', 'Vendor', 'Hardware', null]),
      }),
    },
    {
      id,
      enteredAt,
      updatedAt: closedAt ?? garden.hoursAfter(enteredAt, random.between(0, 40)),
      enteredBy: board === 2 ? 'apigateway' : 'dlopez',
    },
  );
  if (device !== undefined && random.chance(0.5)) attachDevice(garden, ticket, device);
  plantNotes(garden, ticket, text, values, { enteredAt, closedAt });
}

function emailOf(contact: StoredRecord): string | undefined {
  const items = contact.value.communicationItems;
  const [first] = Array.isArray(items) ? items : [];
  return first !== undefined && typeof first === 'object' && first !== null && !Array.isArray(first)
    ? String(first.value)
    : undefined;
}

function pickOwned({ store, random }: Garden, key: string, companyId: number): StoredRecord | undefined {
  const owned = [...store.records(key)].filter(({ value }) => referenceId(value.company) === companyId);
  return owned.length === 0 ? undefined : random.pick(owned);
}

function attachDevice({ plant }: Garden, ticket: StoredRecord, device: StoredRecord): void {
  plant(
    '/service/tickets/{}/configurations',
    { deviceIdentifier: device.value.deviceIdentifier ?? '' },
    { parents: [ticket.id], id: device.id },
  );
}

interface Times {
  enteredAt: Date;
  closedAt: Date | undefined;
}

/** Description first, some back and forth, and what solved it at the end. */
function plantNotes(
  garden: Garden,
  ticket: StoredRecord,
  text: TicketText,
  values: Record<string, string>,
  { enteredAt, closedAt }: Times,
): void {
  const { random, now } = garden;
  const isMail = referenceId(ticket.value.source) === 2;
  const description = fill(isMail ? asHtmlMail(text.description) : text.description, values);
  const contact = ticket.value.contact;
  plantNote(garden, ticket, { text: description, detailDescriptionFlag: true, issueFlag: true, contact }, enteredAt);
  const until = closedAt ?? now;
  for (let step = random.between(0, 2); step > 0; step -= 1) {
    const at = new Date(enteredAt.getTime() + (until.getTime() - enteredAt.getTime()) / (step + 1));
    const flag = random.chance(0.4) ? 'internalAnalysisFlag' : 'detailDescriptionFlag';
    plantNote(garden, ticket, { text: random.pick(followUps), [flag]: true, member: ticket.value.owner }, at);
  }
  if (closedAt !== undefined) {
    plantNote(
      garden,
      ticket,
      { text: fill(text.resolution, values), resolutionFlag: true, member: ticket.value.owner },
      closedAt,
    );
  }
}

function plantNote({ plant }: Garden, ticket: StoredRecord, members: Parameters<Garden['plant']>[1], at: Date): void {
  const isInternal = members.internalAnalysisFlag === true;
  plant(
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
