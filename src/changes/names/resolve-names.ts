import type { Member, Schema } from '../../catalog/index.ts';
import type { KindInfo, Named, Resolved } from '../../connectwise/index.ts';
import { capitalised, withArticle } from '../../core/english.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import { elementOf, referenceSchema } from '../body/check-record.ts';
import { findSpelling } from '../body/find-member.ts';
import type { Values } from '../change.ts';
import { type Operation, segmentsOf } from '../operations.ts';
import { quote } from '../wording.ts';
import {
  contradiction,
  type Failure,
  findContradiction,
  isMadeAlong,
  labelsOf,
  type NameContext,
  ownersOf,
  type ParentKind,
  parentsOf,
  unresolvedNames,
} from './names.ts';
import { findPlace, readReference } from './settle-references.ts';

interface NamePlace {
  /** Path of the request. */
  path: string;
  schema: Schema;
  /** The record as it is: names are looked up on its board or of its company. */
  record?: Values | undefined;
  /** The record that the request is under, whose board or company counts where the others name none. */
  above?: Values | undefined;
  signal?: AbortSignal | undefined;
}

export interface NamedBody {
  body: Record<string, unknown>;
  /** What the references mean, by path: `status`, `communicationItems/0/type`. */
  names: Map<string, Named>;
  /** How names were interpreted. */
  notes: string[];
}

/** What one walk over a body collects. */
interface Walk extends Omit<NamedBody, 'body'> {
  context: NameContext;
  place: NamePlace;
  /** The new values of the record's members, as far as they are resolved. */
  wanted: Record<string, unknown>;
  failures: Failure[];
}

/** A value with names in it. */
interface Entry {
  member: Member;
  path: string;
  value: unknown;
  keep(resolved: unknown): void;
}

/** Records that others belong to are resolved before them: companies and boards, then projects. */
const phases = [['companies', 'boards'], ['projects']] as const;
const maxDepth = 3;

/**
 * A copy of a body in which every name of a record is its id. Other values, and names that cannot be looked up, stay
 * for the check of the body that follows.
 * @throws GatewayError `invalid_body` with the candidates for every name that means none or several; what reading met
 */
export async function resolveNames(context: NameContext, body: Values, place: NamePlace): Promise<NamedBody> {
  const walk = startWalk(context, place);
  const resolved: Record<string, unknown> = { ...body };
  const entries = Object.entries(body).flatMap(([given, value]): Entry[] => {
    const member = findSpelling(place.schema, given);
    if (member === undefined) return [];
    const keep = (found: unknown) => {
      resolved[given] = found;
      walk.wanted[member.name] = found;
    };
    keep(value);
    return [{ member, path: member.name, value, keep }];
  });
  await resolveEntries(walk, entries);
  return { body: resolved, names: walk.names, notes: walk.notes };
}

/**
 * The same for the operations of a PATCH. A text in place of a whole record stays, and the check refuses it; a part
 * that names the record becomes the whole reference, which ConnectWise accepts reliably (CW 5.2.3).
 * @throws GatewayError as `resolveNames` does
 */
export async function resolveOperationNames(
  context: NameContext,
  operations: readonly Operation[],
  place: NamePlace,
): Promise<Omit<NamedBody, 'body'> & { body: Operation[] }> {
  const walk = startWalk(context, place);
  const resolved = [...operations];
  const entries = operations.flatMap((operation, index): Entry[] => {
    const { member, path, part } = findPlace(context, segmentsOf(operation), place.schema);
    const given = operation.op === 'remove' ? null : operation.value;
    const value = part === undefined ? given : { [part]: given };
    if (member === undefined || given === null) return [];
    const isWhole = path === member.name;
    if (isWhole) walk.wanted[path] = value;
    if (part === 'id' || (part === undefined && (typeof given !== 'object' || given === null))) return [];
    const keep = (found: unknown) => {
      if (found === value) return;
      if (isWhole) walk.wanted[path] = found;
      const slash = operation.path.startsWith('/') ? '/' : '';
      resolved[index] = { ...operation, value: found, path: part === undefined ? operation.path : slash + path };
      if (part !== undefined) walk.notes.push(`${path}/${part} is sent as the whole ${path}, by its id.`);
    };
    return [{ member, path, value, keep }];
  });
  await resolveEntries(walk, entries);
  return { body: resolved, names: walk.names, notes: walk.notes };
}

const startWalk = (context: NameContext, place: NamePlace): Walk => ({
  context,
  place,
  wanted: {},
  names: new Map(),
  notes: [],
  failures: [],
});

async function resolveEntries(walk: Walk, entries: readonly Entry[]): Promise<void> {
  for (let phase = 0; phase <= phases.length; phase++) {
    const current = entries.filter(({ member }) => phaseOf(walk.context, member) === phase);
    await Promise.all(
      current.map(async ({ member, path, value, keep }) => keep(await resolveValue(walk, member, value, path, 0))),
    );
    // With its company unresolved, a contact would be looked up in all companies.
    if (walk.failures.length > 0) throw unresolvedNames(inOrder(walk.failures, entries));
  }
}

/** In the order of the body, whichever was found first. */
function inOrder(failures: readonly Failure[], entries: readonly Entry[]): Failure[] {
  const place = ({ path }: Failure) => entries.findIndex((entry) => `${path}/`.startsWith(`${entry.path}/`));
  return [...failures].sort((one, other) => place(one) - place(other));
}

