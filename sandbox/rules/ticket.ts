import { type JsonObject, type JsonValue, referenceId } from '../json.ts';
import type { StoredRecord } from '../store.ts';
import { addRecord, toStamp, type World } from '../world.ts';
import { findCaller } from './caller.ts';
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

/** Act once, and are never returned (CW 5.1). */
const actingMembers = [
  'initialDescription',
  'initialInternalAnalysis',
  'initialResolution',
  'processNotifications',
  'skipCallback',
];

/** Board, status, priority and source default from the member's and the board's set-up (CW 5.4). */
function completeTicket(world: World, { value }: Draft, board: JsonValue | undefined): void {
  setDefaults(value, { board });
  const boardId = referenceId(value.board);
  const boardRecord = boardId === undefined ? undefined : world.store.find('/service/boards', boardId);
  setDefaults(value, {
    status:
      boardId === undefined
        ? undefined
        : referenceToDefault(world, '/service/boards/{}/statuses', 'defaultFlag', [boardId]),
    priority: referenceToDefault(world, '/service/priorities', 'defaultFlag'),
    source: referenceToDefault(world, '/service/sources', 'defaultFlag'),
    location: boardRecord?.value.location,
    department: boardRecord?.value.department,
  });
}

/** The company decides site and address (CW 5.4). */
function completeFromCompany(world: World, { value }: Draft): void {
  const companyId = referenceId(value.company);
  const company = companyId === undefined ? undefined : world.store.find('/company/companies', companyId);
  if (company === undefined) return;
  setDefaults(value, { site: company.value.site });
}

/** A new contact brings name and number, unless others are given. */
function completeFromContact(world: World, { value, before }: Draft): void {
  const contactId = referenceId(value.contact);
  if (contactId === undefined || contactId === referenceId(before?.value.contact)) return;
  const contact = world.store.find('/company/contacts', contactId)?.value;
  if (contact === undefined) return;
  setDefaults(value, {
    contactName: [contact.firstName, contact.lastName].filter(Boolean).join(' '),
    contactPhoneNumber: contact.defaultPhoneNbr,
  });
}

function takeActing(draft: Draft): void {
  for (const name of actingMembers) takeAside(draft, name);
}

/** Closed is what the status says, and when it became so is kept (CW 5.5). */
function deriveClosing(world: World, { value, before }: Draft): void {
  const status = world.store.find('/service/boards/{}/statuses', referenceId(value.status) ?? 0);
  value.closedFlag = status?.value.closedStatus === true;
  if (!value.closedFlag) {
    delete value.closedDate;
    delete value.closedBy;
  } else if (before?.value.closedFlag !== true) {
    value.closedDate = toStamp(world.now());
    value.closedBy = world.caller;
  }
}

/** The initial texts become the first notes of the ticket (CW 5.1). */
function makeInitialNotes(world: World, key: string, record: StoredRecord, { aside }: Change): void {
  const flags = {
    initialDescription: 'detailDescriptionFlag',
    initialInternalAnalysis: 'internalAnalysisFlag',
    initialResolution: 'resolutionFlag',
  } as const;
  for (const [member, flag] of Object.entries(flags)) {
    const text = aside[member];
    if (typeof text === 'string' && text !== '') makeNote(world, `${key}/{}/notes`, record.id, { text, [flag]: true });
  }
}

/** A child made with `parentTicketId` marks its parent (CW 5.5). */
export function markParent(world: World, record: StoredRecord): void {
  const { parentTicketId } = record.value;
  const parent = typeof parentTicketId === 'number' ? world.store.find('/service/tickets', parentTicketId) : undefined;
  if (parent !== undefined) parent.value.hasChildTicket = true;
}

/** `recordType` tells the kinds apart; here it never changes but by converting (CW 5.5). */
export const serviceTicketRule: Rule = {
  computed: [...computed, 'recordType'],
  complete(world, draft) {
    takeActing(draft);
    completeTicket(world, draft, findCaller(world)?.value.serviceDefaultBoard);
    completeFromCompany(world, draft);
    completeFromContact(world, draft);
    setDefaults(draft.value, { recordType: 'ServiceTicket', severity: 'Medium', impact: 'Medium' });
  },
  check: belongingErrors,
  derive(world, draft) {
    deriveClosing(world, draft);
    setDefaults(draft.value, { actualHours: 0, isInSla: true, hasChildTicket: false, hasMergedChildTicketFlag: false });
  },
  follow(world, record, change) {
    if (change.kind === 'create') makeInitialNotes(world, '/service/tickets', record, change);
    markParent(world, record);
  },
};

/** Board and company of a project's ticket are those of the project. */
export const projectTicketRule: Rule = {
  computed,
  complete(world, draft) {
    takeActing(draft);
    const phase = world.store.find('/project/projects/{}/phases', referenceId(draft.value.phase) ?? 0);
    const project = world.store.find('/project/projects', referenceId(draft.value.project) ?? phase?.parents[0] ?? 0);
    if (project !== undefined) {
      setDefaults(draft.value, {
        project: { id: project.id },
        company: project.value.company,
        contact: project.value.contact,
      });
    }
    completeTicket(world, draft, project?.value.board);
    completeFromCompany(world, draft);
  },
  check: belongingErrors,
  derive(world, draft) {
    deriveClosing(world, draft);
    setDefaults(draft.value, { actualHours: 0 });
  },
  follow(world, record, change) {
    if (change.kind === 'create') makeInitialNotes(world, '/project/tickets', record, change);
  },
};

const displayFlags = ['detailDescriptionFlag', 'internalAnalysisFlag', 'resolutionFlag'] as const;

/** A note that says where it is shown; the text of the refusal is ConnectWise's own (CW 4.2). */
export const noteRule: Rule = {
  computed: ['dateCreated', 'createdBy'],
  complete(world, draft) {
    takeAside(draft, 'processNotifications');
    setDefaults(draft.value, Object.fromEntries(displayFlags.map((flag) => [flag, false])));
    if (draft.before === undefined) {
      setDefaults(draft.value, { dateCreated: toStamp(world.now()), createdBy: world.caller, issueFlag: false });
    }
    // What only colleagues may read, and what the customer sees.
    const isInternal = draft.value.internalAnalysisFlag === true;
    draft.value.internalFlag = isInternal;
    draft.value.externalFlag = !isInternal;
  },
  check(_world, { value }) {
    const text = typeof value.text === 'string' ? value.text.trim() : '';
    if (text === '') return [{ code: 'MissingRequiredField', message: 'The text field is required.', field: 'text' }];
    if (displayFlags.some((flag) => value[flag] === true)) return [];
    const message = 'Please choose where to display the notes in order to save this record.';
    return [{ code: 'InvalidField', message, field: 'detailDescriptionFlag' }];
  },
};

/** A note that the sandbox itself makes below a ticket. */
function makeNote(world: World, key: string, ticketId: number, members: JsonObject): void {
  const isInternal = members.internalAnalysisFlag === true;
  addRecord(world, key, [ticketId], {
    ticketId,
    detailDescriptionFlag: false,
    internalAnalysisFlag: false,
    resolutionFlag: false,
    issueFlag: false,
    internalFlag: isInternal,
    externalFlag: !isInternal,
    dateCreated: toStamp(world.now()),
    createdBy: world.caller,
    ...members,
  });
}
