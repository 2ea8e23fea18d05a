import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { runCommandLine } from './cli/index.ts';
import { keepHeapSmall } from './core/heap.ts';

const needed = [22, 13] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const nodeProblem =
  major < needed[0] || (major === needed[0] && minor < needed[1])
    ? `cwm-api-gateway-mcp needs Node ${needed.join('.')} or newer; this is ${process.versions.node}. Get one from https://nodejs.org.`
    : undefined;
const [first = 'serve'] = process.argv.slice(2);
const serves = first === 'serve' || (first.startsWith('-') && !/^(?:-[hv]|--help|--version)$/.test(first));

if (nodeProblem !== undefined) process.stderr.write(`${nodeProblem}\n`);
// A server says it in its replies too: no host shows what a server writes to stderr.
if (nodeProblem !== undefined && !serves) {
  process.exitCode = 1;
} else {
  silenceSqliteWarning();
  keepHeapSmall();
  // Who reads stdout has gone (a client that ended, `| head` that has enough): there is nobody left to tell. Anything
  // else, such as a full disk behind `> file`, has cut the answer short.
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || code === 'EOF') {
      // Whoever writes many rows notices it, and first deletes what it keeps of them.
      if (process.stdout.listenerCount('error') > 1) return;
      process.exit(0);
    }
    process.stderr.write(`stdout cannot be written: ${message}\n`);
    process.exit(1);
  });
  // Only the log goes to stderr: a client that closed it still wants its answers.
  process.stderr.on('error', () => undefined);
  void runCommandLine({
    arguments: process.argv.slice(2),
    program: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    environment: process.env,
    nodeVersion: process.versions.node,
    nodeProblem,
    home: homedir(),
    platform: process.platform,
    // The same place seen from src/ and from dist/.
    shippedCatalog: join(import.meta.dirname, '..', 'dist', 'catalog.db'),
    // Beside this file, and in the same language.
    sqlProgram: join(import.meta.dirname, `sql-child${extname(import.meta.filename)}`),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    onStop(stop) {
      // Windows has no SIGTERM (ending a process there is killing it), but Ctrl+Break; the name is nothing elsewhere.
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) process.once(signal, stop);
    },
  }).then((exitStatus) => {
    process.exitCode = exitStatus;
    // What a call left running when its client went must not hold the process; the timer itself does not.
    setTimeout(() => process.exit(), 500).unref();
  });
}

/** `node:sqlite` announces itself as experimental on the Nodes that have it built in; every other warning stays. */
function silenceSqliteWarning(): void {
  const emit = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).includes('SQLite is an experimental feature')) return;
    Reflect.apply(emit, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
}
