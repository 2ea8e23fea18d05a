import { searchMatching, searchNearest } from './find-records.ts';
import type { FindTable } from './find-table.ts';
import type { LookupTable, ParentKind } from './lookup-table.ts';
import { nearestRecords } from './match-names.ts';
import { foldLabel, type NamedRecord } from './named-record.ts';
import { type Place, placeOf, type RecordReader } from './record-reader.ts';

/** A name or id of a record that conditions hold an equality on. */
export interface SoughtName {
  table: LookupTable;
  /** `id`, `name` or `identifier` of a reference; any member for a record of the list itself. */
  member: string;
  value: string | number;
  /** For a record of the list itself: the values in the path of the list. */
  pathValues?: Readonly<Record<string, string>> | undefined;
}

export interface NearestContext {
  reader: RecordReader;
  findTable: FindTable;
}

const parentTables: Readonly<Record<ParentKind, string>> = {
  board: 'boards',
  company: 'companies',
  project: 'projects',
};

/** Boards that are looked through for a name of which the conditions do not say the board: a request each. */
const mostBoards = 10;
const mostNearest = 5;

/**
 * The names or identifiers most like one that no record has, in use or not; empty where nothing is like it, undefined
 * where a record has it or it cannot be told. `others` say what it belongs to.
 */
export async function findNearest(
  context: NearestContext,
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

/** Where the name would have to be; undefined where what it belongs to is not known. */
async function findPlaces(
  context: NearestContext,
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
  { reader, findTable }: NearestContext,
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
