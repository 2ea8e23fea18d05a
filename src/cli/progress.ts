import type { Terminal } from './command.ts';

/** Tells a person at a terminal that work goes on, in one line that is gone at the end. */
export interface Progress {
  /** How far it is; shown once the work has taken a moment. */
  tell(done: number, total: number | undefined, message: string): void;
  /** What begins now; shown at once, since work that holds the process lets nothing be shown later. */
  step(what: string): void;
  /** Writes lines of something else, to stderr unless named, without spoiling the own one. */
  write(text: string, stream?: NodeJS.WriteStream): boolean;
  /** Takes the line away. */
  end(): void;
}

/** Work that is done sooner needs no line. */
const delayMs = 500;
const tickMs = 150;
const frames = ['|', '/', '-', '\\'] as const;
const clear = '\r\u001b[2K';

type ProgressTerminal = Pick<Terminal, 'stderr' | 'environment'>;

/**
 * Opens a line on stderr. Where nobody looks at one (a pipe, a file, `TERM=dumb`, `--json`), nothing is ever written
 * but by `write`. It has no colours, so NO_COLOR changes nothing.
 */
export function openProgress({ stderr, environment }: ProgressTerminal, quiet: unknown): Progress {
  const isShown = stderr.isTTY === true && environment.TERM !== 'dumb' && quiet !== true;
  const write = (text: string, stream = stderr) => stream.write(text);
  if (!isShown) return { tell: () => {}, step: () => {}, write, end: () => {} };
  let text = 'Working';
  let ticks = 0;
  let isDrawn = false;
  const draw = () => {
    isDrawn = true;
    const line = `${frames[ticks % frames.length]} ${text}`;
    // The last place of a line stays free: some terminals go on to the next one when it is filled.
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
    tell(done, total, message) {
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
