import type { Schema } from '../../catalog/endpoint.ts';
import { isRecord } from '../../core/json.ts';
import { type Database, transaction } from '../../core/storage.ts';
import { isTidy, tidyRecord } from '../record-text.ts';
import type { NewResultTable } from '../result-store.ts';
import type { SqlValue } from './column.ts';
import { createLayout, type Layout, layOut, parentColumn, recordColumn } from './layout.ts';
import { createRecordTable, type RecordTable } from './record-table.ts';
import { addSchemaColumns } from './schema-columns.ts';
import { createSqlTable, quoteName, type SqlTable } from './sql-table.ts';

/** The tables of one answer in the file: its records, and one table for each of their arrays. */
export interface StoredTable {
  /** Stores some records in one transaction. */
  write(records: readonly unknown[]): void;
  /** Rows stored. */
  rows(): number;
  /** Names of the tables with their columns, that of the records first. */
  shape(): readonly TableShape[];
  /** Whether a table of the file is one of these. */
  holds(table: string): boolean;
  drop(): void;
  /** Members that have no column because there were too many. */
  omitted(): readonly string[];
  /** Makes the table also where no record came, and gives it the columns its schema promises. */
  complete(): void;
}

export interface TableShape {
  name: string;
  columns: readonly string[];
}

export function createStoredTable(database: Database, name: string, given: NewResultTable): StoredTable {
  const layout = createLayout(given.schema, given.findSchema, [recordColumn, 'rowid']);
  if (given.wholeRecords) addSchemaColumns(layout);
  let main: RecordTable | undefined;
  const children = new Map<string, { layout: Layout; table: SqlTable }>();
  let keyed = false;

  const open = (first: Record<string, unknown> | undefined): RecordTable => {
    if (main !== undefined) return main;
    keyed = isKeyed(given, first);
    main = createRecordTable(database, name, keyed ? 'id' : undefined);
    return main;
  };
  const openChild = (part: string, childLayout: Layout) => {
    const known = children.get(part);
    if (known !== undefined) return known;
    // No declared type: the id is what it is in the parent's own column.
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
    table.widen(layout.columns);
    for (const { record, values, children: arrays } of rows) {
      const number = table.write(JSON.stringify(record), values);
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
      { name, columns: layout.columns.map((column) => column.name) },
      ...[...children].map(([part, child]) => ({
        name: `${name}_${part}`,
        columns: [parentColumn, ...child.layout.columns.map((column) => column.name)],
      })),
    ],
    holds: (table) => table.startsWith(`${name} `) || table === name || table.startsWith(`${name}_`),
    drop() {
      main?.drop();
      for (const part of children.keys()) database.exec(`DROP TABLE IF EXISTS ${quoteName(`${name}_${part}`)}`);
    },
    omitted: () => [...layout.omitted],
    complete() {
      if (main !== undefined) return;
      addSchemaColumns(layout);
      transaction(database, () => open(undefined).widen(layout.columns));
    },
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
 * Pages that shift while they are read bring a record twice; the later one is the newer (CW 3.7). Rows of reports
 * have no identity: equal ids there may be different rows (CW 5.11.1).
 */
function isKeyed({ schema, request }: NewResultTable, first: Record<string, unknown> | undefined): boolean {
  if (schema !== undefined) return hasId(schema);
  return first !== undefined && isId(first.id) && !/^\w+ \/?system\/reports\//i.test(request);
}

const hasId = (schema: Schema) => schema.members.some(({ name }) => name === 'id');

const isId = (id: unknown): id is number | string => typeof id === 'number' || typeof id === 'string';

const toParent = (id: number | string): SqlValue => (Number.isSafeInteger(id) ? BigInt(id) : id);
