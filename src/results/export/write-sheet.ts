// A file of its own, so that the program loads the library only for a file of Excel, and of the library only the writer.
import { writeXlsxStream } from 'hucre/xlsx';
import type { Cell } from '../table.ts';

/**
 * Sheets with more cells may be larger than 4 GiB as XML, by 200 bytes a cell. They need a newer form of zip, which fewer
 * programs read than the old one.
 */
const maxCellsOfZip = 20_000_000;

/** One sheet of Excel whose first row stays in view, made while its rows are read. */
export async function* writeSheet(
  rows: AsyncIterable<Cell[]>,
  { cells }: { cells: number },
): AsyncGenerator<Uint8Array, void, void> {
  yield* writeXlsxStream(rows, { name: 'Sheet1', freezePane: { rows: 1 }, zip64: cells > maxCellsOfZip });
}
