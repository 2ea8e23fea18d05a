import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { tools } from '../../src/gateway/tools/index.ts';
import { connect } from '../support/connect.ts';
import { root } from './source-files.ts';

// Prose drifts where no machine checks it: what documents claim of the program is compared with the program here.

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

const commands = [...read('src/cli/index.ts').matchAll(/^ {2}'?([a-z-]+)'?: async \(\) =>/gm)].map(
  ([, name = '']) => name,
);

test.each([
  ['README.md', 180],
  ['ARCHITECTURE.md', 260],
  ['CONTRIBUTING.md', 120],
  ['AGENTS.md', 60],
])('%s has at most %i lines', (path, most) => {
  expect(read(path).split('\n').length - 1).toBeLessThanOrEqual(most);
});

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

test('every relative link leads to a file', () => {
  const links = findAll(/\]\(([^)\s]+)\)/g).filter(([, target]) => !/^(https?:|mailto:|#)/.test(target));
  expect(links.length).toBeGreaterThan(10);
  const target = ([path, link]: readonly [string, string]) =>
    join(root, dirname(path), decodeURI(link.split('#')[0] ?? ''));
  expect(links.filter((link) => !existsSync(target(link)))).toEqual([]);
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
  const known = read('docs/configuration.md');
  const named = findAll(/\b(CONNECTWISE_[A-Z_]+)\b/g);
  expect(named.filter(([, variable]) => !known.includes(`\`${variable}\``))).toEqual([]);
});

test('no document holds a path of the computer it was written on', () => {
  expect(findAll(/((?<![\w.~])\/(?:home|root|Users|work|tmp|private)\/[\w.-]+|\b[A-Z]:\\+Users\\+\w+)/g)).toEqual([]);
});

test('the table of layers in ARCHITECTURE.md is the one that is enforced', () => {
  const layers = read('tests/contract/layers.test.ts');
  const listOf = (text: string) => [...text.matchAll(/'([\w-]+)'/g)].map(([, name = '']) => name);
  const reading = listOf(/const reading = \[(.*?)\];/s.exec(layers)?.[1] ?? '');
  const table = layers.split('const allowed')[1]?.split('};')[0] ?? '';
  const enforced = [...table.matchAll(/^ {2}(\w+): (.*?),$/gm)].map(([, layer = '', list = '']) => {
    return [layer, [...listOf(list), ...(list.includes('reading') ? reading : [])].sort()] as const;
  });
  const shown = [...architecture.matchAll(/^\| `(\w+)` \| (`.*`) \|$/gm)].map(
    ([, layer = '', list = '']) =>
      [layer, [...list.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name).sort()] as const,
  );
  const importing = enforced.filter(([, list]) => list.length > 0);
  expect(importing.length).toBeGreaterThan(10);
  expect(Object.fromEntries(shown.filter(([layer]) => enforced.some(([name]) => name === layer)))).toEqual(
    Object.fromEntries(importing),
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
