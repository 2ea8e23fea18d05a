import type { Table } from './table.ts';

/** `*` brings the whole record as JSON, and columns that no row fills: wanted only when named. */
export function hideColumns({ columns, rows }: Table, sql: string): Table {
  if (!/\*/.test(sql)) return { columns, rows };
  const isShown = (name: string, index: number) =>
    (name !== '_record' || /_record/i.test(sql)) && (rows.length === 0 || rows.some((row) => row[index] !== null));
  const kept = columns.flatMap((name, index) => (isShown(name, index) ? [index] : []));
  return {
    columns: kept.map((index) => columns[index] ?? ''),
    rows: rows.map((row) => kept.map((index) => row[index] ?? null)),
  };
}
