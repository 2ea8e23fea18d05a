import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { runHere } from '../support/run-here.ts';

const now = '2026-03-10T15:00:00Z';
const memory = (dataDir: string, ...words: string[]) =>
  runHere(['memory', ...words, '--sandbox', '--data-dir', dataDir, '--now', now, '--timezone', 'UTC']);

test('a built-in query runs to CSV and JSON with its values, with only rows on stdout', async () => {
  using folder = makeFolder();
  const csv = await memory(folder.path, 'run', 'client-open-tickets', '--arg', 'company=Silverline');
  expect(csv).toMatchObject({ code: 0, stderr: expect.stringMatching(/^COMPLETE: 7 rows/) });
  const [head, ...rows] = csv.stdout.trim().split(/\r?\n/);
  expect(head).toMatch(/^\uFEFF?id,summary,.*company_name/);
  expect(rows).toHaveLength(7);
  const json = await memory(folder.path, 'run', 'overdue-invoices', '--format', 'json');
  expect(JSON.parse(json.stdout)[0]).toHaveProperty('balance');
  const report = await memory(folder.path, 'run', 'board-workload', '--arg', 'board=Service Desk');
  expect(report.stdout).toMatch(/^\uFEFF?owner,status,tickets/);
});

// Each of them dropped its last column without a word.
test.each<[string, string[], string]>([
  ['my-open-tickets', ['--member', 'bkaur'], '_info_lastUpdated'],
  ['new-unassigned-tickets', ['--arg', 'board=Service Desk'], '_info_dateEntered'],
  ['recently-updated-tickets', ['--arg', 'board=Service Desk'], '_info_lastUpdated'],
  ['stale-tickets', [], '_info_lastUpdated'],
  ['client-open-tickets', ['--arg', 'company=Silverline'], '_info_lastUpdated'],
  ['similar-tickets', ['--arg', 'company=Silverline', '--arg', 'word=e'], '_info_dateEntered'],
])('%s has the date of _info that it was saved with', async (name, more, column) => {
  using folder = makeFolder();
  const { stdout, code } = await memory(folder.path, 'run', name, ...more, '--format', 'json');
  expect(code).toBe(0);
  const rows = JSON.parse(stdout);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    expect(Object.keys(row).at(-1)).toBe(column);
    expect(row[column]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  }
});

test('the period that a query used is printed beside its rows, and includes its last day', async () => {
  using folder = makeFolder();
  const run = (to: string) =>
    memory(folder.path, 'run', 'time-by-member', '--arg', 'from=2026-02-02', '--arg', `to=${to}`);
  const { code, stderr } = await run('2026-02-06');
  expect({ code, stderr }).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('With timeStart from 2026-02-02 00:00 UTC, before 2026-02-07 00:00 UTC.'),
  });
  expect(await run('2026-02-01')).toMatchObject({ code: 2, stderr: expect.stringContaining('ends before it begins') });
});

test('a scheduled report goes into a file, replaced as a whole; a saved change waits for --confirm', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'Überfällig.csv');
  writeFileSync(file, 'of last week');
  const run = await memory(folder.path, 'run', 'overdue-invoices', '--output', file);
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/^COMPLETE: 19 rows\.\n/) });
  expect(readFileSync(file, 'utf8')).toMatch(/^\uFEFFid,invoiceNumber,[^\n]*\r\n\d/);
  const queries = [
    { name: 'low', description: 'Low', method: 'PATCH', path: '/service/tickets/1417', data: { priority: 'Low' } },
  ];
  const shared = join(folder.path, 'shared.json');
  writeFileSync(shared, JSON.stringify({ format: 'cwm-fast-memory', version: 1, queries }));
  await memory(folder.path, 'import', shared);
  await memory(folder.path, 'accept');
  expect(await memory(folder.path, 'run', 'low')).toMatchObject({
    code: 4,
    stdout: expect.stringContaining('change id'),
  });
  const sent = await memory(folder.path, 'run', 'low', '--confirm');
  expect(sent).toMatchObject({ code: 0, stderr: expect.stringContaining('SENT: PATCH /service/tickets/1417') });
});

test('queries are shared in a file, and are not used on the other side until accepted', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'shared.json');
  const queries = [
    { description: 'Boards by name', path: '/service/boards', params: { conditions: 'name={name}' } },
    { description: 'Elsewhere', path: 'https://evil.example/x' },
  ];
  writeFileSync(file, JSON.stringify({ format: 'cwm-fast-memory', version: 1, queries }));
  const imported = await memory(folder.path, 'import', file);
  expect(imported).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/1 added, 0 there already, 1 refused[\s\S]*entry 2 refused/),
  });
  expect((await memory(folder.path, 'run', '1', '--arg', 'name=x')).stderr).toMatch(/No saved query/);
  expect((await memory(folder.path, 'accept', '1')).stdout).toMatch(/^1 accepted/);
  expect((await memory(folder.path, 'run', '1', '--arg', 'name=Service Desk')).stdout).toContain('Service Desk');
  const copy = join(folder.path, 'copy.json');
  expect((await memory(folder.path, 'export', copy)).stdout).toMatch(/^1 saved query written/);
  if (process.platform !== 'win32') expect(statSync(copy).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(copy, 'utf8')).queries).toMatchObject([{ description: 'Boards by name' }]);
  expect((await memory(folder.path, 'list')).stdout).toMatch(
    /Boards by name, used 1 times[\s\S]*built-in {2}my-open-tickets/,
  );
});

test.each<[string[], RegExp]>([
  [['forget'], /no action "forget"/],
  [['run'], /needs an id, a name or words/],
  [['run', 'my-time', '--arg', 'x'], /not NAME=VALUE/],
  [['run', 'my-time', '--format', 'xml'], /csv, json, table, xlsx/],
  [['accept', 'x'], /takes an id/],
  [['import', '/nowhere/at/all'], /cannot be read/],
])('%j is refused: exit 2', async (words, reason) => {
  using folder = makeFolder();
  expect(await memory(folder.path, ...words)).toMatchObject({ code: 2, stderr: expect.stringMatching(reason) });
});

test('words run a query only if all of them are covered; else it names what is not, and the arguments', async () => {
  using folder = makeFolder();
  const run = await memory(folder.path, 'run', 'my time of Zebra', '--format', 'json');
  expect(run).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/my-time .*"Zebra": nothing was run/),
  });
  expect(run.stderr).toContain('my-time, with its values as --arg NAME=VALUE: member=me');
});
