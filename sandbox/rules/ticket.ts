import { addRecord, type Context, findCaller, toStamp } from '../context.ts';
import { type JsonObject, type JsonValue, referenceId } from '../json.ts';
import type { StoredRecord } from '../store.ts';
import {
  belongingErrors,
  type Change,
  type Draft,
  type Rule,
  referenceToDefault,
  setDefaults,
  takeAside,
} from './rule.ts';

/** Members of both kinds of ticket that follow from something else (CW 5.5). */
const computed = [
  'closedFlag',
  'closedDate',
  'closedBy',
  'actualHours',
  'resources',
  'hasChildTicket',
  'hasMergedChildTicketFlag',
  'mergedParentTicket',
  'isInSla',
  'slaStatus',
];

/** Members that act once and are never returned (CW 5.1). */
const actingMembers = [
  'initialDescription',
  'initialInternalAnalysis',
  'initialResolution',
  'processNotifications',
  'skipCallback',
];

/** Board, status, priority and source default from the member's and the board's set-up (CW 5.4). */
function completeTicket(context: Context, { value }: Draft, board: JsonValue | undefined): void {
  setDefaults(value, { board });
  const boardId = referenceId(value.board);
  const boardRecord = boardId === undefined ? undefined : context.store.find('/service/boards', boardId);
  setDefaults(value, {
    status:
      boardId === undefined
        ? undefined
        : referenceToDefault(context, '/service/boards/{}/statuses', 'defaultFlag', [boardId]),
    priority: referenceToDefault(context, '/service/priorities', 'defaultFlag'),
    source: referenceToDefault(context, '/service/sources', 'defaultFlag'),
    location: boardRecord?.value.location,
    department: boardRecord?.value.department,
  });
}

/** The company decides site and address (CW 5.4). */
function completeFromCompany(context: Context, { value }: Draft): void {
  const companyId = referenceId(value.company);
  const company = companyId === undefined ? undefined : context.store.find('/company/companies', companyId);
  if (company === undefined) return;
  setDefaults(value, { site: company.value.site });
}

/** A new contact brings name and number, unless others are given. */
function completeFromContact(context: Context, { value, before }: Draft): void {
  const contactId = referenceId(value.contact);
  if (contactId === undefined || contactId === referenceId(before?.value.contact)) return;
  const contact = context.store.find('/company/contacts', contactId)?.value;
  if (contact === undefined) return;
  setDefaults(value, {
    contactName: [contact.firstName, contact.lastName].filter(Boolean).join(' '),
    contactPhoneNumber: contact.defaultPhoneNbr,
  });
}

function takeActing(draft: Draft): void {
  for (const name of actingMembers) takeAside(draft, name);
}

/** The status decides whether a ticket is closed; who closed it and when is stored (CW 5.5). */
function deriveClosing(context: Context, { value, before }: Draft): void {
  const status = context.store.find('/service/boards/{}/statuses', referenceId(value.status) ?? 0);
  value.closedFlag = status?.value.closedStatus === true;
  if (!value.closedFlag) {
    delete value.closedDate;
    delete value.closedBy;
  } else if (before?.value.closedFlag !== true) {
    value.closedDate = toStamp(context.now());
    value.closedBy = context.caller;
  }
}

/** The initial texts become the first notes of the ticket (CW 5.1). */
function makeInitialNotes(context: Context, key: string, record: StoredRecord, { aside }: Change): void {
  const flags = {
    initialDescription: 'detailDescriptionFlag',
    initialInternalAnalysis: 'internalAnalysisFlag',
    initialResolution: 'resolutionFlag',
  } as const;
  for (const [member, flag] of Object.entries(flags)) {
    const text = aside[member];
    if (typeof text === 'string' && text !== '')
      makeNote(context, `${key}/{}/notes`, record.id, { text, [flag]: true });
  }
}

