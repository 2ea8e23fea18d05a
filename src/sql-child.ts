import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { openSqlAnswering, type SqlMessage, type SqlProcessSettings, type SqlRequest } from './results/index.ts';

// The process that answers SQL: one file, read only, ended at any moment by the server that started it, or by its own
// watch, since a statement that runs hears nothing: not even that its server is gone.

interface Watch {
  settings: SqlProcessSettings;
  /** 1 while a statement runs. */
  running: Int32Array;
}

if (isMainThread) answer();
else watch(workerData as Watch);

function answer(): void {
  const settings = JSON.parse(process.argv[2] ?? '') as SqlProcessSettings;
  const running = new Int32Array(new SharedArrayBuffer(4));
  new Worker(import.meta.filename, { workerData: { settings, running } satisfies Watch }).unref();
  silenceSqliteWarning();
  const answerSql = openSqlAnswering(settings.file);
  process.on('disconnect', () => process.exit());
  let take = () => {};
  /** The time between two batches belongs to the reader, and is not counted as the statement's. */
  const taken = async () => {
    setRunning(running, 0);
    await new Promise<void>((resolve) => {
      take = resolve;
    });
    setRunning(running, 1);
  };
  process.on('message', (request: SqlRequest | 'taken') => {
    if (request === 'taken') return take();
    setRunning(running, 1);
    void answerSql(request, (message) => process.send?.(message), taken).then(() => setRunning(running, 0));
  });
  process.send?.({ id: 0, kind: 'ready' } satisfies SqlMessage);
}

function setRunning(running: Int32Array, value: 0 | 1): void {
  Atomics.store(running, 0, value);
  Atomics.notify(running, 0);
}

/** Not SIGKILL: by that the server knows that somebody else ended this process. Windows has no other signals. */
const ownEnd = process.platform === 'win32' ? 'SIGKILL' : 'SIGUSR2';

function watch({ settings, running }: Watch): void {
  for (;;) {
    Atomics.wait(running, 0, 0);
    const started = performance.now();
    while (Atomics.wait(running, 0, 1, 20) === 'timed-out') {
      const late = performance.now() - started > settings.maxStatementMs;
      if (late || process.memoryUsage.rss() > settings.maxMemoryBytes) process.kill(process.pid, ownEnd);
    }
  }
}

function silenceSqliteWarning(): void {
  // Nobody reads this process's stderr; on the Nodes that warn, writing it only costs time.
  process.removeAllListeners('warning');
}
