import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Terminal } from '../../src/cli/command.ts';
import { findDataFiles } from '../../src/cli/data-files.ts';
import { findDataFolder, purge as purgeCommand } from '../../src/cli/purge.ts';
import { makeFolder } from '../support/folders.ts';
import { runHere } from '../support/run-here.ts';
import { openPipe } from '../support/spawn-pipe.ts';

const purge = (dataDir: string, ...words: string[]) => runHere(['purge', ...words, '--data-dir', dataDir]);
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
    .sort();

const filled = makeFolder();
afterAll(() => filled[Symbol.dispose]());

/** Makes a data folder as a session on the sandbox leaves it, and what people put there. */
beforeAll(async () => {
  const dataDir = filled.path;
  const settings = ['--sandbox', '--data-dir', dataDir, '--log-level', 'debug'];
  await using pipe = await openPipe(['serve', ...settings]);
  await pipe.callText('execute_api_call', { path: '/service/boards' });
  await pipe.callText('execute_api_call', { path: '/service/tickets/1', method: 'DELETE' });
  pipe.closeStdin();
  await pipe.exit;
  writeFileSync(join(dataDir, 'config.json'), '{}');
  mkdirSync(join(dataDir, 'sandbox', 'downloads'));
  writeFileSync(join(dataDir, 'sandbox', 'downloads', 'letter.txt'), 'Dear');
  writeFileSync(join(dataDir, 'sandbox', 'policy.json'), '{}');
});

const fill = (dataDir: string) => cpSync(filled.path, dataDir, { recursive: true });

/** When a folder that was made now counts as that of an interrupted build. */
const tomorrow = () => new Date(Date.now() + 86_400_000);

const peoples = ['config.json', join('sandbox', 'downloads', 'letter.txt'), join('sandbox', 'policy.json')];

test('without --yes and a person to ask it says what it would remove, and removes nothing', async () => {
  using folder = makeFolder();
  fill(folder.path);
  const before = filesIn(folder.path);
  const run = await purge(folder.path);
  expect(run).toMatchObject({ code: 4, stdout: expect.stringMatching(/^NOT REMOVED/) });
  expect(run.stderr).toMatch(/ logs +1 file +[\d.]+ k?B .*\n {2}sandbox +\d files/);
  expect(filesIn(folder.path)).toEqual(before);
});

test.each<[string, string, number | RegExp]>([
  ['no', 'n\r', 4],
  ['yes', 'y\r', 0],
  ['Ctrl+C', '\u0003', /Stopped\. Nothing was removed/],
])('a person at a terminal is asked: %s', async (_name, key, expected) => {
  using folder = makeFolder();
  fill(folder.path);
  const before = filesIn(folder.path);
  const [stdin, output] = [new PassThrough(), new PassThrough()].map((one) => Object.assign(one, { isTTY: true }));
  output?.on('data', (chunk: Buffer) => /Remove them\?/.test(chunk.toString()) && stdin?.write(key));
  const terminal = { environment: {}, stdin, stdout: output, stderr: output } as unknown as Terminal;
  const call = { terminal, positionals: [], settings: { dataDir: folder.path }, flags: {}, lists: {} };
  if (typeof expected === 'number') expect(await purgeCommand.run(call)).toBe(expected);
  else await expect(purgeCommand.run(call)).rejects.toThrow(expected);
  expect(filesIn(folder.path)).toEqual(expected === 0 ? peoples : before);
});

test('--yes removes what the program made, and nothing that people wrote or downloaded', async () => {
  using folder = makeFolder();
  fill(folder.path);
  const { code, stdout } = await purge(folder.path, '--yes', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ removed: expect.any(Number), failed: [] });
  expect(filesIn(folder.path)).toEqual(peoples);
  expect(readdirSync(join(folder.path, 'sandbox')).sort()).toEqual(['downloads', 'policy.json']);
  expect(await purge(folder.path)).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to remove') });
});

