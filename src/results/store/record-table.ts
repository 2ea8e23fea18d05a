import type { StatementSync } from 'node:sqlite';
import type { Database } from '../../core/storage.ts';
import type { Column, SqlValue } from './column.ts';
import { recordColumn } from './layout.ts';
import { createSqlTable, quoteName } from './sql-table.ts';

/** The records of an answer: their columns, and each whole as JSON. */
export interface RecordTable {
  widen(columns: readonly Column[]): void;
  /** @returns number of the row in the file */
  write(json: string, values: readonly (SqlValue | undefined)[]): number;
  count(): number;
  drop(): void;
}

const numberColumn = 'row number';

/**
 * A table of columns and one of JSON, read as one view. A record is ten times as large as its columns: kept in the
 * same rows it would have to be read through to count them.
 */
export function createRecordTable(database: Database, name: string, key: string | undefined): RecordTable {
  const parts = { view: quoteName(name), rows: `${name} rows`, records: quoteName(`${name} records`) };
  const rows = createSqlTable(database, {
    name: parts.rows,
    first: { name: numberColumn, type: 'INTEGER PRIMARY KEY' },
    ...(key === undefined ? {} : { key }),
  });
  let keep: StatementSync | undefined;
  let shown = -1;

  const createView = (columns: readonly Column[]) => {
    const number = `r.${quoteName(numberColumn)}`;
    const record = `(SELECT json FROM ${parts.records} WHERE number = ${number}) AS ${recordColumn}`;
    const selected = [...columns.map((column) => `r.${quoteName(column.name)}`), record].join(', ');
    database.exec(`DROP VIEW IF EXISTS ${parts.view}`);
    database.exec(`CREATE VIEW ${parts.view} AS SELECT ${selected} FROM ${quoteName(parts.rows)} r`);
    shown = columns.length;
  };

  return {
    widen(columns) {
      if (keep === undefined) {
        database.exec(`CREATE TABLE ${parts.records} (number INTEGER PRIMARY KEY, json TEXT)`);
        keep = database.prepare(`INSERT OR REPLACE INTO ${parts.records} VALUES (?, ?)`);
      }
      rows.widen(columns);
      if (shown !== columns.length) createView(columns);
    },
    write(json, values) {
      const number = rows.write(null, values);
      keep?.run(number, json);
      return number;
    },
    count: rows.count,
    drop() {
      database.exec(`DROP VIEW IF EXISTS ${parts.view}`);
      for (const table of [quoteName(parts.rows), parts.records]) database.exec(`DROP TABLE IF EXISTS ${table}`);
    },
  };
}
