import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDownloads } from '../../src/connectwise/documents/downloads.ts';

let home: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cwm downloads '));
  folder = join(home, 'Downloads');
  mkdirSync(folder);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const downloads = (platform = 'linux') =>
  createDownloads({ folders: [folder, join(home, 'data', 'downloads')], platform });
const file = (fileName: string | undefined, content = 'content', contentType = 'application/octet-stream') => ({
  path: '/system/documents/12/download',
  content: Buffer.from(content),
  contentType,
  ...(fileName === undefined ? {} : { fileName }),
});

describe('a download', () => {
  test('is a new file for its owner alone', async () => {
    const saved = await downloads().save(file('report.pdf', '%PDF-1.7 …'));
    expect(saved).toEqual({ path: join(folder, 'report.pdf'), mediaType: 'application/pdf', bytes: 12 });
    expect(readFileSync(saved.path, 'utf8')).toBe('%PDF-1.7 …');
    // Windows has owners, and no modes.
    if (process.platform !== 'win32') expect(statSync(saved.path).mode & 0o777).toBe(0o600);
  });

  test('never overwrites: not a file, not a link, not one that came at the same moment', async () => {
    writeFileSync(join(folder, 'a.txt'), 'mine');
    writeFileSync(join(home, 'elsewhere.txt'), 'mine too');
    symlinkSync(join(home, 'elsewhere.txt'), join(folder, 'a (2).txt'));
    symlinkSync(join(home, 'nowhere.txt'), join(folder, 'a (3).txt'));
    const saved = await Promise.all([1, 2, 3].map((number) => downloads().save(file('a.txt', `new ${number}`))));
    expect(saved.map(({ path }) => basename(path)).sort()).toEqual(['a (4).txt', 'a (5).txt', 'a (6).txt']);
    expect(saved.map(({ path }) => readFileSync(path, 'utf8'))).toEqual(['new 1', 'new 2', 'new 3']);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(join(home, 'elsewhere.txt'), 'utf8')).toBe('mine too');
    expect(readdirSync(home)).not.toContain('nowhere.txt');
  });

  test('goes into the data folder where the user has no Downloads', async () => {
    rmSync(folder, { recursive: true });
    const saved = await downloads().save(file('a.txt'));
    expect(saved.path).toBe(join(home, 'data', 'downloads', 'a.txt'));
    if (process.platform !== 'win32') expect(statSync(dirname(saved.path)).mode & 0o777).toBe(0o700);
  });

  test('is marked as foreign on Windows only', async () => {
    await downloads().save(file('a.docx'));
    expect(readdirSync(folder)).toEqual(['a.docx']);
    await downloads('win32').save(file('b.docx'));
    // Elsewhere than on Windows the stream is a file of that name.
    expect(readFileSync(join(folder, 'b.docx:Zone.Identifier'), 'utf8')).toContain('ZoneId=3');
  });

  test('gets the quarantine mark on macOS, and is kept where that fails', async () => {
    const marks: string[][] = [];
    const on = (setAttribute: (...mark: string[]) => Promise<unknown>) =>
      createDownloads({ folders: [folder], platform: 'darwin', setAttribute });
    const { path } = await on(async (...mark) => marks.push(mark)).save(file('a.command'));
    expect(marks).toEqual([
      [path, 'com.apple.quarantine', expect.stringMatching(/^0081;[0-9a-f]{8};cwm-api-gateway-mcp;$/)],
    ]);
    const kept = await on(() => Promise.reject(new Error('no attributes here'))).save(file('b.command'));
    expect(readFileSync(kept.path, 'utf8')).toBe('content');
  });

  test('that cannot be written names the folder and the setting', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(join(home, 'data'), 'a file where a folder should be');
    await expect(downloads().save(file('a.txt'))).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining(join(home, 'data', 'downloads')),
      hint: expect.stringContaining('CONNECTWISE_DOWNLOAD_DIR'),
    });
  });

  test('never leaves its folder, whatever ConnectWise calls it', async () => {
    const piece = fc.constantFrom('..', '/', '\\', 'a', '.', ' ', ':', 'nul', '%2e%2e', '\0', '~', 'Ä');
    const name = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(name, async (given) => {
        const { path } = await downloads().save(file(given));
        expect(dirname(path)).toBe(folder);
        expect(readdirSync(folder)).toContain(basename(path));
        expect(readdirSync(home)).toEqual(['Downloads']);
      }),
      { numRuns: 200 },
    );
  });
});

test.each<[string, string, string, string]>([
  ['by its first bytes', '%PDF-1.4', 'application/octet-stream', 'application/pdf'],
  ['by its first bytes, whatever was said', 'GIF89a…', 'text/plain', 'image/gif'],
  ['by what was said', 'a,b', 'text/csv; charset=utf-8', 'text/csv'],
  ['by its name', 'hello', 'application/octet-stream', 'text/plain'],
])('a type is known %s', async (_, content, said, mediaType) => {
  expect(await downloads().save(file('a.txt', content, said))).toMatchObject({ mediaType });
});
