import { GatewayError } from '../../core/errors.ts';
import { asArray, asObject, defined } from '../../core/json.ts';
import { hourMs } from '../../core/zone.ts';
import type { ConnectWiseClient, ConnectWiseRequest } from '../client.ts';
import { rowsOf } from '../lists/read-pages.ts';
import {
  type Finding,
  fieldsOf,
  findByName,
  findByNumber,
  foldLabel,
  type NamedRecord,
  type NameMatch,
  nameMatches,
  nearestRecords,
  noneFound,
  readNamedRecord,
  recordsMatching,
} from './match-names.ts';
import { likenessQuery, type NameQuery, nameQuery, narrow, numberQuery } from './name-query.ts';
import { createReadCache } from './read-cache.ts';
import type { LookupTable, Parents } from './tables.ts';

/** A text that may be an id; ConnectWise has no longer ones. */
const digits = /^\d{1,9}$/;

/** What a text or id names at a place. */
export async function findRecord(
  reader: RecordReader,
  place: Place,
  wanted: string | number,
  signal?: AbortSignal,
): Promise<Finding> {
  const text = String(wanted).trim();
  const records = await reader.whole(place, signal);
  if (records !== undefined) {
    if (typeof wanted === 'number') return findById(wanted, records);
    return digits.test(text) ? findByNumber(text, records) : findByName(text, records);
  }
  const ask = (shared: AbortSignal) => {
    if (typeof wanted === 'number') return searchId(reader, place, wanted, shared);
    return digits.test(text) ? searchNumber(reader, place, text, shared) : searchName(reader, place, text, shared);
  };
  const question = `${typeof wanted} ${foldLabel(text)}`;
  return reader.remember(place, question, ask, { keep: ({ kind }) => kind === 'one', signal });
}

function findById(id: number, records: readonly NamedRecord[]): Finding {
  const record = records.find((one) => one.id === id);
  if (record === undefined || record.gone) return noneFound([], record);
  return { kind: 'one', record, matchedBy: 'id' };
}

/** Without the parent, since an id is unique in its collection. */
async function searchId(reader: RecordReader, place: Place, id: number, signal: AbortSignal): Promise<Finding> {
  const anywhere = { ...place, parents: {} };
  const { records } = await reader.search(anywhere, { conditions: `id=${id}` }, { aliveOnly: false }, signal);
  return findById(id, records);
}

async function searchNumber(reader: RecordReader, place: Place, text: string, signal: AbortSignal): Promise<Finding> {
  const query = numberQuery(place.table, text);
  const { records } = await reader.search({ ...place, parents: {} }, query, { aliveOnly: false }, signal);
  return findByNumber(text, records);
}

/** Asks for exact names first: the usual case, and the quickest to find. */
async function searchName(reader: RecordReader, place: Place, text: string, signal: AbortSignal): Promise<Finding> {
  let gone: NamedRecord | undefined;
  for (const matchedBy of nameMatches) {
    const { records, complete } = await searchMatching(reader, place, matchedBy, text, signal);
    const alive = records.filter((record) => !record.gone);
    if (matchedBy === 'exact') gone = records.find((record) => record.gone);
    const [record] = alive;
    if (record !== undefined && alive.length === 1 && complete) return { kind: 'one', record, matchedBy };
    // A level with too many matches is followed by the next, which includes them; the last decides.
    if (record !== undefined || (!complete && matchedBy === 'contains')) {
      return { kind: 'several', records: alive, complete };
    }
  }
  return noneFound(await searchNearest(reader, place, text, signal), gone);
}

/** Records that match, in use or, by the exact name, not. */
export async function searchMatching(
  reader: RecordReader,
  place: Place,
  how: NameMatch,
  text: string,
  signal?: AbortSignal,
): Promise<{ records: readonly NamedRecord[]; complete: boolean }> {
  const query = nameQuery(place.table, how, text);
  if (query === undefined) return { records: [], complete: true };
  const page = await reader.search(place, query, { aliveOnly: how !== 'exact' }, signal);
  return { records: recordsMatching(how, text, page.records), complete: page.complete };
}

export async function searchNearest(
  reader: RecordReader,
  place: Place,
  text: string,
  signal?: AbortSignal,
): Promise<NamedRecord[]> {
  const query = likenessQuery(place.table, text);
  if (query === undefined) return [];
  const { records } = await reader.search(place, query, { aliveOnly: true }, signal);
  return nearestRecords(text, records);
}

// Reading collections

/** The largest page there is (CW 3.1). */
const wholePage = 1000;
/** Enough to distinguish one from several, even where some of them turn out to be inactive. */
const searchPage = 100;
const minutesMs = 5 * 60 * 1000;

