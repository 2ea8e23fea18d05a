import type { Member, Schema } from '../../catalog/index.ts';

type RuleTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** By schemas and members, both separated by spaces: members that no body sets, and what to do instead. */
const computedTable: RuleTable = {
  'Ticket ProjectTicket': {
    'closedFlag closedDate closedBy': 'follows the status: set a status that closes (CW 5.5.3)',
    resources: 'is text made of the schedule: set owner, or add a schedule entry of type S (CW 5.5.4)',
    'isInSla slaStatus': 'is computed from the SLA clocks (CW 5.5.6)',
    'hasChildTicket hasMergedChildTicketFlag mergedParentTicket': 'follows from merge and attachChildren (CW 5.5.9)',
  },
  ProjectTicket: { recordType: 'is not written (CW 5.4.2)' },
  Contact: { 'defaultPhoneType defaultPhoneNbr': 'follows from communicationItems (CW 5.7.10)' },
  TimeEntry: { 'dateEntered enteredBy': 'is written by ConnectWise itself (CW 5.14)' },
};

const computed: ReadonlyMap<string, string> = new Map(
  Object.entries(computedTable).flatMap(([schemas, rules]) =>
    Object.entries(rules).flatMap(([members, reason]) =>
      schemas
        .split(' ')
        .flatMap((schema) => members.split(' ').map((member) => [`${schema}.${member}`, reason] as const)),
    ),
  ),
);

/** Members that definitions lack although they are documented (CW 5.1.6). */
const undefinedMembers: ReadonlyMap<string, readonly Member[]> = new Map([
  ['Company', [{ name: 'typeIds', type: 'array', itemType: 'integer' }]],
]);

export function membersOf({ name, members }: Schema): readonly Member[] {
  return [...members, ...(undefinedMembers.get(name) ?? [])];
}

/** What the body does: make a record, replace one (PUT), change one (PATCH), or request an action. */
export type Purpose = 'create' | 'replace' | 'change' | 'act';

const createOnlyWords = /^Only available for POST|^Used only on create|only during new \w+ creation/;

/** Why a member cannot be given for this purpose; undefined where it can. */
export function whyNotWritten(schema: string, member: Member, purpose: Purpose): string | undefined {
  const { name, readOnly, description = '' } = member;
  // A PUT returns the record as it was read, with its computed members.
  if (purpose !== 'replace') {
    const reason = computed.get(`${schema}.${name}`);
    if (reason !== undefined) return reason;
    if (readOnly) return 'is read-only';
    if (purpose === 'change' && name === 'id') return 'is assigned by ConnectWise and never changes';
    if (purpose === 'change' && name === '_info') return 'is written by ConnectWise itself (CW 5.14)';
    if (/can only be updated via/i.test(description)) return `is read-only: ${description.slice(0, 120)}`;
  }
  if (purpose !== 'change' && purpose !== 'replace') return undefined;
  if (name !== 'typeIds' && !createOnlyWords.test(description)) return undefined;
  return `can be given only when the record is created (CW 5.1.6)${elsewhere(name)}`;
}

function elsewhere(name: string): string {
  if (name.startsWith('initial')) return ': add a note';
  return /^type(s|Ids)$/.test(name) ? ': use its typeAssociations' : '';
}

/** What ConnectWise is certain to refuse a record without, although its definition does not require it. */
interface Need {
  /** One of them is enough. */
  oneOf: readonly string[];
  /** Of flags, one must be true. */
  flags?: true;
  reason: string;
}

const displayFlags: Need = {
  oneOf: ['detailDescriptionFlag', 'internalAnalysisFlag', 'resolutionFlag'],
  flags: true,
  reason: 'a note is shown where one of its flags says (CW 5.4.7)',
};
const need = (member: string, reason: string): Need => ({ oneOf: [member], reason });
const itemReason = 'each communication item needs type and value (CW 5.4.4)';

const needs: Readonly<Record<string, readonly Need[]>> = {
  ServiceNote: [need('text', 'a note needs its text (CW 5.4.7)'), displayFlags],
  TicketNote: [need('text', 'a note needs its text (CW 5.4.7)'), displayFlags],
  CompanyNote: [need('type', 'a note of a company needs its type (CW 5.4.8)')],
  ContactCommunicationItem: [need('type', itemReason), need('value', itemReason)],
  TicketBundle: [need('childTicketIds', 'nothing would be attached (CW 5.5.9)')],
  TicketMerge: [need('mergeTicketIds', 'nothing would be merged (CW 5.5.9)')],
};

/** Members that a new record, or an action, needs although its definition does not say so. */
export const needsOf = (schema: string): readonly Need[] => needs[schema] ?? [];

/** Actions that cannot be undone: what the definition of their body requires is demanded, unlike for others (CW 5.5.9). */
export const demandsAll = (schema: string): boolean => schema === 'TicketMerge' || schema === 'CompanyMerge';
