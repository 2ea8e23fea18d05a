import type { Catalog } from './catalog.ts';
import type { Endpoint } from './endpoint.ts';

/** What a word of business means in the members of a record. */
interface Meaning {
  schemas: readonly string[];
  /** The members that it is about, the one to filter with first. */
  members: readonly string[];
  /** How people say it. */
  said: RegExp;
  /** One short line: it is shown in search results too. */
  text: string;
  /** Numbers of docs/connectwise.md; `weak` where ConnectWise does not document it, which the text then says. */
  source: string;
}

/** By record; where a word is meant in two ways, the text says how they differ. */
export const meanings: readonly Meaning[] = [
  {
    schemas: ['Ticket', 'ProjectTicket'],
    members: ['closedFlag', 'status'],
    said: /\b(open|unresolved|active|outstanding|resolved|completed|closed)\b/i,
    text: 'Open is closedFlag=false: it follows the status, and one named Resolved or Completed need not close.',
    source: 'CW 5.5.3, 6.13',
  },
  {
    schemas: ['Ticket'],
    members: ['mergedParentTicket', 'hasMergedChildTicketFlag'],
    said: /\bmerged?\b/i,
    text: 'Merged away: mergedParentTicket names the ticket that was kept; counts leave them out with mergedParentTicket=null.',
    source: 'CW 6.13',
  },
  {
    schemas: ['Ticket'],
    members: ['isInSla', 'slaStatus', 'sla'],
    said: /\bslas?\b|\bbreach/i,
    text: 'In SLA is isInSla; for which targets (respond, plan, resolve) is not documented, and lists show old clocks.',
    source: 'CW 5.5.6, 7.17 (weak)',
  },
  {
    schemas: ['Ticket'],
    members: ['respondMinutes', 'dateResponded', 'resPlanMinutes', 'resolveMinutes'],
    said: /\brespon[ds]|\bfirst reply/i,
    text: 'respondMinutes is in minutes; whether waiting counts is not documented: dateResponded less dateEntered is all of it.',
    source: 'the definition: respondMinutes beside minutesWaiting and respondedSkippedMinutes (weak)',
  },
  {
    schemas: ['Ticket', 'ProjectTicket'],
    members: ['owner', 'resources'],
    said: /\b(un|not )assigned|\bnobody|\bno owner/i,
    text: 'Unassigned is owner=null; who is scheduled without being the owner is in resources.',
    source: 'CW 5.5.4, 7.2 (weak)',
  },
  {
    schemas: ['TimeEntry'],
    members: ['invoiceFlag', 'status', 'billableOption', 'invoice'],
    said: /\b(un|not )(yet )?(invoiced|billed)|\bto (bill|invoice)|\bbillable/i,
    text: 'Not invoiced: billableOption="Billable" and invoiceFlag=false; status is how far approval and billing came.',
    source: 'CW 5.6.1, 5.6.6',
  },
  {
    schemas: ['ExpenseEntry', 'ProductItem'],
    members: ['invoice', 'status'],
    said: /\b(un|not )(yet )?(invoiced|billed)|\bto (bill|invoice)/i,
    text: 'Not invoiced: billableOption="Billable" and invoice=null; there is no invoiceFlag.',
    source: 'CW 2.2.11, 7.21 (weak), the definition',
  },
  {
    schemas: ['Agreement'],
    members: ['agreementStatus', 'endDate', 'noEndingDateFlag', 'cancelledFlag'],
    said: /\b(live|active|current|running|in force)\b/i,
    text: 'Live is agreementStatus="Active"; the others are Cancelled, Expired and Inactive.',
    source: 'CW 5.7.4',
  },
  {
    schemas: ['Company'],
    members: ['deletedFlag', 'status'],
    said: /\b(active|in use|merged|deleted|current)\b/i,
    text: 'In use: add deletedFlag=false; a company that was merged away keeps the status Active.',
    source: 'CW 5.7.9, 5.7.12',
  },
  {
    schemas: ['Contact', 'Member', 'Board'],
    members: ['inactiveFlag'],
    said: /\b(in)?active\b|\bin use\b/i,
    text: 'In use is inactiveFlag=false.',
    source: 'CW 6.14',
  },
  {
    schemas: ['Configuration'],
    members: ['activeFlag', 'status'],
    said: /\b(in)?active\b|\bin use\b/i,
    text: 'In use is activeFlag=true; the status is a name that each system gives.',
    source: 'CW 6.14',
  },
  {
    schemas: ['Opportunity'],
    members: ['status', 'closedDate'],
    said: /\b(open|closed|won|lost|pipeline)\b/i,
    text: 'Open, won and lost are of the status: status/id in (…) with the ids of /sales/opportunities/statuses.',
    source: 'CW 5.7.6',
  },
  {
    schemas: ['Activity'],
    members: ['closeFlag', 'status'],
    said: /\b(open|closed|done)\b/i,
    text: 'Open is closeFlag=false in newer versions; else by closedFlag of /sales/activities/statuses.',
    source: 'CW 5.7.2',
  },
  {
    schemas: ['Invoice'],
    members: ['balance', 'dueDate'],
    said: /\b(overdue|unpaid|outstanding|open|owed)\b/i,
    text: 'Unpaid is balance>0; overdue is that with dueDate before today.',
    source: 'CW 7.27',
  },
  {
    schemas: ['Project', 'PurchaseOrder'],
    members: ['closedFlag', 'status'],
    said: /\b(open|closed|active|running)\b/i,
    text: 'Open is closedFlag=false.',
    source: 'CW 6.14',
  },
];

/** What is to be known of a member of a schema. */
export function meaningOf(schema: string, member: string): string | undefined {
  const found = meanings.filter(({ schemas, members }) => schemas.includes(schema) && members.includes(member));
  // Where several speak of a member, the one that filters with it.
  return (found.find(({ members }) => members[0] === member) ?? found[0])?.text;
}

/** What the words of a request mean for what a list, a count or a search answers; undefined where none is a word of business. */
export function meaningIn(
  catalog: Pick<Catalog, 'findEndpoint'>,
  { path, response }: Endpoint,
  said: string,
): string | undefined {
  const list = path.replace(/\/(count|search)$/, '');
  const schema = (list === path ? response : catalog.findEndpoint('GET', list)?.endpoint.response)?.schema;
  return schema && meanings.find((meaning) => meaning.schemas.includes(schema) && meaning.said.test(said))?.text;
}
