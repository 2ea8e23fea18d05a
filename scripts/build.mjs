// Builds dist/: the bundled program, its source map, and the catalog that ships with it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const onlyProgram = process.argv.includes('--program');
const dist = join(root, 'dist');
mkdirSync(dist, { recursive: true });

const tsx = (...args) =>
  spawnSync(process.execPath, ['--import', 'tsx', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  });

/** Puts the finished JSON in the place of the module that computes it. */
const listedToolsPlugin = {
  name: 'listed-tools',
  setup(esbuild) {
    esbuild.onLoad({ filter: /[\\/]server[\\/]listed-tools\.ts$/ }, () => {
      const script =
        "import('./src/server/listed-tools.ts').then(({ listedTools }) => process.stdout.write(JSON.stringify(listedTools)))";
      const { stdout, status } = tsx('--eval', script);
      if (status !== 0) return { errors: [{ text: 'the tools could not be listed' }] };
      return { contents: `export const listedTools = JSON.parse(${JSON.stringify(stdout)});`, loader: 'js' };
    });
  },
};

rmSync(join(dist, 'parts'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  // What starting does not need stands in files of its own: reading a program costs time by its length.
  format: 'esm',
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  // Older than the floor on purpose: an old Node must get as far as the line that names the Node it needs.
  target: 'node20',
  // CommonJS dependencies call `require` for modules of Node.
  banner: {
    js: "import { createRequire as createRequireOfNode } from 'node:module'; const require = createRequireOfNode(import.meta.url);",
  },
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [listedToolsPlugin],
});

if (!onlyProgram) {
  const { stdout, status } = tsx('scripts/build-catalog.ts', join('dist', 'catalog.db'));
  process.stdout.write(stdout);
  if (status !== 0) process.exit(status ?? 1);
}
