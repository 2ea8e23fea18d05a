import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { failureLine, okLine, type StatusLine, warningLine } from '../gateway/index.ts';
import { type ClientFile, type Computer, findClientFiles, readComputer, startsThis } from './clients.ts';
import type { Terminal } from './command.ts';
import { readJsonText, readValue } from './json-text.ts';

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
      const servers = readConfiguredServers(client.file, computer);
      if (servers === undefined) return [unreadable(client)];
      return Promise.all(servers.map((server) => checkServer(client, server, terminal, { signal, limitMs })));
    }),
  );
  if (lines.flat().length > 0) return lines.flat();
  return [okLine('client', 'no configuration of Claude Desktop or Claude Code names this server')];
}

function unreadable({ title, file }: ClientFile): StatusLine {
  const fix = 'Look for a missing comma, or a single backslash, which JSON needs doubled; then start the client again.';
  return failureLine('client', `${title} cannot read ${file}: it is not a JSON configuration`, fix);
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

const serverSchema = z.looseObject({
  command: z.string(),
  args: z.array(z.coerce.string()).default([]),
  env: z.record(z.string(), z.coerce.string()).default({}),
});
// Claude Code also has servers of single projects, by their folder.
const fileSchema = z.looseObject({
  mcpServers: z.record(z.string(), z.unknown()).default({}),
  projects: z
    .record(z.string(), z.looseObject({ mcpServers: z.record(z.string(), z.unknown()).default({}) }))
    .default({}),
});

/** Entries that start this program; undefined for a file that clients cannot read. */
function readConfiguredServers(path: string, computer: Computer): ConfiguredServer[] | undefined {
  const parsed = fileSchema.safeParse(readDocument(path));
  if (!parsed.success) return undefined;
  const { mcpServers, projects } = parsed.data;
  const entries = [mcpServers, ...Object.values(projects).map((project) => project.mcpServers)].flatMap(Object.entries);
  return entries.flatMap(([name, value]): ConfiguredServer[] => {
    const server = serverSchema.safeParse(value);
    if (!server.success) return [];
    const { command, args, env } = server.data;
    return isThisProgram([command, ...args], env, computer) ? [{ name, command, args, environment: env }] : [];
  });
}

/** By its name, by the file that runs now, or by our variables together with the name of our entry file. */
function isThisProgram(words: readonly string[], env: Readonly<Record<string, string>>, computer: Computer): boolean {
  if (words.includes(computer.program.at(-1) ?? '') || startsThis(words, computer)) return true;
  const isOurs = Object.keys(env).some((name) => name.startsWith('CONNECTWISE_'));
  return isOurs && words.some((word) => ['main.js', 'server.js'].includes(basename(word.replaceAll('\\', '/'))));
}

function readDocument(path: string): unknown {
  try {
    return readValue(readJsonText(readFileSync(path), path));
  } catch {
    return undefined;
  }
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
