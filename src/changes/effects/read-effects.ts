import { isRecord } from '../../core/json.ts';
import type { Values } from '../change.ts';
import { oneLine } from '../wording.ts';
import { describeLikeRecords, type StatusContext, statusEffects } from './asked-effects.ts';
import { type Effects, joinEffects, noEffects, type Write } from './effect.ts';

export interface EffectsContext extends StatusContext {
  now(): Date;
  /** What this process learnt from its own writes. */
  own: OwnWrites;
}

/** The stamps that our own writes left: what we did ourselves is no surprise, and tells who our keys act as. */
export interface OwnWrites {
  stamps: Map<string, string>;
  member?: string;
}

/** What a write sets off, as the records say it. */
export async function readEffects(context: EffectsContext, write: Write, signal?: AbortSignal): Promise<Effects> {
  const { own, client, now } = context;
  const nowMs = now().getTime();
  const recent = write.record && describeRecentChange(write.record, nowMs, own.stamps.get(write.request.path));
  const [status, like] = await Promise.all([
    statusEffects(context, write, signal),
    context.isPart ? undefined : describeLikeRecords(client, write, nowMs, signal),
  ]);
  const said = [describeBoardMove(write), like, recent, describeRecordedAs(write, own.member)].filter(
    (sentence) => sentence !== undefined,
  );
  return joinEffects([status, { ...noEffects(), warnings: said }, mailEffects(write), billingEffects(write)]);
}

const ticketPath = /^\/(?:service|project)\/tickets(?:\/\d+)?$/i;
const notePath = /\/notes(?:\/\d+)?$/i;

/** Whom a write may mail, and what of it customers may read. */
function mailEffects(write: Write): Effects {
  const { path, method } = write.request;
  if (method === 'DELETE') return noEffects();
  if (ticketPath.test(path)) return method === 'POST' ? newTicket(write) : noEffects();
  if (notePath.test(path)) return note(write);
  if (/^\/time\/entries/i.test(path)) return timeEntry(write);
  if (/^\/schedule\/entries/i.test(path)) return scheduleEntry(write);
  return noEffects();
}

/** New tickets mail unless they are told not to (CW 5.1.5); whom, the ticket's own flags say (CW 5.5.8). */
function newTicket({ after }: Write): Effects {
  if (after.processNotifications === false) return noEffects();
  const named = ['contact', 'contactEmailAddress', 'contactEmailLookup', 'automaticEmailCc'].some(
    (member) => after[member] !== undefined && after[member] !== null,
  );
  const reachesCustomer = named || after.automaticEmailContactFlag === true || after.processNotifications === true;
  const warning = 'The new ticket may mail its contact and others; processNotifications false asks for no mail.';
  return { reachesCustomer, bills: false, warnings: reachesCustomer ? [warning] : [] };
}

/** Discussion and resolution are what customers see of a ticket (CW 5.4.7); mail needs a flag of its own (CW 5.5.8). */
function note({ after }: Write): Effects {
  const isShown =
    after.detailDescriptionFlag === true || after.resolutionFlag === true || after.customerUpdatedFlag === true;
  const mails = after.processNotifications === true;
  const warnings = [
    ...(isShown ? ['The customer can read this note.'] : []),
    ...(mails ? ['The note may be mailed to the contact.'] : []),
  ];
  return { reachesCustomer: isShown || mails, bills: false, warnings };
}

/** The flags of a time entry are actions (CW 5.6.5). */
function timeEntry({ after, request }: Write): Effects {
  const given: Values = isRecord(request.body) ? request.body : after;
  const mails = given.emailContactFlag === true || given.emailCcFlag === true;
  const isShown = given.addToDetailDescriptionFlag === true || given.addToResolutionFlag === true;
  const warnings = [
    ...(mails ? ['The time entry may be mailed to the contact.'] : []),
    ...(isShown ? ['Its notes are copied to where the customer can read them.'] : []),
  ];
  return { reachesCustomer: mails || isShown, bills: false, warnings };
}

function scheduleEntry({ after, members, request }: Write): Effects {
  const tells = after.notifyResource === true && (request.method === 'POST' || members.includes('notifyResource'));
  return {
    reachesCustomer: false,
    bills: false,
    warnings: tells ? ['The member who is scheduled may be mailed.'] : [],
  };
}

