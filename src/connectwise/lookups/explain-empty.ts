import type { Catalog, Endpoint } from '../../catalog/index.ts';
import { type Expression, findMember, type Path, parseConditions, type Value } from '../../conditions/index.ts';
import { plural } from '../../core/english.ts';
import { GatewayError } from '../../core/errors.ts';
import { type Place, placeOf, type RecordReader, searchMatching, searchNearest } from './find-records.ts';
import { foldLabel, type NamedRecord, nearestRecords, quoteName } from './match-names.ts';
import { type FindTable, findTableOfList, type LookupTable, type ParentKind } from './tables.ts';

/** The request of a list without rows. */
export interface EmptyList {
  endpoint: Endpoint;
  conditions: string;
  /** Values of the placeholders in the path of the endpoint. */
  pathValues?: Readonly<Record<string, string>>;
}

interface NamesContext {
  reader: RecordReader;
  findTable: FindTable;
}

export interface ExplainContext extends NamesContext {
  catalog: Catalog;
}

/** Each may cost requests, and one wrong name is reason enough. */
const mostLookups = 3;
const mostNearest = 5;

/** Undefined where every name exists, where none can be checked, and where checking failed. */
export async function explainEmpty(
  context: ExplainContext,
  list: EmptyList,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const sought = seek(context, list);
  const wanted = sought
    .filter(({ value }) => typeof value === 'string' && value.trim() !== '')
    // Parents come first: with a wrong board there is no point in looking for its status.
    .sort((a, b) => Number(a.table.parent !== undefined) - Number(b.table.parent !== undefined))
    .slice(0, mostLookups);
  const sentences = await Promise.all(wanted.map((name) => explainName(context, name, sought, signal)));
  const said = [...new Set(sentences.filter((sentence) => sentence !== undefined))];
  return said.length === 0 ? undefined : said.join(' ');
}

