import * as z from 'zod';
import { readJson } from '../../core/json.ts';
import type { StatusLine } from '../../gateway/local/status/status-line.ts';
import { pathsOf } from '../clients/find-clients.ts';

/** How a client starts this program. */
export interface ServerCommand {
  command: string;
  args: readonly string[];
  /** Besides the settings. */
  env?: Readonly<Record<string, string>>;
  /** Why it may not start, though this program runs. */
  doubt?: StatusLine;
}

export interface RunningProgram {
  /** How this program was started: Node, its flags, the script. */
  program: readonly string[];
  platform: string;
  exists(path: string): boolean;
  /** The file behind links; the path itself where there is none. */
  realpath(path: string): string;
  /** Undefined for a file that cannot be read. */
  read(path: string): string | undefined;
}

const packageName = 'cwm-api-gateway-mcp';

/**
 * The command that starts what runs now: Node and script of a clone or an installation. What a package runner has in
 * its cache may be gone tomorrow, so there the runner is started again.
 */
export function findServerCommand(running: RunningProgram): ServerCommand {
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

/** What npx was asked for: a version, a file, or a repository while the package is not on npm. */
function findSpec({ platform, read }: RunningProgram, cache: string): string {
  const { join } = pathsOf(platform);
  const parsed = cacheSchema.safeParse(readJson(read(join(cache, 'package.json')) ?? ''));
  const { dependencies, _npx: asked } = parsed.data ?? {};
  const file = /^file:(.+)$/.exec(dependencies?.[packageName] ?? '')?.[1];
  // The words may name the file from where the person stood; npx keeps it from where its cache stands.
  if (file !== undefined) return pathsOf(platform).resolve(cache, file);
  return asked?.packages.find((spec) => /cwm-api-gateway-mcp/i.test(spec)) ?? packageName;
}

function npxCommand({ platform, exists }: RunningProgram, node: string, spec: string): ServerCommand {
  const args = ['-y', spec];
  // npx is a script there, which programs start through the command interpreter only.
  if (platform === 'win32') return { command: 'cmd', args: ['/c', 'npx', ...args] };
  const { dirname, join } = pathsOf(platform);
  const npx = join(dirname(node), 'npx');
  // A desktop program does not see what a version manager (nvm, fnm, asdf) puts into the PATH of a terminal, and would
  // start an older Node, or none.
  if (seenByAll.test(node)) return { command: 'npx', args };
  if (!exists(npx)) return { command: 'npx', args, doubt: otherNode(node) };
  return { command: npx, args, env: { PATH: `${dirname(node)}:/usr/local/bin:/usr/bin:/bin` } };
}

const otherNode = (node: string): StatusLine => ({
  check: 'start',
  state: 'warning',
  detail: `this runs on ${node}; Claude may start an older Node`,
  fix: `If Claude shows no tools: npm install --global ${packageName}, then ${packageName} init.`,
});

const seenByAll = /^\/(?:usr|usr\/local|opt\/homebrew|opt\/local|snap)\/(?:bin|Cellar)\//;

/** Homebrew's Node lies in a folder of its version, gone after the next upgrade; the link beside it stays. */
function stableNode({ exists, realpath }: RunningProgram, node: string): string {
  const [, prefix, formula] = /^(.*)\/Cellar\/(node(?:@\d+)?)\//.exec(node) ?? [];
  if (prefix === undefined) return node;
  const link = `${prefix}/opt/${formula}/bin/node`;
  return exists(link) && realpath(link) === realpath(node) ? link : node;
}
