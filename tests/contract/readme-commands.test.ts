import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeHome } from '../cli/init-home.ts';
import { runHere } from '../support/run-here.ts';
import { binProgram, cleanEnvironment, collect, exitOf, runProgram, spawnProgram } from '../support/spawn.ts';
import { readCommandNames } from './help.ts';
import { root } from './source-files.ts';

// Every command in the README runs: in .ci/run, which repeats the first steps of the README, or here, one after another
// in one new home folder. What a command did is read from its JSON: its words are free.

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
const commands = await readCommandNames();
const begins = new RegExp(`^(?:npm|npx|node|${commands.join('|')})\\b`);

/** Shell lines, code in the text, and from the table of commands also the further actions of a row (`memory list`, `run`). */
function findCommands(): string[] {
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, lines = '']) => lines.trim().split('\n'));
  const prose = readme.replace(/```[\s\S]*?```/g, '').replace(/^## Settings[\s\S]*?(?=^## )/m, '');
  const codesIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  const spans = prose.split('\n').flatMap((line) => {
    const inCell = line.startsWith('| `') ? codesIn(line.split(' | ')[0] ?? '') : [];
    const [first = ''] = inCell;
    if (!begins.test(first)) return codesIn(line);
    return inCell.map((word) => (begins.test(word) ? word : `${first.split(' ')[0]} ${word}`));
  });
  return [...new Set([...blocks.flatMap((line) => line.split(' && ')), ...spans])].filter((text) => begins.test(text));
}

const byCi = ['npm ci', 'npm run demo', 'npm run bundle -- --preset team.json'];

test.each(byCi)('.ci/run does “%s”', (command) => {
  expect(read('.ci/run')).toContain(command.replace('team.json', '.build/team.json'));
});

test('.ci/run does “npm test” once, as the last step of “npm run check”', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const testing = read('.ci/run')
    .split('\n')
    .filter((line) => /^npm (test|run check)\b/.test(line));
  expect(testing).toEqual(['npm run check']);
  expect(scripts.check).toMatch(/scripts\/check\.mjs$/);
  expect(
    read('scripts/check.mjs')
      .match(/scripts\/[\w-]+\.mjs(?=')/g)
      ?.at(-1),
  ).toBe(scripts.test.split(' ').at(-1));
});

interface Run {
  /** With values for the words in capitals. `--json` is added. */
  args: readonly string[];
  code?: number;
  /** What the JSON on stdout holds, or that of the error on stderr. */
  shows: unknown;
  program?: string;
}

const files = (action: string) => ({
  files: expect.arrayContaining(
    ['claude-desktop', 'claude-code'].map((client) => expect.objectContaining({ client, action })),
  ),
});
const dryRun = { args: ['init', '--sandbox', '--dry-run', '--name', 'other'], shows: files('not written') };
const checked = {
  args: ['doctor', '--sandbox'],
  shows: { checks: expect.arrayContaining([expect.objectContaining({ check: 'credentials', state: 'ok' })]) },
};
const version = { args: ['--version'], shows: { version: JSON.parse(read('package.json')).version } };

const runs: Record<string, Run> = {
  'npx -y cwm-api-gateway-mcp init': {
    args: ['init', '--sandbox', '--yes'],
    shows: files('written'),
    program: binProgram,
  },
  // Written again: the entry names the program that ran, here another one.
  'init --sandbox': { args: ['init', '--sandbox', '--yes'], shows: files('written') },
  init: dryRun,
  'npm run init': dryRun,
  'init --remove': {
    args: ['init', '--remove', '--yes'],
    shows: files('written'),
  },
  demo: { args: ['demo'], shows: expect.arrayContaining([expect.objectContaining({ tool: 'confirm_api_write' })]) },
  doctor: checked,
  'npm run doctor': checked,
  'call METHOD PATH': {
    args: ['call', 'PATCH', '/service/tickets/1417', '--data', '{"severity":"High"}', '--confirm', '--sandbox'],
    shows: { state: 'sent', record: { id: 1417, severity: 'High' } },
  },
  'changes list': { args: ['changes', 'list', '--sandbox'], shows: { changes: [{ number: 1, state: 'sent' }] } },
  'changes show ID': {
    args: ['changes', 'show', '1', '--sandbox'],
    shows: { path: '/service/tickets/1417', before: { severity: 'Low' } },
  },
  // The one change there is was sent.
  'changes discard ID': {
    args: ['changes', 'discard', '1', '--sandbox'],
    shows: { error: { code: 'conflict' } },
    code: 1,
  },
  // Each process has a new sandbox, in which the ticket is still as it was.
  'changes undo ID': {
    args: ['changes', 'undo', '1', '--sandbox'],
    shows: { outcome: expect.stringMatching(/^NOT SENT, already so: /) },
  },
  'memory list': {
    args: ['memory', 'list', '--sandbox'],
    shows: { built_in: expect.arrayContaining([expect.objectContaining({ name: 'my-open-tickets' })]) },
  },
  'memory import': {
    args: ['memory', 'import', 'shared.json', '--sandbox'],
    shows: { added: [{ description: 'Boards by name', waiting: true }] },
  },
  'memory accept': { args: ['memory', 'accept', '--sandbox'], shows: [{ description: 'Boards by name' }] },
  'memory run': {
    args: ['memory', 'run', '1', '--arg', 'name=Service Desk', '--sandbox'],
    shows: { state: 'complete', rows: [{ name: 'Service Desk' }] },
  },
  'memory export': { args: ['memory', 'export', 'mine.json', '--sandbox'], shows: { queries: 1 } },
  'memory restore': { args: ['memory', 'restore', '--sandbox'], shows: [] },
  'check-database': { args: ['check-database'], shows: { info: { source: 'shipped' } } },
  'build-database FILE': { args: ['build-database', 'manage.json'], shows: { counts: { endpoints: 1 } } },
  'purge [PARTS]': { args: ['purge', 'logs,catalog', '--yes'], shows: { removed: expect.any(Number), failed: [] } },
  'npx -y cwm-api-gateway-mcp': { ...version, program: binProgram },
  'node dist/main.js': version,
};

/** One JSON value, or one on each line. */
function parseOutput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }
}

