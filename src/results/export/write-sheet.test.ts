import { readXlsx } from 'hucre/xlsx';
import { expect, test } from 'vitest';
import type { Cell } from '../table.ts';
import { writeSheet } from './write-sheet.ts';

const rows: Cell[][] = [
  ['id', 'name', 'open'],
  [7, ' two\nlines ', true],
  [0.5, '007', false],
  [-3, '<&>"\'ü𝄞', null],
];

test.each([12, 30_000_000])(
  'a sheet of %d cells reads back, with types, white space and signs of XML',
  async (cells) => {
    const given = async function* () {
      yield* rows;
    };
    const parts: Uint8Array[] = [];
    for await (const part of writeSheet(given(), { cells })) parts.push(part);
    const { sheets } = await readXlsx(Buffer.concat(parts));
    expect(sheets[0]).toMatchObject({ rows, freezePane: { rows: 1 } });
  },
);
