import { expect, test } from 'vitest';
import { createReport } from './report.ts';

function print(isTTY: boolean, environment: Record<string, string> = {}): string {
  const written: string[] = [];
  const stdout = { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  const report = createReport({ stdout, environment }, (text) => text.replaceAll('secret', '[redacted]'), false);
  report.add([{ check: 'clock', state: 'warning', detail: 'is off, secret', fix: 'Set it.' }]);
  report.end({ state: 'warning', checks: [] });
  return written.join('');
}

const plain = `warning  clock        is off, [redacted]\n${' '.repeat(22)}fix: Set it.\n`;

test('piped, lines are plain', () => {
  expect(print(false)).toBe(plain);
});

test('on a terminal a line says that more is to come, and is gone at the end', () => {
  const shown = print(true);
  expect(shown).toContain('\u001b[33mwarning\u001b[39m');
  expect(shown).toContain('…');
  expect(shown.endsWith('\r\u001b[K')).toBe(true);
});

test('NO_COLOR takes the colours away', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes of colours are what is looked for
  expect(print(true, { NO_COLOR: '1' })).not.toMatch(/\u001b\[\d+m/);
});
