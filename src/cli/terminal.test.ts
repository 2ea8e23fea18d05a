import { expect, test } from 'vitest';
import { createLineRenderer } from './terminal.ts';

function render(isTTY: boolean, environment: Record<string, string> = {}): string {
  const stdout = { isTTY } as NodeJS.WriteStream;
  const render = createLineRenderer({ stdout, environment });
  return render([{ check: 'clock', state: 'warning', detail: 'is off', fix: 'Set it.' }]);
}

const plain = `warning  clock        is off\n${' '.repeat(22)}fix: Set it.\n`;

test('piped, lines are plain', () => {
  expect(render(false)).toBe(plain);
});

test('on a terminal states have colours', () => {
  expect(render(true)).toContain('\u001b[33mwarning\u001b[39m');
});

test('NO_COLOR takes the colours away', () => {
  expect(render(true, { NO_COLOR: '1' })).toBe(plain);
});
