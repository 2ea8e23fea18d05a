import { isRecord } from '../core/json.ts';

/** The answer of a report, or of its `/columns`, as records; undefined for any other body. */
export function findReportRecords(path: string, body: unknown): Record<string, unknown>[] | undefined {
  return /\/columns$/i.test(path) ? findReportColumns(body) : findReportRows(body);
}

/**
 * The rows of a report as records by column name (CW 5.11.1). The second column of a name gets its number in the name.
 */
function findReportRows(body: unknown): Record<string, unknown>[] | undefined {
  if (!isRecord(body) || !Array.isArray(body.column_definitions) || !Array.isArray(body.row_values)) return undefined;
  const names = nameColumns(body.column_definitions);
  return body.row_values.map((row) => {
    const cells: unknown[] = Array.isArray(row) ? row : [row];
    // A live system may send more cells than it defines columns: these are shown too.
    return Object.fromEntries(cells.map((cell, index) => [names[index] ?? `column ${index + 1}`, cell]));
  });
}

/** The columns of a report, one record each. */
function findReportColumns(body: unknown): Record<string, unknown>[] | undefined {
  const definitions = isRecord(body) && Array.isArray(body.column_definitions) ? body.column_definitions : body;
  const entries = Array.isArray(definitions)
    ? definitions.flatMap((definition) => (isRecord(definition) ? Object.entries(definition) : []))
    : isRecord(definitions)
      ? Object.entries(definitions)
      : [];
  if (entries.length === 0) return undefined;
  const columns = entries.flatMap(([name, column]) => (isRecord(column) ? [{ name, ...column }] : []));
  return columns.length === entries.length ? columns : undefined;
}

/** Each definition is an object of one member, whose name is the column's. */
function nameColumns(definitions: readonly unknown[]): string[] {
  const used = new Set<string>();
  return definitions.map((definition, index) => {
    const [name = `column ${index + 1}`] = isRecord(definition) ? Object.keys(definition) : [String(definition)];
    const free = used.has(name) ? `${name} ${index + 1}` : name;
    used.add(free);
    return free;
  });
}
