import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { stripVTControlCharacters, styleText } from 'node:util';
import { GatewayError } from '../core/errors.ts';
import type { StatusLine } from '../gateway/index.ts';
import type { Terminal } from './command.ts';

// What a person at a terminal sees and answers: colours, checks, a progress line, questions.

type Style = Parameters<typeof styleText>[0];
type Palette = ReturnType<typeof createPalette>;

/** Colours where the terminal has them; NO_COLOR and pipes get plain text. */
export function createPalette({ stdout, environment }: Pick<Terminal, 'stdout' | 'environment'>) {
  const coloured = (stdout.isTTY === true || isSet(environment.FORCE_COLOR)) && !isSet(environment.NO_COLOR);
  const paint = (style: Style) => (text: string) =>
    coloured ? styleText(style, text, { validateStream: false }) : stripVTControlCharacters(text);
  return {
    green: paint('green'),
    yellow: paint('yellow'),
    red: paint('red'),
    dim: paint('dim'),
    bold: paint('bold'),
    cyan: paint('cyan'),
  };
}

// https://no-color.org: present and not empty.
const isSet = (text: string | undefined) => text !== undefined && text !== '';

/** State and name in two columns, then what was seen. */
export function renderCheck({ check, state, detail }: StatusLine, palette: Palette, nameWidth: number): string {
  const mark = { ok: palette.green('ok     '), warning: palette.yellow('warning'), failure: palette.red('failure') };
  return `${mark[state]}  ${check.padEnd(nameWidth)}  ${detail}`;
}

/** The longest name of a check: lines are printed before all names are known. */
const nameWidth = 'credentials'.length;

/** The lines of checks, each fix on a line of its own. */
export function createLineRenderer(
  terminal: Pick<Terminal, 'stdout' | 'environment'>,
): (lines: readonly StatusLine[]) => string {
  const palette = createPalette(terminal);
  const indent = ' '.repeat(nameWidth + 11);
  return (lines) =>
    lines
      .map((line) => {
        const fix = line.fix === undefined ? '' : `${indent}${palette.dim(`fix: ${line.fix}`)}\n`;
        return `${renderCheck(line, palette, nameWidth)}\n${fix}`;
      })
      .join('');
}

/** Shows a person at a terminal that work goes on, in one line that is removed at the end. */
export interface Progress {
  /** How far the work is; shown once it has taken a moment. */
  report(done: number, total: number | undefined, message: string): void;
  /** What begins now; shown at once, since work that blocks the process lets nothing be shown later. */
  step(what: string): void;
  /** Writes other lines, to stderr unless named, without mixing them with this one. */
  write(text: string, stream?: NodeJS.WriteStream): boolean;
  /** Removes the line. */
  end(): void;
}

/** Work that is done sooner needs no line. */
const delayMs = 500;
const tickMs = 150;
const frames = ['|', '/', '-', '\\'] as const;
const clear = '\r\u001b[2K';

/**
 * Opens a progress line on stderr. In a pipe, a file, with `TERM=dumb` or where `quiet` is true, nothing is written but
 * by `write`. It has no colours, so NO_COLOR changes nothing.
 */
export function openProgress(
  { stderr, environment }: Pick<Terminal, 'stderr' | 'environment'>,
  quiet: unknown,
): Progress {
  const isShown = stderr.isTTY === true && environment.TERM !== 'dumb' && quiet !== true;
  const write = (text: string, stream = stderr) => stream.write(text);
  if (!isShown) return { report: () => {}, step: () => {}, write, end: () => {} };
  let text = 'Working';
  let ticks = 0;
  let isDrawn = false;
  const draw = () => {
    isDrawn = true;
    const line = `${frames[ticks % frames.length]} ${text}`;
    // The last column stays empty: some terminals break the line when it is filled.
    stderr.write(`${clear}${line.slice(0, Math.max(1, (stderr.columns ?? 80) - 1))}`);
  };
  const erase = () => {
    if (isDrawn) stderr.write(clear);
    isDrawn = false;
  };
  const timer = setInterval(() => {
    ticks += 1;
    if (ticks * tickMs >= delayMs) draw();
  }, tickMs);
  timer.unref();
  return {
    report(done, total, message) {
      const isKnown = total !== undefined && total > 0;
      text = isKnown ? `${message} (${Math.floor((100 * done) / total)} % of ${total.toLocaleString('en')})` : message;
    },
    step(what) {
      text = what;
      draw();
    },
    write(other, stream) {
      erase();
      return write(other, stream);
    },
    end() {
      clearInterval(timer);
      erase();
    },
  };
}

/** Questions on a terminal; each throws GatewayError `cancelled` on Ctrl+C and at the end of the input. */
export interface Asker {
  /** The answer without surrounding spaces; an empty one means the fallback, or the question is repeated. */
  ask(question: string, fallback?: string): Promise<string>;
  /** The same, and what is typed or pasted is never shown. */
  askHidden(question: string, options?: { mayBeEmpty: boolean }): Promise<string>;
  /** Only y or n is accepted, so that Enter alone never agrees. */
  confirm(question: string): Promise<boolean>;
}

interface Streams {
  stdin: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  /** The message of the error where a person ends a question. */
  stopped: string;
}

/** Uses Node's readline, which sets the raw mode of terminals on every system. */
export function createAsker(streams: Streams): Asker {
  return {
    async ask(question, fallback) {
      for (;;) {
        const answer = await readLine(streams, fallback ? `${question} [${fallback}]: ` : `${question}: `);
        if (answer !== '' || fallback !== undefined) return answer === '' ? (fallback ?? '') : answer;
      }
    },
    async askHidden(question, options = { mayBeEmpty: false }) {
      for (;;) {
        const answer = await readLine(streams, `${question}: `, { hidden: true });
        if (answer !== '') streams.output.write(`(${answer.length} characters)\n`);
        else
          streams.output.write(options.mayBeEmpty ? '(unchanged)\n' : 'Nothing arrived. Paste it, then press Enter.\n');
        if (answer !== '' || options.mayBeEmpty) return answer;
      }
    },
    async confirm(question) {
      for (;;) {
        const answer = (await readLine(streams, `${question} (y or n): `)).toLowerCase();
        if (answer === 'y' || answer === 'yes') return true;
        if (answer === 'n' || answer === 'no') return false;
      }
    },
  };
}

function readLine({ stdin, output, stopped }: Streams, prompt: string, { hidden = false } = {}): Promise<string> {
  if (hidden) output.write(prompt);
  const lines = createInterface({
    input: stdin,
    output: hidden ? silent() : output,
    terminal: true,
    // With a history, the arrow up would show a key that was given before.
    historySize: 0,
  });
  return new Promise((resolve, reject) => {
    let answer: string | undefined;
    lines.once('line', (line) => {
      answer = line.trim();
      lines.close();
    });
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => {
      if (answer !== undefined) return resolve(answer);
      output.write('\n');
      reject(new GatewayError('cancelled', stopped, { hint: 'Run the command again at any time.' }));
    });
    lines.setPrompt(hidden ? '' : prompt);
    lines.prompt();
  });
}

const silent = () =>
  new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
