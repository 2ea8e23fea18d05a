import { createRandom, type Random } from '../../sandbox/seed/random.ts';
import { makeFolder } from '../support/folders.ts';
import { collect, exitOf, spawnProgram } from '../support/spawn.ts';
import { sandboxArguments } from '../support/spawn-every-tool.ts';
import { faultsOfLog } from './faults-of-log.ts';
import { type Era, makeProbe, opening, type Probe } from './good-messages.ts';
import { makeHugeLine, makeOdd, type Odd } from './odd-messages.ts';

export interface SessionOptions {
  seed: number;
  era: Era;
  /** How many odd messages. */
  count: number;
  /** Ends with a line that is longer than what is read, and so with the server. */
  endsTooLong?: boolean;
}

export interface SessionReport {
  /** What should not have happened; none for a session without a fault. */
  findings: string[];
  sent: number;
  probes: number;
  slowestMs: number;
}

/** An answer that takes longer is a server that hangs; a busy machine is slower, but not by so much. */
const boundMs = 120_000;

/** Odd messages with good requests among them, over the pipes of a server of its own. */
export async function runSession({ seed, era, count, endsTooLong = false }: SessionOptions): Promise<SessionReport> {
  using folder = makeFolder();
  const random = createRandom(seed);
  const server = openServer(folder.path);
  const report: SessionReport = { findings: [], sent: 0, probes: 0, slowestMs: 0 };
  const find = (what: string) => report.findings.push(`seed ${seed}, ${era}, after ${report.sent} messages: ${what}`);
  const kinds: string[] = [];
  try {
    const { first, after } = opening(era);
    server.write(Buffer.from(`${JSON.stringify(first)}\n`));
    await server.answerTo('opening');
    for (const message of after) server.write(Buffer.from(`${JSON.stringify(message)}\n`));
    while (report.sent < count) {
      const batch = makeBatch(random, era, { count: Math.min(random.between(1, 40), count - report.sent), report });
      kinds.splice(0, kinds.length, ...batch.odd.map(({ kind }) => kind));
      const started = performance.now();
      await writeInPieces(server, random, batch.bytes);
      for (const [id, { isRight }] of batch.probes) {
        const answer = await server.answerTo(id);
        if (answer.result === undefined || !isRight(answer.result))
          find(`${id} got ${JSON.stringify(answer).slice(0, 300)}`);
      }
      for (const id of batch.odd.flatMap(({ answered }) => answered)) await server.answerTo(id);
      report.slowestMs = Math.max(report.slowestMs, performance.now() - started);
    }
    if (random.chance(0.2)) {
      server.write(makeHugeLine(era, 999_999_999, false).bytes);
      await server.answerTo(999_999_999);
    }
  } catch (error) {
    find(`${error instanceof Error ? error.message : error}; the last messages were ${kinds.join(', ')}`);
  }
  if (endsTooLong) server.write(makeHugeLine(era, 0, true).bytes);
  else server.end();
  for (const what of await server.ended()) find(what);
  return report;
}

interface Batch {
  odd: Odd[];
  probes: Map<string, Probe>;
  bytes: Buffer;
}

function makeBatch(random: Random, era: Era, { count, report }: { count: number; report: SessionReport }): Batch {
  const odd: Odd[] = [];
  const probes = new Map<string, Probe>();
  const pieces: Buffer[] = [];
  const addProbe = () => {
    report.probes += 1;
    const id = `probe-${report.probes}`;
    const probe = makeProbe(random, era, id);
    probes.set(id, probe);
    pieces.push(Buffer.from(`${JSON.stringify(probe.message)}${random.pick(['\n', '\r\n', '\n\n'])}`));
  };
  for (let made = 0; made < count; made++) {
    report.sent += 1;
    const one = makeOdd(random, era, report.sent);
    odd.push(one);
    pieces.push(one.bytes);
    if (random.chance(0.05)) addProbe();
  }
  addProbe();
  return { odd, probes, bytes: Buffer.concat(pieces) };
}

/** All at once, in pieces of any size, or byte by byte: a pipe promises nothing about where a chunk ends. */
async function writeInPieces(server: Server, random: Random, bytes: Buffer): Promise<void> {
  const most = random.pick([Number.POSITIVE_INFINITY, 70_000, 5_000]);
  if (bytes.length < 4_000 && random.chance(0.3)) {
    for (const byte of bytes) {
      server.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return;
  }
  for (let at = 0; at < bytes.length; ) {
    const size = most === Number.POSITIVE_INFINITY ? bytes.length : random.between(1, most);
    server.write(bytes.subarray(at, at + size));
    at += size;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

interface Answer {
  id?: unknown;
  result?: unknown;
  error?: unknown;
}

interface Server {
  write(bytes: Buffer): void;
  answerTo(id: unknown): Promise<Answer>;
  end(): void;
  /** What was wrong with its end, its stdout and its log. */
  ended(): Promise<string[]>;
}

function openServer(dataDir: string): Server {
  const child = spawnProgram(sandboxArguments(dataDir));
  const exit = exitOf(child);
  const stderr = collect(child.stderr);
  const answers = new Map<unknown, Answer>();
  const waiting = new Map<unknown, (answer: Answer) => void>();
  const wrong: string[] = [];
  onLine(child.stdout, (line) => {
    const answer = readAnswer(line);
    if (answer === undefined) wrong.push(`stdout held no message: ${line.slice(0, 200)}`);
    else if (answer.id !== undefined) {
      answers.set(answer.id, answer);
      waiting.get(answer.id)?.(answer);
    }
  });
  child.stdin.on('error', () => undefined);
  return {
    write: (bytes) => child.stdin.write(bytes),
    async answerTo(id) {
      const there = answers.get(id);
      if (there !== undefined) return there;
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<Answer>((resolve, reject) => {
          waiting.set(id, resolve);
          timer = setTimeout(() => reject(new Error(`no answer to ${String(id)} in ${boundMs} ms`)), boundMs);
          void exit.then(({ code }) => reject(new Error(`the server ended with ${code}: ${stderr().slice(-600)}`)));
        });
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
    end: () => child.stdin.end(),
    async ended() {
      const timer = setTimeout(() => child.kill('SIGKILL'), boundMs);
      const { code, signal } = await exit;
      clearTimeout(timer);
      child.stdin.destroy();
      if (code !== 0) wrong.push(`ended with ${code ?? signal}: ${stderr().slice(-600)}`);
      return [...wrong, ...faultsOfLog(stderr())];
    },
  };
}

/** `readline` would end lines at U+2028 too, which the protocol does not. */
function onLine(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      take(rest.subarray(0, end).toString());
      rest = rest.subarray(end + 1);
    }
  });
}

function readAnswer(line: string): Answer | undefined {
  try {
    const answer = JSON.parse(line) as Answer & { jsonrpc?: unknown };
    return answer.jsonrpc === '2.0' ? answer : undefined;
  } catch {
    return undefined;
  }
}
