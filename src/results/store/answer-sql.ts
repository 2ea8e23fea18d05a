import { createRequire } from 'node:module';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { GatewayError } from '../../core/errors.ts';
import { createZone } from '../../core/zone.ts';
import type { Cell } from '../table.ts';
import type { SqlMessage, SqlRequest } from './sql-process.ts';
import { isFlagType, quoteName, toCell } from './sql-table.ts';
import { createTradeFunctions, type TradeFunctions, tradeFunctionNames } from './trade-functions.ts';

/** Rows in one message: a single message of all rows would block the server while it reads it. */
const batchRows = 500;
/** Longer texts are cut: they would make messages too large. */
const maxTextLength = 1_000_000;

/** Waits until the reader has taken a batch. */
export type AwaitTaken = () => Promise<void>;

/** Members that newer Nodes have; on 22.13 the other barriers must be enough. */
interface NewerDatabase {
  limits?: { length: number; attach: number; column: number };
  setAuthorizer?(authorize: (action: number, first: string | null, second: string | null) => number): void;
}
interface NewerStatement {
  columns?(): { name: string; type: string | null }[];
  setReturnArrays?(enabled: boolean): void;
}

/** Action codes of SQLite's authorizer that reading needs. */
const readingActions: readonly number[] = [20 /* READ */, 21 /* SELECT */, 31 /* FUNCTION */, 33 /* RECURSIVE */];

/**
 * Answers statements over one file, which it opens for reading only.
 * @returns resolves when the answer is sent; `taken` is awaited after each batch of rows that are streamed
 */
export function openSqlAnswering(
  file: string,
): (request: SqlRequest, send: (message: SqlMessage) => void, taken: AwaitTaken) => Promise<void> {
  const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite') as typeof import('node:sqlite');
  const database = new DatabaseSync(file, { readOnly: true, allowExtension: false });
  // Sorting happens in memory and not in files, because the memory is limited.
  database.exec('PRAGMA busy_timeout = 2000; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF');
  const functions = new Map<string, TradeFunctions>();
  let timeZone = 'UTC';
  let nowMs = 0;
  registerFunctions(database, () => {
    const known = functions.get(timeZone) ?? createTradeFunctions(createZone(timeZone), () => nowMs);
    functions.set(timeZone, known);
    return known;
  });
  const guard = installGuard(database);

  return async (request, send, taken) => {
    const { id } = request;
    try {
      ({ timeZone, nowMs } = request);
      guard.open(() => nameTables(database, request.aliases));
      const tables = findTables(database, request.sql);
      const answer = prepareAnswer(database, guard, request.sql);
      const batches = readBatches(answer, request);
      let batch = batches.next();
      for (; batch.done !== true; batch = batches.next()) {
        send({ id, kind: 'rows', rows: batch.value });
        if (request.streamed) await taken();
      }
      send({ id, kind: 'end', tables, ...batch.value });
    } catch (error) {
      send({ id, kind: 'error', message: error instanceof Error ? error.message : String(error) });
    }
  };
}

/** Functions whose last arguments can be left out, or repeated. */
const openEnded: readonly (keyof TradeFunctions)[] = ['quarter', 'fiscal_year', 'bucket'];
const withTwo: readonly (keyof TradeFunctions)[] = ['business_days', 'days_between', 'hours_between'];

function registerFunctions(database: DatabaseSync, current: () => TradeFunctions): void {
  for (const name of tradeFunctionNames) {
    const call = (...given: unknown[]) => (current()[name] as (...given: unknown[]) => SQLInputValue)(...given);
    // Node takes the number of arguments from the function.
    const byCount = withTwo.includes(name)
      ? (a: unknown, b: unknown) => call(a, b)
      : name === 'today'
        ? () => call()
        : (d: unknown) => call(d);
    const varargs = openEnded.includes(name);
    database.function(name, { deterministic: true, varargs }, varargs ? call : byCount);
  }
}

interface Guard {
  open(work: () => void): void;
}

/** Restricts the connection to reading; `open` lifts this for the process's own statements. */
function installGuard(database: DatabaseSync): Guard {
  const newer = database as unknown as NewerDatabase;
  if (newer.limits) Object.assign(newer.limits, { length: 16_000_000, attach: 0 });
  let isOpen = false;
  newer.setAuthorizer?.((action, _first, second) => {
    if (isOpen) return 0;
    return readingActions.includes(action) && !/^load_extension$/i.test(second ?? '') ? 0 : 1;
  });
  const setQueryOnly = (on: boolean) => database.exec(`PRAGMA query_only = ${on ? 'ON' : 'OFF'}`);
  return {
    open(work) {
      isOpen = true;
      try {
        setQueryOnly(false);
        work();
      } finally {
        setQueryOnly(true);
        isOpen = false;
      }
    },
  };
}

