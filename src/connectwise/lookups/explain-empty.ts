import type { Catalog, Endpoint, Schema, Twin } from '../../catalog/index.ts';
import { type Expression, findMember, type Path, parseConditions, quote, type Value } from '../../conditions/index.ts';
import { plural } from '../../core/english.ts';
import { GatewayError } from '../../core/errors.ts';
import { nearestNames } from '../../core/nearest.ts';
import {
  type CustomField,
  type Place,
  placeOf,
  type RecordReader,
  searchMatching,
  searchNearest,
} from './find-records.ts';
import { foldLabel, type NamedRecord, nearestRecords, quoteName } from './match-names.ts';
import { type FindTable, findTableOfList, type LookupTable, type ParentKind } from './tables.ts';

/** The request of a list without rows. */
export interface EmptyList {
  /** The list, also of a count or a search. */
  endpoint: Endpoint;
  conditions?: string;
  childConditions?: string;
  customFieldConditions?: string;
  /** Values of the placeholders in the path of the endpoint. */
  pathValues?: Readonly<Record<string, string>>;
}

interface NamesContext {
  reader: RecordReader;
  findTable: FindTable;
}

export interface ExplainContext extends NamesContext {
  catalog: Catalog;
  findTwin(path: string, signal?: AbortSignal): Promise<Twin | undefined>;
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
  const explaining = [
    ...wanted.map((name) => explainName(context, list, { name, others: sought, signal })),
    ...captionsIn(list).map((caption) => explainCaption(context, list, caption, signal)),
    explainCharge(context, list, signal),
  ];
  const sentences = await Promise.all(explaining.map(unlessFailed));
  const said = [...new Set(sentences.filter((sentence) => sentence !== undefined))];
  return said.length === 0 ? undefined : said.join(' ');
}

/** The list itself was answered; a missing explanation is not a failure. */
async function unlessFailed(explaining: Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await explaining;
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

async function explainName(
  context: ExplainContext,
  list: EmptyList,
  { name, others, signal }: { name: SoughtName; others: readonly SoughtName[]; signal: AbortSignal | undefined },
): Promise<string | undefined> {
  const nearest = await findNearest(context, name, others, signal);
  if (nearest === undefined) return undefined;
  const sentence = renderSentence(name, nearest);
  const fields = await unlessNone(customFieldsOf(context, list, signal));
  const field = fields.find(({ caption }) => foldLabel(caption) === foldLabel(String(name.value)));
  return field === undefined ? sentence : `${sentence} ${describeField(field)}`;
}

/** What is said of a name needs no custom fields. */
async function unlessNone(reading: Promise<readonly CustomField[]>): Promise<readonly CustomField[]> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
}

// Custom fields

async function customFieldsOf(
  { catalog, reader }: ExplainContext,
  { endpoint: { path, response }, pathValues = {} }: EmptyList,
  signal?: AbortSignal,
): Promise<readonly CustomField[]> {
  const schema = response?.schema === undefined ? undefined : catalog.findSchema(response.schema);
  if (schema === undefined || findMember(schema, 'customFields') === undefined) return [];
  const filled = path.replace(/\{([^{}]*)\}/g, (whole, name: string) => pathValues[name] ?? whole);
  return filled.includes('{') ? [] : reader.customFields(filled, signal);
}

/** Captions in equalities of the custom field conditions. */
function captionsIn({ customFieldConditions = '' }: EmptyList): readonly string[] {
  return readEqualities(customFieldConditions).flatMap(({ segments: [name, more], value }) =>
    name?.toLowerCase() === 'caption' && more === undefined && typeof value === 'string' ? [value] : [],
  );
}

async function explainCaption(
  context: ExplainContext,
  list: EmptyList,
  caption: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const captions = (await customFieldsOf(context, list, signal)).map((field) => field.caption);
  if (captions.length === 0 || captions.some((one) => foldLabel(one) === foldLabel(caption))) return undefined;
  const near = nearestNames(caption, captions, mostNearest);
  const start = `These records have no custom field with the caption ${quoteName(caption)}`;
  const shown = (near.length > 0 ? near : captions.slice(0, mostNearest)).map(quoteName).join(', ');
  return `${start}; ${near.length > 0 ? 'the nearest' : 'captions are'}: ${shown}.`;
}

/** A checkbox is compared with true (CW 2.5). */
function describeField({ caption, type }: CustomField): string {
  const test = /^checkbox$/i.test(type) ? 'value=true' : 'value!=null';
  return `A custom field has this caption: customFieldConditions caption=${quote(caption)} and ${test}.`;
}

// Time and the like on a ticket

/** Time on a project ticket is not that of a service ticket of the same number (CW 2.3.1, 5.5.11). */
async function explainCharge(
  { findTwin }: ExplainContext,
  { conditions = '' }: EmptyList,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const equalities = readEqualities(conditions);
  const equalTo = (member: string) =>
    equalities.find(({ segments }) => segments.join('/').toLowerCase() === member.toLowerCase())?.value;
  const [type, id] = [equalTo('chargeToType'), equalTo('chargeToId')];
  const own = { ServiceTicket: '/service/tickets', ProjectTicket: '/project/tickets' }[String(type)];
  if (own === undefined || typeof id !== 'number') return undefined;
  const twin = await findTwin(`${own}/${id}`, signal);
  if (twin === undefined) return undefined;
  const either = `(chargeToType="ServiceTicket" or chargeToType="ProjectTicket") and chargeToId=${id}`;
  return `${id} is a ${twin.noun}: ${either} finds what is charged to it.`;
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
function seek({ findTable, catalog }: ExplainContext, list: EmptyList): SoughtName[] {
  const { endpoint, conditions = '', childConditions = '', pathValues } = list;
  const schema = endpoint.response?.schema === undefined ? undefined : catalog.findSchema(endpoint.response.schema);
  if (schema === undefined) return [];
  const own = findTableOfList(endpoint.path);
  const equalities = [...readEqualities(conditions), ...readEqualities(childConditions)];
  return equalities.flatMap(({ segments, value }): SoughtName[] => {
    const [first = ''] = segments;
    if (segments.length < 2) {
      return own !== undefined && isNameOf(own, first)
        ? [{ table: own, member: first.toLowerCase(), value, pathValues: pathValues ?? {} }]
        : [];
    }
    const reference = referenceAt(catalog, schema, segments.slice(0, -1));
    const found = reference === undefined ? undefined : findTable(reference);
    const member = segments.at(-1)?.toLowerCase() ?? '';
    if (found === undefined || !isNamed(found.table, member)) return [];
    return [{ table: found.table, member, value }];
  });
}

/** The schema that a path leads to, through references and the elements of arrays. */
function referenceAt(catalog: Catalog, schema: Schema, segments: readonly string[]): string | undefined {
  let [scope, name]: [Schema | undefined, string | undefined] = [schema, undefined];
  for (const segment of segments) {
    name = scope === undefined ? undefined : findMember(scope, segment)?.schema;
    scope = name === undefined ? undefined : catalog.findSchema(name);
  }
  return name;
}

const isNamed = ({ names }: LookupTable, member: string): boolean =>
  ['id', 'name', 'identifier', ...(names.length === 1 ? names : [])].some((one) => one.toLowerCase() === member);

function isNameOf({ names, identifier }: LookupTable, member: string): boolean {
  // A first name alone does not identify a person.
  return [...(names.length === 1 ? names : []), identifier].some(
    (name) => name?.toLowerCase() === member.toLowerCase(),
  );
}

/** Empty for conditions that do not parse here, although ConnectWise accepted them. */
function readEqualities(conditions: string) {
  if (conditions.trim() === '') return [];
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
