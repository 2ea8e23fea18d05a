import type { Cell } from '../table.ts';

/** What the server process and the one that answers SQL say to each other. */

/** How the answering process is set up; JSON in its first argument. */
export interface SqlProcessSettings {
  file: string;
  /** It ends itself above this, and when a statement takes longer: its parent may be gone. */
  maxMemoryBytes: number;
  maxStatementMs: number;
}

export interface SqlRequest {
  id: number;
  sql: string;
  maxRows: number;
  maxBytes: number;
  /** Other names of tables, such as `it`. */
  aliases: Readonly<Record<string, string>>;
  /** Zone of the functions that know days. */
  timeZone: string;
}

export type SqlMessage =
  | { id: 0; kind: 'ready' }
  | { id: number; kind: 'rows'; rows: Cell[][] }
  | { id: number; kind: 'end'; columns: string[]; complete: boolean; tables: string[] }
  | { id: number; kind: 'error'; message: string };
