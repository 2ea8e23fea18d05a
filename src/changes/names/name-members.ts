import type { Schema } from '../../catalog/index.ts';
import type { KindInfo, Named, Parents } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { MemberDifference, Values } from '../change.ts';
import { ownValue } from '../differences.ts';
import { isReferenceValue } from '../wording.ts';
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
import { type Claim, settleReferences } from './settle-references.ts';

/** Each name may cost a request; a preview with more references shows their ids. */
const maxLookups = 6;
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
  /** Whether a status of another board is refused, or only a warning. */
  refuses: boolean;
  /** Names that were already looked up. */
  known: ReadonlyMap<string, Named>;
  /** What the body calls the records that it gives by their id. */
  claims: readonly Claim[];
  signal?: AbortSignal | undefined;
}

export interface NamedMembers {
  names: Map<string, Named>;
  warnings: string[];
}

/**
 * The names of references that are given by their id alone in these members, so that a person reads `Closed` and not
 * 17. They come from ConnectWise only; names that the body has beside an id are compared with them.
 * @throws GatewayError `invalid_body` where the body gives the name of another record; what reading met
 */
export async function nameMembers(
  context: NameContext,
  members: readonly string[],
  { schema, path, after, record, above, refuses, known, claims, signal }: Naming,
): Promise<NamedMembers> {
  const names = new Map(known);
  const warnings = new Set<string>();
  const failures: Failure[] = [];
  // Names that the record already has need no request.
  const own = claims.length === 0 ? [] : settleReferences(context, record ?? {}, schema).claims;
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
      if (refuses && isOfBoard) failures.push({ path: member, error });
      else warn(error.message);
    };
    return findName(context, { kind: kind.kind, id, parents, signal }, { warn, refuse });
  };
  const naming = members.flatMap((member) => {
    const id = names.has(member) ? undefined : idOf(isRecord(after) ? ownValue(after, member) : undefined);
    const target = schema?.members.find(({ name }) => name === member)?.schema;
    const kind = target === undefined ? undefined : context.lookups.findKind(target);
    return id === undefined || kind === undefined ? [] : [{ member, kind, id }];
  });
  const named = naming.slice(0, maxLookups).map(async ({ member, kind, id }) => {
    const found = await look(member, kind, id);
    if (found !== undefined) names.set(member, found);
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
  await Promise.all([...named, ...comparing]);
  if (failures.length > 0) throw unresolvedNames(failures);
  return { names, warnings: [...warnings] };
}

interface Sought {
  kind: string;
  id: number;
  parents: Parents;
  signal: AbortSignal | undefined;
}

interface Complaints {
  /** A record that is no longer in use. */
  warn(message: string): void;
  /** One that does not exist there. */
  refuse(error: GatewayError): void;
}

/** Undefined where the name cannot be read: the preview then shows the id. */
async function findName(
  { lookups }: NameContext,
  { kind, id, parents, signal }: Sought,
  { warn, refuse }: Complaints,
): Promise<Named | undefined> {
  try {
    const { matchedBy, ...named } = await lookups.resolve(kind, id, parents, signal);
    return named;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    if (error.code !== 'invalid_body') return undefined;
    const found = await lookups.nameOf(kind, id, parents, signal);
    if (found === undefined) refuse(error);
    else warn(error.message);
    return found;
  }
}

/** Without a schema, only a claim at the same path is about the same record. */
function isSameRecord(one: Claim, other: Claim): boolean {
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

/** The id of a reference that has nothing else. */
function idOf(value: unknown): number | undefined {
  if (!isRecord(value) || typeof value.name === 'string' || typeof value.identifier === 'string') return undefined;
  return /^\d+$/.test(String(value.id)) ? Number(value.id) : undefined;
}
