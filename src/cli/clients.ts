import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import * as z from 'zod';
import { readJson } from '../core/json.ts';
import { type StatusLine, warningLine } from '../gateway/index.ts';
import type { Terminal } from './command.ts';

// This computer, and the command by which clients on it start this program.

/** This computer as clients and commands are looked for on it; another one in tests. */
export interface Computer {
  platform: string;
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** How this program was started: Node, its flags, the script. */
  program: readonly string[];
  exists(path: string): boolean;
  /** Names in a folder; none when it cannot be read. */
  list(folder: string): readonly string[];
  /** The file behind links; the path itself where there is none. */
  realpath(path: string): string;
  /** Undefined for a file that cannot be read. */
  read(path: string): string | undefined;
}

export function readComputer({ platform, home, environment, program }: Terminal): Computer {
  return {
    platform,
    home,
    environment,
    program,
    exists: existsSync,
    list: (folder) => attempt(() => readdirSync(folder)) ?? [],
    realpath: (path) => attempt(() => realpathSync(path)) ?? path,
    read: (path) => attempt(() => readFileSync(path, 'utf8')),
  };
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Paths of the platform in question, which in a test differs from this one. */
export const pathsOf = (platform: string) => (platform === 'win32' ? win32 : posix);

/** Whether a command starts this program: by name, or, for a clone in a folder of any name, by its package.json. */
export function startsThis(words: readonly string[], { platform, read }: Pick<Computer, 'platform' | 'read'>): boolean {
  const { dirname, isAbsolute, join } = pathsOf(platform);
  return words.some((word) => {
    if (/cwm[-_]api[-_]gateway/i.test(word)) return true;
    if (!isAbsolute(word) || !/\.[cm]?[jt]s$/.test(word)) return false;
    const description = read(join(dirname(dirname(word)), 'package.json')) ?? '';
    return /"name"\s*:\s*"cwm-api-gateway-mcp"/.test(description);
  });
}

/** How a client starts this program. */
export interface ServerCommand {
  command: string;
  args: readonly string[];
  /** Variables that it needs to start. */
  env?: Readonly<Record<string, string>>;
  /** Why it may fail to start, though this program runs. */
  doubt?: StatusLine;
}

type Running = Pick<Computer, 'program' | 'platform' | 'exists' | 'realpath' | 'read'>;

const packageName = 'cwm-api-gateway-mcp';

/**
 * The command that starts what runs now: Node and script of a clone or an installation. The cache of a package runner
 * such as npx may be removed at any time, so there the command is the runner's.
 */
export function findServerCommand(running: Running): ServerCommand {
  const { program, realpath } = running;
  const [node = 'node', ...rest] = program;
  const script = realpath(rest.at(-1) ?? '');
  const cache = /^.*?[\\/]_npx[\\/][^\\/]+|^.*?[\\/](?:dlx-|bunx-)[^\\/]*/.exec(script)?.[0];
  if (cache !== undefined) return npxCommand(running, node, findSpec(running, cache));
  return { command: stableNode(running, node), args: [...rest.slice(0, -1), script] };
}

const cacheSchema = z.object({
  dependencies: z.record(z.string(), z.string()).optional(),
  _npx: z.object({ packages: z.array(z.string()) }).optional(),
});

/** The package that npx was asked for: a version, a file, or a repository. */
function findSpec({ platform, read }: Running, cache: string): string {
  const { join, resolve } = pathsOf(platform);
  const parsed = cacheSchema.safeParse(readJson(read(join(cache, 'package.json')) ?? ''));
  const { dependencies, _npx: asked } = parsed.data ?? {};
  const file = /^file:(.+)$/.exec(dependencies?.[packageName] ?? '')?.[1];
  // npx stores the path of a file relative to its cache.
  if (file !== undefined) return resolve(cache, file);
  return asked?.packages.find((spec) => /cwm-api-gateway-mcp/i.test(spec)) ?? packageName;
}

/** Nodes in the PATH of every program, where npx alone is enough. */
const systemNode = /^\/(?:usr|usr\/local|opt\/homebrew|opt\/local|snap)\/(?:bin|Cellar)\//;

function npxCommand({ platform, exists }: Running, node: string, spec: string): ServerCommand {
  const args = ['-y', spec];
  // npx is a script there, which programs start through the command interpreter only.
  if (platform === 'win32') return { command: 'cmd', args: ['/c', 'npx', ...args] };
  // A desktop program does not see what a version manager (nvm, fnm, asdf) puts into the PATH of a terminal, and would
  // start an older Node, or none.
  if (systemNode.test(node)) return { command: 'npx', args };
  const { dirname, join } = pathsOf(platform);
  const npx = join(dirname(node), 'npx');
  if (exists(npx)) return { command: npx, args, env: { PATH: `${dirname(node)}:/usr/local/bin:/usr/bin:/bin` } };
  const doubt = warningLine(
    'start',
    `this runs on ${node}; a client may start an older Node`,
    `If a client shows no tools: npm install --global ${packageName}, then ${packageName} init.`,
  );
  return { command: 'npx', args, doubt };
}

/** Homebrew's Node is in a folder of its version, which the next upgrade removes; the link beside it stays. */
function stableNode({ exists, realpath }: Running, node: string): string {
  const [, prefix, formula] = /^(.*)\/Cellar\/(node(?:@\d+)?)\//.exec(node) ?? [];
  if (prefix === undefined) return node;
  const link = `${prefix}/opt/${formula}/bin/node`;
  return exists(link) && realpath(link) === realpath(node) ? link : node;
}