/** A child made with `parentTicketId` marks its parent (CW 5.5). */
function markParent(context: Context, record: StoredRecord): void {
  const { parentTicketId } = record.value;
  const parent =
    typeof parentTicketId === 'number' ? context.store.find('/service/tickets', parentTicketId) : undefined;
  if (parent !== undefined) parent.value = { ...parent.value, hasChildTicket: true };
}

/** `recordType` distinguishes the kinds of tickets; only converting changes it (CW 5.5). */
export const serviceTicketRule: Rule = {
  computed: [...computed, 'recordType'],
  complete(context, draft) {
    takeActing(draft);
    completeTicket(context, draft, findCaller(context)?.value.serviceDefaultBoard);
    completeFromCompany(context, draft);
    completeFromContact(context, draft);
    setDefaults(draft.value, { recordType: 'ServiceTicket', severity: 'Medium', impact: 'Medium' });
  },
  check: belongingErrors,
  derive(context, draft) {
    deriveClosing(context, draft);
    setDefaults(draft.value, { actualHours: 0, isInSla: true, hasChildTicket: false, hasMergedChildTicketFlag: false });
  },
  follow(context, record, change) {
    if (change.kind === 'create') makeInitialNotes(context, '/service/tickets', record, change);
    markParent(context, record);
  },
};

/** Board and company of a project's ticket are those of the project. */
export const projectTicketRule: Rule = {
  computed,
  complete(context, draft) {
    takeActing(draft);
    const phase = context.store.find('/project/projects/{}/phases', referenceId(draft.value.phase) ?? 0);
    const project = context.store.find('/project/projects', referenceId(draft.value.project) ?? phase?.parents[0] ?? 0);
    if (project !== undefined) {
      setDefaults(draft.value, {
        project: { id: project.id },
        company: project.value.company,
        contact: project.value.contact,
      });
    }
    completeTicket(context, draft, project?.value.board);
    completeFromCompany(context, draft);
  },
  check: belongingErrors,
  derive(context, draft) {
    deriveClosing(context, draft);
    setDefaults(draft.value, { actualHours: 0 });
  },
  follow(context, record, change) {
    if (change.kind === 'create') makeInitialNotes(context, '/project/tickets', record, change);
  },
};

const displayFlags = ['detailDescriptionFlag', 'internalAnalysisFlag', 'resolutionFlag'] as const;

/** A note that says where it is shown; the text of the refusal is ConnectWise's own (CW 4.2). */
export const noteRule: Rule = {
  computed: ['dateCreated', 'createdBy'],
  complete(context, draft) {
    takeAside(draft, 'processNotifications');
    setDefaults(draft.value, Object.fromEntries(displayFlags.map((flag) => [flag, false])));
    if (draft.before === undefined) {
      setDefaults(draft.value, { dateCreated: toStamp(context.now()), createdBy: context.caller, issueFlag: false });
    }
    // What only colleagues may read, and what the customer sees.
    const isInternal = draft.value.internalAnalysisFlag === true;
    draft.value.internalFlag = isInternal;
    draft.value.externalFlag = !isInternal;
  },
  check(_context, { value }) {
    const text = typeof value.text === 'string' ? value.text.trim() : '';
    if (text === '') return [{ code: 'MissingRequiredField', message: 'The text field is required.', field: 'text' }];
    if (displayFlags.some((flag) => value[flag] === true)) return [];
    const message = 'Please choose where to display the notes in order to save this record.';
    return [{ code: 'InvalidField', message, field: 'detailDescriptionFlag' }];
  },
};

/** A note that the sandbox itself makes below a ticket. */
function makeNote(context: Context, key: string, ticketId: number, members: JsonObject): void {
  const isInternal = members.internalAnalysisFlag === true;
  addRecord(context, key, [ticketId], {
    ticketId,
    detailDescriptionFlag: false,
    internalAnalysisFlag: false,
    resolutionFlag: false,
    issueFlag: false,
    internalFlag: isInternal,
    externalFlag: !isInternal,
    dateCreated: toStamp(context.now()),
    createdBy: context.caller,
    ...members,
  });
}
