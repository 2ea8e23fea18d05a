import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { allowedImports } from './rooms.ts';
import { readSourceFiles } from './source-files.ts';

/** `src/changes/…` belongs to the room `changes`, and `sandbox/…` to `sandbox`. */
const roomOf = (path: string) =>
  path
    .replace(/^src\//, '')
    .split('/')[0]
    ?.replace(/\.ts$/, '') ?? '';

test('imports point downwards only', () => {
  const wrong: string[] = [];
  for (const { path, text } of readSourceFiles()) {
    if (path.endsWith('.test.ts')) continue;
    for (const [, specifier = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const from = roomOf(path);
      const to = roomOf(posix.join(posix.dirname(path), specifier));
      if (specifier.endsWith('package.json') || from === to) continue;
      if (!['core', ...(allowedImports[from] ?? [])].includes(to)) wrong.push(`${path} -> ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** Folders of the rooms whose `index.ts` only re-exports from their other files. */
const rooms = readSourceFiles(['{src/*,sandbox}/index.ts'])
  .filter(({ text }) => /^(?:\s|\/\*[\s\S]*?\*\/|\/\/.*|export (?:type )?\{[^}]*\} from '[^']*';)*$/.test(text))
  .map(({ path }) => posix.dirname(path));

test('a room with a door is imported through its index.ts only', () => {
  expect(rooms).toEqual(
    expect.arrayContaining(
      ['catalog', 'conditions', 'config', 'connectwise', 'gateway', 'results', 'search', 'server'].map(
        (name) => `src/${name}`,
      ),
    ),
  );
  const wrong: string[] = [];
  for (const { path, text } of readSourceFiles()) {
    if (path.endsWith('.test.ts')) continue;
    for (const [, specifier = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const target = posix.join(posix.dirname(path), specifier);
      const room = rooms.find((folder) => target.startsWith(`${folder}/`));
      if (room === undefined || path.startsWith(`${room}/`) || target === `${room}/index.ts`) continue;
      wrong.push(`${path} -> ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('only the programs and config.ts read process', () => {
  const reading = readSourceFiles()
    .filter(({ path }) => !path.endsWith('.test.ts'))
    .filter(({ text }) => /(?<![\w.])process\.(env|argv|exit|cwd|std|on|pid|kill|platform|version)/.test(text))
    .map(({ path }) => path);
  expect(
    reading.filter((path) => !['src/main.ts', 'src/sql-child.ts', 'src/config/settings.ts'].includes(path)),
  ).toEqual([]);
});
