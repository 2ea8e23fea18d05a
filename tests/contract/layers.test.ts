import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { readSourceFiles } from './source-files.ts';

const everywhere = ['errors', 'log', 'time'];
const reading = ['changes', 'memory', 'results', 'connectwise', 'conditions', 'catalog'];

/** Which folders of src (or files in it) each may import: ARCHITECTURE.md shows the same table. */
const allowed: Record<string, string[]> = {
  main: ['cli', 'heap'],
  'sql-child': ['results'],
  cli: ['gateway', 'server', 'sandbox', 'catalog', 'config', 'local', 'version'],
  server: ['tools', 'conditions'],
  tools: [...reading, 'local'],
  local: reading,
  gateway: [...reading, 'local', 'tools', 'sandbox', 'config', 'storage', 'once', 'version'],
  config: [],
  changes: ['connectwise', 'results', 'conditions', 'catalog', 'storage'],
  memory: ['connectwise', 'results', 'conditions', 'catalog', 'storage'],
  results: ['catalog', 'storage'],
  connectwise: ['conditions', 'catalog'],
  sandbox: ['conditions', 'catalog', 'storage'],
  conditions: ['catalog'],
  catalog: ['storage'],
  storage: [],
  time: [],
  errors: [],
  log: [],
  once: [],
  version: [],
  heap: [],
};

const layerOf = (path: string) =>
  path
    .replace(/^src\//, '')
    .split('/')[0]
    ?.replace(/\.ts$/, '') ?? '';

test('imports point downwards only', () => {
  const wrong: string[] = [];
  for (const { path, text } of readSourceFiles()) {
    if (path.endsWith('.test.ts')) continue;
    for (const [, specifier = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const from = layerOf(path);
      const to = layerOf(posix.join(posix.dirname(path), specifier));
      if (specifier.endsWith('package.json') || from === to) continue;
      if (![...everywhere, ...(allowed[from] ?? [])].includes(to)) wrong.push(`${path} -> ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('only the programs and config.ts read process', () => {
  const reading = readSourceFiles()
    .filter(({ path }) => !path.endsWith('.test.ts'))
    .filter(({ text }) => /(?<![\w.])process\.(env|argv|exit|cwd|std|on|pid|kill|platform|version)/.test(text))
    .map(({ path }) => path);
  expect(reading.filter((path) => !['src/main.ts', 'src/sql-child.ts', 'src/config/index.ts'].includes(path))).toEqual(
    [],
  );
});
