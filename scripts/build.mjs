// Builds dist/: the bundled program, its source map, and the catalog that ships with it.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledLibraries, renderLicences } from './bundled-libraries.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const onlyProgram = process.argv.includes('--program');
const dist = join(root, 'dist');
mkdirSync(dist, { recursive: true });
installBuildTools();
const { build } = await import('esbuild');

const tsx = (...args) =>
  spawnSync(process.execPath, ['--import', 'tsx', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  });

/** Replaces the module that computes the tool list by the finished JSON. */
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

/**
 * Replaces an import from an `index.ts` that only re-exports by imports from the files behind it. esbuild splits the
 * program by files, not by names: a part that imports one name would otherwise load the whole folder.
 */
const doorsPlugin = {
  name: 'doors',
  setup(esbuild) {
    esbuild.onLoad({ filter: /[\\/](src|sandbox)[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        /^import \{([^}]*)\} from '(\.[^']*\/index\.ts)';/gm,
        (written, names, door) => withoutDoor(written, names, door, dirname(path)),
      ),
      loader: 'ts',
    }));
  },
};

function withoutDoor(written, names, door, folder) {
  const files = new Map();
  const rest = readFileSync(join(folder, door), 'utf8').replace(
    /^export (?:type )?\{([^}]*)\} from '(\.[^']*)';$/gm,
    (_, exported, file) => {
      for (const name of namesIn(exported)) files.set(name, posix.join(posix.dirname(door), file));
      return '';
    },
  );
  if (rest.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').trim() !== '') return written;
  const imports = namesIn(names).map((name) => {
    const file = files.get(name.split(' as ')[0]) ?? door;
    return `import { ${name} } from '${file.startsWith('.') ? file : `./${file}`}';`;
  });
  // The same number of lines, for the source map.
  return imports.join(' ') + written.replace(/[^\n]/g, '');
}

/** Without the types, which esbuild drops. */
function namesIn(list) {
  const names = list.split(',').map((name) => name.trim());
  return names.filter((name) => name !== '' && !name.startsWith('type '));
}

rmSync(join(dist, 'parts'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts', 'src/sql-child.ts'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  // What is not needed at start is in separate files: loading a program takes time in proportion to its length.
  format: 'esm',
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  // Older than the oldest supported Node on purpose: an old Node must reach the line that names the version it needs.
  target: 'node20',
  // Its entry for CommonJS loads its parts in a way that a bundler cannot follow.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
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
  plugins: [listedToolsPlugin, doorsPlugin],
});

writeFileSync(join(dist, 'LICENSES.txt'), renderLicences(bundledLibraries(root)));

if (!onlyProgram) {
  const { stdout, status } = tsx('scripts/build-catalog.ts', join('dist', 'catalog.db'));
  process.stdout.write(stdout);
  if (status !== 0) process.exit(status ?? 1);
}
removeStrayLink();

/** `npm install --global` from a Git URL prepares a package without its development dependencies (npm/cli#8440). */
function installBuildTools() {
  if (existsSync(join(root, 'node_modules', 'esbuild'))) return;
  const install = [
    'install',
    '--include=dev',
    '--ignore-scripts',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  // Settings of the outer npm (global, prefix) must not apply to this one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const npm = process.env.npm_execpath;
  const options = { cwd: root, env, stdio: ['ignore', 2, 2] };
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...install], options)
    : spawnSync('npm', install, { ...options, shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * The same npm bug also links the temporary clone into the global folder, where the finished package then cannot be
 * unpacked. The link leads only here, so removing it loses nothing.
 */
function removeStrayLink() {
  const {
    npm_config_global: isGlobal,
    npm_config_prefix: prefix,
    npm_config_global_prefix: globalPrefix,
  } = process.env;
  if (isGlobal !== 'true' || !/[\\/]git-clone/.test(root)) return;
  for (const folder of [prefix, globalPrefix]) {
    if (folder === undefined) continue;
    const link = join(folder, process.platform === 'win32' ? '' : 'lib', 'node_modules', 'cwm-api-gateway-mcp');
    if (!lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() || realpathSync(link) !== realpathSync(root))
      continue;
    rmSync(link);
    // npm made this folder before it prepared the clone, and goes on to unpack into it.
    mkdirSync(link);
  }
}
