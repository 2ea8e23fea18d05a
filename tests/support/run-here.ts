import { homedir } from 'node:os';
import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/cli/command.ts';
import { runCommandLine } from '../../src/cli/index.ts';
import { sqlProgram } from './connect.ts';
import { sandboxDataOf, sharedCatalog, shippedCatalog } from './shared.ts';
import { builtProgram, cleanEnvironment, collect, type Finished } from './spawn.ts';

export interface RunHereOptions {
  environment?: Readonly<Record<string, string>>;
  /** Piped in; nothing unless given. */
  stdin?: string;
}

/**
 * `runProgram` without the process: the command line from its words to its exit status. What is about the process
 * itself (signals, pipes that break, how it ends) is tested spawned, and `readme-commands` spawns every command.
 */
export async function runHere(
  args: readonly string[],
  { environment = {}, stdin: piped = '' }: RunHereOptions = {},
): Promise<Finished> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(piped);
  const [out, err] = [collect(stdout), collect(stderr)];
  const { HOME: home = homedir(), USERPROFILE: profile = home } = environment;
  const terminal = {
    arguments: args,
    program: [process.execPath, builtProgram],
    environment: cleanEnvironment(environment),
    nodeVersion: process.versions.node,
    home: process.platform === 'win32' ? profile : home,
    platform: process.platform,
    shippedCatalog,
    sqlProgram,
    sandboxData: sandboxDataOf(await sharedCatalog()),
    ...{ stdin, stdout, stderr, onStop: () => undefined },
  };
  // Streams of a terminal have more than what is written and read through them.
  const code = await runCommandLine(terminal as unknown as Terminal);
  return { code, signal: null, stdout: out(), stderr: err() };
}
