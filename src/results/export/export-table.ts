import { cleanText } from '../../core/text.ts';
import type { Cell, Table } from '../table.ts';

export const exportFormats = ['csv', 'xlsx', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const mediaTypes = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json',
} as const satisfies Record<ExportFormat, string>;

/** Most rows of a file. Compressing an Excel file blocks this process. */
export const maxExportRows = { csv: 200_000, json: 200_000, xlsx: 50_000 } as const satisfies Record<
  ExportFormat,
  number
>;

export interface ExportedTable {
  content: Uint8Array;
  contentType: string;
}

export async function exportTable(table: Table, format: ExportFormat): Promise<ExportedTable> {
  const contentType = mediaTypes[format];
  if (format === 'xlsx') return { content: await renderXlsx(table), contentType };
  return { content: Buffer.from(format === 'csv' ? renderCsv(table) : renderJson(table)), contentType };
}

/** Spreadsheets read a text with such a start as a formula, and a formula can run programs and send data. */
const startsFormula = /^[=+\-@\t\r]/;

/** A text that no spreadsheet reads as a formula: one that would be gets an apostrophe in front. */
export function neutralText(text: string): string {
  const clean = cleanText(text);
  return startsFormula.test(clean) ? `'${clean}` : clean;
}

/** RFC 4180, with a byte order mark: without it Excel does not read UTF-8. */
function renderCsv({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((row) => row.map(renderCell).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function renderCell(cell: string | number | boolean | null): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = neutralText(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** An array of objects, one a line; of two columns with one name the second gets a number. */
function renderJson({ columns, rows }: Table): string {
  const names = uniqueNames(columns);
  const lines = rows.map((row) => {
    const members = row.map((cell, index) => [names[index], typeof cell === 'string' ? cleanText(cell) : cell]);
    return JSON.stringify(Object.fromEntries(members));
  });
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
}

function uniqueNames(columns: readonly string[]): string[] {
  const used = new Set<string>();
  return columns.map((column) => {
    let name = column;
    for (let count = 2; used.has(name); count++) name = `${column}_${count}`;
    used.add(name);
    return name;
  });
}

/** Longest text of a cell in Excel. */
const maxCellLength = 32_767;

/** One sheet with the columns' names in its first row. */
async function renderXlsx({ columns, rows }: Table): Promise<Uint8Array> {
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const header = columns.map((name) => ({ value: toText(name), type: String, fontWeight: 'bold' as const }));
  return writeXlsxFile([header, ...rows.map((row) => row.map(toXlsxCell))], { stickyRowsCount: 1 }).toBuffer();
}

function toXlsxCell(cell: Cell) {
  if (cell === null || cell === '') return null;
  if (typeof cell === 'number') return { value: cell, type: Number };
  if (typeof cell === 'boolean') return { value: cell, type: Boolean };
  return { value: toText(cell), type: String };
}

function toText(text: string): string {
  // XML cannot hold these two.
  const neutral = neutralText(text).replace(/[\uFFFE\uFFFF]/g, '');
  return neutral.length > maxCellLength ? neutral.slice(0, maxCellLength).toWellFormed() : neutral;
}
