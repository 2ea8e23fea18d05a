import { win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manyRuns } from '../../../tests/support/depth.ts';
import { numberFileName, toSafeFileName } from './file-name.ts';

const path = '/system/documents/12/download';
const octets = 'application/octet-stream';
const name = (given: string | undefined, mediaType = octets, from = path) => toSafeFileName(given, from, mediaType);

describe('the name of a downloaded file', () => {
  test.each<[string, string]>([
    ['report.pdf', 'report.pdf'],
    ['Größe (1) – final.xlsx', 'Größe (1) – final.xlsx'],
    ['../../.ssh/authorized_keys', 'authorized_keys'],
    ['..\\..\\Windows\\win.ini', 'win.ini'],
    ['C:\\Users\\bob\\a.txt', 'a.txt'],
    ['C:a.txt', 'C_a.txt'],
    ['/etc/passwd', 'passwd'],
    ['a:b.txt', 'a_b.txt'],
    ['x.txt:Zone.Identifier', 'x.txt_Zone.Identifier'],
    ['a<b>|c?"*.txt', 'a_b__c___.txt'],
    ['.bashrc', 'bashrc'],
    ['  spaced \t name .txt ', 'spaced name.txt'],
    ['name.txt. . .', 'name.txt'],
    ['line\r\nbreak\0.txt', 'linebreak.txt'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['Com1.log', '_Com1.log'],
    ['lpt¹.txt', '_lpt¹.txt'],
    ['aux .txt', '_aux.txt'],
    ['console.log', 'console.log'],
    ['desktop.ini', 'desktop.ini.txt'],
    ['Click me.LNK', 'Click me.LNK.txt'],
    ['con.url', '_con.url.txt'],
    ['Corporate.theme', 'Corporate.theme.txt'],
    ['a.ThemePack', 'a.ThemePack.txt'],
    ['a.website', 'a.website.txt'],
    ['start.desktop', 'start.desktop.txt'],
    ['AUTORUN.INF', 'AUTORUN.INF.txt'],
    ['theme.css', 'theme.css'],
    ['..', 'document-12'],
    ['///', 'document-12'],
    ['\u200B', 'document-12'],
  ])('%j becomes %j', (given, expected) => {
    expect(name(given)).toBe(expected);
  });

  test.each<[string, string, string]>([
    ['/finance/invoices/1234/pdf', 'application/pdf', 'invoice-1234.pdf'],
    ['/company/contacts/5/image', 'image/png', 'contact-5-image.png'],
    ['/system/documents/12/download', octets, 'document-12'],
    ['/system/documents/12/thumbnail', 'image/jpeg', 'document-12-thumbnail.jpg'],
    ['/company/management/3/log/download', 'text/plain', 'management-3-log.txt'],
    ['/', octets, 'file'],
  ])('is made from %s where none came', (from, mediaType, expected) => {
    expect(name(undefined, mediaType, from)).toBe(expected);
  });

  test.each([
    ['Invoice no. 5 for Acme', 'application/pdf', 'Invoice no. 5 for Acme.pdf'],
    ['build 1.2', 'text/plain', 'build 1.2.txt'],
    ['photo.jpeg', 'image/jpeg', 'photo.jpeg'],
  ])('%s of the type %s gets its extension once', (given, mediaType, expected) => {
    expect(name(given, mediaType)).toBe(expected);
  });

  test('of any length stays short and keeps its extension', () => {
    expect(name(`${'a'.repeat(500)}.pdf`)).toBe(`${'a'.repeat(116)}.pdf`);
    const emoji = name(`${'😀'.repeat(300)}.pdf`);
    expect(emoji).toMatch(/^(😀)+\.pdf$/u);
    expect(Buffer.byteLength(emoji)).toBeLessThanOrEqual(200);
  });

  test('is one safe part of a path, whatever was given', () => {
    const device = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)( *\.|$)/i;
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '..',
        '/',
        '\\',
        'CON',
        'nul',
        '.',
        ' ',
        ':',
        'com1',
        '.txt',
        '.lnk',
        '\u202E',
        'desktop.ini',
        'é',
      ),
    );
    const given = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(
        given,
        fc.constantFrom(octets, 'image/png', 'text/plain'),
        fc.integer({ min: 1, max: 999 }),
        (text, type, number) => {
          const safe = numberFileName(name(text, type), number);
          expect(safe).not.toBe('');
          expect(safe).not.toMatch(/[/\\:*?"<>|\p{Cc}\p{Cf}]/u);
          expect(safe).not.toMatch(/^[. ]|[. ]$/);
          expect(safe).not.toMatch(device);
          expect(safe.isWellFormed()).toBe(true);
          expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
          // Windows resolves a name to itself: it is not a path, a drive or a device.
          expect(win32.relative('C:\\Folder', win32.resolve('C:\\Folder', safe))).toBe(safe);
        },
      ),
      { numRuns: manyRuns },
    );
  });
});

test.each([
  ['report.pdf', 1, 'report.pdf'],
  ['report.pdf', 2, 'report (2).pdf'],
  ['archive.tar.gz', 3, 'archive.tar (3).gz'],
  ['noextension', 2, 'noextension (2)'],
])('%s with the number %i is %s', (given, number, expected) => {
  expect(numberFileName(given, number)).toBe(expected);
});
