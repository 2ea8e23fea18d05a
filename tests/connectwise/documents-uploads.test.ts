import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createUploads, type Uploads } from '../../src/connectwise/documents/uploads.ts';

const now = new Date('2026-03-10T15:00:00Z');
let home: string;
let uploads: Uploads;

/** Writes a file below the home folder that is so many minutes old. */
function write(path: string, { content = 'content', minutes = 10 } = {}): string {
  const whole = join(home, path);
  mkdirSync(join(whole, '..'), { recursive: true });
  writeFileSync(whole, content);
  const modified = new Date(now.getTime() - minutes * 60_000);
  utimesSync(whole, modified, modified);
  return whole;
}

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'cwm uploads ')));
  for (const folder of ['Downloads', 'Desktop', 'Pictures']) mkdirSync(join(home, folder));
  uploads = createUploads({ home, moreFolders: [join(home, 'Scans')], now: () => now });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const refusal = (message: RegExp, code = 'invalid_argument') => ({ code, message: expect.stringMatching(message) });

describe('a file is found', () => {
  test.each<[string, (path: string) => string]>([
    ['by its path', (path) => path],
    ['below ~', () => '~/Desktop/error.png'],
    ['by its name', () => 'error.png'],
    ['by its folder and name', () => 'Desktop/error.png'],
    ['by a file URL', (path) => pathToFileURL(path).href],
    ['by a path with detours inside the folder', () => '~/Desktop/x/../error.png'],
  ])('%s', async (_, wantedFor) => {
    const path = write('Desktop/error.png', { minutes: 3 });
    const file = await uploads.find(wantedFor(path));
    expect(file).toMatchObject({ path, name: 'error.png', kind: 'PNG image', mediaType: 'image/png', bytes: 7 });
    expect(uploads.describe(file)).toBe('PNG image, 7 bytes, 3 minutes old');
    expect(Buffer.from(await uploads.read(file)).toString()).toBe('content');
  });

  test('in the folders of the setting, and where Windows keeps them in the cloud', async () => {
    mkdirSync(join(home, 'Scans'));
    const scan = write('Scans/page 1.pdf');
    const cloud = write('OneDrive - Acme/Desktop/order.docx');
    uploads = createUploads({ home, moreFolders: [join(home, 'Scans')], now: () => now });
    expect((await uploads.find('page 1.pdf')).path).toBe(scan);
    expect((await uploads.find('order.docx')).path).toBe(cloud);
  });

  test('behind a link that stays inside', async () => {
    const path = write('Pictures/real.png');
    symlinkSync(path, join(home, 'Desktop', 'link.png'));
    expect((await uploads.find('~/Desktop/link.png')).path).toBe(path);
  });

  test('as the newest picture: pictures only, one folder down too, links left out', async () => {
    write('Downloads/newer.pdf', { minutes: 1 });
    write('Desktop/old.png', { minutes: 30 });
    write('Pictures/.hidden/secret.png', { minutes: 1 });
    const shot = write('Pictures/Screenshots/shot.png', { minutes: 5 });
    write('private.png', { minutes: 1 });
    symlinkSync(join(home, 'private.png'), join(home, 'Desktop', 'link.png'));
    expect((await uploads.find(' Newest ')).path).toBe(shot);
  });
});

