import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The built program; `scripts/test.mjs` builds it before the tests where it is older than the source. */
export const builtProgram = join(root, 'dist/main.js');
/** The name that configurations of the predecessor start. */
export const binProgram = join(root, 'bin/server.js');

/**
 * For `expect.poll` and `vi.waitFor`: the event comes by itself, late on a busy machine; the limit only ends what never
 * comes.
 */
export const patient = { timeout: 60_000 } as const;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface SpawnOptions {
  environment?: Readonly<Record<string, string>>;
  program?: string;
}

export interface Finished extends Exit {
  stdout: string;
  stderr: string;
}

/** The variables of this process without those that steer the program. */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(CONNECTWISE_|NO_COLOR$|FORCE_COLOR$|NODE_OPTIONS$|VITEST)/i.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...more };
}

/** Starts the built program; its streams are left to the caller. */
export function spawnProgram(
  args: readonly string[],
  { environment, program = builtProgram }: SpawnOptions = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, ...args], { env: cleanEnvironment(environment) });
}

/** Runs the built program to its end, with nothing on stdin. */
export async function runProgram(args: readonly string[], options: SpawnOptions = {}): Promise<Finished> {
  const child = spawnProgram(args, options);
  child.stdin.end();
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const exit = await exitOf(child);
  return { ...exit, stdout: stdout(), stderr: stderr() };
}

/** What a stream has brought so far. */
export function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

/** Ends once the process is gone and its streams are read. */
export function exitOf(child: ChildProcessWithoutNullStreams): Promise<Exit> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
}
