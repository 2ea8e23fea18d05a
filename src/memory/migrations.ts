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