/** Run in ways of their own, below. */
const apart = ['npm test', 'serve', 'sandbox', 'npm run build', 'npm run eval -- --help'];

test('every command of the README is among those that are run', () => {
  expect([...byCi, ...Object.keys(runs), ...apart].sort()).toEqual(findCommands().sort());
});

test('they do what the README says', async () => {
  using home = makeHome();
  const place = (name: string) => join(home.path, name);
  const query = { description: 'Boards by name', path: '/service/boards', params: { conditions: 'name={name}' } };
  writeFileSync(place('shared.json'), JSON.stringify({ format: 'cwm-fast-memory', version: 1, queries: [query] }));
  const paths = { '/service/tickets': { get: { responses: { 200: { description: 'Tickets' } } } } };
  const definition = { openapi: '3.0.1', info: { title: 'Mine', version: '1' }, paths };
  writeFileSync(place('manage.json'), JSON.stringify(definition));
  const spawned = new Set<string>();
  for (const [command, { args, shows, code = 0, program }] of Object.entries(runs)) {
    const words = [...args.map((word) => (word.endsWith('.json') ? place(word) : word)), '--json'];
    const { environment } = home;
    // The program and each of its commands once as a process; what else a command does, here.
    const started = `${program} ${args[0]}`;
    const ran = await (spawned.has(started)
      ? runHere(words, { environment })
      : runProgram(words, { environment, ...(program ? { program } : {}) }));
    spawned.add(started);
    expect(ran.code, `${command}\n${ran.stdout}\n${ran.stderr}`).toBe(code);
    const shown = parseOutput(ran.stdout === '' ? ran.stderr : ran.stdout);
    const expected =
      Array.isArray(shows) && shows.length > 0 ? shows.map((one) => expect.objectContaining(one)) : shows;
    if (Array.isArray(shown)) expect(shown, command).toEqual(expected);
    else expect(shown, command).toMatchObject(Object(shows));
  }
}, 120_000);

test('the npm scripts of the README run the program’s commands, and npm ci runs the build', () => {
  const { scripts, bin } = JSON.parse(read('package.json'));
  expect(scripts).toMatchObject({
    prepare: scripts.build,
    init: expect.stringMatching(/dist\/main\.js init$/),
    doctor: expect.stringMatching(/dist\/main\.js doctor$/),
  });
  expect(join(root, bin['cwm-api-gateway-mcp'])).toBe(binProgram);
});

test('serve waits for a client and ends with it, and prints nothing of its own', async () => {
  using home = makeHome();
  const ran = await runProgram(['serve', '--sandbox'], { environment: home.environment });
  expect(ran).toMatchObject({ code: 0, stdout: '' });
});

test('sandbox prints its address and answers there until it is stopped', async () => {
  using home = makeHome();
  const child = spawnProgram(['sandbox', '--port', '0'], { environment: home.environment });
  const said = collect(child.stdout);
  const exit = exitOf(child);
  while (!said().includes('http://')) await new Promise((resolve) => child.stdout.once('data', resolve));
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said())?.[0];
  expect((await fetch(`${address}/v4_6_release/apis/3.0/system/info`)).status).toBe(401);
  child.kill('SIGTERM');
  await exit;
});

test('eval --help lists its flags', () => {
  const args = ['--import', 'tsx', 'bench/eval.ts', '--help'];
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: cleanEnvironment(),
  });
  expect(stdout).toContain('--model');
  expect(status).toBe(0);
});

test('documents name only measurements that exist, and each file of bench is one or has a script of its own', () => {
  const args = ['--import', 'tsx', 'bench/index.ts', 'list'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: cleanEnvironment() });
  const names = [...stdout.matchAll(/^([\w-]+) /gm)].map(([, name]) => name);
  const documents = globSync(['*.md', 'docs/*.md', 'bench/**/*.ts', 'src/**/*.ts'], { cwd: root }).map(read);
  const named = documents.flatMap((text) => [...text.matchAll(/npm run bench -- ([a-z][\w-]*)/g)]);
  expect(named.length).toBeGreaterThan(names.length);
  expect(named.map(([, name]) => name).filter((name) => name !== 'list' && !names.includes(name))).toEqual([]);
  const scripts = Object.values(JSON.parse(read('package.json')).scripts).join('\n');
  const files = globSync('bench/*.ts', { cwd: root }).map((path) => basename(path, '.ts'));
  const helpers = ['figures'];
  const runnable = [...names, ...helpers, ...files.filter((file) => scripts.includes(`bench/${file}.ts`))];
  expect(files.filter((file) => !runnable.includes(file))).toEqual([]);
});
