import { defined } from '../../src/core/json.ts';
import { type JsonObject, referenceId } from '../json.ts';
import { type TicketText, ticketTexts } from './data.ts';
import { type SeededRecord, type Seeder, several, to } from './seeder.ts';
import { calledName, describeParties, fill, seedNotes } from './tickets.ts';

/** Numbers of companies with a part in a story. */
export const cast = { alerting: 18, noisy: 30, nicknamed: 12, manySites: 11 } as const;

const tickets = '/service/tickets';

/** Which tickets may get a story. */
interface Slot {
  board: 1 | 2;
  isOpen?: boolean;
  withinDays: number;
  count: number;
}

/**
 * Gives some of the tickets a story: who they are about and what they say, never their number, times, status
 * or owner, so that everything else stays as it was.
 */
export function seedStories(seeder: Seeder, lookAlikeId: number): void {
  const { scale } = seeder.size;
  const take = createSlots(seeder);
  seedAlertStory(seeder, take({ board: 2, withinDays: 45, count: several(seeder.size, 18) }));
  const rewriteAll = (texts: readonly TicketText[], companyId: number | undefined, chosen: readonly SeededRecord[]) => {
    for (const [index, ticket] of chosen.entries()) {
      const text = texts[index % texts.length];
      if (text !== undefined)
        rewriteTicket(seeder, ticket, { text, companyId: companyId ?? referenceId(ticket.value.company) });
    }
  };
  rewriteAll(
    ticketTexts.injections,
    undefined,
    take({ board: 1, isOpen: true, withinDays: 60, count: ticketTexts.injections.length }),
  );
  rewriteAll(
    ticketTexts.unusual,
    undefined,
    take({ board: 1, withinDays: 90, count: ticketTexts.unusual.length * Math.ceil(scale / 5) }),
  );
  for (const isOpen of [true, false]) {
    const count = several(seeder.size, 4);
    rewriteAll(ticketTexts.nickname, cast.nicknamed, take({ board: 1, isOpen, withinDays: 150, count }));
    rewriteAll(
      ticketTexts.desk,
      lookAlikeId,
      take({ board: 1, isOpen, withinDays: 120, count: several(seeder.size, 2) }),
    );
  }
  rewriteAll(ticketTexts.desk, cast.noisy, take({ board: 1, withinDays: 90, count: 30 * scale }));
  spreadSites(seeder);
}

/** Hands out tickets, each once. Those that the tutorials show, open and of high priority, keep their own text. */
function createSlots({ store, random, now }: Seeder): (slot: Slot) => SeededRecord[] {
  const free = new Set<SeededRecord>();
  for (const ticket of store.records(tickets)) {
    const { status, priority } = ticket.value;
    if (referenceId(status) !== 1 || referenceId(priority) !== 3) free.add(ticket);
  }
  return ({ board, isOpen, withinDays, count }) => {
    const since = now.getTime() - withinDays * 86_400_000;
    const fitting = [...free].filter(
      ({ value, stamps }) =>
        referenceId(value.board) === board &&
        (isOpen === undefined || value.closedFlag !== isOpen) &&
        Date.parse(stamps.dateEntered) >= since,
    );
    const chosen: SeededRecord[] = [];
    while (chosen.length < count && fitting.length > 0) {
      const [ticket] = fitting.splice(random.between(0, fitting.length - 1), 1);
      if (ticket === undefined) break;
      free.delete(ticket);
      chosen.push(ticket);
    }
    return chosen.sort((a, b) => a.id - b.id);
  };
}

/** One backup job of one server fails, and every run makes a ticket of its own. */
function seedAlertStory(seeder: Seeder, chosen: readonly SeededRecord[]): void {
  const [text] = ticketTexts.alerts;
  const servers = [...seeder.store.records('/company/configurations')].filter(
    ({ value }) => referenceId(value.type) === 2 && value.activeFlag === true,
  );
  const server = servers.find(({ value }) => referenceId(value.company) === cast.alerting) ?? servers[0];
  if (text === undefined || server === undefined) return;
  for (const ticket of chosen)
    rewriteTicket(seeder, ticket, { text, companyId: referenceId(server.value.company), device: server });
}

/** Members that say who a ticket is about. */
const aboutParties = new Set([
  'company',
  'site',
  'contact',
  'contactName',
  'contactPhoneNumber',
  'contactEmailAddress',
  'agreement',
]);

interface Story {
  text: TicketText;
  companyId: number | undefined;
  device?: SeededRecord;
}

function rewriteTicket(seeder: Seeder, ticket: SeededRecord, { text, companyId = 1, device }: Story): void {
  const { store } = seeder;
  const { value, stamps } = ticket;
  const company = store.find('/company/companies', companyId);
  const isDesk = referenceId(value.board) === 1;
  const contact = isDesk ? seeder.pickOwned('/company/contacts', companyId) : undefined;
  const agreement = seeder.pickOwned('/finance/agreements', companyId);
  const words = {
    first: String(contact?.value.firstName ?? 'Monitoring'),
    company: calledName(company),
    device: String(device?.value.name ?? 'the computer'),
  };
  const kept = Object.fromEntries(Object.entries(value).filter(([name]) => !aboutParties.has(name)));
  const parties = describeParties({ company, contact, device, agreement });
  const summary = fill(text.summary, words).slice(0, 100);
  const sorting = { type: to(text.type), subType: to(text.subType) };
  ticket.value = defined<JsonObject>({ ...kept, ...parties, summary, ...sorting });
  // Texts that are HTML came by mail.
  if (text.html !== undefined) ticket.value.source = to(2);
  for (const key of [`${tickets}/{}/notes`, `${tickets}/{}/configurations`]) {
    for (const old of [...store.records(key, [ticket.id])]) store.remove(key, old);
  }
  if (device !== undefined) {
    const members = { deviceIdentifier: device.value.deviceIdentifier ?? '' };
    seeder.add(`${tickets}/{}/configurations`, members, { parents: [ticket.id], id: device.id });
  }
  const closedAt = typeof value.closedDate === 'string' ? new Date(value.closedDate) : undefined;
  seedNotes(seeder, ticket, { text, words, enteredAt: new Date(stamps.dateEntered), closedAt });
}

/** The tickets of one client are spread over sites whose names are easily mixed up. */
function spreadSites({ store }: Seeder): void {
  const sites = [...store.records('/company/companies/{}/sites', [cast.manySites])];
  let next = 0;
  for (const { value } of store.records(tickets)) {
    if (referenceId(value.company) !== cast.manySites) continue;
    const site = sites[next % sites.length];
    next += 1;
    if (site !== undefined) value.site = to(site.id);
  }
}
