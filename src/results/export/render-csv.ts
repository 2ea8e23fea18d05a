import type { Table } from '../table.ts';
import { neutralText } from './neutral-text.ts';

/** RFC 4180, with the mark without which Excel takes UTF-8 for something else. */
export function renderCsv({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((row) => row.map(renderCell).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function renderCell(cell: string | number | boolean | null): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = neutralText(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
