// Runs `node ARGUMENTS…` with a Node that this project supports: the one at hand where it is new enough,
// else one that npm's `node` package brings into .node/. Written for old Nodes too: no dependency, no new syntax.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);
const newEnough = major > 22 || (major === 22 && minor >= 13);

/** The path of a Node of at least 22.13; installs one on first use. */
function supportedNode() {
  if (newEnough) return process.execPath;
  const folder = join(root, '.node');
  const binary = join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  console.error(`Node ${process.versions.node} is older than 22.13: installing Node 24 from npm into .node/ (once).`);
  const npm = process.env.npm_execpath;
  const install = [
    'install',
    'node@24',
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  // Under `npm run`, variables of the outer npm (npm_config_global and the like) would apply to the inner one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_(global|prefix|local_prefix)|package_|lifecycle_)/i.test(name),
    ),
  );
  const options = { stdio: ['ignore', 2, 2], cwd: root, env };
  const result = npm
    ? spawnSync(process.execPath, [npm, ...install], options)
    : spawnSync('npm', install, { ...options, shell: process.platform === 'win32' });
  if (result.status === 0 && existsSync(binary)) return binary;
  console.error(
    'Node 24 could not be installed. Install Node 22.13 or newer from https://nodejs.org and run this again.',
  );
  process.exit(1);
}

const node = supportedNode();
const child = spawn(node, process.argv.slice(2), {
  stdio: 'inherit',
  // Child processes that call `node` by name get the same one.
  env: { ...process.env, PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}` },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