describe('a file is refused', () => {
  test.each<[string, string]>([
    ['outside the folders', '~/secret.txt'],
    ['by an absolute path elsewhere', '/etc/hostname.txt'],
    ['above the folders', '~/Desktop/../secret.txt'],
    ['above the folders by its name', '../secret.txt'],
    ['in a hidden folder', '~/Desktop/.ssh/config.txt'],
    ['on another computer', 'file://evil.example/share/a.txt'],
  ])('%s', async (_, wanted) => {
    write('secret.txt');
    write('Desktop/.ssh/config.txt');
    await expect(uploads.find(wanted)).rejects.toMatchObject(refusal(/is not in .*Desktop|is a path, a file name/));
  });

  test('behind a link that leads out: to a file, or to a folder on the way', async () => {
    write('secret/plan.txt');
    symlinkSync(join(home, 'secret', 'plan.txt'), join(home, 'Desktop', 'a.txt'));
    symlinkSync(join(home, 'secret'), join(home, 'Desktop', 'folder'));
    for (const wanted of ['~/Desktop/a.txt', '~/Desktop/folder/plan.txt']) {
      await expect(uploads.find(wanted)).rejects.toMatchObject(refusal(/is not sent: it is not in/));
    }
  });

  test('that is a folder, empty or too large', async () => {
    mkdirSync(join(home, 'Desktop', 'folder.zip'));
    write('Desktop/empty.txt', { content: '' });
    truncateSync(write('Desktop/large.zip'), 25_000_001);
    await expect(uploads.find('folder.zip')).rejects.toMatchObject(refusal(/folders are not sent/));
    await expect(uploads.find('empty.txt')).rejects.toMatchObject(refusal(/empty/));
    await expect(uploads.find('large.zip')).rejects.toMatchObject(refusal(/25\.0 MB/));
  });

  test.each(['id_rsa', 'server.pem', 'vault.kdbx', 'run.exe', 'run.ps1', 'app.env', 'cookies.sqlite', 'x.lnk'])(
    'of the kind of %s, naming those that are sent',
    async (name) => {
      write(`Downloads/${name}`);
      await expect(uploads.find(name)).rejects.toMatchObject({
        ...refusal(/not for tickets/),
        details: { candidates: expect.arrayContaining(['png', 'pdf', 'docx', 'log']) },
      });
    },
  );

  test.each([['data:image/png;base64,iVBORw0KGgo='], ['line\nbreak.png'], ['x'.repeat(2_000)], ['']])(
    'that is content instead of a path: %j',
    async (wanted) => {
      await expect(uploads.find(wanted)).rejects.toMatchObject({
        ...refusal(/is a path, a file name or "newest"/),
        hint: expect.stringContaining('pasted into the chat'),
      });
    },
  );

  test('that several folders have, naming the paths', async () => {
    const paths = [write('Downloads/a.png'), write('Desktop/a.png')];
    await expect(uploads.find('a.png')).rejects.toMatchObject({
      ...refusal(/several folders/),
      details: { candidates: paths },
    });
  });
});

describe('a file that does not exist', () => {
  test('is answered with the five newest, and why a pasted picture is missing', async () => {
    for (const minutes of [1, 2, 3, 4, 5, 6]) write(`Downloads/file ${minutes}.png`, { minutes });
    write('Downloads/key.pem', { minutes: 0 });
    await expect(uploads.find('screenshot.png')).rejects.toMatchObject({
      ...refusal(/no file "screenshot\.png" in .*Downloads/),
      hint: expect.stringContaining('A picture pasted into the chat never reaches this computer'),
      details: {
        candidates: [1, 2, 3, 4, 5].map(
          (n) => `file ${n}.png (PNG image, 7 bytes, ${n} minute${n === 1 ? '' : 's'} old)`,
        ),
      },
    });
  });

  test('is said of the newest picture too', async () => {
    write('Downloads/a.pdf');
    await expect(uploads.find('newest')).rejects.toMatchObject({
      ...refusal(/no picture/),
      details: { candidates: ['a.pdf (PDF document, 7 bytes, 10 minutes old)'] },
    });
  });

  test('is said where the folders are missing', async () => {
    for (const folder of ['Downloads', 'Desktop', 'Pictures']) rmSync(join(home, folder), { recursive: true });
    await expect(uploads.find('newest')).rejects.toMatchObject(refusal(/do not exist/));
    await expect(uploads.find('a.png')).rejects.toMatchObject(refusal(/do not exist/));
  });
});

describe('a file that changed after it was shown is not read', () => {
  const changes: [string, (path: string) => void][] = [
    ['another size', (path) => writeFileSync(path, 'longer content')],
    ['another time', (path) => utimesSync(path, now, now)],
    [
      'other content of the same size and time',
      (path) => {
        const time = new Date(now.getTime() - 600_000);
        writeFileSync(path, 'CONTENT');
        utimesSync(path, time, time);
      },
    ],
    ['deleted', unlinkSync],
    [
      'a link in its place, to a copy',
      (path) => {
        renameSync(path, join(home, 'moved.png'));
        symlinkSync(join(home, 'moved.png'), path);
      },
    ],
    [
      'a link instead of its folder',
      (path) => {
        renameSync(join(path, '..'), join(home, 'Moved'));
        symlinkSync(join(home, 'Moved'), join(path, '..'));
      },
    ],
  ];
  test.each(changes)('%s', async (_, change) => {
    const path = write('Desktop/error.png');
    const file = await uploads.find(path);
    change(path);
    await expect(uploads.read(file)).rejects.toMatchObject(refusal(/has changed since/, 'conflict'));
  });

  test('and one that did not change is read as often as wanted, and never touched', async () => {
    const path = write('Desktop/error.png');
    linkSync(path, join(home, 'Desktop', 'other name.png'));
    const file = await uploads.find(path);
    await uploads.read(file);
    await uploads.read(file);
    expect(readFileSync(path, 'utf8')).toBe('content');
    expect(await uploads.find(path)).toEqual(file);
  });
});
