import { cleanText } from '../../core/text.ts';
import type { RowSource } from '../row-source.ts';
import type { Cell } from '../table.ts';

/** A narrower column of texts shows too little. */
const leastWidth = 14;
const mostWidth = 60;
const gap = '  ';

/**
 * Rows in columns for a person's terminal of so many characters: numbers to the right, long texts cut with `…`. Where
 * not all columns fit, the last ones are left out and named. The rows are read twice: first for the widths.
 */
export async function* renderTextTable({ columns, batches }: RowSource, width: number): AsyncGenerator<string> {
  if (columns.length === 0) return;
  const wanted = columns.map((name) => Math.min(mostWidth, lengthOf(name)));
  const isNumber = columns.map(() => true);
  for await (const batch of batches()) {
    for (const row of batch) {
      for (const at of columns.keys()) {
        const cell = row[at] ?? null;
        if (typeof cell !== 'number' && cell !== null) isNumber[at] = false;
        wanted[at] = Math.min(mostWidth, Math.max(wanted[at] ?? 0, lengthOf(toLine(cell))));
      }
    }
  }
  const widths = fitWidths(wanted, width);
  const line = (row: readonly string[]) =>
    widths
      .map((one, at) => pad(cut(row[at] ?? '', one), one, isNumber[at] === true))
      .join(gap)
      .trimEnd();
  yield `${line(columns)}\n${widths.map((one) => '-'.repeat(one)).join(gap)}\n`;
  for await (const batch of batches()) {
    yield batch.map((row) => `${line(widths.map((_, at) => toLine(row[at] ?? null)))}\n`).join('');
  }
  const hidden = columns.slice(widths.length);
  if (hidden.length > 0) yield `More columns: ${hidden.join(', ')}. --fields selects those to show.\n`;
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
