import type { Member } from '../../src/catalog/index.ts';
import { defined } from '../../src/core/json.ts';
import type { Context } from '../context.ts';
import { isPostOnly } from '../definitions.ts';
import { isObject, type JsonObject, type JsonValue, referenceId } from '../json.ts';
import { referenceMember } from '../references.ts';
import type { Stamps } from '../store.ts';

/** What conditions and orderBy read from: a record, or one element of an array in it. */
export interface Source {
  value: JsonObject;
  stamps?: Stamps;
}

/** A name that conditions and orderBy know, with its way into a record. */
export interface Field {
  member: Member;
  read(source: Source): JsonValue | undefined;
}

const stampNames: ReadonlyMap<string, keyof Stamps> = new Map([
  ['lastupdated', 'lastUpdated'],
  ['updatedby', 'updatedBy'],
  ['dateentered', 'dateEntered'],
  ['enteredby', 'enteredBy'],
]);

/** Stamps that work at the top level although they are returned in `_info` (CW 2.2.13). */
const virtualStamps = new Set(['lastupdated', 'dateentered']);

/** Returned, yet refused as a filter (CW 5.5). */
const refusedNames = new Set(['notetype']);

/**
 * Finds what a path means on records of a schema, ignoring case (CW 2.2.4). Undefined for names that do not exist,
 * for arrays and their elements (CW 2.2.18), and for members that can only be posted (CW 2.2.21).
 */
export function findField(context: Context, schema: string, segments: readonly string[]): Field | undefined {
  const [first = '', ...rest] = segments.map((segment) => segment.toLowerCase());
  if (first === '_info') return rest.length === 1 ? stampField(rest[0] ?? '') : undefined;
  const member = context.schemas.memberIgnoringCase(schema, first);
  if (member === undefined) {
    if (rest.length > 0) return undefined;
    return virtualStamps.has(first) ? stampField(first) : findVirtualField(schema, first);
  }
  if (member.type === 'array' || isPostOnly(member) || refusedNames.has(first)) return undefined;
  const { name } = member;
  const read = ({ value }: Source) => value[name];
  if (rest.length === 0) return { member, read };
  return member.schema === undefined ? undefined : nestedField(context, member.schema, rest, read);
}

/** The same for elements of an array; those that are references are looked up: `types/name` is the type's name. */
export function findElementField(context: Context, schema: string, segments: readonly string[]): Field | undefined {
  return nestedField(
    context,
    schema,
    segments.map((segment) => segment.toLowerCase()),
    ({ value }) => value,
  );
}

function nestedField(
  context: Context,
  schema: string,
  [first = '', ...rest]: readonly string[],
  readOuter: (source: Source) => JsonValue | undefined,
): Field | undefined {
  const member = context.schemas.memberIgnoringCase(schema, first);
  if (member === undefined || member.type === 'array' || member.name === '_info') return undefined;
  const readMember = rememberById((stored) => referenceMember(context, schema, stored, member.name), context, schema);
  const read = (source: Source) => readMember(readOuter(source));
  if (rest.length === 0) return { member, read };
  return member.schema === undefined ? undefined : nestedField(context, member.schema, rest, read);
}

/**
 * A field lives for one request, in which a reference means the same for every record: a list of thousands asks for
 * the names of a few statuses.
 */
function rememberById(
  read: (stored: JsonValue | undefined) => JsonValue | undefined,
  context: Context,
  schema: string,
): typeof read {
  // Without a target collection it is a plain object, not a reference.
  if (context.targetOf(schema) === undefined) return read;
  const known = new Map<number, JsonValue | undefined>();
  return (stored) => {
    const id = referenceId(stored);
    if (id === undefined) return read(stored);
    const found = known.get(id);
    if (found !== undefined || known.has(id)) return found;
    const value = read(stored);
    known.set(id, value);
    return value;
  };
}

function stampField(name: string): Field | undefined {
  const stamp = stampNames.get(name);
  if (stamp === undefined) return undefined;
  const format = stamp === 'lastUpdated' || stamp === 'dateEntered' ? 'date-time' : undefined;
  return {
    member: defined<Member>({ name: stamp, type: 'string', format }),
    read: ({ stamps }) => stamps?.[stamp],
  };
}

/** The elements of an array member as sources of their own, with the fields of their schema. */
export function findArray(
  context: Context,
  schema: string,
  name: string,
): { member: Member; elements(source: Source): Source[] } | undefined {
  const member = context.schemas.memberIgnoringCase(schema, name);
  if (member?.type !== 'array' || member.schema === undefined) return undefined;
  return {
    member,
    elements: ({ value }) => {
      const array = value[member.name];
      return Array.isArray(array) ? array.filter(isObject).map((element) => ({ value: element })) : [];
    },
  };
}

/** What a product is charged to, by the member that says so. */
const charged = [
  ['Ticket', 'ticket'],
  ['Project', 'project'],
  ['SalesOrder', 'salesOrder'],
  ['Opportunity', 'opportunity'],
] as const;

function chargedTo({ value }: Source) {
  return charged.find(([, member]) => referenceId(value[member]) !== undefined);
}

function chargeToId(source: Source): JsonValue | undefined {
  const found = chargedTo(source);
  return found === undefined ? undefined : referenceId(source.value[found[1]]);
}

/** Names that ConnectWise's own hrefs filter by although no schema has them (CW 2.3). */
const virtualFields: ReadonlyMap<string, Field> = new Map([
  [
    'ProductItem/chargetotype',
    { member: { name: 'chargeToType', type: 'string' }, read: (source: Source) => chargedTo(source)?.[0] },
  ],
  ['ProductItem/chargetoid', { member: { name: 'chargeToId', type: 'integer' }, read: chargeToId }],
]);

function findVirtualField(schema: string, name: string): Field | undefined {
  return virtualFields.get(`${schema}/${name}`);
}
