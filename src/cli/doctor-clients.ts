import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { isRecord } from '../core/json.ts';
import { failureLine, okLine, type StatusLine, warningLine } from '../gateway/index.ts';
import { type Computer, readComputer } from './clients.ts';
import type { Terminal } from './command.ts';
import { faultOf, type HostText, hostValue, readHostText } from './host-text.ts';
import { type ClientFile, findClientFiles, hostOf } from './hosts.ts';
import { type Entry, listEntries } from './init/entries.ts';

/** A command that takes longer is too slow for clients as well; npx may have to download first. */
const startLimitMs = 10_000;

/**
 * Which clients start this program, and whether their command works.
 * @param limitMs how long each command may take to answer
 */
export async function checkClients(
  terminal: Terminal,
  signal: AbortSignal,
  limitMs = startLimitMs,
): Promise<StatusLine[]> {
  const computer = readComputer(terminal);
  const found = findClientFiles(computer).filter(({ file }) => computer.exists(file));
  const lines = await Promise.all(
    found.map(async (client) => {
      const read = readConfiguredServers(client, computer);
      if ('problem' in read) return [unreadable(client, read.problem)];
      return Promise.all(read.servers.map((server) => checkServer(client, server, terminal, { signal, limitMs })));
    }),
  );
  if (lines.flat().length > 0) return lines.flat();
  return [okLine('client', 'no configuration of a client on this computer names this server')];
}

function unreadable({ title, file }: ClientFile, problem: string): StatusLine {
  const fix = 'Correct it (most often a comma or a quotation mark is missing), then start the client again.';
  return failureLine('client', `${title} cannot read ${file}: ${problem}`, fix);
}

async function checkServer(
  { title, file }: ClientFile,
  server: ConfiguredServer,
  { platform, environment }: Terminal,
  limits: Pick<StartOptions, 'signal' | 'limitMs'>,
): Promise<StatusLine> {
  const named = `${title}: ${JSON.stringify(server.name)} in ${file}`;
  const placeholders = Object.keys(server.environment).filter((name) =>
    /^your |^0{8}-/i.test(server.environment[name] ?? ''),
  );
  const start = await startServer(server, { platform, environment, ...limits });
  if ('problem' in start) {
    const fix =
      'Run its command in a terminal to see the error. If several Nodes are installed, give the full path of one as command.';
    return failureLine('client', `${named} ${start.problem}`, fix);
  }
  if (placeholders.length > 0)
    return warningLine(
      'client',
      `${named} starts; ${placeholders.join(', ')} is a placeholder`,
      'Replace it with your own value.',
    );
  return okLine('client', `${named} starts ${start.name} ${start.version} in ${start.ms} ms`);
}

/** An entry of a client's configuration. */
export interface ConfiguredServer {
  name: string;
  command: string;
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
}

type Read = { servers: ConfiguredServer[] } | { problem: string };

/** Entries that start this program, read as the client reads them. */
function readConfiguredServers({ client, file }: ClientFile, computer: Computer): Read {
  const host = hostOf(client);
  try {
    const text = readHostText(readFileSync(file), file, host);
    if (text.hasMark && host.grammar === 'json') return { problem: 'it begins with a byte order mark' };
    const entries = [text, ...projectsOf(text)].flatMap((part) => listEntries(part, host, computer));
    const own = entries.filter((entry) => entry.isOwn || isThisProgram(entry, computer));
    return { servers: own.map(({ name, command, args, env }) => ({ name, command, args, environment: env })) };
  } catch (error) {
    return { problem: faultOf(error) };
  }
}

/** Claude Code also has servers of single projects, by their folder. */
function projectsOf(text: HostText): HostText[] {
  const { projects } = hostValue(text);
  const found = isRecord(projects) ? Object.values(projects).filter(isRecord) : [];
  return found.map((project) => ({ ...text, text: JSON.stringify(project) }));
}

