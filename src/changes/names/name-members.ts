import { listsOfReference, type Schema } from '../../catalog/index.ts';
import type { Identity, KindInfo, Named, Parents } from '../../connectwise/index.ts';
import { withArticle, wordsOf } from '../../core/english.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import type { MemberDifference, NamedRecord, Values } from '../change.ts';
import { isReferenceValue, quote } from '../wording.ts';
import { type ReadContext, readOne } from './named-records.ts';
import {
  asReference,
  contradiction,
  type Failure,
  findContradiction,
  isMadeAlong,
  isOfRecord,
  labelsOf,
  type NameContext,
  parentsOf,
  unresolvedNames,
} from './names.ts';
import { type Claim, type GivenReference, settleReferences } from './settle-references.ts';

/** Each list may cost a request; a body of more references is a mistake, and its preview shows ids. */
const maxLookups = 60;
/** References beyond this number are sent by their id, and the names beside the ids are not compared. */
const maxClaims = 20;

export interface Naming {
  schema: Schema | undefined;
  path: string;
  /** The record as it is going to be, or the body of one or several new ones. */
  after: unknown;
  record?: Values | undefined;
  /** The record that the request is under. */
  above?: Values | undefined;
  /** Names that were already looked up. */
  known: ReadonlyMap<string, Named>;
  /** What the body calls the records that it gives by their id. */
  claims: readonly Claim[];
  /** The records that the body gives by their id, at any depth. */
  references: readonly GivenReference[];
  /** Whether a record that does not exist is refused, or only a warning. */
  refuses: boolean;
  signal?: AbortSignal | undefined;
}

export interface NamedMembers {
  names: Map<string, Named>;
  /** Those whose client and state matter as well, and those within arrays. */
  named: NamedRecord[];
  warnings: string[];
}

/**
 * The names of references that are given by their id alone in these members and within them, so that a person reads
 * `Closed` and not 17. They come from ConnectWise only; names that the body has beside an id are compared with them.
 * @throws GatewayError `invalid_body` where the body gives the name of another record, or a record that does not exist;
 * what reading met
 */
export async function nameMembers(
  context: NameContext & ReadContext,
  members: readonly string[],
  { schema, path, after, record, above, known, claims, references, refuses, signal }: Naming,
): Promise<NamedMembers> {
  const names = new Map(known);
  const warnings = new Set<string>();
  const failures: Failure[] = [];
  const named: NamedRecord[] = [];
  // Names that the record already has need no request.
  const own = claims.length + references.length === 0 ? [] : settleReferences(context, record ?? {}, schema).claims;
  const look = async (member: string, kind: KindInfo, id: number) => {
    const body = Array.isArray(after) ? after[Number.parseInt(member, 10)] : after;
    const holder = { schema: schema?.name ?? '', path, body: isRecord(body) ? body : {}, record, above };
    const warn = (message: string) => warnings.add(`${member}: ${message}`);
    if (isMadeAlong(kind, holder)) {
      warn(`a new ${kind.parent} has no ${kind.noun} yet; ConnectWise may refuse the id ${id}.`);
      return undefined;
    }
    const parents = parentsOf(member, holder);
    // Sites and phases are less certain: `companyOf` may mean another of the record's companies.
    const isOfBoard = kind.needsParent && kind.parent === 'board' && parents.board !== undefined;
    const refuse = (error: GatewayError) => {
      if (refuses && (kind.isCertain || isOfBoard)) failures.push({ path: member, error });
      else warn(error.message);
    };
    return findName(context, { kind, id, parents, signal }, { warn, refuse });
  };
  const given = new Map(references.map((reference) => [reference.path, reference]));
  const naming = [...given.values()].filter((one) => !names.has(one.path) && isTouched(one.path, members, after));
  const looking = naming.slice(0, maxLookups).map(async ({ path: member, schema: target, id }) => {
    const stored = own.find((one) => isSameRecord(one, { path: member, schema: target, id }))?.said.at(-1);
    const isInner = member.includes('/');
    if (isInner && stored !== undefined) return names.set(member, { id, name: stored });
    const kind = context.lookups.findKind(target);
    if (kind === undefined) {
      if (stored !== undefined) return undefined;
      const unlisted = await nameUnlisted(context, { member, target, id, signal });
      if (unlisted.error !== undefined && refuses) failures.push({ path: member, error: unlisted.error });
      return named.push(unlisted.named);
    }
    const found = await look(member, kind, id);
    if (found !== undefined) names.set(member, defined<Named>({ id, name: found.name, identifier: found.identifier }));
    if (!isInner && kind.list === undefined && found !== undefined) return found;
    const { name: title, company, status, gone } = found ?? {};
    const unread = found === undefined ? 'could not be looked up' : undefined;
    const isOwn = company?.id === id && kind.kind === 'companies';
    return named.push(
      defined<NamedRecord>({
        member,
        noun: kind.noun,
        id,
        title,
        company: isOwn ? undefined : company,
        status: status ?? (gone ? 'inactive' : undefined),
        unread,
      }),
    );
  });
  const comparing = claims.slice(0, maxClaims).map(async (claim) => {
    const labels = own.filter((one) => isSameRecord(one, claim)).flatMap(({ said }) => said);
    if (findContradiction(claim.said, labels) === undefined && labels.length > 0) return;
    const kind = context.lookups.findKind(claim.schema);
    const found = kind && (await look(claim.path, kind, claim.id));
    const all = [...(found === undefined ? [] : labelsOf(found)), ...labels];
    const [name] = all;
    const other = name === undefined ? undefined : findContradiction(claim.said, all);
    if (name === undefined || other === undefined) return;
    failures.push({ path: claim.path, error: contradiction(kind?.noun ?? 'record', { id: claim.id, name }, other) });
  });
  await Promise.all([...looking, ...comparing]);
  // Of a record that is missing, the name beside its id is no second fault.
  const faults = new Map(failures.reverse().map((failure) => [failure.path, failure]));
  if (faults.size > 0) throw unresolvedNames([...faults.values()].reverse());
  const order = [...given.keys()];
  named.sort((one, other) => order.indexOf(one.member ?? '') - order.indexOf(other.member ?? ''));
  return { names, named, warnings: [...warnings] };
}

