import type { Database } from '../core/storage.ts';

const mine = 'host = :host AND company = :company';
const active = `${mine} AND waiting = 0`;
const mostUsedFirst = 'ORDER BY usage_count DESC, timestamp DESC, id DESC';
const bumped = '(SELECT value FROM revision)';
// Not LIKE: in a search term % and _ stand for themselves.
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
