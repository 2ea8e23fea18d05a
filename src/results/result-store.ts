import type { Schema } from '../catalog/index.ts';
import type { Cell } from './table.ts';

/** What a stored answer is: shown with every answer that rests on it. */
export interface ResultTable {
  /**
   * Speaks and is never used again: `tickets_371`. Its columns are named as `fields` names members, with `_` for `/`
   * (`status_name`), custom fields `cf_` and their caption; arrays are tables beside it (`invoices_371_payments`) whose
   * `parent_id` is the id here; `_record` is the record as JSON.
   */
  name: string;
  /** The request, as a person would write it: `GET /service/tickets?conditions=…`. */
  request: string;
  /** ISO time, whole seconds. */
  storedAt: string;
  /** Stored so far. */
  rows: number;
  state: 'reading' | 'complete' | 'partial';
  /** Why it is partial, in one sentence. */
  reason?: string;
  /** Rows there are in ConnectWise, where known. */
  total?: number;
}

export interface NewResultTable {
  /** Last word of the path: `tickets`. */
  noun: string;
  request: string;
  /** What the records are; columns and their types come from it, and from the rows. */
  schema: Schema | undefined;
  findSchema(name: string): Schema | undefined;
  /**
   * Whether the request left out `fields` and `columns`: ConnectWise then only omits members that are empty, so that
   * all members of the schema become columns.
   */
  wholeRecords?: boolean;
}

/** Takes the rows of one answer, page by page. Rows are queued: taking them does not wait for the file. */
export interface ResultWriter {
  readonly table: ResultTable;
  append(records: readonly unknown[]): void;
  /** Nothing is taken after. */
  finish(end: { state: 'complete' | 'partial'; reason?: string; total?: number }): void;
}

export interface QueryOptions {
  maxRows: number;
  /** Size of the rows, 8 MB unless given; what is beyond is left out as rows beyond `maxRows` are. */
  maxBytes?: number;
  signal?: AbortSignal;
  /** Table that `it` names in the statement, and `it_notes` its table of notes. */
  it?: string;
}

export interface QueryResult {
  columns: string[];
  rows: Cell[][];
  /** Whether the statement had no more rows. */
  complete: boolean;
  /** The tables it rests on. */
  tables: readonly ResultTable[];
}

/** Answers kept as tables of this process, in a private file that goes with it. */
export interface ResultStore {
  begin(table: NewResultTable): ResultWriter;
  tables(): readonly ResultTable[];
  /** What was dropped to make room, or has no column, since this was last asked: sentences for a person. */
  takeNotices(): readonly string[];
  /**
   * One SELECT, WITH … SELECT or VALUES over the stored tables; waits for rows that are queued.
   * @throws GatewayError `invalid_sql` naming the nearest table or column; `timed_out`; `cancelled`
   */
  query(sql: string, options: QueryOptions): Promise<QueryResult>;
  close(): Promise<void>;
}
