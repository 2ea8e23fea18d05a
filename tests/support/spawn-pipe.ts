import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { collect, type Exit, exitOf, patient, type SpawnOptions, spawnProgram } from './spawn.ts';

export interface Answer {
  id?: number | string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of every shape
  result?: any;
  error?: { code: number; message: string };
}

/** A server that is spoken to in raw lines. */
export interface Session extends AsyncDisposable {
  /** Every line of stdout so far. */
  lines: readonly string[];
  stderr(): string;
  /** Writes text as it is. */
  write(text: string): void;
  /** Sends a request; its answer once it comes. */
  request(method: string, params?: unknown): Promise<Answer>;
  /** The same without waiting; answers the id. */
  send(method: string, params?: unknown): number;
  callTool(name: string, given?: Record<string, unknown>): Promise<Answer>;
  /** Text of the reply of a tool. */
  callText(name: string, given?: Record<string, unknown>): Promise<string>;
  closeStdin(): void;
  exit: Promise<Exit>;
}

/** A server at the other end of real pipes. */
export interface Pipe extends Session {
  /** Stops listening to the log, as hosts do that do not keep it. */
  closeStderr(): void;
  /** Closes every end, as a client that dies. */
  destroy(): void;
  kill(signal: NodeJS.Signals): void;
  pid: number;
}

/** Starts the program and shakes hands as a client of one of the 2024 and 2025 versions. */
export async function openPipe(
  args: readonly string[],
  options: SpawnOptions = {},
  protocolVersion = '2025-11-25',
): Promise<Pipe> {
  const pipe = openSilentPipe(args, options);
  await shakeHands(pipe, protocolVersion);
  return pipe;
}

/** What a client of one of the 2024 and 2025 versions says first. */
export async function shakeHands(session: Session, protocolVersion: string): Promise<void> {
  await session.request('initialize', {
    protocolVersion,
    capabilities: {},
    clientInfo: { name: 'test', version: '0' },
  });
  session.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
}

/** Starts the program and sends nothing yet: since 2026-07-28 there is no handshake. */
export function openSilentPipe(args: readonly string[], options: SpawnOptions = {}): Pipe {
  const child = spawnProgram(args, options);
  const exit = exitOf(child);
  return {
    ...speak(child, exit),
    closeStderr: () => child.stderr.destroy(),
    destroy() {
      for (const stream of [child.stdout, child.stdin, child.stderr]) stream.destroy();
    },
    kill: (signal) => child.kill(signal),
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), patient.timeout);
      await exit;
      clearTimeout(timer);
    },
  };
}

interface Streams {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
}

/** Speaks to a server through its streams, as a client does. */
export function speak({ stdin, stdout, stderr: errors }: Streams, exit: Promise<Exit>): Session {
  const stderr = collect(errors);
  const lines: string[] = [];
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  createInterface({ input: stdout }).on('line', (line) => {
    lines.push(line);
    const answer = JSON.parse(line) as Answer;
    if (typeof answer.id === 'number') waiting.get(answer.id)?.(answer);
  });
  // Writing to a process that has ended is part of some tests.
  stdin.on('error', () => undefined);
  const write = (text: string) => stdin.write(text);
  const send = (method: string, params?: unknown) => {
    lastId += 1;
    write(`${JSON.stringify({ jsonrpc: '2.0', id: lastId, method, ...(params === undefined ? {} : { params }) })}\n`);
    return lastId;
  };
  const request = (method: string, params?: unknown) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.set(send(method, params), resolve);
      void exit.then(({ code }) => reject(new Error(`the program ended with ${code} before ${method}: ${stderr()}`)));
    });
  const callTool = (name: string, given = {}) => request('tools/call', { name, arguments: given });
  return {
    lines,
    stderr,
    write,
    request,
    send,
    callTool,
    async callText(name, given) {
      const { result, error } = await callTool(name, given);
      return result === undefined ? `protocol error: ${error?.message}` : result.content[0].text;
    },
    closeStdin: () => stdin.end(),
    exit,
    async [Symbol.asyncDispose]() {
      stdin.end();
      await exit;
    },
  };
}
