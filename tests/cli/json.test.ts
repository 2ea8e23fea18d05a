import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { runHere } from '../support/run-here.ts';
import { collect, exitOf, patient, runProgram, spawnProgram } from '../support/spawn.ts';

const sandboxed = (dataDir: string) => ['--sandbox', '--data-dir', dataDir];

test.each<[string[], string[]]>([
  [['--version'], ['version', 'node']],
  [['check-database'], ['info', 'sample']],
  [['changes', 'list'], ['changes']],
  [
    ['memory', 'list'],
    ['saved', 'built_in', 'waiting'],
  ],
  [
    ['call', 'GET', '/service/boards'],
    ['state', 'outcome', 'rows'],
  ],
  [
    ['memory', 'run', 'overdue-invoices'],
    ['state', 'outcome', 'rows'],
  ],
  [['purge'], ['folder', 'items', 'removed']],
])('%j --json prints one JSON value on stdout and nothing else', async (words, members) => {
  using folder = makeFolder();
  const settings = words[0] === '--version' ? [] : sandboxed(folder.path);
  const { stdout, stderr } = await runHere([...words, '--json', ...settings]);
  expect(Object.keys(JSON.parse(stdout))).toEqual(expect.arrayContaining(members));
  expect(stderr).toBe('');
});

test.each<[string, string[], string, number]>([
  ['an unknown flag', ['doctor', '--jsn'], 'usage', 2],
  ['an unknown command', ['calll'], 'usage', 2],
  ['a definition that is not there', ['build-database', '/no such/manage.json'], 'definition_invalid', 2],
  ['an unknown endpoint', ['call', 'GET', '/service/ticket'], 'unknown_endpoint', 1],
  ['an unknown change', ['changes', 'show', '4711'], 'unknown_change', 1],
])(
  '%s is with --json one line of JSON on stderr: code, message, hint and exit status',
  async (_name, words, code, exit) => {
    using folder = makeFolder();
    const settings = words[0] === 'calll' ? [] : sandboxed(folder.path);
    const run = await runHere([...words, '--json', ...settings]);
    expect(run).toMatchObject({ code: exit, stdout: '' });
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    const { error } = JSON.parse(run.stderr);
    expect(error).toMatchObject({ code, message: expect.any(String), hint: expect.any(String), exit_status: exit });
  },
);

test('serve, whose stdout carries the protocol, has no --json', async () => {
  expect(await runProgram(['serve', '--json'])).toMatchObject({ code: 2, stdout: '' });
});

test('the sandbox prints its address as JSON', async () => {
  using folder = makeFolder();
  const child = spawnProgram(['sandbox', '--json', '--data-dir', folder.path]);
  const stdout = collect(child.stdout);
  await expect.poll(stdout, patient).toMatch(/\}\n$/);
  expect(JSON.parse(stdout())).toMatchObject({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//) });
  child.kill();
  await exitOf(child);
});

test('each step of the demo is one line of JSON', async () => {
  const { code, stdout } = await runProgram(['demo', '--json']);
  expect(code).toBe(0);
  const steps = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(steps.length).toBeGreaterThan(5);
  for (const step of steps) expect(step).toMatchObject({ tool: expect.any(String), is_error: false });
});

test('build-database prints the new catalog as JSON', async () => {
  using folder = makeFolder();
  const { writeFileSync } = await import('node:fs');
  const file = join(folder.path, 'manage.json');
  const document = {
    openapi: '3.0.1',
    info: { title: 'CW', version: '1' },
    paths: { '/a/b': { get: { responses: {} } } },
  };
  writeFileSync(file, `\uFEFF${JSON.stringify(document, null, 2).replaceAll('\n', '\r\n')}`);
  const run = await runHere(['build-database', file, '--json', '--data-dir', folder.path]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(run.stdout)).toMatchObject({ version: '1', counts: { endpoints: 1 } });
});
