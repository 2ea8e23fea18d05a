import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openProgress } from '../../src/cli/terminal.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A terminal of so many characters, and what is written to it. */
function makeTerminal(more: { isTTY?: boolean; columns?: number; environment?: Record<string, string> } = {}) {
  const { isTTY = true, columns = 60, environment = {} } = more;
  const written: string[] = [];
  const stderr = { isTTY, columns, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  return { terminal: { stderr, environment }, written };
}

const clear = '\r\u001b[2K';

test('a line shows how far work is once it has taken a moment, and is gone at the end', () => {
  const { terminal, written } = makeTerminal();
  const progress = openProgress(terminal, false);
  progress.report(3_000, 12_431, '3000 rows read');
  vi.advanceTimersByTime(400);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(300);
  expect(written.at(-1)).toMatch(/3000 rows read \(24 % of 12,431\)$/);
  progress.report(7, undefined, '7 rows read');
  vi.advanceTimersByTime(200);
  expect(written.at(-1)).toMatch(/. 7 rows read$/);
  progress.end();
  expect(written.at(-1)).toBe(clear);
  const count = written.length;
  vi.advanceTimersByTime(5_000);
  expect(written).toHaveLength(count);
});

test('work that is done in a moment writes nothing', () => {
  const { terminal, written } = makeTerminal();
  const progress = openProgress(terminal, undefined);
  progress.report(1, 1, '1 rows read');
  progress.end();
  expect(written).toEqual([]);
});

test('a step is shown at once, cut to the width of the terminal', () => {
  const { terminal, written } = makeTerminal({ columns: 20 });
  const progress = openProgress(terminal, false);
  progress.step('Making the data of a very large provider');
  expect(written).toEqual([`${clear}| Making the data o`]);
  progress.end();
});

test('what else is written stands on a line of its own', () => {
  const { terminal, written } = makeTerminal();
  const progress = openProgress(terminal, false);
  progress.step('Reading');
  progress.write('{"level":"warn"}\n');
  expect(written.slice(-2)).toEqual([clear, '{"level":"warn"}\n']);
  progress.end();
});

test('an answer that goes to stdout meanwhile takes the line away first, and does not go to stderr', () => {
  const { terminal, written } = makeTerminal();
  const stdout = { write: (text: string) => written.push(`stdout: ${text}`) > 0 } as unknown as NodeJS.WriteStream;
  const progress = openProgress(terminal, false);
  progress.step('Checking');
  progress.write('ok\n', stdout);
  expect(written.slice(-2)).toEqual([clear, 'stdout: ok\n']);
  progress.end();
});

test.each([
  ['a pipe', { isTTY: false }, false],
  ['TERM=dumb', { environment: { TERM: 'dumb' } }, false],
  ['--json', {}, true],
])('%s gets no line, and all that else is written', (_name, more, quiet) => {
  const { terminal, written } = makeTerminal(more);
  const progress = openProgress(terminal, quiet);
  progress.step('Reading');
  progress.report(1, 2, 'rows');
  vi.advanceTimersByTime(2_000);
  progress.write('a line\n');
  progress.end();
  expect(written).toEqual(['a line\n']);
});
