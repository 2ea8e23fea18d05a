import { cleanText } from '../../core/text.ts';
import type { Cell, Table } from '../table.ts';

/** A narrower column of texts shows too little. */
const leastWidth = 14;
const mostWidth = 60;
const gap = '  ';

/**
 * Rows in columns for a person's terminal of so many characters: numbers to the right, long texts cut with `…`. Where
 * not all columns fit, the last ones are left out and named.
 */
export function renderTextTable({ columns, rows }: Table, width: number): string {
  if (columns.length === 0) return '';
  const cells = rows.map((row) => columns.map((_, at) => toLine(row[at] ?? null)));
  const wanted = columns.map((name, at) =>
    Math.min(mostWidth, Math.max(lengthOf(name), ...cells.map((row) => lengthOf(row[at] ?? '')))),
  );
  const widths = fitWidths(wanted, width);
  const isNumber = widths.map((_, at) => rows.every((row) => ['number', 'object'].includes(typeof (row[at] ?? null))));
  const line = (row: readonly string[]) =>
    widths
      .map((one, at) => pad(cut(row[at] ?? '', one), one, isNumber[at] === true))
      .join(gap)
      .trimEnd();
  const rule = widths.map((one) => '-'.repeat(one)).join(gap);
  const lines = [line(columns), rule, ...cells.map(line)];
  const hidden = columns.slice(widths.length);
  if (hidden.length > 0) lines.push(`More columns: ${hidden.join(', ')}. --fields selects those to show.`);
  return `${lines.join('\n')}\n`;
}

/** The widest columns get narrower first; what still does not fit is left out from the end. */
function fitWidths(wanted: readonly number[], width: number): number[] {
  const widths = [...wanted];
  while (widths.length > 1 && total(widths.map((one) => Math.min(one, leastWidth))) > width) widths.pop();
  while (total(widths) > width) {
    const widest = Math.max(...widths);
    if (widest <= leastWidth) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

const total = (widths: readonly number[]) => widths.reduce((sum, one) => sum + one + gap.length, -gap.length);

const toLine = (cell: Cell) => (cell === null ? '' : cleanText(String(cell)).replace(/\s+/g, ' ').trim());

/** Characters, as a terminal counts them in scripts with one column a character. */
const lengthOf = (text: string) => [...text].length;

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(width - lengthOf(text));
  return right ? space + text : text + space;
}
