import type { Tenant } from '../connectwise/client.ts';
import { GatewayError } from '../core/errors.ts';
import { nearestNames } from '../core/nearest.ts';
import { type Database, transaction, withStorageErrors } from '../core/storage.ts';
import { builtInQueries } from './built-in/built-in-queries.ts';
import { createEndpointUses } from './endpoint-uses.ts';
import { endpointKey } from './meaning.ts';
import type { FastMemory, Me } from './memory.ts';
import { createQuerySearch } from './query-search.ts';
import type { SavedQuery } from './saved-query.ts';
import { foldText, readSavedQuery } from './saved-query-row.ts';
import { type Owner, prepareStatements, type Statements } from './statements.ts';
import { foldedText, importQueries, keepDeleted, restoreQueries, saveQuery } from './write-queries.ts';

export interface MemoryOptions {
  /** The SQLite file, made when it is missing. */
  file: string;
  tenant: Tenant;
  now(): Date;
}

/**
 * Fast Memory over a database that already has its layout; every statement names the tenant. What SQLite throws
 * becomes `storage_failed` with the name of the file.
 */
export function createMemoryStore(database: Database, { file, tenant, now }: MemoryOptions): FastMemory {
  const statements = prepareStatements(database);
  const owner = { host: tenant.host, company: tenant.company };
  const seconds = () => Math.floor(now().getTime() / 1000);
  const run = <T>(work: () => T): T => withStorageErrors(file, work);
  const atOnce = <T>(work: () => T): T => run(() => transaction(database, work));
  const uses = createEndpointUses(database, owner);
  const builtIn = () => visible(statements, owner);
  const search = createQuerySearch(statements, owner, builtIn);

  return {
    ...readingMethods(statements, owner, run),
    search: (words, limit) => run(() => search(words, limit)),
    countEndpointUse: (method, template) => run(() => uses.count(endpointKey(method, template), seconds())),
    endpointUses: () => run(() => uses.read(seconds())),
    save: (query) => atOnce(() => saveQuery(statements, owner, query, { timestamp: seconds() })),
    countUse: (id) => run(() => void statements.countUse.run({ ...owner, id, timestamp: seconds() })),
    delete: (id) =>
      atOnce(() => {
        const row = statements.delete.get({ ...owner, id });
        if (row === undefined) throw unknownQuery(statements, owner, id);
        const query = readSavedQuery(row);
        keepDeleted(statements, owner, [query], seconds());
        return query;
      }),
    clear: () =>
      atOnce(() => {
        const queries = statements.clear.all(owner).map(readSavedQuery);
        keepDeleted(statements, owner, queries, seconds());
        return queries.length;
      }),
    restore: (id) => atOnce(() => restoreQueries(statements, owner, id, seconds())),
    import: (queries) => atOnce(() => importQueries(statements, owner, queries, seconds())),
    accept: (id) => atOnce(() => acceptQueries(statements, owner, id)),
    setHidden: (name, hidden) =>
      run(() => {
        const query = builtInQueries.find((candidate) => candidate.name === name.trim().toLowerCase());
        if (query === undefined) throw unknownBuiltIn(name);
        (hidden ? statements.hide : statements.show).run({ ...owner, name: query.name ?? '' });
        return query;
      }),
    saveMe: ({ member, timeZone }) =>
      run(() => void statements.saveMe.run({ ...owner, member: member ?? null, timeZone: timeZone ?? null })),
    close: () => database.close(),
  };
}

type Reading = 'list' | 'count' | 'find' | 'findNamed' | 'findFor' | 'waiting' | 'builtIn' | 'me';

/** Built-in queries, but for those that were hidden. */
function visible(statements: Statements, owner: Owner): SavedQuery[] {
  const hidden = new Set(statements.hidden.all(owner).map(({ name }) => String(name).toLowerCase()));
  return builtInQueries.filter(({ name = '' }) => !hidden.has(name));
}

function readingMethods(statements: Statements, owner: Owner, run: <T>(work: () => T) => T): Pick<FastMemory, Reading> {
  const folded = new Map<SavedQuery, string>();
  const textOf = (query: SavedQuery): string => {
    const text = folded.get(query) ?? foldedText(query);
    folded.set(query, text);
    return text;
  };
  return {
    list: (term, limit = -1) =>
      run(() => {
        const wanted = term?.trim();
        const rows = wanted
          ? statements.search.all({ ...owner, term: foldText(wanted), limit })
          : statements.list.all({ ...owner, limit });
        return rows.map(readSavedQuery);
      }),
    count: (term) =>
      run(() => {
        const wanted = term?.trim();
        const row = wanted
          ? statements.countFitting.get({ ...owner, term: foldText(wanted) })
          : statements.count.get(owner);
        return Number(row?.count ?? 0);
      }),
    find: (id) =>
      run(
        () =>
          optional(statements.find.get({ ...owner, id })) ??
          visible(statements, owner).find((query) => query.id === id),
      ),
    findNamed: (name) =>
      run(() => {
        const wanted = name.trim().replace(/\s+/g, ' ');
        const found = optional(statements.findNamed.get({ ...owner, name: wanted }));
        if (found !== undefined && !found.waiting) return found;
        return visible(statements, owner).find((query) => query.name === wanted.toLowerCase());
      }),
    findFor: (method, path) =>
      run(() => statements.findFor.all({ ...owner, endpoint: endpointKey(method, path) }).map(readSavedQuery)),
    waiting: () => run(() => statements.waiting.all(owner).map(readSavedQuery)),
    builtIn: (term = '') =>
      run(() => {
        const wanted = foldText(term.trim());
        return visible(statements, owner).filter((query) => textOf(query).includes(wanted));
      }),
    me: () => run(() => readMe(statements.me.get(owner))),
  };
}

const optional = (row: Record<string, unknown> | undefined) => (row === undefined ? undefined : readSavedQuery(row));

function acceptQueries(statements: Statements, owner: Owner, id: number | undefined): SavedQuery[] {
  const waiting = statements.waiting.all(owner).map((row) => Number(row.id));
  if (id !== undefined && !waiting.includes(id)) {
    throw new GatewayError('unknown_query', `No imported query with the id ${id} waits; ${waiting.length} do.`, {
      details: { field: 'query_id', candidates: waiting.slice(0, 10).map(String) },
    });
  }
  statements.bump.run();
  const ids = id === undefined ? waiting : [id];
  return ids.flatMap((one) => optional(statements.accept.get({ ...owner, id: one })) ?? []);
}

function readMe(row: Record<string, unknown> | undefined): Me {
  return {
    ...(typeof row?.member === 'string' ? { member: row.member } : {}),
    ...(typeof row?.time_zone === 'string' ? { timeZone: row.time_zone } : {}),
  };
}

function unknownBuiltIn(name: string): GatewayError {
  const names = builtInQueries.map((query) => query.name ?? '');
  return new GatewayError('unknown_query', `There is no built-in query ${JSON.stringify(name.slice(0, 60))}.`, {
    details: { field: 'query_id', candidates: nearestNames(name, names, 5) },
  });
}

function unknownQuery(statements: Statements, owner: Owner, id: number): GatewayError {
  const count = Number(statements.count.get(owner)?.count ?? 0);
  const known = count === 0 ? 'nothing is saved yet' : `there are ${count}`;
  const first = statements.list.all({ ...owner, limit: 5 });
  return new GatewayError('unknown_query', `No saved query has the id ${id}; ${known}.`, {
    details: { field: 'query_id', candidates: first.map((row) => String(row.id)) },
  });
}
