import { defined } from '../../core/json.ts';
import type { StatusLine } from '../../gateway/index.ts';
import type { Terminal } from '../command.ts';
import { type Asker, createAsker, createPalette, openProgress, renderCheck } from '../terminal.ts';
import type { DifferenceLine } from './plans.ts';

/** What a person reads, and whether one is there to answer. */
export interface Screen {
  say(text: string): void;
  heading(text: string): void;
  /** Shows a line and keeps it in `checks`. */
  status(line: StatusLine): void;
  checks: readonly StatusLine[];
  difference(lines: readonly DifferenceLine[]): void;
  /** Shows that work goes on where it takes a moment. */
  during<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** Absent outside of a terminal. */
  asker?: Asker;
}

/** With `--json`, stdout holds the JSON only, and people read stderr. */
export function createScreen({ stdin, stdout, stderr, environment }: Terminal, isJson: boolean): Screen {
  const output = isJson ? stderr : stdout;
  const palette = createPalette({ stdout: output, environment });
  const say = (text: string) => void output.write(`${text}\n`);
  const checks: StatusLine[] = [];
  const isInteractive = stdin.isTTY && output.isTTY;
  return {
    checks,
    say,
    heading: (text) => say(`\n${palette.bold(text)}`),
    status(line) {
      checks.push(line);
      say(`  ${renderCheck(line, palette, 9)}`);
      const width = Math.min(output.columns || 100, 100) - indent.length - 1;
      for (const part of wrap(line.fix ?? '', width)) say(indent + part);
    },
    difference(lines) {
      const paint = { '+': palette.green, '-': palette.red, ' ': palette.dim };
      for (const { sign, text } of lines) say(paint[sign](`  ${sign} ${text}`));
    },
    async during(what, work) {
      const progress = openProgress({ stderr, environment }, isJson);
      progress.report(0, undefined, what);
      try {
        return await work();
      } finally {
        progress.end();
      }
    },
    ...defined({
      asker: isInteractive ? createAsker({ stdin, output, stopped: 'Stopped. Nothing was written.' }) : undefined,
    }),
  };
}

/** As wide as state and name of a check. */
const indent = ' '.repeat(22);

/** Lines of whole words; none for an empty text. */
function wrap(text: string, width: number): string[] {
  return text.match(new RegExp(`\\S.{0,${Math.max(20, width) - 1}}(?=\\s|$)|\\S+`, 'g')) ?? [];
}
