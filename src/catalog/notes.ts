import type { Endpoint } from './endpoint.ts';
import { pathKey } from './path-template.ts';

/** A fact that the definition lacks, and that costs hours to find out. */
export interface Note {
  /** A schema, such as `Ticket`, or a path, which means all its methods; `{}` is any placeholder. */
  about: readonly string[];
  text: string;
  /** Where it comes from: numbers of docs/connectwise.md. */
  source: string;
}

/** Shown with `get_api_endpoint_details`, the most costly mistakes first. */
export const notes: readonly Note[] = [
  {
    about: ['Ticket'],
    text: 'status, type, subType, item and team belong to a board: take ids from /service/boards/{boardId}/statuses and so on; moving to another board sets board, status and type together.',
    source: 'CW 5.5.2',
  },
  {
    about: ['/service/tickets', '/service/tickets/count'],
    text: 'Service tickets only: open work of projects is in /project/tickets. Open = closedFlag=false; a count leaves out merged and bundled children with mergedParentTicket=null and parentTicketId=null.',
    source: 'CW 5.5.1, 6.13',
  },
  {
    about: ['/project/tickets'],
    text: 'Project tickets only: service tickets are in /service/tickets.',
    source: 'CW 5.5.1',
  },
  {
    about: ['Ticket', 'ProjectTicket'],
    text: "resources is text: filter with resources contains 'jdoe'; it is read-only: assign with owner, or a schedule entry of type S.",
    source: 'CW 2.2.17, 5.5.4',
  },
  {
    about: ['Ticket', 'ProjectTicket'],
    text: 'closedFlag follows the status and is not set itself. dateEntered and lastUpdated can be filtered although they are in _info.',
    source: 'CW 5.5.3, 2.2.13',
  },
  {
    about: ['/service/tickets/{}', '/service/tickets'],
    text: 'On active tickets a list shows SLA clocks that may be old: /service/tickets/calculateSla, or the single ticket, is fresh.',
    source: 'CW 5.5.6',
  },
  {
    about: ['/service/tickets/{}/notes', '/project/tickets/{}/notes'],
    text: 'A new note needs at least one of detailDescriptionFlag, internalAnalysisFlag, resolutionFlag; it is mailed only with processNotifications true.',
    source: 'CW 5.4.7, 5.5.8',
  },
  {
    about: ['/service/tickets/{}/notes', '/project/tickets/{}/notes'],
    text: 'Notes of time entries are not included: /allNotes has them all.',
    source: 'CW 5.5.7',
  },
  {
    about: ['/service/tickets/{}/allNotes'],
    text: 'noteType cannot be filtered; older servers lack this endpoint.',
    source: 'CW 5.5.7',
  },
  {
    about: ['/service/tickets/{}/merge'],
    text: 'The ticket in the path is kept; mergeTicketIds go into it.',
    source: 'CW 5.5.9',
  },
  {
    about: ['BoardStatus'],
    text: 'Active statuses: inactive=false (boards, contacts and members have inactiveFlag).',
    source: 'CW 6.14',
  },
  {
    about: ['Board', 'Contact', 'Member'],
    text: 'Active records: inactiveFlag=false (statuses use inactive).',
    source: 'CW 6.14',
  },
  {
    about: ['Company'],
    text: 'Lists can hold deleted companies: add deletedFlag=false. Types are an array: childConditions types/name="Client".',
    source: 'CW 5.7.9, 2.2.18',
  },
  {
    about: ['POST /company/companies'],
    text: 'The server also requires site {"name":"Main"} and a member of the address. identifier is unique.',
    source: 'CW 5.4.3',
  },
  {
    about: ['Contact'],
    text: 'There is no name or email: use firstName, lastName, communicationItems. By mail: childConditions communicationItems/value="a@b.com" and communicationItems/communicationType="Email".',
    source: 'CW 5.7.10, 2.4',
  },
  { about: ['POST /company/contacts'], text: 'firstName is required although it is not marked.', source: 'CW 5.4.4' },
  {
    about: ['Configuration'],
    text: 'Active ones: activeFlag=true. questions is replaced whole. Tickets of a device: /service/tickets with configuration/id.',
    source: 'CW 6.14, 5.7.3, 5.5.9',
  },
  {
    about: ['TimeEntry'],
    text: 'Give timeStart with timeEnd or actualHours, in whole seconds UTC. On a ticket: chargeToType ServiceTicket or ProjectTicket with chargeToId. Unbilled: billableOption="Billable" and invoiceFlag=false.',
    source: 'CW 5.6.2, 5.6.3, 5.4.6, 5.6.6',
  },
  {
    about: ['POST /time/entries'],
    text: 'member is the API member unless given; statuses with timeEntryNotAllowed refuse time.',
    source: 'CW 5.6.4, 5.6.8',
  },
  {
    about: ['ScheduleEntry'],
    text: 'objectId is the ticket for type S. Types differ by system: read /schedule/types. Ask for a day with both bounds of dateStart.',
    source: 'CW 5.7.1',
  },
  {
    about: ['Opportunity'],
    text: 'There is no closedFlag: take the ids of open statuses from /sales/opportunities/statuses (closedFlag, wonFlag, lostFlag), then status/id in (…).',
    source: 'CW 5.7.6',
  },
  {
    about: ['Activity'],
    text: 'Open ones by status: /sales/activities/statuses has closedFlag; closeFlag is in newer versions only.',
    source: 'CW 5.7.2',
  },
  {
    about: ['Agreement'],
    text: 'Active: agreementStatus="Active"; running out: noEndingDateFlag=false with bounds on endDate. Monthly revenue is billAmount plus its additions in force, by billing cycle; hours and amounts used up are in /finance/agreementrecap.',
    source: 'CW 5.7.4, 7.26',
  },
  {
    about: ['Addition'],
    text: 'Additions are read per agreement. In force: effectiveDate passed, cancelledDate empty or later. effectiveDate is not before billStartDate of the agreement.',
    source: 'CW 5.7.4, 5.4.13',
  },
  {
    about: ['Invoice'],
    text: 'The date is date, not invoiceDate. Overdue: balance>0 and dueDate before today. Statuses are in /finance/billingStatuses. Type Agreement cannot be posted.',
    source: 'CW 5.7.5, 7.27, 5.4.14',
  },
  {
    about: ['Project'],
    text: 'board must be a project board: /service/boards with projectFlag=true. Over budget: actualHours against budgetHours; late: estimatedEnd passed and closedFlag=false.',
    source: 'CW 5.4.15, 5.7.7, 7.30',
  },
  { about: ['PurchaseOrder'], text: 'Open ones: closedFlag=false.', source: 'CW 6.14' },
  {
    about: ['Member'],
    text: 'licenseClass A (API) and C (portal) are not technicians. Reading members needs rights: /system/info/members needs fewer.',
    source: 'CW 5.7.11',
  },
  {
    about: ['/system/documents', '/system/documents/{}'],
    text: 'A list needs both recordType and recordId. To upload, POST data {recordType, recordId, title, file}: file is a name or path in Downloads, Desktop or Pictures, or "newest" for the newest picture there; the gateway sends it as the multipart form that ConnectWise expects.',
    source: 'CW 5.8.1, 5.8.2',
  },
  {
    about: ['/system/reports/{}'],
    text: 'columns takes the place of fields; column names are those of column_definitions.',
    source: 'CW 5.11.1',
  },
  { about: ['/system/audittrail'], text: 'Who changed what: type (Ticket) and id are needed.', source: 'CW 5.11.3' },
  {
    about: ['CallbackEntry'],
    text: 'type and level are in lower case; the url ends in ?recordId=, which ConnectWise completes.',
    source: 'CW 5.10.2, 5.10.3',
  },
  {
    about: ['TimeSheet'],
    text: 'Submit with POST /time/sheets/{id}/submit; status="Open" are not submitted.',
    source: 'CW 5.6.7',
  },
];

/** Of an endpoint that may be missing on a server; said in details, beside search results, in previews and on its 404. */
export const unlistedNote = 'No list of operations of this version has it: a server may not know it (404).';

/** The notes about an endpoint, or about the schema that it takes or answers with; most important first. */
export function findNotes({ method, path, body, response, unlisted }: Endpoint): readonly string[] {
  const key = pathKey(path);
  const subjects = new Set([
    key,
    `${method.toLowerCase()} ${key}`,
    ...(isCount(key) ? [] : [body?.schema, response?.schema]),
  ]);
  const learnt = known.filter(({ about }) => about.some((subject) => subjects.has(subject))).map(({ text }) => text);
  return unlisted ? [unlistedNote, ...learnt] : learnt;
}

const isCount = (key: string) => key.endsWith('/count');

/** Paths and methods in lower case, as `pathKey` has them; names of schemas as they are. */
const normalise = (subject: string) => (subject.includes('/') ? subject.toLowerCase() : subject);

const known = notes.map(({ about, text }) => ({ about: about.map(normalise), text }));
