import type { Schema } from '../catalog/index.ts';
import type { RowSource } from './row-source.ts';
import type { Cell } from './table.ts';

/** A stored answer, as the store lists it and replies describe it. */
export interface ResultTable {
  /**
   * Such as `tickets_371`; never used again for another table. Its columns are named as `fields` names members, with `_` for `/`
   * (`status_name`), custom fields `cf_` and their caption. An array is a column with the names of its elements and a table
   * beside it (`invoices_371_payments`) whose `parent_id` is the id here; `_record` is the record as JSON.
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
   * Paths that the request asked for, or `all` where it named none. ConnectWise omits members that are empty (CW 8.3), so
   * these are columns though no record has them.
   */
  fields?: readonly string[] | 'all';
  /** Leaves out `_record`, which is the larger half of the file: for rows that no statement is made over. */
  withoutRecords?: boolean;
}

/** Takes the rows of one answer, page by page. Rows are queued: appending does not wait for the file. */
export interface ResultWriter {
  readonly table: ResultTable;
  append(records: readonly unknown[]): void;
  /** Resolves once no more than a few pages wait, so that reading does not outrun the file. */
  caughtUp(): Promise<void>;
  /** Rows appended after this are ignored. */
  finish(end: { state: 'complete' | 'partial'; reason?: string; total?: number }): void;
}

export interface QueryOptions {
  maxRows: number;
  /** Size of the rows, 8 MB unless given; later rows are left out, as those beyond `maxRows` are. */
  maxBytes?: number;
  signal?: AbortSignal;
  /** Table that `it` names in the statement, and `it_notes` its table of notes. */
  it?: string;
}

/** The rows of a statement, however many, to be read as often as wanted until they are released. */
export interface StoredRows extends RowSource {
  /** Whether these are all rows of the statement. */
  complete: boolean;
  /** The tables that the statement reads. */
  tables: readonly ResultTable[];
  /** Sentences on the statement, as of a query. */
  notes: readonly string[];
  /** Whether two columns, by index, have the same value in every row. */
  areSame(one: number, other: number): boolean;
  release(): void;
}

export interface QueryResult {
  columns: string[];
  rows: Cell[][];
  /** Whether these are all rows of the query. */
  complete: boolean;
  /** The tables that the query reads. */
  tables: readonly ResultTable[];
  /** Sentences on the statement: columns it names that no row fills, and the zone of its days. */
  notes: readonly string[];
}

/** Answers stored as tables of this process, in a private file that is deleted when it ends. */
export interface ResultStore {
  begin(table: NewResultTable): ResultWriter;
  /** Opens its file, so that it is known where answers are kept. Never throws: a table says itself that it holds nothing. */
  opened(): Promise<void>;
  tables(): readonly ResultTable[];
  /** Sentences on tables dropped to make room, and members without a column, since the last call of this. */
  takeNotices(): readonly string[];
  /**
   * One SELECT, WITH … SELECT or VALUES over the stored tables; waits for rows that are queued.
   * @throws GatewayError `invalid_sql` naming the nearest table or column; `timed_out`; `cancelled`
   */
  query(sql: string, options: QueryOptions): Promise<QueryResult>;
  /**
   * The same rows for a file. All rows of one table are read from where they are stored, by no statement; those of any
   * other statement are first stored too, a batch at a time, and the time limit of a statement holds for each batch.
   */
  rows(sql: string, options: Omit<QueryOptions, 'maxBytes'>): Promise<StoredRows>;
  close(): Promise<void>;
}

/** A table that an answer was read from, as replies show it. */
type TableNote = {
  table: string;
  request: string;
  rows: number;
  /** COMPLETE, PARTIAL with the reason, or READING. */
  state: string;
  /** Such as `12 min ago`. */
  age: string;
};

const maxRequestLength = 200;

export function describeTable(table: ResultTable, now: Date): TableNote {
  const { name, request, rows } = table;
  const shown = request.length > maxRequestLength ? `${request.slice(0, maxRequestLength - 1)}…` : request;
  return { table: name, request: shown, rows, state: describeState(table), age: describeAge(table, now) };
}

function describeState({ state, rows, total, reason }: ResultTable): string {
  if (state === 'complete') return 'COMPLETE';
  if (state === 'reading') return 'READING: more rows will follow';
  const share = total === undefined ? '' : ` ${rows} of ${total}`;
  return `PARTIAL${share}${reason === undefined ? '' : `: ${reason}`}`;
}

function describeAge({ storedAt }: ResultTable, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(storedAt)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 120) return `${minutes} min ago`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ago` : `${Math.floor(minutes / 1440)} days ago`;
}

/** The first line of an answer from incomplete tables, because sums over them are too small; undefined where all are complete. */
export function describeGaps(tables: readonly ResultTable[]): string | undefined {
  const gaps = tables.filter(({ state }) => state !== 'complete');
  if (gaps.length === 0) return undefined;
  const named = gaps.map((table) => {
    const { name, rows, total, state, reason } = table;
    const many = total === undefined ? `${rows} rows, not all` : `${rows} of ${total} rows`;
    return `${name} holds ${many}${state === 'reading' ? ' (still being read)' : reason ? ` (${reason})` : ''}`;
  });
  return `PARTIAL: ${named.join('; ')}: counts and sums over it may be too small.`;
}
