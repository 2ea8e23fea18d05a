import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitRows } from './fit-rows.ts';

const sizes = ({ columns, rows }: { columns: readonly string[]; rows: readonly (readonly unknown[])[] }) => {
  const lines = [columns, ...rows].map((row) => row.map((cell) => (cell === null ? '' : String(cell))).join(' | '));
  return [
    Buffer.byteLength(lines.join('\n')),
    Buffer.byteLength(JSON.stringify(rows)) + Buffer.byteLength(JSON.stringify(columns)),
  ];
};

test('rows that fit stay as they are', () => {
  const table = { columns: ['text'], rows: [['x'.repeat(3_000)], ['y']] };
  expect(fitRows(table, 4_000)).toEqual({ ...table, cut: false, moreColumns: 0 });
});

test('of very many columns the first are kept, and the others counted', () => {
  const columns = Array.from({ length: 300 }, (_, index) => `column number ${index}`);
  const fitted = fitRows({ columns, rows: [columns] }, 2_000);
  expect(fitted.columns.length + fitted.moreColumns).toBe(300);
  expect(fitted.rows[0]).toHaveLength(fitted.columns.length);
  for (const size of sizes(fitted)) expect(size).toBeLessThanOrEqual(2_010);
});

test('texts are cut before rows are left out', () => {
  const fitted = fitRows(
    {
      columns: ['id', 'text'],
      rows: [
        [1, 'x'.repeat(3_000)],
        [2, 'short'],
      ],
    },
    1_000,
  );
  expect(fitted.rows.map(([id]) => id)).toEqual([1, 2]);
  expect(fitted.cut).toBe(true);
  expect(String(fitted.rows[0]?.[1])).toMatch(/^x{399}…$/);
  expect(fitted.rows[1]?.[1]).toBe('short');
});

test('whatever the rows, the larger of JSON and text fits, and rows are whole and in order', () => {
  const cell = fc.oneof(fc.string({ maxLength: 300 }), fc.double({ noNaN: true }), fc.constant(null), fc.boolean());
  const rows = fc.array(fc.tuple(fc.integer(), cell, cell), { maxLength: 60 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 800, max: 6_000 }), (given, maxBytes) => {
      const table = { columns: ['id', 'a', 'b'], rows: given };
      const fitted = fitRows(table, maxBytes);
      for (const size of sizes(fitted)) expect(size).toBeLessThanOrEqual(maxBytes + 10);
      expect(fitted.rows.map(([id]) => id)).toEqual(given.slice(0, fitted.rows.length).map(([id]) => id));
      expect(fitted.rows.length).toBeGreaterThanOrEqual(Math.min(1, given.length));
    }),
  );
});