/** By the file that runs now, or by our variables together with the name of our entry file. */
function isThisProgram({ command, args, env }: Entry, computer: Computer): boolean {
  const words = [command, ...args];
  if (words.includes(computer.program.at(-1) ?? '')) return true;
  const isOurs = Object.keys(env).some((name) => name.startsWith('CONNECTWISE_'));
  return isOurs && words.some((word) => ['main.js', 'server.js'].includes(basename(word.replaceAll('\\', '/'))));
}

/** What a configured command answered: its name and version, or what went wrong. */
type Start = { version: string; name: string; ms: number } | { problem: string };

interface StartOptions extends Pick<Terminal, 'platform' | 'environment'> {
  limitMs: number;
  signal: AbortSignal;
}

/** How long a server may take to end by itself after its stdin has closed, and again after a signal. */
const graceMs = 2_000;

/** Starts what a client would start, asks for its name and version, and ends that process. */
export async function startServer(server: ConfiguredServer, options: StartOptions): Promise<Start> {
  const started = performance.now();
  const child = spawnServer(server, options);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const answer = await initialize(child, server, options);
  child.stdin.end();
  await endWithin(exited, () => child.kill('SIGTERM'));
  await endWithin(exited, () => child.kill('SIGKILL'));
  // A process that the command started itself may still hold these open.
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  return 'problem' in answer ? answer : { ...answer, ms: Math.round(answer.at - started) };
}

/** What clients pass on to a server; other variables of this terminal would hide what the client's entry lacks. */
const inherited =
  /^(?:HOME|LOGNAME|PATH|SHELL|TERM|USER|LANG|TMPDIR|APPDATA|HOMEDRIVE|HOMEPATH|LOCALAPPDATA|PROCESSOR_ARCHITECTURE|SYSTEMDRIVE|SYSTEMROOT|TEMP|TMP|USERNAME|USERPROFILE|PROGRAMFILES|PROGRAMDATA|PATHEXT|COMSPEC)$/i;

function spawnServer({ command, args, environment: own }: ConfiguredServer, { platform, environment }: StartOptions) {
  const passedOn = Object.entries(environment).filter(([name]) => inherited.test(name));
  const options = { env: { ...Object.fromEntries(passedOn), ...own }, windowsHide: true };
  if (platform !== 'win32' || /\.exe$/i.test(command)) return spawn(command, args, options);
  // On Windows npx and similar commands are scripts, which only a shell starts.
  const quote = (word: string) => (/[\s"&|<>^()]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word);
  return spawn([command, ...args].map(quote).join(' '), { ...options, shell: true });
}

const initializeRequest = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'doctor', version: '1' } },
};

type Initialized = { version: string; name: string; at: number } | { problem: string };

/** Sends the first message of the protocol. */
function initialize(
  child: ReturnType<typeof spawnServer>,
  server: ConfiguredServer,
  { limitMs, signal }: StartOptions,
): Promise<Initialized> {
  const { promise, resolve } = Promise.withResolvers<Initialized>();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    // The beginning says why a program does not start; the rest of a log is not needed.
    if (errors.length < 4_000) errors += chunk.toString('utf8');
  });
  child.once('error', (error: NodeJS.ErrnoException) => resolve({ problem: `could not be started (${error.code})` }));
  child.once('close', (code) => {
    const line = firstLine(errors, server);
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
  // Writing fails where the process has ended, which its own event reports.
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(initializeRequest)}\n`);
  return promise;
}

/** Waits for a process to end, and calls `end` where it does not. */
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

/** The first line that the command printed, without the values of its variables: some of them are keys. */
function firstLine(text: string, { environment }: ConfiguredServer): string {
  let line = text.trimStart().split('\n', 1)[0]?.trim() ?? '';
  for (const value of Object.values(environment)) if (value.length >= 4) line = line.replaceAll(value, '[redacted]');
  return line.slice(0, 200);
}
