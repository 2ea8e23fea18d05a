import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { readSourceFiles, root } from './source-files.ts';

const files = readSourceFiles(['src/**/*.ts', 'sandbox/**/*.ts', 'tests/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts']);
const program = readSourceFiles().filter(({ path }) => !path.endsWith('.test.ts'));

/** The files that each file of the program imports, and those that its tests import. */
function readImporters(): Map<string, { users: Set<string>; tests: Set<string> }> {
  const importers = new Map(program.map(({ path }) => [path, { users: new Set<string>(), tests: new Set<string>() }]));
  for (const { path, text } of files) {
    for (const [, specifier = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const found = importers.get(posix.join(posix.dirname(path), specifier));
      const isUser = program.some((file) => file.path === path);
      if (found !== undefined) (isUser ? found.users : found.tests).add(path);
    }
  }
  return importers;
}

/** Only ever lowered: files that could be a section of the one file that uses them. */
const mostSingleUse = 85;

test('a file has two users or a test of its own, else it is a section of its user', () => {
  const isEntry = (path: string) => /(^|\/)(index|main|sql-child)\.ts$/.test(path);
  const single = [...readImporters()]
    .filter(([path, { users, tests }]) => !isEntry(path) && users.size === 1 && tests.size === 0)
    .map(([path]) => path);
  expect(single.length, single.join('\n')).toBeLessThanOrEqual(mostSingleUse);
});

test('the program throws no bare errors', () => {
  const bare = program.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line) => (/throw new (Type|Range)?Error\(/.test(line) ? `${path}: ${line.trim()}` : [])),
  );
  // Cases that types cannot exclude and no input can reach say so in their message.
  expect(bare.filter((line) => !line.includes('annot happen'))).toEqual([]);
});

test('every suppressed rule says why', () => {
  const silent = files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line) =>
        /\/\/ (biome-ignore [^:]+:\s*$|@ts-(ignore|expect-error)\s*$)/.test(line) ? `${path}: ${line.trim()}` : [],
      ),
  );
  expect(silent).toEqual([]);
});

test('comments cite facts that docs/connectwise.md numbers', async () => {
  const { readFileSync } = await import('node:fs');
  const doc = readFileSync(new URL('../../docs/connectwise.md', import.meta.url), 'utf8');
  const numbered = new Set(
    [...doc.matchAll(/^\s*(?:-\s+|\|\s*|#+\s*|\*\*)(\d+(?:\.\d+)*)/gm)].map(([, number]) => number),
  );
  const cited = files.flatMap(({ path, text }) =>
    [...text.matchAll(/\bCW ((?:\d+(?:\.\d+)*(?:, | and |–| to )?)+)/g)].flatMap(([, list = '']) =>
      [...list.matchAll(/\d+(?:\.\d+)*/g)].map(([number]) => ({ path, number })),
    ),
  );
  expect(cited.length).toBeGreaterThan(20);
  expect(
    cited.filter(({ number }) => !numbered.has(number)).map(({ path, number }) => `${path}: CW ${number}`),
  ).toEqual([]);
});

test('the lock files have the packages of every platform, and no registry address', async () => {
  const { readFileSync } = await import('node:fs');
  for (const file of ['package-lock.json', 'tests/tools/package-lock.json', 'tests/inspector/package-lock.json']) {
    const text = readFileSync(join(root, file), 'utf8');
    expect(text, file).not.toMatch(/"resolved"|https?:\/\/registry/);
    const { packages } = JSON.parse(text) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    // A lock made where the registry lacked other platforms' packages makes `npm ci` fail everywhere.
    const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(
      optional.filter((name) => !(`node_modules/${name}` in packages)),
      file,
    ).toEqual([]);
  }
});