/** Makes views of this connection for the aliases of a statement, and drops those of the last one. */
function nameTables(database: DatabaseSync, aliases: Readonly<Record<string, string>>): void {
  const before = database.prepare("SELECT name FROM sqlite_temp_schema WHERE type = 'view'").all();
  for (const { name } of before) database.exec(`DROP VIEW temp.${quoteName(String(name))}`);
  for (const [alias, table] of Object.entries(aliases)) {
    database.exec(`CREATE TEMP VIEW ${quoteName(alias)} AS SELECT * FROM main.${quoteName(table)}`);
  }
}

/** Steps of a statement's program that write; the authorizer refuses them too, where Node has one. */
const writingSteps: readonly string[] = [
  'OpenWrite',
  'Vacuum',
  'IncrVacuum',
  'JournalMode',
  'Checkpoint',
  'SetCookie',
  'ParseSchema',
  'CreateBtree',
  'Destroy',
];

function refuseWriting(program: readonly Record<string, unknown>[]): void {
  const writes = ({ opcode, p4 }: Record<string, unknown>) =>
    writingSteps.includes(String(opcode)) || /^(sqlite_attach|sqlite_detach|load_extension)/.test(String(p4));
  if (program.some(writes)) throw new GatewayError('invalid_sql', 'not authorized');
}

/** The tables that a statement reads, by the pages that its program opens: views and aliases hide names in its text. */
function findTables(database: DatabaseSync, sql: string): string[] {
  const roots = new Map(
    database
      .prepare('SELECT rootpage, tbl_name FROM sqlite_schema WHERE rootpage > 0')
      .all()
      .map(({ rootpage, tbl_name }) => [Number(rootpage), String(tbl_name)]),
  );
  const program = database.prepare(`EXPLAIN ${sql}`).all();
  refuseWriting(program);
  const opened = program.flatMap(({ opcode, p2, p3 }) =>
    opcode === 'OpenRead' && Number(p3) === 0 ? (roots.get(Number(p2)) ?? []) : [],
  );
  return [...new Set(opened)];
}

type End = Pick<SqlMessage & { kind: 'end' }, 'columns' | 'complete'>;

interface Answer {
  statement: StatementSync;
  columns: { name: string; isFlag: boolean }[];
}

/**
 * A statement with the names of its columns. Before Node 22.16 rows are objects: of two columns with one name only the
 * later is there, and without rows there are no names. A view keeps them apart, as `id` and `id:1`.
 */
function prepareAnswer(database: DatabaseSync, guard: Guard, sql: string): Answer {
  const direct = database.prepare(sql);
  const columns = (direct as unknown as NewerStatement).columns?.();
  if (columns)
    return { statement: direct, columns: columns.map(({ name, type }) => ({ name, isFlag: isFlagType(type) })) };
  // Prepared and not executed as a script, which would run a second statement too.
  guard.open(() => database.prepare(`CREATE TEMP VIEW _answer AS ${sql}`).run());
  const named = database.prepare("SELECT name, type FROM pragma_table_info('_answer')").all();
  return {
    statement: database.prepare('SELECT * FROM _answer'),
    columns: named.map(({ name, type }) => ({ name: String(name).replace(/:\d+$/, ''), isFlag: isFlagType(type) })),
  };
}

/** The rows of a statement, without the hidden column, which then counts for nothing. */
function* readBatches(
  { statement, columns }: Answer,
  { maxRows, maxBytes, hidden }: SqlRequest,
): Generator<Cell[][], End, void> {
  // Reading a number beyond 2^53 as a JavaScript number throws.
  statement.setReadBigInts(true);
  (statement as unknown as NewerStatement).setReturnArrays?.(true);
  const isShown = columns.map(({ name }) => name !== hidden);
  let batch: Cell[][] = [];
  let count = 0;
  let bytes = 0;
  let complete = true;
  for (const found of statement.iterate() as Iterable<unknown>) {
    const values: unknown[] = Array.isArray(found) ? found : Object.values(found as object);
    const row = values.flatMap((value, index) =>
      isShown[index] ? [toCell(value, { isFlag: columns[index]?.isFlag === true, maxLength: maxTextLength })] : [],
    );
    bytes += row.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0);
    if (count === maxRows || (bytes > maxBytes && count > 0)) {
      complete = false;
      break;
    }
    count += 1;
    batch.push(row);
    if (batch.length === batchRows) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
  return { columns: columns.flatMap(({ name }, index) => (isShown[index] ? [name] : [])), complete };
}
