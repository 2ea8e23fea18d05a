import { isRecord } from '../../core/json.ts';
import { oneLine } from '../wording.ts';
import { likeRecords, overlaps, statusEffects } from './asked-effects.ts';
import {
  billedMembers,
  type Consequence,
  type Effect,
  type Effects,
  type EffectsContext,
  isTicket,
  joinEffects,
  type PlannedWrite,
  stampsOf,
} from './effect.ts';

/** All effects that are known, in the order of their warnings: a new one needs a line here. */
const effects: readonly Effect[] = [
  deletion,
  statusEffects,
  boardMove,
  likeRecords,
  overlaps,
  recentChange,
  recordedAs,
  mail,
  billing,
];

/** What a write causes, as far as the records show it. */
export async function readEffects(
  context: EffectsContext,
  write: PlannedWrite,
  signal?: AbortSignal,
): Promise<Effects> {
  return joinEffects(await Promise.all(effects.map((effect) => effect(write, context, signal))));
}

/** A DELETE, and the flags that do the same or close (CW 5.7.9): of a status, `statusEffects` says it. */
function deletion({ request, record, after, members }: PlannedWrite): Partial<Effects> {
  const sets = (member: string) => members.includes(member) && after[member] === true && record?.[member] !== true;
  const deletes = request.method === 'DELETE' || sets('deletedFlag');
  const closes = sets('closedFlag') || sets('closeFlag');
  return { consequences: [...(deletes ? (['deletes'] as const) : []), ...(closes ? (['closes'] as const) : [])] };
}

/** A ticket that moves to another board and keeps what belongs to the old one (CW 5.5.2). */
function boardMove({ request, record, members }: PlannedWrite): Partial<Effects> {
  if (!isTicket(request.path) || !members.includes('board')) return {};
  const ofBoard = ['status', 'type', 'subType', 'item', 'team'];
  const kept = ofBoard.filter((member) => !members.includes(member) && (record?.[member] ?? null) !== null);
  if (kept.length === 0) return {};
  const warning = `The ticket keeps ${kept.join(', ')} of its old board, which ConnectWise may refuse: give those of the new one, or null.`;
  return { warnings: [warning] };
}

/** A person who saved a record this recently may still have it open. */
const recentMs = 15 * 60_000;

/** A record that another login changed just now (CW 5.14). */
function recentChange({ record, request }: PlannedWrite, { now, own }: EffectsContext): Partial<Effects> {
  const { lastUpdated, updatedBy } = stampsOf(record);
  const ageMs = now().getTime() - Date.parse(lastUpdated ?? '');
  if (lastUpdated === own.stamps.get(request.path) || !(ageMs >= 0 && ageMs <= recentMs)) return {};
  const minutes = Math.round(ageMs / 60_000);
  const age = minutes < 1 ? 'less than a minute ago' : `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ago`;
  return { warnings: [`The record was changed ${age} by ${oneLine(updatedBy ?? 'someone', 40)}.`] };
}

/** Collections whose records belong to a person. */
export const isPersonal = (path: string): boolean => /^\/(time|schedule|expense)\/entries\/*$|\/notes\/*$/i.test(path);

/** New records that belong to a person: without one they are the API member's (CW 5.6.4). */
function recordedAs({ request, after }: PlannedWrite, { own }: EffectsContext): Partial<Effects> {
  if (request.method !== 'POST' || !isPersonal(request.path) || (after.member ?? null) !== null) return {};
  const who = own.member === undefined ? 'the API member that owns these keys' : `the API member ${own.member}`;
  return { warnings: [`No member is given: it will be recorded as ${who}.`] };
}

/** Whom a write may mail, and what of it customers may read. */
function mail(write: PlannedWrite): Partial<Effects> {
  const { path, method } = write.request;
  if (method === 'DELETE') return {};
  if (method === 'POST' && /^\/(service|project)\/tickets$/i.test(path)) return newTicket(write);
  if (/\/notes(\/\d+)?$/i.test(path)) return note(write);
  if (/^\/time\/entries/i.test(path)) return timeEntry(write);
  if (/^\/schedule\/entries/i.test(path)) return scheduleEntry(write);
  if (/\/contacts\/requestPassword$/i.test(path))
    return { consequences: ['mails-customer'], warnings: ['The contact may get a mail with a password.'] };
  return {};
}

