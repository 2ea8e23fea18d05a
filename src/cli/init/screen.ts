import type { StatusLine } from '../../gateway/local/status/status-line.ts';
import { type Asker, createAsker } from '../ask.ts';
import type { Terminal } from '../command.ts';
import { createPalette, stateMarks } from '../palette.ts';
import { openProgress } from '../progress.ts';
import type { DifferenceLine } from './difference.ts';

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
  /** Absent where nobody can be asked. */
  asker?: Asker;
}

/** As far in as the details of a check. */
const indent = ' '.repeat(22);

/** Lines of whole words; none for an empty text. */
function wrap(text: string, width: number): string[] {
  return text.match(new RegExp(`\\S.{0,${Math.max(20, width) - 1}}(?=\\s|$)|\\S+`, 'g')) ?? [];
}

/** With `--json`, stdout is for the JSON alone and people read stderr. */
export function createScreen({ stdin, stdout, stderr, environment }: Terminal, isJson: boolean): Screen {
  const output = isJson ? stderr : stdout;
  const palette = createPalette({ stdout: output, environment });
  const say = (text: string) => void output.write(`${text}\n`);
  const mark = stateMarks(palette);
  const checks: StatusLine[] = [];
  return {
    checks,
    say,
    heading: (text) => say(`\n${palette.bold(text)}`),
    status(line) {
      const { check, state, detail, fix } = line;
      checks.push(line);
      say(`  ${mark[state]}  ${check.padEnd(9)}  ${detail}`);
      for (const part of wrap(fix ?? '', Math.min(output.columns || 100, 100) - indent.length - 1)) say(indent + part);
    },
    difference(lines) {
      const paint = { '+': palette.green, '-': palette.red, ' ': palette.dim };
      for (const { sign, text } of lines) say(paint[sign](`  ${sign} ${text}`));
    },
    async during(what, work) {
      const progress = openProgress({ stderr, environment }, isJson);
      progress.tell(0, undefined, what);
      try {
        return await work();
      } finally {
        progress.end();
      }
    },
    ...(stdin.isTTY && output.isTTY
      ? { asker: createAsker({ stdin, output, stopped: 'Stopped. Nothing was written.' }) }
      : {}),
  };
}