test('parts and ages narrow it', async () => {
  using folder = makeFolder();
  fill(folder.path);
  expect((await purge(folder.path, 'logs', '--yes', '--older-than', '30')).stdout).toMatch(/Nothing to remove/);
  const log = join(folder.path, 'logs', 'gateway.log');
  const old = new Date(Date.now() - 31 * 86_400_000);
  utimesSync(log, old, old);
  expect((await purge(folder.path, 'logs, memory', '--yes', '--older-than', '30')).stdout).toMatch(/^1 file removed/);
  expect(existsSync(log)).toBe(false);
  expect(existsSync(join(folder.path, 'sandbox', 'changes.db'))).toBe(true);
});

test('nothing is removed while a server works with it', async () => {
  using folder = makeFolder();
  await using pipe = await openPipe(['serve', '--sandbox', '--data-dir', folder.path]);
  // A reply with a statement comes once the rows are stored: from then on the server holds their file.
  const listed = await pipe.callText('execute_api_call', { path: '/service/boards', sql: 'SELECT count(*) FROM it' });
  const [table = ''] = /\bboards_\d+/.exec(listed) ?? [];
  // Journals of SQLite come and go with each write of the server.
  const lasting = () => filesIn(folder.path).filter((name) => !/-(journal|wal|shm)$/.test(name));
  const before = lasting();
  expect(await purge(folder.path, '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Nothing was removed: .*answers-\w+\.db/),
  });
  expect(lasting()).toEqual(expect.arrayContaining(before));
  expect(await pipe.callText('query_results', { sql: `SELECT count(*) FROM ${table}` })).toMatch(/^COMPLETE/);
});

// As a server starts a new log file, or a build ends: each case is on the list that was read and gone when it is opened.
test.each<[string, string[], string]>([
  ['a log file', ['gateway.log', 'gateway.log.1'], 'logs'],
  [
    'a build',
    ['0', '1'].map((digit) => `catalog-2025.16-0123abcd-2026010100000000${digit}.db.partial-aB3xYz`),
    'catalog',
  ],
])('%s that goes while purge looks is passed over', async (_name, [stays = '', goes = ''], part) => {
  using folder = makeFolder();
  const inside = (name: string) => join(folder.path, part, name);
  mkdirSync(join(folder.path, part));
  for (const name of [stays, goes]) {
    if (part === 'catalog') mkdirSync(inside(name));
    else writeFileSync(inside(name), '{"level":"info"}\n');
  }
  // Looks at the first of the two before it gives way.
  const finding = findDataFiles(folder.path, tomorrow());
  rmSync(inside(goes), { recursive: true });
  expect((await finding).map(({ paths }) => paths)).toEqual([[inside(stays)]]);
});

test('files of other programs with the same names stay', async () => {
  using folder = makeFolder();
  const { path } = folder;
  for (const name of ['logs', 'catalog', 'results', 'locks']) mkdirSync(join(path, name));
  writeFileSync(join(path, 'logs', 'gateway.log'), '2026-01-01 another gateway\n');
  writeFileSync(join(path, 'fast_memory.db'), 'no database');
  new DatabaseSync(join(path, 'changes.db')).exec('CREATE TABLE mine (x)');
  writeFileSync(join(path, 'catalog', 'current.json'), '{"file": "spring.pdf"}');
  writeFileSync(join(path, 'catalog', 'catalog-spring.db'), 'x');
  writeFileSync(join(path, 'results', 'answers.db'), 'x');
  const before = filesIn(path);
  expect(await purge(path, '--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to remove') });
  expect(filesIn(path)).toEqual(before);
});

