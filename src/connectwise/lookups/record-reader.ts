import { GatewayError } from '../../core/errors.ts';
import type { ConnectWiseClient } from '../client.ts';
import type { LookupTable, Parents } from './lookup-table.ts';
import { type NameQuery, narrow } from './name-query.ts';
import { fieldsOf, type NamedRecord, readNamedRecord } from './named-record.ts';
import { createReadCache } from './read-cache.ts';

/** The largest page there is (CW 3.1). */
const wholePage = 1000;
/** Enough to tell one from several, also where some of them turn out to be inactive. */
const searchPage = 100;
const hourMs = 60 * 60 * 1000;
const minutesMs = 5 * 60 * 1000;

export interface Page {
  records: readonly NamedRecord[];
  /** Nothing was left behind on a further page. */
  complete: boolean;
}

/** Where the records of one call are: the collection with its parent. */
export interface Place {
  table: LookupTable;
  /** With the id of the parent in its place. */
  path: string;
  parents: Parents;
}

/** Undefined without the parent that stands in the path. */
export function placeOf(table: LookupTable, parents: Parents): Place | undefined {
  if (table.parent?.in !== 'path') return { table, path: table.path, parents };
  const parent = parents[table.parent.kind];
  return parent === undefined ? undefined : { table, path: table.path.replace('{parent}', String(parent)), parents };
}

export interface RecordReader {
  /** All records, kept for an hour or minutes; undefined for a collection that is too large for that. */
  whole(place: Place, signal?: AbortSignal): Promise<readonly NamedRecord[] | undefined>;
  search(place: Place, query: NameQuery, options: { aliveOnly: boolean }, signal?: AbortSignal): Promise<Page>;
  /** Keeps for minutes what an asking with conditions found, if it is worth that. */
  remember<Value>(
    place: Place,
    question: string,
    ask: (signal: AbortSignal) => Promise<Value>,
    options: { keep(value: Value): boolean; signal?: AbortSignal | undefined },
  ): Promise<Value>;
  dropped(path: string): void;
}

export function createRecordReader({ client, now }: { client: ConnectWiseClient; now(): Date }): RecordReader {
  const cache = createReadCache(now);

  async function list(
    { table, path }: Pick<Place, 'table' | 'path'>,
    query: Record<string, string>,
    signal?: AbortSignal,
  ) {
    const fields = fieldsOf(table);
    // Only who was found by an e-mail address is compared by it.
    const withMails = query.childConditions && table.mailItems ? `${fields},${table.mailItems}` : fields;
    const { body } = await client.send({ method: 'GET', path, query: { ...query, fields: withMails } }, signal);
    if (!Array.isArray(body)) throw new GatewayError('unreadable_answer', `The answer to GET ${path} is no list.`);
    const pageSize = Number(query.pageSize);
    return { records: body.flatMap((row) => readNamedRecord(table, row) ?? []), complete: body.length < pageSize };
  }

  /** The same from where fewer rights are needed, when the first is refused. */
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
        ...(conditions && { conditions }),
        ...(childConditions && { childConditions }),
        pageSize: String(searchPage),
      };
      return listWithin(place, members, signal);
    },
    remember(place, question, ask, { keep, signal }) {
      const { path, parents } = place;
      const key = `${path} ${JSON.stringify(parents)} ${question}`;
      return cache.read(key, ask, { path, keepMs: minutesMs, keep, signal });
    },
    dropped: (path) => cache.drop(path),
  };
}
