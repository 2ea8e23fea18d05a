import type { Cell, Table } from '../table.ts';
import { neutralText } from './neutral-text.ts';

/** Excel takes no longer text in a cell. */
const maxCellLength = 32_767;

/** One sheet with the columns' names in its first row. */
export async function renderXlsx({ columns, rows }: Table): Promise<Uint8Array> {
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
  // The file is XML, which has no place for these two.
  const neutral = neutralText(text).replace(/[\uFFFE\uFFFF]/g, '');
  return neutral.length > maxCellLength ? neutral.slice(0, maxCellLength).toWellFormed() : neutral;
}
