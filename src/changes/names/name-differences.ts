import type { Schema } from '../../catalog/index.ts';
import { foldLabel, type KindInfo, type Named, type Parents } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { MemberDifference } from '../change.ts';
import { ownValue } from '../differences.ts';
import { isReferenceValue, quote } from '../wording.ts';
import { parentsOf } from './parents.ts';
import type { Failure, NameContext } from './resolve-names.ts';
import { type Claim, settleReferences } from './settle-references.ts';
import { unresolvedNames } from './unresolved-names.ts';

/** Each name may cost a request; a preview that needs more says the numbers. */
const maxLookups = 6;
/** What is called something in more places is sent by its id all the same, and not compared. */
const maxClaims = 20;

type Values = Readonly<Record<string, unknown>>;

export interface Naming {
  schema: Schema | undefined;
  path: string;
  /** The record as it is going to be, or the body of new ones. */
  after: unknown;
  record?: Values | undefined;
  /** What was looked up already. */
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
 * The names of references that stand as a bare id in these members, so that a person reads `Closed` and not 17. Only
 * ConnectWise says how the record of an id is called: what the body says is compared with that.
 * @throws GatewayError `invalid_body` where a body calls a record by the name of another; what reading met
 */
export async function nameMembers(
  context: NameContext,
  members: readonly string[],
  { schema, path, after, record, known, claims, signal }: Naming,
): Promise<NamedMembers> {
  const names = new Map(known);
  const warnings = new Set<string>();
  const failures: Failure[] = [];
  // What ConnectWise calls them in the record needs no asking.
  const own = claims.length === 0 ? [] : settleReferences(context, record ?? {}, schema).claims;
  const look = (member: string, kind: KindInfo, id: number) => {
    const body = Array.isArray(after) ? after[Number.parseInt(member, 10)] : after;
    const holder = { schema: schema?.name ?? '', path, body: isRecord(body) ? body : {}, record };
    const warn = (message: string) => warnings.add(`${member}: ${message}`);
    return findName(context, { kind: kind.kind, id, parents: parentsOf(member, holder), signal }, warn);
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

/** A name only makes the preview plainer, so it goes without; that the record is missing, or not in use, is worth a word. */
async function findName(
  { lookups }: NameContext,
  { kind, id, parents, signal }: Sought,
  warn: (message: string) => void,
): Promise<Named | undefined> {
  try {
    const { matchedBy, ...named } = await lookups.resolve(kind, id, parents, signal);
    return named;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    if (error.code !== 'invalid_body') return undefined;
    warn(error.message);
    return lookups.nameOf(kind, id, parents, signal);
  }
}

/** Where no definition says what stands there, the place does. */
function isSameRecord(one: Claim, other: Claim): boolean {
  const isSameKind = one.schema === other.schema && (one.schema !== '' || one.path === other.path);
  return isSameKind && one.id === other.id;
}

export function labelsOf({ name, identifier }: Named): string[] {
  return identifier === undefined ? [name] : [name, identifier];
}

/** The first of these names that is none of the record's. */
export function findContradiction(said: readonly string[], labels: readonly string[]): string | undefined {
  const known = labels.map(foldLabel);
  return said.find((name) => !known.includes(foldLabel(name)));
}

/** The error for a reference that means two records: by its id, or the first of its names, and by another name. */
export function contradiction(noun: string, { id, name }: Named, other: string): GatewayError {
  return new GatewayError('invalid_body', `The ${noun} ${id} is ${quote(name)}, and not ${quote(other)}.`, {
    hint: `Give one of the two: {"id": ${id}} alone, or the name alone.`,
  });
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

/** Whether two values name one record: a name counts only for the id that is sent. */
export function isOfRecord(one: unknown, other: unknown): boolean {
  return isRecord(one) && isRecord(other) && one.id !== undefined && String(one.id) === String(other.id);
}

export function asReference({ id, identifier, name }: Named): Record<string, unknown> {
  return { id, ...(identifier === undefined ? {} : { identifier }), name };
}

/** Of a reference that says no more than its id. */
function idOf(value: unknown): number | undefined {
  if (!isRecord(value) || typeof value.name === 'string' || typeof value.identifier === 'string') return undefined;
  return /^\d+$/.test(String(value.id)) ? Number(value.id) : undefined;
}