/** A reference to a record that has no names to look up, such as a ticket. */
async function nameUnlisted(
  context: ReadContext,
  { member, target, id, signal }: { member: string; target: string; id: number; signal: AbortSignal | undefined },
): Promise<{ named: NamedRecord; error?: GatewayError }> {
  const known = listsOfReference(context.catalog, target);
  const found = await readOne(context, { id, lists: known?.lists }, signal);
  const noun = nounOf(target);
  if (found === undefined) return { named: { member, noun, id, unread: 'could not be looked up' } };
  if (found === 'missing') {
    const named = { member, noun, id, unread: 'ConnectWise does not show' };
    return known?.isCertain ? { named, error: noSuch(noun, id) } : { named };
  }
  const { name: title, company, status } = found;
  return { named: defined<NamedRecord>({ member, noun, id, title, company, status }) };
}

function noSuch(noun: string, id: number): GatewayError {
  const hint = `Give the name or id of ${withArticle(noun)}.`;
  return new GatewayError('invalid_body', `ConnectWise shows no ${noun} with the id ${id}.`, { hint });
}

/** Whether a path of the body is in one of the members that are written. */
function isTouched(path: string, members: readonly string[], after: unknown): boolean {
  return Array.isArray(after) || members.includes(path.split('/', 1)[0] ?? '');
}

/** `NoteTypeReference` is a note type. */
const nounOf = (schema: string): string =>
  wordsOf(schema.replace(/Reference$/, ''))
    .join(' ')
    .toLowerCase() || 'record';

interface Sought {
  kind: KindInfo;
  id: number;
  parents: Parents;
  signal: AbortSignal | undefined;
}

interface Complaints {
  /** An inactive record, or one that cannot be looked for. */
  warn(message: string): void;
  /** One that does not exist. */
  refuse(error: GatewayError): void;
}

type Found = Named & Partial<Pick<Identity, 'company' | 'status' | 'gone'>>;

/** Undefined where the name cannot be read: the preview then says so. */
async function findName(
  { lookups }: NameContext,
  { kind: { kind, list, noun }, id, parents, signal }: Sought,
  { warn, refuse }: Complaints,
): Promise<Found | undefined> {
  try {
    if (list === undefined) return await lookups.resolve(kind, id, parents, signal);
    const identity = await lookups.identify(list, id, signal);
    if (identity === undefined) {
      refuse(noSuch(noun, id));
      return undefined;
    }
    const { name = '', ...more } = identity;
    if (identity.gone) warn(`The ${noun} ${quote(name)} (${id}) is no longer in use.`);
    return { ...more, name };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    if (error.code !== 'invalid_body') return undefined;
    const found = await lookups.nameOf(kind, id, parents, signal);
    const isLooked = error.details.field === undefined;
    if (found === undefined && isLooked) refuse(error);
    else if (found === undefined || found.gone) warn(error.message);
    return found;
  }
}

/** Without a schema, only a claim at the same path is about the same record. */
function isSameRecord(one: GivenReference, other: GivenReference): boolean {
  const isSameKind = one.schema === other.schema && (one.schema !== '' || one.path === other.path);
  return isSameKind && one.id === other.id;
}

/** The differences with names beside the ids. */
export function withNames(
  differences: readonly MemberDifference[],
  names: ReadonlyMap<string, Named>,
): MemberDifference[] {
  return differences.map((difference) => {
    const named = names.get(difference.member);
    const { after } = difference;
    if (named === undefined || !isRecord(after) || !isReferenceValue(after) || !isOfRecord(after, named)) {
      return difference;
    }
    return { ...difference, after: asReference(named) };
  });
}
