import type { Member, Schema } from '../../catalog/index.ts';
import { type Suggestion, suggestPath } from '../../conditions/index.ts';
import { simplified } from '../../core/text.ts';
import { oneLine } from '../wording.ts';
import type { BodyContext } from './findings.ts';
import { membersOf, whyNotWritten } from './member-rules.ts';

export interface Place {
  /** Path of the name in the body: `communicationItems/0/value`. */
  path: string;
  schema: Schema;
  /** The names beside it. */
  siblings: ReadonlySet<string>;
}

/** The name to send, with its member where the schema has one. */
export interface FoundMember {
  name: string;
  member?: Member;
}

/** The member of this name, or the only one that is another spelling of it. */
export function findSpelling(schema: Schema, given: string): Member | undefined {
  const members = membersOf(schema);
  const exact = members.find(({ name }) => name === given);
  if (exact !== undefined) return exact;
  const [respelt, ...others] = simplified(given) === '' ? [] : members.filter((one) => isRespelt(one, given));
  return others.length === 0 ? respelt : undefined;
}

/**
 * The member that a name means. Another spelling is repaired, a likely mistake is a fault (and undefined), and any
 * other unknown name is passed with a warning.
 */
export function findMember(context: BodyContext, given: string, place: Place): FoundMember | undefined {
  const { findings } = context;
  const { path, schema, siblings } = place;
  const respelt = findSpelling(schema, given);
  if (respelt !== undefined && respelt.name === given) return { name: given, member: respelt };
  if (respelt !== undefined) {
    if (siblings.has(respelt.name)) {
      findings.faults.push({ path: oneLine(path, 60), problem: `is ${respelt.name} again: give one of them` });
      return undefined;
    }
    findings.repairs.push(`${oneLine(path, 60)} is written ${respelt.name}`);
    return { name: respelt.name, member: respelt };
  }
  if (refuseMistake(context, given, place)) return undefined;
  const advice = 'ConnectWise refuses unknown members.';
  findings.warnings.push(`${schema.name} has no member ${oneLine(path, 60)}: ${advice}`);
  return { name: given };
}

function isRespelt({ name }: Member, given: string): boolean {
  return name !== '_info' && simplified(name) === simplified(given);
}

function refuseMistake(context: BodyContext, given: string, { path, schema }: Place): boolean {
  const at = oneLine(path, 60);
  const alias = findBodyAlias(schema.name, given);
  if (alias !== undefined) {
    const allowed = context.purpose === 'create' ? alias.instead : (alias.later ?? alias.instead);
    context.findings.faults.push({ path: at, problem: `is unknown: ${alias.reason}`, allowed });
    return true;
  }
  const parent = membersOf(schema).find(({ name }) => given.startsWith(`${name}/`));
  if (parent !== undefined) {
    const allowed = `${parent.name}, as {"${oneLine(given.slice(parent.name.length + 1), 40)}": …}`;
    context.findings.faults.push({ path: at, problem: 'is a path, not a member', allowed });
    return true;
  }
  const suggestion = suggestPath(given.split('/'), 0, schema, { schema, findSchema: context.findSchema });
  if (suggestion === undefined) return false;
  context.findings.faults.push({ path: at, ...describe(context, suggestion, schema) });
  return true;
}

/** A suggestion for paths of conditions, in the form of bodies: references are objects, computed members not written. */
function describe(context: BodyContext, suggestion: Suggestion, schema: Schema): { problem: string; allowed?: string } {
  const { segments, reason, namesMember, rewrite } = suggestion;
  const [name = '', inner] = segments ?? [];
  const member = membersOf(schema).find((one) => one.name === name);
  // Conditions can filter by stamps at the top, but they are in _info, which only ConnectWise writes (CW 2.2.13, 5.14).
  if (name === '_info' || (name !== '' && member === undefined)) {
    return { problem: 'is unknown, and ConnectWise writes such stamps itself (CW 5.14)' };
  }
  const problem = namesMember ? `is not a member of ${schema.name}` : `is unknown: ${reason}`;
  if (member === undefined) return { problem };
  const closed = whyNotWritten(schema.name, member, context.purpose);
  if (closed !== undefined) return { problem: `${problem}; and ${name} ${closed}` };
  if (rewrite === 'personName') return { problem, allowed: 'firstName and lastName' };
  if (rewrite === 'invert') return { problem, allowed: `${name}, with the opposite value` };
  if (member.type === 'array') return { problem, allowed: `${name}, an array` };
  return { problem, allowed: inner === undefined ? name : `${name}, as {"${inner}": …}` };
}

/**
 * By schemas and wrong names in lower case, both separated by spaces: what to write in a body, and why; and what to do
 * instead where the record exists already.
 */
const table: Readonly<
  Record<string, Readonly<Record<string, readonly [instead: string, reason: string, later?: string]>>>
> = {
  'Ticket ProjectTicket': {
    'description details body content problem issue initialnote': [
      'initialDescription',
      'the text of a ticket is in its notes (CW 5.1.6)',
      'a note, by POST to its …/notes',
    ],
    'note notes comment comments internalnote internalnotes': [
      'initialInternalAnalysis',
      'notes are records of their own (CW 5.1.6)',
      'a note, by POST to its …/notes',
    ],
    'closed isclosed resolved isresolved completed done open isopen': [
      'status',
      'whether a ticket is closed follows its status (CW 5.5.3)',
    ],
  },
  ServiceNote: {
    'notetype type': [
      'detailDescriptionFlag, internalAnalysisFlag or resolutionFlag',
      'flags decide where a note is shown (CW 5.4.7)',
    ],
  },
  Company: {
    'active activeflag isactive inactive inactiveflag isdeleted': [
      'status, as {"name": …}',
      'a company is deactivated by its status; deletedFlag deletes it (CW 5.7.9)',
    ],
  },
  Contact: {
    'email emailaddress primaryemail defaultemail mail phone phonenumber mobile mobilephone cell directphone': [
      'communicationItems, as [{"type": {"id": 1}, "value": "…"}]',
      'addresses and numbers of a contact are communication items (CW 5.7.10)',
    ],
  },
  TimeEntry: {
    'ticketid ticketnumber': [
      'chargeToId with chargeToType "ServiceTicket"',
      'a time entry is charged to a record (CW 5.4.6)',
    ],
  },
};

interface BodyAlias {
  instead: string;
  reason: string;
  later?: string | undefined;
}

const aliases: ReadonlyMap<string, BodyAlias> = new Map(
  Object.entries(table).flatMap(([schemas, names]) =>
    Object.entries(names).flatMap(([wrong, [instead, reason, later]]) =>
      schemas
        .split(' ')
        .flatMap((schema) =>
          wrong.split(' ').map((name) => [`${schema} ${name}`, { instead, reason, later }] as const),
        ),
    ),
  ),
);

/** What a wrong name means in a body, where that is something else than in conditions. */
function findBodyAlias(schema: string, name: string): BodyAlias | undefined {
  return aliases.get(`${schema} ${name.toLowerCase().replace(/[^a-z0-9]/g, '')}`);
}
