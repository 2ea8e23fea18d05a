import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportTable } from './export-table.ts';

const text = async (rows: (string | number | null)[][], format: 'csv' | 'json', columns = ['a', 'b']) =>
  Buffer.from((await exportTable({ columns, rows }, format)).content).toString('utf8');

const dangerous = ['=1+1', '+1', '-1+1', '@SUM(A1)', '\tx', '\rx', "=cmd|' /C calc'!A0"];

test('csv begins with the mark of UTF-8, ends lines as RFC 4180 does, and quotes what needs it', async () => {
  expect(
    await text(
      [
        ['Büro, "oben"', 5],
        ['two\nlines', null],
        ['', -5],
      ],
      'csv',
    ),
  ).toBe('\uFEFFa,b\r\n"Büro, ""oben""",5\r\n"two\nlines",\r\n,-5\r\n');
});

test.each(dangerous)('a cell that begins a formula is a text: %j', async (cell) => {
  const [, line = ''] = (await text([[cell, 1]], 'csv')).split('\r\n');
  expect(line.replace(/^"/, '')).toMatch(/^'/);
  const [header = ''] = (await text([], 'csv', [cell, 'b'])).slice(1).split('\r\n');
  expect(header.replace(/^"/, '')).toMatch(/^'/);
});

test('no csv has a cell that a spreadsheet computes, and every cell comes back', async () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom(...dangerous, '"', '\r\n', ',')).filter((value) => value !== '');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 10 }), async (rows) => {
      const read = parseCsv((await text(rows, 'csv')).slice(1)).slice(1);
      expect(read.length).toBe(rows.length);
      for (const value of read.flat()) expect(value).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});

test('json is an array of objects, columns of one name told apart', async () => {
  const json = await text(
    [
      [1, 'x'],
      [2, null],
    ],
    'json',
    ['id', 'id'],
  );
  expect(JSON.parse(json)).toEqual([
    { id: 1, id_2: 'x' },
    { id: 2, id_2: null },
  ]);
  expect(JSON.parse(await text([], 'json'))).toEqual([]);
});

test('xlsx is one: a zip with a sheet', async () => {
  const rows = [
    [dangerous[0] ?? '', 5, null, true],
    ['x'.repeat(40_000), 0.5, '\u0000\uFFFE', false],
  ];
  const { content, contentType } = await exportTable({ columns: ['a', 'b', 'c', 'd'], rows }, 'xlsx');
  expect(Buffer.from(content.subarray(0, 2)).toString()).toBe('PK');
  expect(contentType).toContain('spreadsheetml');
});

/** A reader of RFC 4180, for what the writer wrote. */
function parseCsv(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
