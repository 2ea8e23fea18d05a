import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, migrate, openDatabase, openOrReplace, transaction } from '../../src/core/storage.ts';

const migrations = ['CREATE TABLE notes (text TEXT)', 'ALTER TABLE notes ADD COLUMN at INTEGER'];
const now = () => new Date('2026-11-02T10:00:00Z');
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storage-'));
  file = join(folder, 'kept.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const texts = (database: Database) =>
  database
    .prepare('SELECT text FROM notes')
    .all()
    .map((row) => row.text);

async function openNotes() {
  const opened = await openOrReplace(file, migrations, now);
  return opened;
}

describe('opening', () => {
  test('a file that several processes write is kept with a write-ahead log that survives a power cut', async () => {
    const { database } = await openNotes();
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    database.close();
  });

  test('reading only, nothing is made and nothing can be written', async () => {
    await expect(openDatabase(file, { readOnly: true })).rejects.toMatchObject({ code: 'storage_failed' });
    expect(await readdir(folder)).toEqual([]);
    (await openDatabase(file)).close();
    const database = await openDatabase(file, { readOnly: true });
    expect(() => database.exec('CREATE TABLE t (a)')).toThrow(/readonly/);
    database.close();
  });

  test('a folder in the place of the file is an error that names it', async () => {
    await mkdir(file);
    await expect(openNotes()).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining(file) });
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'a file without rights is an error and stays where it is',
    async () => {
      (await openNotes()).database.close();
      await chmod(file, 0o000);
      await expect(openNotes()).rejects.toMatchObject({ code: 'storage_failed' });
      expect(await readdir(folder)).toContain('kept.db');
    },
  );
});

describe('migrations', () => {
  test('an older file keeps its rows and gets the newer columns', async () => {
    const older = await openOrReplace(file, migrations.slice(0, 1), now);
    older.database.exec("INSERT INTO notes VALUES ('kept')");
    older.database.close();
    const { database } = await openNotes();
    expect(database.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept', at: null }]);
    database.close();
  });

  test('a file of a newer version is refused and left as it is', async () => {
    const newer = await openOrReplace(file, [...migrations, 'CREATE TABLE later (a)'], now);
    newer.database.close();
    await expect(openNotes()).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('newer version'),
    });
    expect((await readdir(folder)).filter((name) => name.endsWith('.db'))).toEqual(['kept.db']);
  });

  test('a database of another program is refused', async () => {
    const foreign = await openDatabase(file);
    foreign.exec('CREATE TABLE theirs (a)');
    foreign.close();
    await expect(openNotes()).rejects.toMatchObject({ message: expect.stringContaining('another program') });
  });

  test('a step that fails leaves the file at the version it had', async () => {
    const database = await openDatabase(file);
    expect(() => migrate(database, file, ['CREATE TABLE notes (text)', 'NOT SQL'])).toThrow(/syntax error/);
    expect(database.prepare('SELECT name FROM sqlite_schema').all()).toEqual([]);
    migrate(database, file, migrations);
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
    database.close();
  });
});

test('a transaction that throws leaves nothing behind', async () => {
  const { database } = await openNotes();
  const fail = () =>
    transaction(database, () => {
      database.exec("INSERT INTO notes (text) VALUES ('half')");
      throw new Error('stop');
    });
  expect(fail).toThrow('stop');
  expect(texts(database)).toEqual([]);
  transaction(database, () => database.exec("INSERT INTO notes (text) VALUES ('whole')"));
  expect(texts(database)).toEqual(['whole']);
  database.close();
});

describe('a damaged file', () => {
  async function fill() {
    const { database } = await openNotes();
    const insert = database.prepare('INSERT INTO notes (text) VALUES (?)');
    transaction(database, () => {
      for (let row = 0; row < 2000; row++) insert.run(`row ${row}`);
    });
    database.close();
  }
  const damages: [string, () => Promise<void>][] = [
    [
      'is text',
      () => writeFile(file, 'this is not a database, and it is longer than a header of SQLite would be '.repeat(20)),
    ],
    ['was cut off', () => truncate(file, 8192 + 100)],
    ['has garbage in the middle', async () => writeFile(file, (await readFile(file)).fill(0xa5, 4096, 12288))],
  ];

  test.each(damages)('that %s is set aside whole, and a new one is started', async (_, damage) => {
    await fill();
    await damage();
    const before = await readFile(file);
    const { database, setAside } = await openNotes();
    expect(setAside).toBe(join(folder, 'kept.damaged-2026-11-02T10-00-00.db'));
    expect((await readFile(setAside ?? '')).equals(before)).toBe(true);
    expect(texts(database)).toEqual([]);
    database.close();
    const again = await openNotes();
    expect(again.setAside).toBeUndefined();
    again.database.close();
  });

  test('that is met twice in one second gets two names', async () => {
    const names: string[] = [];
    for (const text of ['first '.repeat(99), 'second '.repeat(99)]) {
      await writeFile(file, text);
      const { database, setAside = '' } = await openNotes();
      database.close();
      names.push(basename(setAside));
      expect(await readFile(setAside, 'utf8')).toBe(text);
    }
    expect(new Set(names).size).toBe(2);
  });

  test('that several openers meet at once is set aside once', async () => {
    await writeFile(file, 'damaged '.repeat(99));
    const opened = await Promise.all([openNotes(), openNotes(), openNotes()]);
    expect(opened.filter(({ setAside }) => setAside !== undefined)).toHaveLength(1);
    opened[0]?.database.exec("INSERT INTO notes (text) VALUES ('seen by all')");
    for (const { database } of opened) {
      expect(texts(database)).toEqual(['seen by all']);
      database.close();
    }
  });
});
