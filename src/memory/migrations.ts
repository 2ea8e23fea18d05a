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
];