/** New tickets mail unless they say not to (CW 5.1.5); whom, the ticket's own flags say (CW 5.5.8). */
function newTicket({ after }: PlannedWrite): Partial<Effects> {
  if (after.processNotifications === false) return {};
  const isNamed = ['contact', 'contactEmailAddress', 'contactEmailLookup', 'automaticEmailCc'].some(
    (member) => (after[member] ?? null) !== null,
  );
  if (!isNamed && after.automaticEmailContactFlag !== true && after.processNotifications !== true) return {};
  const warning = 'The new ticket may mail its contact and others; processNotifications false requests no mail.';
  return { consequences: ['mails-customer'], warnings: [warning] };
}

/** Discussion and resolution are what customers see of a ticket (CW 5.4.7); mail needs a flag of its own (CW 5.5.8). */
function note({ after }: PlannedWrite): Partial<Effects> {
  const isShown = ['detailDescriptionFlag', 'resolutionFlag', 'customerUpdatedFlag'].some(
    (flag) => after[flag] === true,
  );
  const mails = after.processNotifications === true;
  const warnings: string[] = [];
  if (isShown) warnings.push('The customer can read this note.');
  if (mails) warnings.push('The note may be mailed to the contact.');
  return { consequences: reaching(mails, isShown), warnings };
}

function reaching(mails: boolean, isRead: boolean): Consequence[] {
  return [...(mails ? (['mails-customer'] as const) : []), ...(isRead ? (['customer-reads'] as const) : [])];
}

/** The flags of a time entry are actions (CW 5.6.5). */
function timeEntry({ after, request, members }: PlannedWrite): Partial<Effects> {
  // Of a PATCH, the flags that it sets: those of the record were acted on before.
  const set = Object.fromEntries(members.map((member) => [member, after[member]]));
  const given = isRecord(request.body) ? request.body : set;
  const mails = given.emailContactFlag === true || given.emailCcFlag === true;
  const isShown = given.addToDetailDescriptionFlag === true || given.addToResolutionFlag === true;
  const warnings: string[] = [];
  if (mails) warnings.push('The time entry may be mailed to the contact.');
  if (isShown) warnings.push('Its notes are copied to where the customer can read them.');
  return { consequences: reaching(mails, isShown), warnings };
}

function scheduleEntry({ after, members, request }: PlannedWrite): Partial<Effects> {
  const notifies = after.notifyResource === true && (request.method === 'POST' || members.includes('notifyResource'));
  return notifies ? { warnings: ['The member who is scheduled may be mailed.'] } : {};
}

/** Records that invoices are made of. */
const billedPaths = /^\/(finance|expense)\/|^\/time\/(entries|sheets)|^\/procurement\/(products|purchaseorders)/i;
const freeOptions: ReadonlySet<unknown> = new Set(['DoNotBill', 'NoCharge']);

/** Whether a write touches what the customer pays. */
function billing({ request, record, members }: PlannedWrite): Partial<Effects> {
  const body = isRecord(request.body) ? request.body : {};
  const isFree = request.method === 'POST' && freeOptions.has(body.billableOption);
  const isBilled = billedPaths.test(request.path);
  const touched = members.filter((member) => billedMembers.test(member));
  if (isFree || (!isBilled && touched.length === 0)) return {};
  const invoiced = record?.invoiceFlag === true || (isRecord(record?.invoice) && record.invoice.id !== undefined);
  const which = isBilled ? '' : `: ${touched.slice(0, 3).join(', ')}`;
  const warning = invoiced
    ? 'This has already been invoiced; ConnectWise may refuse the change (CW 5.3.2).'
    : `Billing is affected${which}.`;
  return { consequences: ['bills'], warnings: [warning] };
}
