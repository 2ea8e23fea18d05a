import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { openPipeHere, runHere } from '../support/run-here.ts';
import { builtProgram, patient, runProgram } from '../support/spawn.ts';
import { openPipe } from '../support/spawn-pipe.ts';

// What Windows does to a program: folders with spaces and umlauts, line ends of two characters, a mark before texts,
// and no signals: a host closes stdin, and that has to be enough.

test('the program runs from a folder with spaces and umlauts, with its data in another', async () => {
  using folder = makeFolder();
  const program = join(folder.path, 'Bürö Programme', 'dist');
  mkdirSync(dirname(program));
  cpSync(dirname(builtProgram), program, { recursive: true });
  const dataDir = join(folder.path, 'Daten für Jürgen');
  mkdirSync(dataDir);
  writeFileSync(
    join(dataDir, 'config.json'),
    '\uFEFF{\r\n  "sandbox": true,\r\n  "timeZone": "Europe/Berlin"\r\n}\r\n',
  );
  const options = { program: join(program, 'main.js') };
  {
    await using pipe = await openPipe(['serve', '--data-dir', dataDir], options);
    const sql = 'select count(*) as n from it';
    const text = await pipe.callText('execute_api_call', {
      path: '/service/tickets',
      all_pages: true,
      params: {},
      sql,
    });
    expect(text).toMatch(/^COMPLETE: 600 rows/);
    expect(await pipe.callText('execute_api_call', { path: '/gateway/me' })).toContain('Europe/Berlin');
    pipe.closeStdin();
    expect(await pipe.exit).toEqual({ code: 0, signal: null });
  }
  const run = await runProgram(['call', 'GET', '/service/boards', '--fields', 'id', '--data-dir', dataDir], options);
  expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^id\r\n1\r\n/) });
  expect(existsSync(join(dataDir, 'sandbox', 'fast_memory.db'))).toBe(true);
});

test('messages that end with two characters are read, and answered as ever', async () => {
  using folder = makeFolder();
  await using pipe = await openPipeHere(['serve', '--sandbox', '--data-dir', folder.path]);
  const call = { name: 'search_api_endpoints', arguments: { query: 'tickets', max_results: 1 } };
  const before = pipe.lines.length;
  for (const id of [901, 902])
    pipe.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: call })}\r\n`);
  await expect.poll(() => pipe.lines.length, patient).toBe(before + 2);
  const ids = pipe.lines.slice(before).map((line) => JSON.parse(line).id);
  expect(ids.sort()).toEqual([901, 902]);
  expect(pipe.lines.join('')).not.toContain('\r');
});

test('a file of saved queries with the mark and the line ends of Windows is imported', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'Abfragen für alle.json');
  const queries = [{ description: 'Boards', path: '/service/boards' }];
  const text = JSON.stringify({ format: 'cwm-fast-memory', version: 1, queries }, null, 2);
  writeFileSync(file, `\uFEFF${text.replaceAll('\n', '\r\n')}\r\n`);
  const settings = ['--sandbox', '--data-dir', folder.path];
  expect((await runHere(['memory', 'import', file, ...settings])).stdout).toMatch(/^1 added/);
  const copy = join(folder.path, 'Kopie für alle.json');
  await runHere(['memory', 'accept', ...settings]);
  await runHere(['memory', 'export', copy, ...settings]);
  expect(JSON.parse(readFileSync(copy, 'utf8')).queries).toHaveLength(1);
});
