import type { StatusLine } from '../../local/status/status-line.ts';
import type { Terminal } from '../command.ts';
import { createPalette } from '../palette.ts';

export interface Report {
  add(lines: readonly StatusLine[]): void;
  end(result: { state: StatusLine['state']; checks: readonly StatusLine[] }): void;
}

/** The longest name of a check, so that lines stand below each other before all are known. */
const nameWidth = 'credentials'.length;

/** Lines as they come, or one JSON document at the end. On a terminal a last line says that more is to come. */
export function createReport(
  terminal: Pick<Terminal, 'stdout' | 'environment'>,
  redact: (text: string) => string,
  isJson: boolean,
): Report {
  const { stdout } = terminal;
  if (isJson) {
    return {
      add: () => undefined,
      end: (result) => stdout.write(redact(`${JSON.stringify(result, null, 2)}\n`)),
    };
  }
  const palette = createPalette(terminal);
  const mark = { ok: palette.green('ok     '), warning: palette.yellow('warning'), failure: palette.red('failure') };
  const waiting = createWaitingLine(terminal);
  return {
    add(lines) {
      waiting.clear();
      for (const { check, state, detail, fix } of lines) {
        stdout.write(redact(`${mark[state]}  ${check.padEnd(nameWidth)}  ${detail}\n`));
        if (fix !== undefined) stdout.write(redact(`${' '.repeat(nameWidth + 11)}${palette.dim(`fix: ${fix}`)}\n`));
      }
      waiting.show('…');
    },
    end: () => waiting.clear(),
  };
}

/** A line that is there only while something is waited for, and only where somebody watches. */
export function createWaitingLine({ stdout }: Pick<Terminal, 'stdout'>) {
  const isWatched = stdout.isTTY === true;
  return {
    show: (text: string) => isWatched && stdout.write(text),
    clear: () => isWatched && stdout.write('\r\u001b[K'),
  };
}
