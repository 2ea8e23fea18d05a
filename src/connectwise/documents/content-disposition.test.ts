import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDisposition } from './content-disposition.ts';

const asLatin1 = (text: string) => Buffer.from(text).toString('latin1');

test.each<[string, string | undefined]>([
  ['attachment; filename=plain.pdf', 'plain.pdf'],
  ['attachment; filename="with space; and.pdf"', 'with space; and.pdf'],
  ['attachment; filename="say \\"hi\\".txt"', 'say "hi".txt'],
  ['attachment; filename="C:\\Temp\\a.txt"', 'C:\\Temp\\a.txt'],
  ["attachment; filename=old.txt; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt", 'naïve €.txt'],
  ["attachment; filename*=iso-8859-1'en'%A3%20rates.txt", '£ rates.txt'],
  ["attachment; filename*=klingon''x; filename=kept.txt", 'kept.txt'],
  ['attachment; filename="=?utf-8?B?R3LDtsOfZS5wZGY=?="', 'Größe.pdf'],
  ['attachment; filename="=?utf-8?Q?Gr=C3=B6=C3=9Fe_1.pdf?="', 'Größe 1.pdf'],
  [`attachment; filename="${asLatin1('Größe.pdf')}"`, 'Größe.pdf'],
  ['attachment; filename="Zoë.pdf"', 'Zoë.pdf'],
  ['attachment', undefined],
  ['attachment; filename=""', undefined],
])('%s names %s', (header, fileName) => {
  expect(readDisposition(header)).toEqual({ isAttachment: true, ...(fileName === undefined ? {} : { fileName }) });
});

test.each([['inline; filename=a.txt'], ['form-data; name=attachment'], ['']])('%j is no attachment', (header) => {
  expect(readDisposition(header).isAttachment).toBe(false);
});

test('any header is read without an error', () => {
  const part = fc.constantFrom(
    'attachment',
    ';',
    ' filename',
    '*',
    '=',
    '"',
    "utf-8''",
    '%C3',
    '%',
    '=?utf-8?B?',
    '?=',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string({ maxLength: 5 })), { maxLength: 15 }), (parts) => {
      expect(typeof readDisposition(parts.join('')).isAttachment).toBe('boolean');
    }),
  );
});
