import { isRecord } from '../../core/json.ts';
import { type Effects, noEffects } from './effects.ts';
import type { Write } from './write.ts';

const ticketPath = /^\/(?:service|project)\/tickets(?:\/\d+)?$/i;
const notePath = /\/notes(?:\/\d+)?$/i;

/** Whom a write may mail, and what of it customers may read. */
export function mailEffects(write: Write): Effects {
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
  const given: Readonly<Record<string, unknown>> = isRecord(request.body) ? request.body : after;
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