/** Records that invoices are made of. */
const billedPaths = /^\/(finance|expense)\/|^\/time\/(entries|sheets)|^\/procurement\/(products|purchaseorders)/i;
/** Members of any record that decide what is invoiced, to whom and for how much. */
const billedMembers = /^(bill|invoice|tax|agreement|hourlyRate|(unit)?price|(unit)?cost|subBilling)/i;
const freeOptions: ReadonlySet<unknown> = new Set(['DoNotBill', 'NoCharge']);

/** Whether a write touches what the customer pays. */
function billingEffects({ request, record, members }: Write): Effects {
  const body = isRecord(request.body) ? request.body : {};
  const isFree = request.method === 'POST' && freeOptions.has(body.billableOption);
  const touched = members.filter((member) => billedMembers.test(member));
  if (isFree || (!billedPaths.test(request.path) && touched.length === 0)) return noEffects();
  const invoiced = record?.invoiceFlag === true || (isRecord(record?.invoice) && record.invoice.id !== undefined);
  const warnings = [
    invoiced
      ? 'This has been invoiced already; ConnectWise may refuse the change (CW 5.3.2).'
      : `Billing is affected${touched.length > 0 && !billedPaths.test(request.path) ? `: ${touched.slice(0, 3).join(', ')}` : ''}.`,
  ];
  return { reachesCustomer: false, bills: true, warnings };
}

const ofBoard = ['status', 'type', 'subType', 'item', 'team'] as const;

/** A sentence for a ticket that moves to another board and keeps what belongs to the old one (CW 5.5.2). */
function describeBoardMove({ request, record, members }: Write): string | undefined {
  if (!/^\/(service|project)\/tickets\/\d+$/i.test(request.path) || !members.includes('board')) return undefined;
  const kept = ofBoard.filter((member) => !members.includes(member) && (record?.[member] ?? null) !== null);
  if (kept.length === 0) return undefined;
  return `The ticket keeps ${kept.join(', ')} of its old board, which ConnectWise may refuse: give those of the new one, or null.`;
}

/** New records that belong to a person: without one they are the API member's (CW 5.6.4). */
const personal: Readonly<Record<string, string>> = {
  '/time/entries': 'member',
  '/schedule/entries': 'member',
  '/expense/entries': 'member',
};

/** A sentence for a new record that names nobody whose it is; `apiMember` is who our keys act as, where known. */
function describeRecordedAs({ request, after }: Write, apiMember: string | undefined): string | undefined {
  const path = request.path.replace(/\/+$/, '');
  const member = request.method === 'POST' ? (path.endsWith('/notes') ? 'member' : personal[path]) : undefined;
  if (member === undefined || (after[member] !== undefined && after[member] !== null)) return undefined;
  const who = apiMember === undefined ? 'the API member whose keys these are' : `the API member ${apiMember}`;
  return `No ${member} is given: it will be recorded as ${who}.`;
}

/** Somebody who saved a record this recently may still have it open. */
const recentMs = 15 * 60_000;

/** A sentence for a record that somebody changed just now (CW 5.14); `ownStamp` is what this process's own write left. */
function describeRecentChange(record: Values, nowMs: number, ownStamp?: string): string | undefined {
  const { lastUpdated, updatedBy } = stampsOf(record);
  const ageMs = nowMs - Date.parse(lastUpdated ?? '');
  if (lastUpdated === ownStamp || !(ageMs >= 0 && ageMs <= recentMs)) return undefined;
  const minutes = Math.round(ageMs / 60_000);
  const age = minutes < 1 ? 'less than a minute ago' : `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ago`;
  return `The record was changed ${age} by ${oneLine(updatedBy ?? 'someone', 40)}.`;
}

/** When a record was last written, and by whom. */
export function stampsOf(record: unknown): { lastUpdated?: string; updatedBy?: string } {
  const info = isRecord(record) && isRecord(record._info) ? record._info : {};
  return {
    ...(typeof info.lastUpdated === 'string' ? { lastUpdated: info.lastUpdated } : {}),
    ...(typeof info.updatedBy === 'string' ? { updatedBy: info.updatedBy } : {}),
  };
}
