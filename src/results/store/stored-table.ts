import type { StatementSync } from 'node:sqlite';
import type { Schema } from '../../catalog/index.ts';
import { isRecord } from '../../core/json.ts';
import { type Database, transaction } from '../../core/storage.ts';
import { isTidy, tidyRecord } from '../record-text.ts';
import type { NewResultTable } from '../result-store.ts';
import {
  addMissingColumns,
  addPromisedColumns,
  createLayout,
  type Layout,
  layOut,
  namedColumns,
  parentColumn,
  recordColumn,
  type SqlValue,
} from './columns.ts';
import { createSqlTable, quoteName, type SqlTable } from './sql-table.ts';
import type { NumberedRows } from './stored-rows.ts';

/** The tables of one answer in the file: one for its records, and one for each of their arrays. */
export interface StoredTable {
  /** Stores some records in one transaction. */
  write(records: readonly unknown[]): void;
  /** Rows stored. */
  rows(): number;
  /** Names of the tables with their columns, that of the records first. */
  shape(): readonly TableShape[];
  /** Where the records are, without `_record`, and how SQL names their columns. */
  source(): { names: readonly string[]; rows: NumberedRows };
  /** Whether a table of the file belongs to this answer. */
  holds(table: string): boolean;
  drop(): void;
  /** Members without a column, because there are too many. */
  omitted(): readonly string[];
  /** Creates the table also where there was no record, with the columns of its schema. */
  complete(): void;
}

export interface TableShape {
  name: string;
  columns: readonly string[];
  /** Columns that no row fills. */
  empty: readonly string[];
}

export function createStoredTable(database: Database, name: string, given: NewResultTable): StoredTable {
  const layout = createLayout(given.schema, given.findSchema, [recordColumn, 'rowid']);
  if (given.fields !== undefined) addPromisedColumns(layout, given.fields === 'all' ? undefined : given.fields);
  let main: RecordTable | undefined;
  const children = new Map<string, { layout: Layout; table: SqlTable }>();
  let keyed = false;

  const open = (first: Record<string, unknown> | undefined): RecordTable => {
    if (main !== undefined) return main;
    keyed = isKeyed(given, first);
    main = createRecordTable(database, name, { ...given, ...(keyed && { key: 'id' }) });
    return main;
  };
  const openChild = (part: string, childLayout: Layout) => {
    const known = children.get(part);
    if (known !== undefined) return known;
    // No declared type: the id keeps the type that it has in the parent's table.
    const first = { name: parentColumn, type: '' };
    const options = { name: `${name}_${part}`, first, indexed: parentColumn };
    const made = { layout: childLayout, table: createSqlTable(database, options) };
    children.set(part, made);
    return made;
  };

  const writeAll = (records: readonly unknown[]) => {
    const rows = records.map((record) => {
      const whole = isRecord(record) ? record : { value: record };
      const tidy = isTidy(whole) ? whole : (tidyRecord(whole, { keepEmpty: true }) as Record<string, unknown>);
      return { record: tidy, ...layOut(layout, tidy) };
    });
    const table = open(rows[0]?.record);
    table.widen(layout);
    for (const { record, values, children: arrays } of rows) {
      const number = table.write(record, values);
      const parent = keyed && isId(record.id) ? record.id : number;
      if (keyed) for (const child of children.values()) child.table.removeWhere(parentColumn, toParent(parent));
      for (const [part, elements] of arrays) {
        const childLayout = layout.children.get(part);
        if (childLayout !== undefined) writeElements(openChild(part, childLayout), toParent(parent), elements);
      }
    }
  };

  return {
    write: (records) => transaction(database, () => writeAll(records)),
    rows: () => main?.count() ?? 0,
    shape: () => [
      shapeOf(name, layout),
      ...[...children].map(([part, child]) => shapeOf(`${name}_${part}`, child.layout, [parentColumn])),
    ],
    source() {
      const named = namedColumns(layout);
      const columns = named.map(({ column: { name: stored, kind } }) => ({
        name: stored,
        isFlag: kind === 'flag' || kind === 'any-flag',
      }));
      return {
        names: named.map((column) => column.name),
        rows: { columns, upTo: main?.count() ?? 0, table: rowsOf(name), number: numberColumn },
      };
    },
    holds: (table) => table.startsWith(`${name} `) || table === name || table.startsWith(`${name}_`),
    drop() {
      main?.drop();
      for (const part of children.keys()) database.exec(`DROP TABLE IF EXISTS ${quoteName(`${name}_${part}`)}`);
    },
    omitted: () => [...layout.omitted],
    complete() {
      const { fields } = given;
      if (main === undefined) addPromisedColumns(layout);
      if (fields !== undefined && fields !== 'all') addMissingColumns(layout, fields);
      transaction(database, () => {
        open(undefined).widen(layout);
        for (const [part, childLayout] of layout.children) {
          if (!children.has(part)) openChild(part, childLayout).table.widen(childLayout.columns);
        }
      });
    },
  };
}