interface Page {
  records: readonly NamedRecord[];
  /** There is no further page. */
  complete: boolean;
}

/** The collection that a call looks in, with its parent. */
export interface Place {
  table: LookupTable;
  /** With the id of the parent filled in. */
  path: string;
  parents: Parents;
}

/** Undefined without the parent that the path needs. */
export function placeOf(table: LookupTable, parents: Parents): Place | undefined {
  if (table.parent?.in !== 'path') return { table, path: table.path, parents };
  const parent = parents[table.parent.kind];
  return parent === undefined ? undefined : { table, path: table.path.replace('{parent}', String(parent)), parents };
}

export interface RecordReader {
  /** All records, kept for an hour or minutes; undefined for a collection that is too large for that. */
  whole(place: Place, signal?: AbortSignal): Promise<readonly NamedRecord[] | undefined>;
  search(place: Place, query: NameQuery, options: { aliveOnly: boolean }, signal?: AbortSignal): Promise<Page>;
  /** Keeps the result of a search for minutes, if `keep` accepts it. */
  remember<Value>(
    place: Place,
    question: string,
    ask: (signal: AbortSignal) => Promise<Value>,
    options: { keep(value: Value): boolean; signal?: AbortSignal | undefined },
  ): Promise<Value>;
  /**
   * The custom fields of the records at this path, kept for an hour: one record has them all (CW 5.13). Empty where there
   * is no record, or none with custom fields.
   */
  customFields(path: string, signal?: AbortSignal): Promise<readonly CustomField[]>;
  dropped(path: string): void;
}

export interface CustomField {
  caption: string;
  /** Such as `Text` or `Checkbox`. */
  type: string;
}

export function createRecordReader({ client, now }: { client: ConnectWiseClient; now(): Date }): RecordReader {
  const cache = createReadCache(now);

  async function list(
    { table, path }: Pick<Place, 'table' | 'path'>,
    query: Record<string, string>,
    signal?: AbortSignal,
  ) {
    const fields = fieldsOf(table);
    // Addresses are needed only to compare those that were searched by one.
    const withMails = query.childConditions && table.mailItems ? `${fields},${table.mailItems}` : fields;
    const request: ConnectWiseRequest = { method: 'GET', path, query: { ...query, fields: withMails } };
    const body = rowsOf(request, await client.send(request, signal));
    const pageSize = Number(query.pageSize);
    return { records: body.flatMap((row) => readNamedRecord(table, row) ?? []), complete: body.length < pageSize };
  }

  /** The same from a path that needs fewer rights, when the first is refused. */
  async function listWithin(place: Place, query: Record<string, string>, signal?: AbortSignal): Promise<Page> {
    const { instead, ...table } = place.table;
    try {
      return await list(place, query, signal);
    } catch (error) {
      if (instead === undefined || !(error instanceof GatewayError) || error.code !== 'permission_denied') throw error;
      return list({ path: instead.path, table: { ...table, mails: instead.mails } }, query, signal);
    }
  }

  return {
    async whole(place, signal) {
      const { table, path } = place;
      if (table.size === 'many') return undefined;
      const query = { pageSize: String(wholePage) };
      const keepMs = table.size === 'setUp' ? hourMs : minutesMs;
      const page = await cache.read(path, (shared) => listWithin(place, query, shared), { path, keepMs, signal });
      return page.complete ? page.records : undefined;
    },
    search(place, query, { aliveOnly }, signal) {
      const { conditions, childConditions } = narrow(query, place.table, place.parents, aliveOnly);
      const members = {
        conditions: conditions || undefined,
        childConditions: childConditions || undefined,
        pageSize: String(searchPage),
      };
      return listWithin(place, defined<Record<string, string>>(members), signal);
    },
    remember(place, question, ask, { keep, signal }) {
      const { path, parents } = place;
      const key = `${path} ${JSON.stringify(parents)} ${question}`;
      return cache.read(key, ask, { path, keepMs: minutesMs, keep, signal });
    },
    customFields(path, signal) {
      const ask = async (shared: AbortSignal) => {
        const request: ConnectWiseRequest = {
          method: 'GET',
          path,
          query: { fields: 'id,customFields', pageSize: '1' },
        };
        const [record] = rowsOf(request, await client.send(request, shared));
        return asArray(asObject(record).customFields).flatMap((row): CustomField[] => {
          const { caption, type } = asObject(row);
          return typeof caption === 'string' ? [{ caption, type: String(type) }] : [];
        });
      };
      return cache.read(`custom fields of ${path}`, ask, { path, keepMs: hourMs, signal });
    },
    dropped: (path) => cache.drop(path),
  };
}
