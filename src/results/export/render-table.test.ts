import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Table } from '../table.ts';
import { renderTextTable } from './render-table.ts';

/** The text of rows that are read in batches of two. */
async function render({ columns, rows }: Table, width: number): Promise<string> {
  const batches = async function* () {
    for (let from = 0; from < rows.length; from += 2) yield rows.slice(from, from + 2);
  };
  let text = '';
  for await (const part of renderTextTable({ columns, rows: rows.length, batches }, width)) text += part;
  return text;
}

const table = {
  columns: ['id', 'summary', 'note'],
  rows: [
    [7, 'Printer\n is   offline', null],
    [1234, 'Ein sehr langer Text über Drucker, die nicht drucken', 'x'],
  ],
};

test('numbers stand to the right, texts to the left on one line each', async () => {
  expect(await render(table, 200)).toBe(
    [
      '  id  summary                                               note',
      '----  ----------------------------------------------------  ----',
      '   7  Printer is offline',
      '1234  Ein sehr langer Text über Drucker, die nicht drucken  x',
      '',
    ].join('\n'),
  );
});

test('the widest column gives way, and what does not fit at all is named', async () => {
  expect((await render(table, 40)).split('\n')[3]).toBe('1234  Ein sehr langer Text über D…  x');
  expect(await render(table, 24)).toContain('More columns: note.');
});

test('no line of rows is wider than the terminal, and none holds what steers one', async () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('\u001b[2J', '\u0007', '\u009b2J', 'a\u202Eb'),
    fc.integer(),
    fc.constant(null),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }),
      fc.integer({ min: 50, max: 120 }),
      async (rows, width) => {
        const lines = (await render({ columns: ['a', 'b', 'c'], rows }, width)).trimEnd().split('\n');
        for (const line of lines) {
          expect([...line].length).toBeLessThanOrEqual(width);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        }
      },
    ),
  );
});

test('without columns there is nothing to show', async () => {
  expect(await render({ columns: [], rows: [] }, 80)).toBe('');
});
