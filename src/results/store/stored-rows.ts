import { type Database, transaction } from '../../core/storage.ts';
import type { Cell } from '../table.ts';
import { quoteName, toCell } from './sql-table.ts';

/** Rows of one table of the file in the order of their numbers, which is the order in which they were written. */
export interface NumberedRows {
  table: string;
  /** Column of the numbers. */
  number: string;
  columns: readonly { name: string; isFlag: boolean }[];
  /** The last number that belongs to them; rows that are written later do not. */
  upTo: number;
}

/** A batch ends with either: a row may hold a text of a megabyte. Reading one takes some milliseconds. */
const batchRows = 200;
const batchCharacters = 2_000_000;

/**
 * Reads the rows of a table a batch at a time. Between two batches no statement is open, so that rows can be written and
 * columns added meanwhile, and other work of the process runs.
 */
export async function* readNumberedRows(
  database: Database,
  { table, number, columns, upTo }: NumberedRows,
): AsyncGenerator<Cell[][], void, void> {
  // Names that look like numbers would change the order of an object's members, and older Nodes answer objects only.
  const selected = columns.map(({ name }, index) => `${quoteName(name)} AS c${index}`);
  const from = `FROM ${quoteName(table)} WHERE ${quoteName(number)} > ? AND ${quoteName(number)} <= ?`;
  const text = `SELECT ${[`${quoteName(number)} AS n`, ...selected].join(', ')} ${from} ORDER BY 1`;
  let after = 0;
  // Without rows there may be no table.
  while (after < upTo) {
    const statement = database.prepare(text);
    // Reading a number beyond 2^53 as a JavaScript number throws.
    statement.setReadBigInts(true);
    const batch: Cell[][] = [];
    let characters = 0;
    for (const row of statement.iterate(after, upTo)) {
      const [found, ...values] = Object.values(row);
      after = Number(found);
      const cells = values.map((value, index) => toCell(value, { isFlag: columns[index]?.isFlag === true }));
      characters += cells.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0);
      batch.push(cells);
      if (batch.length === batchRows || characters > batchCharacters) break;
    }
    if (batch.length === 0) return;
    yield batch;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** The rows of a statement, kept in the file until they are read. */
export interface Spool {
  write(rows: readonly Cell[][]): void;
  rows(): NumberedRows;
  /** Whether two columns, by index, have the same value in every row. */
  areSame(one: number, other: number): boolean;
  drop(): void;
}

export function createSpool(database: Database, table: string): Spool {
  const name = quoteName(table);
  let insert: ReturnType<Database['prepare']> | undefined;
  let width = 0;
  let count = 0;
  const prepare = (columns: number) => {
    const names = Array.from({ length: columns }, (_, index) => `c${index}`);
    database.exec(`CREATE TABLE ${name} (n INTEGER PRIMARY KEY${names.map((one) => `, ${one}`).join('')})`);
    width = columns;
    return database.prepare(`INSERT INTO ${name} VALUES (NULL${', ?'.repeat(columns)})`);
  };
  return {
    write(rows) {
      const [first] = rows;
      if (first === undefined) return;
      insert ??= prepare(first.length);
      const statement = insert;
      transaction(database, () => {
        for (const row of rows) {
          // A number is a fraction to SQLite, so that only flags are read as integers.
          statement.run(...row.map((cell) => (typeof cell === 'boolean' ? BigInt(cell) : cell)));
        }
      });
      count += rows.length;
    },
    rows: () => ({
      table,
      number: 'n',
      columns: Array.from({ length: width }, (_, index) => ({ name: `c${index}`, isFlag: true })),
      upTo: count,
    }),
    areSame: (one, other) =>
      count === 0 ||
      database.prepare(`SELECT 1 FROM ${name} WHERE c${one} IS NOT c${other} LIMIT 1`).get() === undefined,
    drop: () => database.exec(`DROP TABLE IF EXISTS ${name}`),
  };
}
