import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { tasks } from '../../bench/eval/tasks.ts';
import { options } from '../../src/config/index.ts';
import { tools } from '../../src/gateway/tools/index.ts';
import { connect } from '../support/connect.ts';
import { readCommandNames, readHelp } from './help.ts';
import { allowedImports } from './rooms.ts';
import { root } from './source-files.ts';

// What documents say about the program is compared with the program. Their wording is free.

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const documents = globSync(['*.md', 'docs/*.md'], { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .map((path) => ({ path, text: read(path) }));
const readme = read('README.md');
const architecture = read('ARCHITECTURE.md');

/** Matches of an expression with one group in every document, as `[path, group]`. */
const findAll = (expression: RegExp, among = documents) =>
  among.flatMap(({ path, text }) => [...text.matchAll(expression)].map(([, found = '']) => [path, found] as const));

/** The rows of the table below a heading, each by its first cell. */
const firstCells = (text: string, heading: string) =>
  [...(text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '').matchAll(/^\| (`[^|]*)\|/gm)].map(
    ([, cell = '']) => cell,
  );

const firstNames = (text: string, heading: string) =>
  firstCells(text, heading).map((cell) => /^`([\w-]+)/.exec(cell)?.[1] ?? '');

const commands = await readCommandNames();

test('every script that documents name exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = findAll(/npm run ([a-z][\w:-]*)/g);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(([, script]) => !(script in scripts))).toEqual([]);
});

test('ARCHITECTURE.md names every dependency', () => {
  const { dependencies = {}, devDependencies } = JSON.parse(read('package.json')) as Record<string, object>;
  const names = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@types/'));
  const isNamed = (name: string) => architecture.includes(`\`${name.replace('@biomejs/', '')}\``);
  expect(names.filter((name) => !isNamed(name))).toEqual([]);
});

test('every relative link leads to a file, and to a heading in it where it names one', () => {
  const links = findAll(/\]\(([^)\s]+)\)/g).filter(([, target]) => !/^(https?:|mailto:)/.test(target));
  expect(links.length).toBeGreaterThan(10);
  const isBroken = ([path, link]: readonly [string, string]) => {
    const [to = '', anchor] = decodeURI(link).split('#');
    const target = to === '' ? path : join(dirname(path), to);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  };
  expect(links.filter(isBroken)).toEqual([]);
});

/** The anchors that GitHub gives the headings of a document. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test('every file of the project that documents name exists', () => {
  const files = globSync(['{src,sandbox,tests,scripts,bench}/**/*.*', '{.ci,.github,docs}/**/*'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('node_modules/'));
  // Old entries of the changelog may name files that are gone; the tool that a contributor adds does not exist yet.
  const named = findAll(
    /`((?:src|sandbox|tests|scripts|bench|docs|\.ci|\.github)\/[\w./-]+\.\w+|[\w./-]+\.(?:ts|mjs))`/g,
    documents.filter(({ path }) => path !== 'CHANGELOG.md'),
  );
  expect(named.length).toBeGreaterThan(60);
  const exists = (file: string) =>
    file.includes('your-tool') || files.some((path) => path === file || path.endsWith(`/${file}`));
  expect(named.filter(([, file]) => !exists(file))).toEqual([]);
});

test('the README lists the commands of the program, and documents name no other', () => {
  expect(commands.length).toBeGreaterThan(3);
  // A row may name two; further words of a row are actions of its command.
  const named = firstCells(readme, 'Commands').flatMap((cell) =>
    [...cell.matchAll(/`([\w-]+)/g)].flatMap(([, name = '']) => (commands.includes(name) ? name : [])),
  );
  expect([...new Set(named)].sort()).toEqual([...commands].sort());
  expect(firstNames(readme, 'Commands').filter((name) => !commands.includes(name))).toEqual([]);
  const called = findAll(/(?:cwm-api-gateway-mcp|dist\/main\.js) ([a-z][a-z-]+)(?=[ `\n])/g);
  expect(called.filter(([, command]) => !commands.includes(command))).toEqual([]);
});

