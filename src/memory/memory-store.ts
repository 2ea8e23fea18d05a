import type { Tenant } from '../connectwise/client.ts';
import { GatewayError } from '../errors.ts';
import { type Database, transaction, withStorageErrors } from '../storage/database.ts';
import { parseDescription } from './description.ts';
import { createEndpointUses } from './endpoint-uses.ts';
import { endpointKey, meaningOf } from './meaning.ts';
import type { FastMemory, Me } from './memory.ts';

import type { NewSavedQuery, SavedQuery } from './saved-query.ts';
import { foldText, readSavedQuery } from './saved-query-row.ts';

export interface MemoryOptions {
  /** The SQLite file, made when it is missing. */
  file: string;
  tenant: Tenant;
  now(): Date;
}

const mine = 'host = :host AND company = :company';
const mostUsedFirst = 'ORDER BY usage_count DESC, timestamp DESC, id DESC';

/** Prepared once: preparing costs more than running. */
const statementsOf = (database: Database) => ({
  findByMeaning: database.prepare(`SELECT id FROM saved_queries WHERE ${mine} AND meaning = :meaning`),
  insert: database.prepare(
    `INSERT INTO saved_queries (description, path, method, params, data, timestamp, host, company, endpoint, meaning, folded)
     VALUES (:description, :path, :method, :params, :data, :timestamp, :host, :company, :endpoint, :meaning, :folded)
     RETURNING *`,
  ),
  describe: database.prepare(
    `UPDATE saved_queries SET description = :description, folded = :folded WHERE ${mine} AND id = :id RETURNING *`,
  ),
  list: database.prepare(`SELECT * FROM saved_queries WHERE ${mine} ${mostUsedFirst}`),
  // Not LIKE: in a search term % and _ stand for themselves.
  search: database.prepare(`SELECT * FROM saved_queries WHERE ${mine} AND instr(folded, :term) > 0 ${mostUsedFirst}`),
  find: database.prepare(`SELECT * FROM saved_queries WHERE ${mine} AND id = :id`),
  findFor: database.prepare(`SELECT * FROM saved_queries WHERE ${mine} AND endpoint = :endpoint ${mostUsedFirst}`),
  countUse: database.prepare(
    `UPDATE saved_queries SET usage_count = usage_count + 1, timestamp = max(timestamp, :timestamp) WHERE ${mine} AND id = :id`,
  ),
  delete: database.prepare(`DELETE FROM saved_queries WHERE ${mine} AND id = :id RETURNING *`),
  clear: database.prepare(`DELETE FROM saved_queries WHERE ${mine}`),
  me: database.prepare(`SELECT member, time_zone FROM me WHERE ${mine}`),
  saveMe: database.prepare(
    `INSERT INTO me (host, company, member, time_zone) VALUES (:host, :company, :member, :timeZone)
     ON CONFLICT (host, company) DO UPDATE SET member = excluded.member, time_zone = excluded.time_zone`,
  ),
});

/**
 * Fast Memory over a database that already has its layout; every statement names the tenant. What SQLite throws
 * becomes `storage_failed` with the name of the file.
 */
export function createMemoryStore(database: Database, { file, tenant, now }: MemoryOptions): FastMemory {
  const statements = statementsOf(database);
  const owner = { host: tenant.host, company: tenant.company };
  const seconds = () => Math.floor(now().getTime() / 1000);
  const run = <T>(work: () => T): T => withStorageErrors(file, work);
  const uses = createEndpointUses(database, owner);

  return {
    countEndpointUse: (method, template) => run(() => uses.count(endpointKey(method, template), seconds())),
    endpointUses: () => run(() => uses.read(seconds())),
    save: (query) => run(() => transaction(database, () => saveQuery(statements, owner, query, seconds()))),
    list: (term) =>
      run(() => {
        const wanted = term?.trim();
        const rows = wanted ? statements.search.all({ ...owner, term: foldText(wanted) }) : statements.list.all(owner);
        return rows.map(readSavedQuery);
      }),
    find: (id) => run(() => findOne(statements, owner, id)),
    findFor: (method, path) =>
      run(() => statements.findFor.all({ ...owner, endpoint: endpointKey(method, path) }).map(readSavedQuery)),
    countUse: (id) => run(() => void statements.countUse.run({ ...owner, id, timestamp: seconds() })),
    delete: (id) =>
      run(() => {
        const row = statements.delete.get({ ...owner, id });
        if (row === undefined) throw unknownQuery(id, statements.list.all(owner).map(readSavedQuery));
        return readSavedQuery(row);
      }),
    clear: () => run(() => Number(statements.clear.run(owner).changes)),
    me: () => run(() => readMe(statements.me.get(owner))),
    saveMe: ({ member, timeZone }) =>
      run(() => void statements.saveMe.run({ ...owner, member: member ?? null, timeZone: timeZone ?? null })),
    close: () => database.close(),
  };
}

type Statements = ReturnType<typeof statementsOf>;
type Owner = { host: string; company: string };

function saveQuery(
  statements: Statements,
  owner: Owner,
  query: NewSavedQuery,
  timestamp: number,
): { query: SavedQuery; existed: boolean } {
  const description = parseDescription(query.description);
  const path = query.path.length > 1 ? query.path.replace(/\/+$/, '') : query.path;
  const folded = foldText(`${description}\n${path}`);
  const meaning = meaningOf(query);
  // Looked up inside the transaction: of two processes that save the same at once, one must join the other.
  const known = statements.findByMeaning.get({ ...owner, meaning });
  const row =
    known === undefined
      ? statements.insert.get({
          ...owner,
          ...{ description, folded, meaning, path, timestamp, method: query.method },
          params: query.params === undefined ? null : JSON.stringify(query.params),
          data: query.data === undefined ? null : JSON.stringify(query.data),
          endpoint: endpointKey(query.method, path),
        })
      : statements.describe.get({ ...owner, description, folded, id: Number(known.id) });
  return { query: readSavedQuery(row ?? {}), existed: known !== undefined };
}

function findOne(statements: Statements, owner: Owner, id: number): SavedQuery | undefined {
  const row = statements.find.get({ ...owner, id });
  return row === undefined ? undefined : readSavedQuery(row);
}

function readMe(row: Record<string, unknown> | undefined): Me {
  return {
    ...(typeof row?.member === 'string' ? { member: row.member } : {}),
    ...(typeof row?.time_zone === 'string' ? { timeZone: row.time_zone } : {}),
  };
}

function unknownQuery(id: number, saved: readonly SavedQuery[]): GatewayError {
  const known = saved.length === 0 ? 'nothing is saved yet' : `there are ${saved.length}`;
  return new GatewayError('unknown_query', `No saved query has the id ${id}; ${known}.`, {
    details: { field: 'query_id', candidates: saved.slice(0, 5).map((query) => String(query.id)) },
  });
}
