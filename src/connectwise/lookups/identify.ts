import { setImmediate } from 'node:timers/promises';
import { type Catalog, pathKey, type Schema } from '../../catalog/index.ts';
import { asObject, defined } from '../../core/json.ts';
import type { ConnectWiseClient } from '../client.ts';
import { readByIds } from '../lists/by-ids.ts';
import type { RecordReader } from './find-records.ts';
import { createReadCache } from './read-cache.ts';
import { findTableOfList, type LookupTable } from './tables.ts';

/** What a person knows a record by. */
export interface Identity {
  id: number;
  /** Its summary or name; absent where such records have none. */
  name?: string;
  identifier?: string;
  /** The client that it belongs to; of a company itself. */
  company?: { id: number; name: string };
  /** With what puts it out of use: `New`, `Active, deleted`. */
  status?: string;
  /** Inactive, deleted, ended. */
  gone: boolean;
}

export interface Identifier {
  /**
   * The record of this number in a list, such as `/service/tickets`; undefined where the list does not have it. Numbers
   * of one list that are asked at the same time are one request; set-up lists are read whole, as for names.
   * @throws GatewayError when the list cannot be read
   */
  identify(list: string, id: number, signal?: AbortSignal): Promise<Identity | undefined>;
  dropped(path: string): void;
}

export interface IdentifyOptions {
  client: Pick<ConnectWiseClient, 'send'>;
  now(): Date;
  catalog: Pick<Catalog, 'findEndpoint' | 'findSchema'> | undefined;
  /** For set-up lists. */
  reader: Pick<RecordReader, 'whole'>;
}

/** Short, since a preview shows the status as it is; a change of many records asks for the same ones again and again. */
const keepMs = 60_000;

interface Batch {
  ids: number[];
  rows: Promise<ReadonlyMap<number, Identity>>;
}

export function createIdentifier({ client, now, catalog, reader }: IdentifyOptions): Identifier {
  const cache = createReadCache(now);
  const batches = new Map<string, Batch>();

  const kindOf = (list: string): Kind => {
    const endpoint = catalog?.findEndpoint('GET', list)?.endpoint;
    const schema = endpoint?.response?.schema === undefined ? undefined : catalog?.findSchema(endpoint.response.schema);
    return readKind(endpoint?.path ?? list, schema);
  };

  function beginBatch(list: string): Batch {
    const ids: number[] = [];
    const rows = (async () => {
      // All that ask in the same turn are in one request.
      await setImmediate();
      batches.delete(list);
      const kind = kindOf(list);
      const found = await readByIds(client, { path: list, ids, query: { fields: kind.fields } });
      return new Map(found.rows.map((row) => readIdentity(kind, asObject(row))).map((one) => [one.id, one]));
    })();
    const batch = { ids, rows };
    batches.set(list, batch);
    return batch;
  }

  async function load(list: string, id: number): Promise<Identity | undefined> {
    const batch = batches.get(list) ?? beginBatch(list);
    batch.ids.push(id);
    return (await batch.rows).get(id);
  }

  return {
    async identify(list, id, signal) {
      const { table } = kindOf(list);
      const whole =
        table === undefined || table.size === 'many'
          ? undefined
          : await reader.whole({ table, path: list, parents: {} }, signal);
      const known = whole?.find((record) => record.id === id);
      if (known !== undefined) {
        const { name, identifier, gone } = known;
        return defined<Identity>({ id, name, identifier, gone, status: gone ? 'inactive' : undefined });
      }
      // A list that was read a while ago may lack a new record, so one that is missing there is asked for.
      const keep = (found: Identity | undefined) => found !== undefined;
      return cache.read(`${list} ${id}`, () => load(list, id), { path: list, keepMs, keep, signal });
    },
    dropped: (path) => cache.drop(path),
  };
}

// Reading a row

interface Kind {
  table: LookupTable | undefined;
  isCompany: boolean;
  /** Members that make the name: one, or first and last. */
  names: readonly string[];
  identifier: string | undefined;
  status: string | undefined;
  /** Flags that put a record out of use, with the word for each. */
  flags: readonly (readonly [member: string, word: string])[];
  fields: string;
}

/** What names a record, the best first. */
const nameMembers =
  'summary name invoiceNumber poNumber caption serial description title subject text notes identifier product/identifier'.split(
    ' ',
  );
const flagWords = [
  ['deletedFlag', 'deleted'],
  ['inactiveFlag', 'inactive'],
  ['inactive', 'inactive'],
  ['cancelledFlag', 'cancelled'],
  ['closedFlag', 'closed'],
] as const;

function readKind(template: string, schema: Schema | undefined): Kind {
  const table = findTableOfList(template);
  const member = (name: string) => schema?.members.find((one) => one.name === name);
  const found = nameMembers.find((name) => {
    const [first = '', part] = name.split('/');
    return member(first)?.type === (part === undefined ? 'string' : 'object');
  });
  const person = ['firstName', 'lastName'].every((name) => member(name)?.type === 'string');
  const names = table?.names ?? (person ? ['firstName', 'lastName'] : found === undefined ? [] : [found]);
  const identifier = table?.identifier ?? (member('identifier')?.type === 'string' ? 'identifier' : undefined);
  const isCompany = pathKey(template) === '/company/companies';
  const ofCompany = !isCompany && member('company')?.type === 'object';
  const state = ['status', 'agreementStatus'].find((name) => member(name) !== undefined);
  const status = state !== undefined && member(state)?.type === 'object' ? `${state}/name` : state;
  const flags = flagWords.filter(([name]) => member(name)?.type === 'boolean');
  const company = ofCompany ? ['company/id', 'company/name'] : [];
  const all = ['id', ...names, identifier, ...company, status, ...flags.map(([name]) => name)];
  const fields = [...new Set(all.filter((name) => name !== undefined))].join(',');
  return { table, isCompany, names, identifier, status, flags, fields };
}

function readIdentity(
  { isCompany, names, identifier, status, flags }: Kind,
  row: Readonly<Record<string, unknown>>,
): Identity {
  const id = Number(row.id);
  const own = identifier === undefined ? '' : textOf(row[identifier]);
  const name =
    names
      .map((member) => textAt(row, member))
      .filter(Boolean)
      .join(' ') || own;
  const stated = status === undefined ? '' : textAt(row, status);
  const out = flags.filter(([member]) => row[member] === true).map(([, word]) => word);
  const said = [stated, ...out.filter((word) => !stated.toLowerCase().includes(word))].filter(Boolean).join(', ');
  const owner = isCompany ? { id, name } : ownerOf(row.company);
  const gone = out.some((word) => word !== 'closed');
  return defined<Identity>({
    id,
    name: name || undefined,
    identifier: own || undefined,
    company: owner,
    status: said || undefined,
    gone,
  });
}

function ownerOf(company: unknown): Identity['company'] {
  const { id, name } = asObject(company);
  return typeof id === 'number' && typeof name === 'string' ? { id, name } : undefined;
}

/** The text at `name` or `status/name`. */
function textAt(row: Readonly<Record<string, unknown>>, path: string): string {
  const [first = '', part] = path.split('/');
  return textOf(part === undefined ? row[first] : asObject(row[first])[part]);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
