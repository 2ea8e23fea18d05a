import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Terminal } from '../command.ts';
import type { ConfiguredServer } from './read-configured-servers.ts';

/** How a configured command fared: the version it told, or what went wrong instead. */
export type Start = { version: string; name: string; ms: number } | { problem: string };

export interface StartOptions extends Pick<Terminal, 'platform' | 'environment'> {
  limitMs: number;
  signal: AbortSignal;
}

/** What clients hand to a server besides its own variables; settings of this terminal would hide what is missing there. */
const inherited =
  /^(?:HOME|LOGNAME|PATH|SHELL|TERM|USER|LANG|TMPDIR|APPDATA|HOMEDRIVE|HOMEPATH|LOCALAPPDATA|PROCESSOR_ARCHITECTURE|SYSTEMDRIVE|SYSTEMROOT|TEMP|TMP|USERNAME|USERPROFILE|PROGRAMFILES|PROGRAMDATA|PATHEXT|COMSPEC)$/i;

/** Long enough for a server that ends by itself once nobody speaks to it. */
const graceMs = 2_000;

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'doctor', version: '1' } },
};

/** Starts what a client would start, asks who it is, and ends that process. */
export async function startServer(server: ConfiguredServer, options: StartOptions): Promise<Start> {
  const started = performance.now();
  const child = spawnServer(server, options);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const start = await askWho(child, server, options);
  child.stdin.end();
  await endWithin(exited, () => child.kill('SIGTERM'));
  await endWithin(exited, () => child.kill('SIGKILL'));
  // A process of its own that the command started may still hold these.
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  return 'problem' in start ? start : { ...start, ms: Math.round(start.at - started) };
}

function spawnServer({ command, args, environment: own }: ConfiguredServer, { platform, environment }: StartOptions) {
  const kept = Object.entries(environment).filter(([name]) => inherited.test(name));
  const options = { env: { ...Object.fromEntries(kept), ...own }, windowsHide: true };
  if (platform !== 'win32' || /\.exe$/i.test(command)) return spawn(command, args, options);
  // npx and its like are scripts on Windows, which only a shell starts.
  const quote = (word: string) => (/[\s"&|<>^()]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word);
  return spawn([command, ...args].map(quote).join(' '), { ...options, shell: true });
}

type Told = { version: string; name: string; at: number } | { problem: string };

function askWho(child: ReturnType<typeof spawnServer>, server: ConfiguredServer, options: StartOptions): Promise<Told> {
  const { limitMs, signal } = options;
  const { promise, resolve } = Promise.withResolvers<Told>();
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    // The first words say why a program does not start; a log that goes on is not needed.
    if (said.length < 4_000) said += chunk.toString('utf8');
  });
  child.once('error', (error: NodeJS.ErrnoException) => resolve({ problem: `could not be started (${error.code})` }));
  child.once('close', (code) => {
    const line = firstLine(said, server);
    resolve({ problem: `ended with exit status ${code}${line === '' ? '' : `: ${line}`}` });
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const giveUp = () => resolve({ problem: `did not answer within ${limitMs / 1000} s` });
  limit.addEventListener('abort', giveUp, { once: true });
  if (limit.aborted) giveUp();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const info = readServerInfo(line);
    if (info !== undefined) resolve({ ...info, at: performance.now() });
  });
  // A process that has ended takes nothing; its end is told by its own event.
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(initialize)}\n`);
  return promise;
}

/** Waits for the end of a process, and asks for it where none comes. */
async function endWithin(exited: Promise<void>, end: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    end();
    resolve();
  }, graceMs);
  await Promise.race([exited, promise]);
  clearTimeout(timer);
}

function readServerInfo(line: string): { name: string; version: string } | undefined {
  try {
    const { name, version } = JSON.parse(line).result.serverInfo;
    return { name: String(name), version: String(version) };
  } catch {
    return undefined;
  }
}

/** What the command says first, without the values of its variables: some of them are keys. */
function firstLine(said: string, { environment }: ConfiguredServer): string {
  let line =
    said
      .split('\n')
      .find((text) => text.trim() !== '')
      ?.trim() ?? '';
  for (const value of Object.values(environment)) if (value.length >= 4) line = line.replaceAll(value, '[redacted]');
  return line.slice(0, 200);
}
