// Builds dist/: the bundled program, its source map, and the catalog that ships with it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const onlyProgram = process.argv.includes('--program');
const dist = join(root, 'dist');
mkdirSync(dist, { recursive: true });

await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.js',
  bundle: true,
  platform: 'node',
  // One CommonJS file starts a fifth faster than ES modules: docs/benchmarks.md.
  format: 'cjs',
  // Older than the floor on purpose: an old Node must get as far as the line that names the Node it needs.
  target: 'node18',
  define: { 'import.meta.dirname': '__dirname' },
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
});
// The package is ESM; the bundle is not.
writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');

if (!onlyProgram) {
  const result = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build-catalog.ts', join('dist', 'catalog.db')], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}