test('documents name only flags that commands take', async () => {
  const settings = await readHelp('--help-settings');
  const help = new Map(
    await Promise.all(commands.map(async (name) => [name, `${await readHelp(name)}${settings}`] as const)),
  );
  const isTaken = (flag: string, command: string) =>
    ['--help', '--help-settings', '--json'].includes(flag) ||
    new RegExp(`^ +${flag}\\b`, 'm').test(help.get(command) ?? '');
  const code = [...findAll(/`([^`\n]+)`/g), ...findAll(/^ *((?:npx|node|cwm-api-gateway-mcp) .*)$/gm)];
  const named = code.flatMap(([path, text]) => {
    const words = text.replace(/^.*?(?:cwm-api-gateway-mcp|dist\/main\.js) /, '').split(' ');
    const flags = words.flatMap((word) => /^--[a-z-]+/.exec(word)?.[0] ?? []);
    // A flag without its command may be one of any; some documents also name flags of Node, npm and the benchmarks.
    const isOfProgram = text.startsWith('--') && !['SECURITY.md', 'docs/benchmarks.md', 'docs/eval.md'].includes(path);
    const among = isOfProgram ? commands : commands.filter((name) => name === words[0]);
    return among.length === 0
      ? []
      : flags.map((flag) => ({ path, text, known: among.some((one) => isTaken(flag, one)) }));
  });
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter(({ known }) => !known)).toEqual([]);
});

test('the README lists the tools there are', () => {
  const names = tools.map(({ name }) => name);
  expect(firstNames(readme, 'Tools').sort()).toEqual(names.sort());
});

test('the README and docs/install.md show JSON that parses, and servers that start this program', () => {
  const text = `${readme}\n${read('docs/install.md')}`;
  const blocks = [...text.matchAll(/^ *```json\n([\s\S]*?)^ *```$/gm)].map(([, json = '']) => JSON.parse(json));
  expect(blocks.length).toBeGreaterThan(2);
  const servers = blocks.map((block) => block.mcpServers?.connectwise ?? block);
  for (const { command, args } of servers) {
    expect(['npx', 'node', 'cmd']).toContain(command);
    expect(args.join(' ')).toMatch(/cwm-api-gateway-mcp/);
  }
});

test('variables that documents name are settings', () => {
  const known = Object.values(options).map(({ variable }) => String(variable));
  const named = findAll(/\b(CONNECTWISE_[A-Z_]+)\b/g);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(([, variable]) => !known.includes(variable))).toEqual([]);
});

test('docs/eval.md counts the tasks there are', () => {
  const text = read('docs/eval.md');
  const count = (kind: string) => tasks.filter((task) => task.kind === kind).length;
  expect(text).toContain(`${count('question')} questions`);
  expect(text).toContain(`${count('change')} changes`);
  expect(text).toContain(`${count('ambiguous')} requests`);
});

test('no document holds a path of the computer it was written on', () => {
  expect(findAll(/((?<![\w.~])\/(?:home|root|Users|work|tmp|private)\/[\w.-]+|\b[A-Z]:\\+Users\\+\w+)/g)).toEqual([]);
});

test('the table of layers in ARCHITECTURE.md is the one that is enforced', () => {
  const importing = Object.entries(allowedImports).filter(([, list]) => list.length > 0);
  const shown = [...architecture.matchAll(/^\| `([\w-]+)` \| (`.*`) \|$/gm)].map(
    ([, room = '', list = '']) =>
      [room, [...list.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name).sort()] as const,
  );
  expect(Object.fromEntries(shown.filter(([room]) => room in allowedImports))).toEqual(
    Object.fromEntries(importing.map(([room, list]) => [room, [...list].sort()])),
  );
});

test('the tree in ARCHITECTURE.md shows every folder of src', () => {
  const entries = readdirSync(join(root, 'src'), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(folders.length).toBeGreaterThan(5);
  expect(folders.filter((name) => !architecture.includes(`\n  ${name}/ `))).toEqual([]);
});

test('every library in the built program is named in NOTICE', () => {
  const maps = globSync(['dist/main.js.map', 'dist/parts/*.map'], { cwd: root });
  const sources = maps.flatMap((path) => (JSON.parse(read(path)) as { sources: string[] }).sources);
  const names = sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? []);
  const notice = read('NOTICE');
  expect(new Set(names).size).toBeGreaterThan(3);
  // A library that another one brought inside itself goes by its name without scope.
  const isNamed = (name: string) => notice.includes(name) || notice.includes(name.replace(/^@[^/]+\//, ''));
  expect([...new Set(names)].filter((name) => !isNamed(name))).toEqual([]);
});

// Not compared: the random ends of ids and tables, and rows, whose made-up data changes with the seed. A line may be cut with `…`.
test('the session that the README shows is what the program answers', async () => {
  const session = /```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const steps = session.split(/^> /m).slice(1);
  expect(steps.length).toBeGreaterThan(2);
  await using app = await connect();
  let changeId: string | undefined;
  for (const step of steps) {
    const [call = '', ...shown] = step.split('\n');
    const [, tool = '', json = ''] = /^(\w+) (.*)$/.exec(call) ?? [];
    const given = JSON.parse(json);
    if (changeId !== undefined && 'change_id' in given) given.change_id = changeId;
    const { text, data } = await app.call(tool, given);
    changeId = data?.change_id;
    const steady = (line: string) => line.replace(/_[a-z0-9]{8}$/, '_').replace(/\d+ rows in tickets_\d+/, 'rows');
    const answered = text.split('\n').map(steady);
    const isAnswered = (line: string) =>
      answered.some((one) => (line.endsWith('…') ? one.startsWith(line.slice(0, -1).trim()) : one === steady(line)));
    const lines = shown.filter((line) => line.startsWith('| ')).map((line) => line.slice(2));
    const isRow = (line: string) => /^\d+ \| /.test(line);
    expect(
      lines.filter((line) => !isRow(line) && !isAnswered(line)),
      `${tool} answers now:\n${text}`,
    ).toEqual([]);
  }
});
