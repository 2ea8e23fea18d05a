import type { Method } from '../catalog/index.ts';
import { defined } from '../core/json.ts';
import type { Database } from '../core/storage.ts';
import type { SavedQuery } from './saved-query.ts';

/**
 * The layout of the Fast Memory file, step by step; a step that was published is never edited.
 *
 * The first eight columns are the predecessor's. `endpoint` and `meaning` are made by meaning.ts, `folded` is what
 * a search looks through. Login names of companies do not depend on case.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE saved_queries (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     description TEXT NOT NULL,
     path TEXT NOT NULL,
     method TEXT NOT NULL,
     params TEXT,
     data TEXT,
     timestamp INTEGER NOT NULL,
     usage_count INTEGER NOT NULL DEFAULT 0,
     host TEXT NOT NULL,
     company TEXT NOT NULL COLLATE NOCASE,
     endpoint TEXT NOT NULL,
     meaning TEXT NOT NULL,
     folded TEXT NOT NULL,
     UNIQUE (host, company, meaning)
   );
   CREATE INDEX saved_queries_by_endpoint ON saved_queries (host, company, endpoint);
   CREATE TABLE me (
     host TEXT NOT NULL,
     company TEXT NOT NULL COLLATE NOCASE,
     member TEXT,
     time_zone TEXT,
     PRIMARY KEY (host, company)
   );`,
  // How often an endpoint was called, without values; `strength` is as of `timestamp` and fades from there.
  `CREATE TABLE endpoint_uses (
     host TEXT NOT NULL,
     company TEXT NOT NULL COLLATE NOCASE,
     endpoint TEXT NOT NULL,
     strength REAL NOT NULL,
     timestamp INTEGER NOT NULL,
     PRIMARY KEY (host, company, endpoint)
   );`,
  // `revision` counts what searches must read again; what is deleted stays a while, to be restored.
  `ALTER TABLE saved_queries ADD COLUMN name TEXT COLLATE NOCASE;
   ALTER TABLE saved_queries ADD COLUMN sql TEXT;
   ALTER TABLE saved_queries ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE saved_queries ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE saved_queries ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
   CREATE UNIQUE INDEX saved_queries_by_name ON saved_queries (host, company, name) WHERE name IS NOT NULL;
   CREATE INDEX saved_queries_by_use ON saved_queries (host, company, waiting, usage_count DESC, timestamp DESC, id DESC);
   CREATE INDEX saved_queries_by_revision ON saved_queries (revision);
   CREATE TABLE revision (value INTEGER NOT NULL);
   INSERT INTO revision (value) VALUES (1);
   CREATE TABLE deleted_queries (
     id INTEGER PRIMARY KEY,
     host TEXT NOT NULL,
     company TEXT NOT NULL COLLATE NOCASE,
     deleted_at INTEGER NOT NULL,
     entry TEXT NOT NULL
   );
   CREATE INDEX deleted_queries_by_time ON deleted_queries (host, company, deleted_at);
   CREATE TABLE hidden_queries (
     host TEXT NOT NULL,
     company TEXT NOT NULL COLLATE NOCASE,
     name TEXT NOT NULL COLLATE NOCASE,
     PRIMARY KEY (host, company, name)
   );`,
];

const mine = 'host = :host AND company = :company';
const active = `${mine} AND waiting = 0`;
const mostUsedFirst = 'ORDER BY usage_count DESC, timestamp DESC, id DESC';
const bumped = '(SELECT value FROM revision)';
// Not LIKE, which gives % and _ in a search term a meaning.
const fits = `${active} AND instr(folded, :term) > 0`;

/** Every statement of Fast Memory, prepared once: preparing costs more than running. Each names the tenant. */
export const prepareStatements = (database: Database) => ({
  findByMeaning: database.prepare(`SELECT * FROM saved_queries WHERE ${mine} AND meaning = :meaning`),
  insert: database.prepare(
    `INSERT INTO saved_queries (id, name, description, path, method, params, data, sql, timestamp, usage_count, host,
       company, endpoint, meaning, folded, imported, waiting, revision)
     VALUES (:id, :name, :description, :path, :method, :params, :data, :sql, :timestamp, :uses, :host,
       :company, :endpoint, :meaning, :folded, :imported, :waiting, ${bumped})
     RETURNING *`,
  ),
  describe: database.prepare(
    `UPDATE saved_queries SET name = coalesce(:name, name), description = :description, folded = :folded, imported = 0,
       waiting = 0, revision = ${bumped}
     WHERE ${mine} AND id = :id RETURNING *`,
  ),
  accept: database.prepare(
    `UPDATE saved_queries SET waiting = 0, revision = ${bumped} WHERE ${mine} AND id = :id AND waiting = 1 RETURNING *`,
  ),
  bump: database.prepare('UPDATE revision SET value = value + 1'),
  revision: database.prepare('SELECT value FROM revision'),
  changed: database.prepare(
    `SELECT id, name, description, folded FROM saved_queries WHERE ${active} AND revision > :seen`,
  ),
  list: database.prepare(`SELECT * FROM saved_queries WHERE ${active} ${mostUsedFirst} LIMIT :limit`),
  search: database.prepare(`SELECT * FROM saved_queries WHERE ${fits} ${mostUsedFirst} LIMIT :limit`),
  count: database.prepare(`SELECT count(*) AS count FROM saved_queries WHERE ${active}`),
  countFitting: database.prepare(`SELECT count(*) AS count FROM saved_queries WHERE ${fits}`),
  waiting: database.prepare(`SELECT * FROM saved_queries WHERE ${mine} AND waiting = 1 ORDER BY id`),
  find: database.prepare(`SELECT * FROM saved_queries WHERE ${active} AND id = :id`),
  findNamed: database.prepare(`SELECT * FROM saved_queries WHERE ${mine} AND name = :name`),
  findFor: database.prepare(`SELECT * FROM saved_queries WHERE ${active} AND endpoint = :endpoint ${mostUsedFirst}`),
  countUse: database.prepare(
    `UPDATE saved_queries SET usage_count = usage_count + 1, timestamp = max(timestamp, :timestamp) WHERE ${mine} AND id = :id`,
  ),
  delete: database.prepare(`DELETE FROM saved_queries WHERE ${mine} AND id = :id RETURNING *`),
  clear: database.prepare(`DELETE FROM saved_queries WHERE ${mine} RETURNING *`),
  keepDeleted: database.prepare(
    'INSERT OR REPLACE INTO deleted_queries (id, host, company, deleted_at, entry) VALUES (:id, :host, :company, :at, :entry)',
  ),
  forgetDeleted: database.prepare('DELETE FROM deleted_queries WHERE deleted_at < :before'),
  deleted: database.prepare(`SELECT id, entry FROM deleted_queries WHERE ${mine} AND deleted_at >= :since ORDER BY id`),
  takeDeleted: database.prepare(`DELETE FROM deleted_queries WHERE ${mine} AND id = :id`),
  hidden: database.prepare(`SELECT name FROM hidden_queries WHERE ${mine}`),
  hide: database.prepare('INSERT OR IGNORE INTO hidden_queries (host, company, name) VALUES (:host, :company, :name)'),
  show: database.prepare(`DELETE FROM hidden_queries WHERE ${mine} AND name = :name`),
  me: database.prepare(`SELECT member, time_zone FROM me WHERE ${mine}`),
  saveMe: database.prepare(
    `INSERT INTO me (host, company, member, time_zone) VALUES (:host, :company, :member, :timeZone)
     ON CONFLICT (host, company) DO UPDATE SET member = excluded.member, time_zone = excluded.time_zone`,
  ),
});

export type Statements = ReturnType<typeof prepareStatements>;

/** What every statement is bound to. */
export type Owner = { host: string; company: string };

/** A row of `saved_queries`, which only this program writes, as a saved query. */
export function readSavedQuery(row: Record<string, unknown>): SavedQuery {
  const { name, params, data, sql } = row;
  return defined<SavedQuery>({
    id: Number(row.id),
    name: typeof name === 'string' ? name : undefined,
    description: String(row.description),
    path: String(row.path),
    method: String(row.method) as Method,
    params: typeof params === 'string' ? (JSON.parse(params) as Record<string, string>) : undefined,
    data: typeof data === 'string' ? (JSON.parse(data) as unknown) : undefined,
    sql: typeof sql === 'string' ? sql : undefined,
    timestamp: Number(row.timestamp),
    usageCount: Number(row.usage_count),
    imported: row.imported === 1 ? true : undefined,
    waiting: row.waiting === 1 ? true : undefined,
  });
}

/** Text in the form that searches compare, and `folded` has: case and the encoding of accents do not matter. */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
