import fc from 'fast-check';
import { readXlsx } from 'hucre/xlsx';
import { expect, test } from 'vitest';
import type { Cell } from '../table.ts';
import { exportTable } from './export-table.ts';

/** Rows in batches of two. */
const sourceOf = (columns: string[], rows: Cell[][]) => ({
  columns,
  rows: rows.length,
  async *batches() {
    for (let from = 0; from < rows.length; from += 2) yield rows.slice(from, from + 2);
  },
});

const bytesOf = async (content: AsyncIterable<Uint8Array>) => {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
};

const text = async (rows: Cell[][], format: 'csv' | 'json', columns = ['a', 'b']) =>
  (await bytesOf(exportTable(sourceOf(columns, rows), format).content)).toString('utf8');

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

test('behind a semicolon or a tab no csv has a cell that a spreadsheet of another country computes', async () => {
  const cells = ["a;=1+1;cmd|' /C calc'!A0", 'a\t@SUM(A1)', 'a;"=1+1"', 'a; b - c', 'a;b'];
  const csv = await text(
    cells.map((cell) => [cell, 1]),
    'csv',
  );
  for (const part of csv.split(/[;\t]/).slice(1)) expect(part).not.toMatch(/^"*[=+\-@]/);
  expect(csv).toContain('a; b - c,1\r\na;b,1\r\n');
});

test('xlsx is one: a zip with a sheet that reads back, long texts cut with a note', async () => {
  const rows = [
    [dangerous[0] ?? '', 5, null, true],
    ['x'.repeat(40_000), 0.5, ' two\nlines ', false],
    ['007', -3, '<&>"\u0000\uFFFE', ''],
  ];
  const { content, contentType, notes } = exportTable(sourceOf(['a', 'b', '=c', 'd'], rows), 'xlsx');
  const bytes = await bytesOf(content);
  expect(contentType).toContain('spreadsheetml');
  expect(notes()).toEqual([expect.stringMatching(/^1 text was cut to the 32,767 characters/)]);
  const { rows: read } = (await readXlsx(bytes)).sheets[0] ?? {};
  expect(read?.map((row) => row.map((cell) => (cell === '' ? null : cell)))).toEqual([
    ['a', 'b', "'=c", 'd'],
    ["'=1+1", 5, null, true],
    ['x'.repeat(32_767), 0.5, ' two\nlines ', false],
    ['007', -3, '<&>"', null],
  ]);
});

test.each(['csv', 'json', 'xlsx'] as const)('%s is made as it is read, some batches ahead at most', async (format) => {
  let asked = 0;
  const batches = async function* () {
    for (; asked < 1_000; asked += 1) yield Array.from({ length: 100 }, (_, row) => [row, Math.random().toString(36)]);
  };
  const parts = exportTable({ columns: ['a', 'b'], rows: 100_000, batches }, format).content[Symbol.asyncIterator]();
  let read = 0;
  while (read < 20_000) read += (await parts.next()).value?.byteLength ?? 0;
  expect(asked).toBeLessThan(200);
  await parts.return?.();
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