function shapeOf(name: string, layout: Layout, first: readonly string[] = []): TableShape {
  const columns = namedColumns(layout);
  return {
    name,
    columns: [...first, ...columns.map((column) => column.name)],
    empty: columns.flatMap(({ name: shownAs, column }) => (column.filled ? [] : [shownAs])),
  };
}

function writeElements(
  { layout, table }: { layout: Layout; table: SqlTable },
  parent: SqlValue,
  elements: readonly unknown[],
) {
  const rows = elements.map((element) => layOut(layout, isRecord(element) ? element : { value: element }));
  table.widen(layout.columns);
  for (const { values } of rows) table.write(parent, values);
}

/**
 * Whether a record replaces an earlier one of the same id. Pages that shift while they are read can return a record
 * twice; the later one is newer (CW 3.7). Rows of reports have no ids of their own: rows with equal ids may differ (CW 5.11.1).
 */
function isKeyed({ schema, request }: NewResultTable, first: Record<string, unknown> | undefined): boolean {
  if (schema !== undefined) return hasId(schema);
  return first !== undefined && isId(first.id) && !/^\w+ \/?system\/reports\//i.test(request);
}

const hasId = (schema: Schema) => schema.members.some(({ name }) => name === 'id');

const isId = (id: unknown): id is number | string => typeof id === 'number' || typeof id === 'string';

const toParent = (id: number | string): SqlValue => (Number.isSafeInteger(id) ? BigInt(id) : id);

/** The records of an answer, as columns and as JSON. */
interface RecordTable {
  widen(layout: Layout): void;
  /** @returns number of the row in the file */
  write(record: Record<string, unknown>, values: readonly (SqlValue | undefined)[]): number;
  count(): number;
  drop(): void;
}

const numberColumn = 'row number';

/** The table of the columns of the answer with this name. */
const rowsOf = (name: string) => `${name} rows`;

/**
 * A table of columns and one of JSON, read as one view. The JSON of a record is ten times as large as its columns: in the
 * same rows SQLite would read it too, even to count them.
 */
function createRecordTable(
  database: Database,
  name: string,
  { key, withoutRecords = false }: { key?: string; withoutRecords?: boolean },
): RecordTable {
  const parts = { view: quoteName(name), rows: rowsOf(name), records: quoteName(`${name} records`) };
  const rows = createSqlTable(database, {
    name: parts.rows,
    first: { name: numberColumn, type: 'INTEGER PRIMARY KEY' },
    ...(key !== undefined && { key }),
  });
  let keep: StatementSync | undefined;
  let shown = -1;

  const createView = (layout: Layout) => {
    const number = `r.${quoteName(numberColumn)}`;
    const record = `(SELECT json FROM ${parts.records} WHERE number = ${number}) AS ${recordColumn}`;
    const columns = namedColumns(layout).map(({ name: shownAs, column }) =>
      shownAs === column.name ? `r.${quoteName(shownAs)}` : `r.${quoteName(column.name)} AS ${quoteName(shownAs)}`,
    );
    const selected = [...columns, record].join(', ');
    database.exec(`DROP VIEW IF EXISTS ${parts.view}`);
    database.exec(`CREATE VIEW ${parts.view} AS SELECT ${selected} FROM ${quoteName(parts.rows)} r`);
    shown = layout.columns.length;
  };

  return {
    widen(layout) {
      if (keep === undefined) {
        database.exec(`CREATE TABLE ${parts.records} (number INTEGER PRIMARY KEY, json TEXT)`);
        keep = database.prepare(`INSERT OR REPLACE INTO ${parts.records} VALUES (?, ?)`);
      }
      rows.widen(layout.columns);
      if (shown !== layout.columns.length) createView(layout);
    },
    write(record, values) {
      const number = rows.write(null, values);
      if (!withoutRecords) keep?.run(number, JSON.stringify(record));
      return number;
    },
    count: rows.count,
    drop() {
      database.exec(`DROP VIEW IF EXISTS ${parts.view}`);
      for (const table of [quoteName(parts.rows), parts.records]) database.exec(`DROP TABLE IF EXISTS ${table}`);
    },
  };
}
