import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeHome } from '../cli/init-home.ts';
import { runHere } from '../support/run-here.ts';
import { binProgram, cleanEnvironment, collect, exitOf, runProgram, spawnProgram } from '../support/spawn.ts';
import { root } from './source-files.ts';

// Every command that the README shows is run: by .ci/run, which does what it tells a newcomer, or here, one after the
// other by one person with a new home folder.

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
const programs = [...read('src/cli/index.ts').matchAll(/^ {2}'?([a-z-]+)'?: async \(\) =>/gm)].map(([, name]) => name);
const begins = new RegExp(`^(?:npm|npx|node|${programs.join('|')})\\b`);

/** Lines of the shell, code in the text, and in the table also the actions behind the first of a row. */
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
  const commands = read('.ci/run')
    .split('\n')
    .filter((line) => /^npm (test|run check)\b/.test(line));
  expect(commands).toEqual(['npm run check']);
  expect(scripts.check).toMatch(/scripts\/check\.mjs$/);
  expect(
    read('scripts/check.mjs')
      .match(/scripts\/[\w-]+\.mjs(?=')/g)
      ?.at(-1),
  ).toBe(scripts.test.split(' ').at(-1));
});

/** What stands for the words in capitals, and how the words of the README are run. */
const runs: Record<string, { args: readonly string[]; code?: number; says: RegExp; program?: string }> = {
  'npx -y cwm-api-gateway-mcp init': { args: ['init', '--sandbox', '--yes'], says: /Written: /, program: binProgram },
  'init --sandbox': { args: ['init', '--sandbox'], says: /Written|already/ },
  init: { args: ['init', '--sandbox', '--dry-run', '--name', 'other'], says: /dry run/ },
  'npm run init': { args: ['init', '--sandbox', '--dry-run', '--name', 'other'], says: /dry run/ },
  'init --remove': { args: ['init', '--remove', '--yes'], says: /connectwise/ },
  demo: { args: ['demo'], says: /confirm_api_write/ },
  doctor: { args: ['doctor', '--sandbox'], says: /^ok +credentials/m },
  'npm run doctor': { args: ['doctor', '--sandbox'], says: /^ok +credentials/m },
  'call METHOD PATH': {
    args: ['call', 'PATCH', '/service/tickets/1417', '--data', '{"severity":"High"}', '--confirm', '--sandbox'],
    says: /Ticket 1417/,
  },
  'changes list': { args: ['changes', 'list', '--sandbox'], says: /sent +Ticket 1417/ },
  'changes show ID': { args: ['changes', 'show', '1', '--sandbox'], says: /ticket-1417/ },
  // The provider of each process is made anew: what is to be taken back is so already.
  'changes undo ID': { args: ['changes', 'undo', '1', '--sandbox'], says: /severity is Low already/, code: 2 },
  'memory list': { args: ['memory', 'list', '--sandbox'], says: /built-in {2}my-open-tickets/ },
  'memory import': { args: ['memory', 'import', 'shared.json', '--sandbox'], says: /1 added/ },
  'memory accept': { args: ['memory', 'accept', '--sandbox'], says: /1 accepted/ },
  'memory run': { args: ['memory', 'run', '1', '--arg', 'name=Service Desk', '--sandbox'], says: /Service Desk/ },
  'memory export': { args: ['memory', 'export', 'mine.json', '--sandbox'], says: /1 saved query written/ },
  'memory restore': { args: ['memory', 'restore', '--sandbox'], says: /restored/ },
  'check-database': { args: ['check-database'], says: /endpoints +3\d\d\d/ },
  'build-database FILE': { args: ['build-database', 'manage.json'], says: /1 endpoints/ },
  'purge [PARTS]': { args: ['purge', 'logs,catalog', '--yes'], says: /removed/ },
  serve: { args: ['serve', '--sandbox'], says: /^$/ },
  'npx -y cwm-api-gateway-mcp': { args: ['--version'], says: /^\d+\.\d+\.\d+/, program: binProgram },
  'node dist/main.js': { args: ['--version'], says: /^\d+\.\d+\.\d+/ },
};

/** Run in ways of their own, below. */
const apart = ['npm test', 'sandbox', 'npm run build', 'npm run eval -- --help'];

test('every command of the README is among those that are run', () => {
  expect([...byCi, ...Object.keys(runs), ...apart].sort()).toEqual(findCommands().sort());
});

test('they do what it says, one after the other', async () => {
  using home = makeHome();
  const place = (name: string) => join(home.path, name);
  const query = { description: 'Boards by name', path: '/service/boards', params: { conditions: 'name={name}' } };
  writeFileSync(place('shared.json'), JSON.stringify({ format: 'cwm-fast-memory', version: 1, queries: [query] }));
  const paths = { '/service/tickets': { get: { responses: { 200: { description: 'Tickets' } } } } };
  const definition = { openapi: '3.0.1', info: { title: 'Mine', version: '1' }, paths };
  writeFileSync(place('manage.json'), JSON.stringify(definition));
  const spawned = new Set<string>();
  for (const [command, { args, says, code = 0, program }] of Object.entries(runs)) {
    const words = args.map((word) => (word.endsWith('.json') ? place(word) : word));
    const { environment } = home;
    // The program and each of its commands once as a process; what else a command does, here.
    const started = `${program} ${args[0]}`;
    const ran = await (spawned.has(started)
      ? runHere(words, { environment })
      : runProgram(words, { environment, ...(program ? { program } : {}) }));
    spawned.add(started);
    const { stdout, stderr } = ran;
    expect(ran.code, `${command}\n${stdout}\n${stderr}`).toBe(code);
    expect(`${stdout}${stdout === '' ? stderr : ''}`, command).toMatch(says);
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

test('sandbox says its address and answers there until it is stopped', async () => {
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

test('eval tells how it is used', () => {
  const args = ['--import', 'tsx', 'bench/eval.ts', '--help'];
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: cleanEnvironment(),
  });
  expect(stdout).toContain('--model');
  expect(status).toBe(0);
});

test('documents name measurements that there are, and each file of bench is one or has a script of its own', () => {
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
