import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderTextTable } from './render-table.ts';

const table = {
  columns: ['id', 'summary', 'note'],
  rows: [
    [7, 'Printer\n is   offline', null],
    [1234, 'Ein sehr langer Text über Drucker, die nicht drucken', 'x'],
  ],
};

test('numbers stand to the right, texts to the left on one line each', () => {
  expect(renderTextTable(table, 200)).toBe(
    [
      '  id  summary                                               note',
      '----  ----------------------------------------------------  ----',
      '   7  Printer is offline',
      '1234  Ein sehr langer Text über Drucker, die nicht drucken  x',
      '',
    ].join('\n'),
  );
});

test('the widest column gives way, and what does not fit at all is named', () => {
  expect(renderTextTable(table, 40).split('\n')[3]).toBe('1234  Ein sehr langer Text über D…  x');
  expect(renderTextTable(table, 24)).toContain('More columns: note.');
});

test('no line of rows is wider than the terminal, and none holds what steers one', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('\u001b[2J', '\u0007', '\u009b2J', 'a\u202Eb'),
    fc.integer(),
    fc.constant(null),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }),
      fc.integer({ min: 50, max: 120 }),
      (rows, width) => {
        const lines = renderTextTable({ columns: ['a', 'b', 'c'], rows }, width)
          .trimEnd()
          .split('\n');
        for (const line of lines) {
          expect([...line].length).toBeLessThanOrEqual(width);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        }
      },
    ),
  );
});

test('without columns there is nothing to show', () => {
  expect(renderTextTable({ columns: [], rows: [] }, 80)).toBe('');
});
