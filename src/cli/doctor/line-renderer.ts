import type { StatusLine } from '../../gateway/local/status/status-line.ts';
import type { Terminal } from '../command.ts';
import { createPalette, stateMarks } from '../palette.ts';

/** The longest name of a check, so that lines stand below each other before all are known. */
const nameWidth = 'credentials'.length;

/** A function that makes the lines of checks as a person reads them. */
export function createLineRenderer(
  terminal: Pick<Terminal, 'stdout' | 'environment'>,
): (lines: readonly StatusLine[]) => string {
  const palette = createPalette(terminal);
  const mark = stateMarks(palette);
  return (lines) =>
    lines
      .map(({ check, state, detail, fix }) => {
        const line = `${mark[state]}  ${check.padEnd(nameWidth)}  ${detail}\n`;
        return fix === undefined ? line : `${line}${' '.repeat(nameWidth + 11)}${palette.dim(`fix: ${fix}`)}\n`;
      })
      .join('');
}
