import { once } from 'node:events';
import { homedir } from 'node:os';
import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/cli/command.ts';
import { runCommandLine } from '../../src/cli/index.ts';
import { sandboxDataOf, sharedCatalog, shippedCatalog, sqlProgram } from './shared.ts';
import { builtProgram, cleanEnvironment, collect, type Exit, type Finished } from './spawn.ts';
import { type Session, shakeHands, speak } from './spawn-pipe.ts';

export interface RunHereOptions {
  environment?: Readonly<Record<string, string>>;
  /** As on a Node that is too old. */
  nodeProblem?: string;
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
  const streams = makeStreams();
  streams.stdin.end(piped);
  const [out, err] = [collect(streams.stdout), collect(streams.stderr)];
  const exit = await run(args, streams, environment);
  return { ...exit, stdout: out(), stderr: err() };
}

/** `openPipe` without the process: the server from the lines on its stdin to those on its stdout and stderr. */
export async function openPipeHere(
  args: readonly string[],
  { environment = {}, nodeProblem }: Omit<RunHereOptions, 'stdin'> = {},
  protocolVersion = '2025-11-25',
): Promise<Session> {
  const streams = makeStreams();
  const session = speak(streams, endOf(streams, run(args, streams, environment, nodeProblem)));
  await shakeHands(session, protocolVersion);
  return session;
}

type Streams = Record<'stdin' | 'stdout' | 'stderr', PassThrough>;

const makeStreams = (): Streams => ({
  stdin: new PassThrough(),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
});

/** As a process ends: once what it wrote is read. */
async function endOf({ stdout, stderr }: Streams, running: Promise<Exit>): Promise<Exit> {
  const read = [once(stdout, 'end'), once(stderr, 'end')];
  const exit = await running;
  stdout.end();
  stderr.end();
  await Promise.all(read);
  return exit;
}

async function run(
  args: readonly string[],
  streams: Streams,
  environment: Readonly<Record<string, string>>,
  nodeProblem?: string,
): Promise<Exit> {
  const { HOME: home = homedir(), USERPROFILE: profile = home } = environment;
  const terminal = {
    arguments: args,
    program: [process.execPath, builtProgram],
    environment: cleanEnvironment(environment),
    nodeVersion: process.versions.node,
    nodeProblem,
    home: process.platform === 'win32' ? profile : home,
    platform: process.platform,
    shippedCatalog,
    sqlProgram,
    sandboxData: sandboxDataOf(await sharedCatalog()),
    ...streams,
    onStop: () => undefined,
  };
  // Streams of a terminal have more than what is written and read through them.
  return { code: await runCommandLine(terminal as unknown as Terminal), signal: null };
}