function phaseOf({ lookups }: NameContext, { schema }: Member): number {
  const kind = schema === undefined ? undefined : lookups.findKind(schema)?.kind;
  const phase = phases.findIndex((kinds) => kinds.some((known) => known === kind));
  return phase === -1 ? phases.length : phase;
}

async function resolveValue(walk: Walk, member: Member, value: unknown, path: string, depth: number): Promise<unknown> {
  if (value === null || value === undefined || depth > maxDepth) return value;
  if (Array.isArray(value)) {
    if (member.type !== 'array') return value;
    const element = elementOf(member);
    return Promise.all(value.map((one, index) => resolveValue(walk, element, one, `${path}/${index}`, depth + 1)));
  }
  if (member.schema === undefined) return value;
  if (referenceSchema(walk.context, member.schema) !== undefined) return resolveReference(walk, member, value, path);
  const schema = walk.context.findSchema(member.schema);
  if (!isRecord(value) || schema === undefined) return value;
  const entries = Object.entries(value).map(async ([given, inner]): Promise<[string, unknown]> => {
    const found = findSpelling(schema, given);
    if (found === undefined) return [given, inner];
    return [given, await resolveValue(walk, found, inner, `${path}/${found.name}`, depth + 1)];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The reference by id that a text, a number or `{"name": …}` means; the value itself where it cannot be looked up. */
async function resolveReference(walk: Walk, member: Member, value: unknown, path: string): Promise<unknown> {
  const { lookups } = walk.context;
  const wanted = wantedOf(value);
  const kind = lookups.findKind(member.schema ?? '');
  if (wanted === undefined || kind === undefined) return value;
  if (isMadeAlong(kind, walk.place)) {
    const { noun, parent } = kind;
    walk.notes.push(`${path}: a new ${parent} has no ${noun} yet, so ${quote(String(wanted))} was not looked up.`);
    return typeof value === 'string' ? { name: value } : typeof value === 'number' ? { id: value } : value;
  }
  try {
    const text = kind.kind === 'members' && isMe(wanted) ? await identifierOfMe(walk, path) : wanted;
    const { schema, record, above, path: request, signal } = walk.place;
    const parents = parentsOf(path, { schema: schema.name, path: request, body: walk.wanted, record, above });
    if (kind.needsParent && kind.parent !== undefined && parents[kind.parent] === undefined)
      throw missingParent(kind, kind.parent, path, schema);
    const found = await lookups.resolve(kind.kind, text, parents, signal);
    const { matchedBy, ...named } = found;
    const other = isRecord(value) ? otherName(value, named) : undefined;
    if (other !== undefined) throw contradiction(kind.noun, named, other);
    walk.names.set(path, named);
    if (matchedBy === 'prefix' || matchedBy === 'contains') walk.notes.push(renderGuess(path, text, found));
    return { id: named.id };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    if (error.code === 'invalid_body') walk.failures.push({ path, error });
    // ConnectWise resolves its own form itself (CW 5.1.4), so it is sent even where this login may not list the records.
    else if (isRecord(value)) walk.notes.push(`${path} was not looked up: ${error.message}`);
    else throw error;
    return value;
  }
}

/** @returns the error for a name whose board or company is not known, with the members that can give it */
function missingParent({ noun }: KindInfo, parent: ParentKind, path: string, schema: Schema): GatewayError {
  const owners = ownersOf(path, parent).filter((name) => findSpelling(schema, name)?.name === name);
  const [owner] = owners;
  const message = `${capitalised(withArticle(noun))} belongs to ${withArticle(parent)}, and none is given.`;
  return new GatewayError('invalid_body', message, {
    hint: `Give ${owner === undefined ? '' : `${owner} as well, or `}the ${noun} by its id: {"id": …}.`,
  });
}

/** The name to look up; undefined for `{"id": …}`, which needs none, and for other values. */
function wantedOf(value: unknown): string | number | undefined {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value))) return value;
  const read = isRecord(value) ? readReference(value) : undefined;
  return read?.id === undefined ? (read?.identifier ?? read?.name) : undefined;
}

/** The second name in the value, if the record that was found does not have it. */
function otherName(value: Values, named: Named): string | undefined {
  const { identifier, name } = readReference(value) ?? {};
  return identifier === undefined || name === undefined ? undefined : findContradiction([name], labelsOf(named));
}

const isMe = (wanted: string | number): boolean => /^(\{me\}|me|myself)$/i.test(String(wanted).trim());

/** "me" is the user, not the API member whose keys are used (CW 6.18). */
async function identifierOfMe({ context }: Walk, path: string): Promise<string> {
  const member = await context.me();
  if (member !== undefined) return member;
  throw new GatewayError('invalid_body', 'It is not known which member "me" is.', {
    details: { field: path },
    hint: 'Ask the user for their member id, then save_to_fast_memory PUT /gateway/me with data {"member": "jdoe"}, and prepare this again.',
  });
}

function renderGuess(path: string, text: string | number, { id, name, matchedBy }: Resolved): string {
  const how = matchedBy === 'prefix' ? 'the only name starting with it' : 'the only name containing it';
  return `${path}: ${quote(String(text))} was interpreted as ${quote(name)} (${id}), ${how}.`;
}
