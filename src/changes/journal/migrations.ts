/**
 * The layout of the journal, step by step; a step that was published is never edited. `state` is prepared, renewed,
 * sending, sent, failed or unknown. JSON texts hold no secrets: `complete` is 0 where one was left out of the request.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE changes (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     change_id TEXT NOT NULL,
     host TEXT NOT NULL,
     company TEXT NOT NULL COLLATE NOCASE,
     owner TEXT NOT NULL,
     state TEXT NOT NULL,
     prepared_at INTEGER NOT NULL,
     sent_at INTEGER,
     ended_at INTEGER,
     tool TEXT,
     method TEXT NOT NULL,
     path TEXT NOT NULL,
     request TEXT NOT NULL,
     complete INTEGER NOT NULL,
     sentence TEXT NOT NULL,
     differences TEXT,
     before TEXT,
     status INTEGER,
     request_id TEXT,
     error TEXT,
     record_id TEXT,
     part_of TEXT,
     undoes TEXT,
     undone_by TEXT,
     UNIQUE (host, company, change_id)
   );
   CREATE INDEX changes_by_state ON changes (host, company, state);
   CREATE INDEX changes_by_time ON changes (prepared_at);`,
];
