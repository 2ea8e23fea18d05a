import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSourceFiles, root } from './source-files.ts';

const files = readSourceFiles(['src/**/*.ts', 'sandbox/**/*.ts', 'tests/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts']);
const program = readSourceFiles().filter(({ path }) => !path.endsWith('.test.ts'));

test('no file is longer than 350 lines', () => {
  expect(files.filter(({ lines }) => lines > 350).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
});

test('half of the files of the program are shorter than 100 lines', () => {
  const sizes = program.map(({ lines }) => lines).sort((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(100);
});

test('the program throws no bare errors', () => {
  const bare = program.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line) => (/throw new (Type|Range)?Error\(/.test(line) ? `${path}: ${line.trim()}` : [])),
  );
  // What the types cannot exclude and no input can reach says so in its message.
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

test('the lock files hold what every platform installs, and no address', async () => {
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
