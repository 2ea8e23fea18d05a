import type { StatementSync } from 'node:sqlite';
import type { Database } from '../../core/storage.ts';
import type { Cell } from '../table.ts';
import type { Column, ColumnKind, SqlValue } from './columns.ts';

/** One table in the file, created at the first row, with columns added as they come. */
export interface SqlTable {
  /** Adds the columns that the table does not have yet. Takes all columns of the table, in order. */
  widen(columns: readonly Column[]): void;
  /**
   * @param first value of the column that every row has
   * @returns number of the row in the file
   */
  write(first: SqlValue, values: readonly (SqlValue | undefined)[]): number;
  /** Rows there are. */
  count(): number;
  removeWhere(column: string, value: SqlValue): void;
}

export interface SqlTableOptions {
  name: string;
  /** Column that every row has, written first, as declared. */
  first: { name: string; type: string };
  /** Column to index. */
  indexed?: string;
  /** Column with unique values: a later row replaces an earlier one. */
  key?: string;
}

/** A value as SQLite answers it, as a cell; a flag is 0 or 1 there. Longer texts are cut. */
export function toCell(
  value: unknown,
  { isFlag, maxLength = Number.POSITIVE_INFINITY }: { isFlag: boolean; maxLength?: number },
): Cell {
  if (isFlag && (value === 0n || value === 1n)) return value === 1n;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') return value.length > maxLength ? `${value.slice(0, maxLength)}…` : value;
  return value instanceof Uint8Array ? `(${value.length} bytes)` : null;
}

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export function createSqlTable(database: Database, options: SqlTableOptions): SqlTable {
  const table = quoteName(options.name);
  const made: Column[] = [];
  let insert: { statement: StatementSync; columns: readonly Column[]; isKeyed: boolean } | undefined;
  let remove: StatementSync | undefined;

  const create = (columns: readonly Column[]) => {
    const declared = [`${quoteName(options.first.name)} ${options.first.type}`, ...columns.map(declare)];
    database.exec(`CREATE TABLE ${table} (${declared.join(', ')})`);
    if (options.indexed !== undefined) {
      const index = quoteName(`${options.name} by ${options.indexed}`);
      database.exec(`CREATE INDEX ${index} ON ${table} (${quoteName(options.indexed)})`);
    }
  };
  const addKey = () => {
    const index = quoteName(`${options.name} key`);
    database.exec(`CREATE UNIQUE INDEX ${index} ON ${table} (${quoteName(options.key ?? '')})`);
  };
  const hasKey = () => made.some(({ name, filled }) => name === options.key && filled);
  let isMade = false;
  let isKeyed = false;

  return {
    widen(columns) {
      if (!isMade) create(columns);
      else
        for (const column of columns.slice(made.length))
          database.exec(`ALTER TABLE ${table} ADD COLUMN ${declare(column)}`);
      isMade = true;
      made.push(...columns.slice(made.length));
      if (!isKeyed && hasKey()) {
        addKey();
        isKeyed = true;
      }
      const filled = made.filter(({ filled }) => filled);
      if (insert === undefined || insert.columns.length !== filled.length || insert.isKeyed !== isKeyed) {
        const text = insertText(table, options, filled, isKeyed);
        insert = { statement: database.prepare(text), columns: filled, isKeyed };
      }
    },
    write(first, values) {
      if (insert === undefined) throw new Error('cannot happen: a row before its columns');
      const row = [first, ...insert.columns.map(({ index }) => values[index] ?? null)];
      // Where a row is replaced, only RETURNING says which.
      if (insert.isKeyed) return Number(insert.statement.get(...row)?.number);
      return Number(insert.statement.run(...row).lastInsertRowid);
    },
    // Rows of a keyed table are replaced and never deleted, so the last row number is the count.
    count: () => Number(database.prepare(`SELECT max(rowid) AS rows FROM ${table}`).get()?.rows ?? 0),
    removeWhere(column, value) {
      remove ??= database.prepare(`DELETE FROM ${table} WHERE ${quoteName(column)} = ?`);
      remove.run(value);
    },
  };
}

/**
 * The declared type decides how SQLite converts a value. A column of unknown type has none, so that every value stays as
 * it is: a text `007` among numbers does not become 7. SQLite has no flags: they are 0 and 1, and their declared type tells
 * an answer to show them as false and true.
 */
const declaredTypes: Readonly<Record<ColumnKind, string>> = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  flag: 'BOOLEAN',
  instant: 'TEXT',
  day: 'TEXT',
  any: '',
  // The letters BLOB in it keep SQLite from converting values.
  'any-flag': 'BOOLEAN_BLOB',
};

/** Whether a column that was declared with this type holds flags. */
export const isFlagType = (declared: unknown): boolean =>
  typeof declared === 'string' && declared.startsWith('BOOLEAN');

const declare = ({ name, kind }: Column): string => `${quoteName(name)} ${declaredTypes[kind]}`.trim();

function insertText(
  table: string,
  { first, key }: SqlTableOptions,
  columns: readonly Column[],
  isKeyed: boolean,
): string {
  const names = columns.map(({ name }) => quoteName(name));
  const all = [quoteName(first.name), ...names];
  const text = `INSERT INTO ${table} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`;
  if (!isKeyed || key === undefined) return text;
  const updates = names.map((name) => `${name} = excluded.${name}`).join(', ');
  return `${text} ON CONFLICT (${quoteName(key)}) DO UPDATE SET ${updates} RETURNING rowid AS number`;
}
