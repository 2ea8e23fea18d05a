import { cleanText } from '../../core/text.ts';
import type { Table } from '../table.ts';

/** An array of objects, one a line; of two columns with one name the second gets a number. */
export function renderJson({ columns, rows }: Table): string {
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
