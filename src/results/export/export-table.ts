import { cleanText } from '../../core/text.ts';
import type { RowSource } from '../row-source.ts';
import type { Cell } from '../table.ts';

export const exportFormats = ['csv', 'xlsx', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Longest text of a cell in Excel. */
const maxCellLength = 32_767;

const mediaTypes = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json',
} as const satisfies Record<ExportFormat, string>;

/** As many rows as a list is read to; fewer than the 1,048,576 that a sheet of Excel has. */
export const maxExportRows = 200_000;

export interface ExportedTable {
  /** Made while it is read, from a batch of rows at a time. */
  content: AsyncIterable<Uint8Array>;
  contentType: string;
  /** What the format could not hold; known once the content was read. */
  notes(): readonly string[];
}

/** Rows as a file. Excel cuts long texts; nothing else is left out. */
export function exportTable(source: RowSource, format: ExportFormat): ExportedTable {
  const contentType = mediaTypes[format];
  if (format !== 'xlsx') {
    const texts = format === 'csv' ? renderCsv(source) : renderJson(source);
    return { content: toBytes(texts), contentType, notes: () => [] };
  }
  let cut = 0;
  const content = renderXlsx(source, () => {
    cut += 1;
  });
  return { content, contentType, notes: () => (cut === 0 ? [] : [describeCut(cut)]) };
}

const describeCut = (cut: number) =>
  `${cut === 1 ? '1 text was' : `${cut} texts were`} cut to the ${maxCellLength.toLocaleString('en')} characters that a cell of Excel holds; csv and json hold them whole.`;

async function* toBytes(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, void> {
  for await (const text of texts) yield Buffer.from(text);
}

/** Spreadsheets read a text with such a start as a formula, and a formula can run programs and send data. */
const startsFormula = /^[=+\-@\t\r]/;

/** A text that no spreadsheet reads as a formula: one that would be gets an apostrophe in front. */
function neutralText(text: string): string {
  const clean = cleanText(text);
  return startsFormula.test(clean) ? `'${clean}` : clean;
}

/**
 * Where Excel separates cells by the list separator of its country, text behind a semicolon or tab is a cell of its own,
 * whatever quotes say.
 */
const startsFormulaWithin = /([;\t]"*)(?=[=+\-@\t\r])/g;

/** RFC 4180, with a byte order mark: without it Excel does not read UTF-8. */
async function* renderCsv({ columns, batches }: RowSource): AsyncGenerator<string, void, void> {
  const line = (row: readonly Cell[]) => `${row.map(renderCell).join(',')}\r\n`;
  yield `\uFEFF${line(columns)}`;
  for await (const batch of batches()) yield batch.map(line).join('');
}

function renderCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = neutralText(cell).replace(startsFormulaWithin, "$1'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** An array of objects, one a line; of two columns with one name the second gets a number. */
async function* renderJson({ columns, batches }: RowSource): AsyncGenerator<string, void, void> {
  const names = uniqueNames(columns);
  const line = (row: readonly Cell[]) => {
    const members = row.map((cell, index) => [names[index], typeof cell === 'string' ? cleanText(cell) : cell]);
    return JSON.stringify(Object.fromEntries(members));
  };
  let before = '[\n';
  for await (const batch of batches()) {
    yield before + batch.map(line).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
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

/** One sheet with the columns' names in its first row. */
async function* renderXlsx(source: RowSource, onCut: () => void): AsyncGenerator<Uint8Array, void, void> {
  const { writeSheet } = await import('./write-sheet.ts');
  const { columns, rows } = source;
  async function* toRows() {
    yield columns.map((name) => toText(name, onCut));
    for await (const batch of source.batches())
      for (const row of batch) yield row.map((cell) => toXlsxCell(cell, onCut));
  }
  yield* writeSheet(toRows(), { cells: rows * columns.length });
}

function toXlsxCell(cell: Cell, onCut: () => void): Cell {
  if (typeof cell !== 'string') return cell;
  return cell === '' ? null : toText(cell, onCut);
}

function toText(text: string, onCut: () => void): string {
  // XML cannot hold these two.
  const neutral = neutralText(text).replace(/[\uFFFE\uFFFF]/g, '');
  if (neutral.length <= maxCellLength) return neutral;
  onCut();
  return neutral.slice(0, maxCellLength).toWellFormed();
}