async function explainName(
  context: ExplainContext,
  name: SoughtName,
  others: readonly SoughtName[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const nearest = await findNearest(context, name, others, signal);
    return nearest && renderSentence(name, nearest);
  } catch (error) {
    // The list itself was answered; a missing explanation is not a failure.
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

function renderSentence({ table, member, value }: SoughtName, nearest: readonly string[]): string {
  const called = member === 'identifier' && table.identifier !== undefined ? 'with the identifier' : 'named';
  // A record that this login may not see is missing in the same way (CW 5.12.3).
  const start = `ConnectWise shows no ${table.noun} ${called} ${quoteName(String(value))}`;
  const [first, ...more] = nearest.slice(0, mostNearest).map(quoteName);
  if (first === undefined) return `${start}.`;
  if (more.length === 0) return `${start}; the nearest is ${first}.`;
  return `${start}; the nearest ${plural(table.noun)} are ${[first, ...more].join(', ')}.`;
}

/** Names and ids in equalities of the conditions, with the table of what they name. */
function seek({ findTable, catalog }: ExplainContext, { endpoint, conditions, pathValues }: EmptyList): SoughtName[] {
  const schema = endpoint.response?.schema === undefined ? undefined : catalog.findSchema(endpoint.response.schema);
  if (schema === undefined) return [];
  const own = findTableOfList(endpoint.path);
  return readEqualities(conditions).flatMap(({ segments, value }): SoughtName[] => {
    const [first = '', second] = segments;
    if (second === undefined) {
      return own !== undefined && isNameOf(own, first)
        ? [{ table: own, member: first.toLowerCase(), value, pathValues: pathValues ?? {} }]
        : [];
    }
    const reference = segments.length === 2 ? findMember(schema, first)?.schema : undefined;
    const found = reference === undefined ? undefined : findTable(reference);
    const member = second.toLowerCase();
    if (found === undefined || !['id', 'name', 'identifier'].includes(member)) return [];
    return [{ table: found.table, member, value }];
  });
}

function isNameOf({ names, identifier }: LookupTable, member: string): boolean {
  // A first name alone does not identify a person.
  return [...(names.length === 1 ? names : []), identifier].some(
    (name) => name?.toLowerCase() === member.toLowerCase(),
  );
}

/** Empty for conditions that do not parse here, although ConnectWise accepted them. */
function readEqualities(conditions: string) {
  try {
    return listEqualities(parseConditions(conditions));
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
}

// Equalities in conditions

/** `board/name = "Help Desk"`, anywhere in an expression but where it is negated. */
interface Equality {
  /** As written: ConnectWise ignores case here (CW 2.2.4). */
  segments: readonly string[];
  value: string | number;
}

/** Every equality with a text or number; one for each value of an `in`. */
function listEqualities(expression: Expression): Equality[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.flatMap(listEqualities);
    case 'compare':
      return expression.operator === '=' ? equalities(expression.path, [expression.value]) : [];
    case 'in':
      return expression.negated ? [] : equalities(expression.path, expression.values);
    case 'like':
      // Without a wildcard it is an equality (CW 2.2.15).
      return expression.negated || isPattern(expression.pattern)
        ? []
        : equalities(expression.path, [expression.pattern]);
    case 'not':
    case 'contains':
      return [];
  }
}

function equalities({ segments }: Path, values: readonly Value[]): Equality[] {
  return values.flatMap((value) =>
    value.kind === 'string' || value.kind === 'number' ? [{ segments, value: value.value }] : [],
  );
}

function isPattern(value: Value): boolean {
  return value.kind !== 'string' || /[%*_[]/.test(value.value);
}

// The nearest names

/** A name or id in an equality of the conditions. */
interface SoughtName {
  table: LookupTable;
  /** `id`, `name` or `identifier` of a reference; any member for a record of the list itself. */
  member: string;
  value: string | number;
  /** For a record of the list itself: the values in the path of the list. */
  pathValues?: Readonly<Record<string, string>> | undefined;
}

const parentTables: Readonly<Record<ParentKind, string>> = {
  board: 'boards',
  company: 'companies',
  project: 'projects',
};

/** Boards that are searched, with a request each, for a name whose board the conditions do not name. */
const mostBoards = 10;

/**
 * The names or identifiers most similar to one that no record has, in use or not; empty where none is similar, undefined
 * where a record has it or that is unknown. `others` name what it belongs to.
 */
async function findNearest(
  context: NamesContext,
  name: SoughtName,
  others: readonly SoughtName[],
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const places = await findPlaces(context, name, others, signal);
  if (places === undefined) return undefined;
  const found = await Promise.all(places.map((place) => findAlike(context.reader, place, name, signal)));
  if (found.some(({ exists }) => exists)) return undefined;
  const near = nearestRecords(
    String(name.value),
    found.flatMap(({ alike }) => alike),
    mostNearest,
  );
  return [...new Set(near.map((record) => calledBy(name, record)))];
}

/** What a record is called by the member that was asked for. */
function calledBy({ table, member }: SoughtName, { name, identifier }: NamedRecord): string {
  return member === 'identifier' && table.identifier !== undefined ? (identifier ?? name) : name;
}

async function findAlike(
  reader: RecordReader,
  place: Place,
  sought: SoughtName,
  signal?: AbortSignal,
): Promise<{ exists: boolean; alike: readonly NamedRecord[] }> {
  const text = String(sought.value);
  const isIt = (record: NamedRecord) => foldLabel(calledBy(sought, record)) === foldLabel(text);
  const all = await reader.whole(place, signal);
  if (all !== undefined) return { exists: all.some(isIt), alike: all };
  const exact = await searchMatching(reader, place, 'exact', text, signal);
  if (exact.records.some(isIt) || !exact.complete) return { exists: true, alike: [] };
  return { exists: false, alike: [...exact.records, ...(await searchNearest(reader, place, text, signal))] };
}

/** The collections that would hold the name; undefined where its parent is unknown. */
async function findPlaces(
  context: NamesContext,
  { table, pathValues }: SoughtName,
  others: readonly SoughtName[],
  signal?: AbortSignal,
): Promise<readonly Place[] | undefined> {
  const { parent } = table;
  if (parent === undefined) return [{ table, path: table.path, parents: {} }];
  const ids =
    parent.in === 'path' && pathValues ? Object.values(pathValues).map(Number).filter(Number.isInteger) : undefined;
  const parentIds = ids ?? (await findParents(context, parent, others, signal));
  if (parentIds === undefined) return undefined;
  // Without a parent the whole collection is the place, if there is one.
  const given =
    parentIds.length === 0 && parent.in === 'conditions' ? [{}] : parentIds.map((id) => ({ [parent.kind]: id }));
  const places = given.flatMap((parents) => placeOf(table, parents) ?? []);
  return places.length === 0 ? undefined : places;
}

/** Ids of the parents that the conditions name; every board where they name none. Undefined for an unknown parent. */
async function findParents(
  { reader, findTable }: NamesContext,
  parent: NonNullable<LookupTable['parent']>,
  others: readonly SoughtName[],
  signal?: AbortSignal,
): Promise<readonly number[] | undefined> {
  const table = findTable(parentTables[parent.kind])?.table;
  if (table === undefined) return undefined;
  const place: Place = { table, path: table.path, parents: {} };
  const stated = others.filter((other) => other.table === table && other.pathValues === undefined);
  if (stated.length > 0) {
    const ids = (await Promise.all(stated.map((name) => findIds(reader, place, name, signal)))).flat();
    return ids.length === 0 ? undefined : ids;
  }
  if (parent.in === 'conditions') return [];
  const all = (await reader.whole(place, signal))?.filter(({ gone }) => !gone) ?? [];
  return all.length > mostBoards ? undefined : all.map(({ id }) => id);
}

async function findIds(
  reader: RecordReader,
  place: Place,
  sought: SoughtName,
  signal?: AbortSignal,
): Promise<readonly number[]> {
  if (typeof sought.value === 'number') return [sought.value];
  const all = await reader.whole(place, signal);
  const records = all ?? (await searchMatching(reader, place, 'exact', sought.value, signal)).records;
  const wanted = foldLabel(sought.value);
  return records.filter((record) => foldLabel(calledBy(sought, record)) === wanted).map(({ id }) => id);
}