test('links are not followed, neither to files nor to folders', async () => {
  using folder = makeFolder();
  using elsewhere = makeFolder();
  const log = join(elsewhere.path, 'gateway.log');
  writeFileSync(log, '{"level":"info"}\n');
  symlinkSync(elsewhere.path, join(folder.path, 'logs'), 'junction');
  mkdirSync(join(folder.path, 'catalog'));
  symlinkSync(log, join(folder.path, 'catalog', 'current.json'));
  mkdirSync(join(elsewhere.path, 'results'));
  symlinkSync(join(elsewhere.path, 'results'), join(folder.path, 'sandbox'), 'junction');
  writeFileSync(join(elsewhere.path, 'results', 'changes.damaged-2026-01-01T00-00-00.db'), 'x');
  expect((await purge(folder.path, '--yes')).stdout).toMatch(/Nothing to remove/);
  expect(readFileSync(log, 'utf8')).toBe('{"level":"info"}\n');
  expect(readdirSync(join(elsewhere.path, 'results'))).toHaveLength(1);
});

test('a build that was interrupted, a damaged file and left-over answers go', async () => {
  using folder = makeFolder();
  const { path } = folder;
  const build = 'catalog-2025.16-0123abcd-20260101000000000.db';
  mkdirSync(join(path, 'catalog', `${build}.partial-aB3xYz`), { recursive: true });
  mkdirSync(join(path, 'results'));
  const made = [
    join('catalog', build),
    join('catalog', `${build}.partial-aB3xYz`, 'partial'),
    join('results', 'answers-0000abcd.db'),
    join('results', 'answers-0000abcd.db-wal'),
    'fast_memory.damaged-2026-01-01T00-00-00-2.db',
    'fast_memory.damaged-2026-01-01T00-00-00-2.db-wal',
  ];
  for (const name of made) writeFileSync(join(path, name), 'x');
  const old = new Date(Date.now() - 7_200_000);
  for (const name of ['', 'partial']) utimesSync(join(path, 'catalog', `${build}.partial-aB3xYz`, name), old, old);
  expect((await purge(path, 'catalog', '--yes')).stdout).toMatch(/^2 files removed/);
  expect((await purge(path, '--yes')).stdout).toMatch(/^4 files removed/);
  expect(readdirSync(path)).toEqual([]);
});

test('the folder of a build that may be running stays', async () => {
  using folder = makeFolder();
  const partial = join(folder.path, 'catalog', 'catalog-2025.16-0123abcd-20260101000000000.db.partial-aB3xYz');
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, 'partial'), 'x');
  expect(await findDataFiles(folder.path, new Date())).toEqual([]);
  expect((await purge(folder.path, '--yes')).stdout).toMatch(/Nothing to remove/);
  expect(existsSync(join(partial, 'partial'))).toBe(true);
  expect(await findDataFiles(folder.path, tomorrow())).toMatchObject([{ part: 'catalog', bytes: 1 }]);
});

test('a drive root and a folder with a home folder in it are refused', async () => {
  using home = makeFolder();
  mkdirSync(join(home.path, 'logs'));
  writeFileSync(join(home.path, 'logs', 'gateway.log'), '{"level":"info"}\n');
  for (const folder of ['/', home.path, join(home.path, '..'), `${home.path}/.`])
    expect(() => findDataFolder(folder, home.path), folder).toThrow(/drive root or a home folder/);
  const environment = { HOME: home.path, USERPROFILE: home.path };
  const run = await runHere(['purge', '--yes', '--data-dir', '~'], { environment });
  expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Nothing is removed') });
  using elsewhere = makeFolder();
  const link = join(elsewhere.path, 'link');
  symlinkSync(home.path, link, 'junction');
  expect(() => findDataFolder(link, home.path)).toThrow(/drive root or a home folder/);
  expect(filesIn(home.path)).toEqual([join('logs', 'gateway.log')]);
});

test.each([
  [['everything'], /has no part "everything"[\s\S]*logs,memory,journal/],
  [['--older-than', 'a week'], /--older-than a week is not a whole number from 0 to 99,999/],
])('%j is refused: exit 2', async (words, reason) => {
  using folder = makeFolder();
  expect(await purge(folder.path, ...words)).toMatchObject({ code: 2, stderr: expect.stringMatching(reason) });
});
