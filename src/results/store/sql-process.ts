import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { GatewayError } from '../../core/errors.ts';
import type { Cell } from '../table.ts';

/** Settings of the process that answers SQL, as JSON in its first argument. */
export interface SqlProcessSettings {
  file: string;
  /** It ends itself above these limits, because its parent may be gone. */
  maxMemoryBytes: number;
  maxStatementMs: number;
}

export interface SqlRequest {
  id: number;
  sql: string;
  maxRows: number;
  maxBytes: number;
  /** Other names of tables, such as `it`. */
  aliases: Readonly<Record<string, string>>;
  /** Zone of the functions that compute days. */
  timeZone: string;
  /** The gateway's clock, which may be set. */
  nowMs: number;
  /** A column that is left out. */
  hidden?: string;
  /** Rows are sent a batch at a time, the next once the last was taken. */
  streamed?: true;
}

/** Takes a batch of rows of a streamed statement. */
export type TakeRows = (rows: Cell[][]) => Promise<void> | void;

export type SqlMessage =
  | { id: 0; kind: 'ready' }
  | { id: number; kind: 'rows'; rows: Cell[][] }
  | { id: number; kind: 'end'; columns: string[]; complete: boolean; tables: string[] }
  | { id: number; kind: 'error'; message: string };

export interface SqlProcessOptions {
  /** The program that answers: `sql-child` beside the program's own main file. */
  program: string;
  file: string;
  /** Longest time of one statement. */
  timeoutMs: number;
  maxMemoryBytes: number;
  /** After this time without a statement the process is ended; the next statement starts another. */
  idleMs: number;
}

export interface SqlAnswer {
  columns: string[];
  /** None where they were streamed. */
  rows: Cell[][];
  complete: boolean;
  tables: string[];
}

export type SqlStatement = Omit<SqlRequest, 'id' | 'streamed'>;

/** A process that answers SQL. It can be ended in the middle of a statement, which a thread cannot. */
export interface SqlProcess {
  /** Starts it ahead of the first statement. */
  warm(): void;
  /**
   * @param take streams the rows; the time limit then holds for each batch
   * @throws GatewayError `timed_out`, `cancelled`, `invalid_sql` with SQLite's own message in `details.sqlite`
   */
  run(request: SqlStatement, signal: AbortSignal | undefined, take?: TakeRows): Promise<SqlAnswer>;
  close(): void;
}

/** It ends itself this much later than its parent would end it, in case the parent is gone. */
const graceMs = 1_000;
/** Longest time of its start. */
const startMs = 15_000;

export function createSqlProcess(options: SqlProcessOptions): SqlProcess {
  let child: Answering | undefined;
  let lastId = 0;
  let idle: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const start = (): Answering => {
    clearTimeout(idle);
    if (child?.process.connected) return child;
    child = forkAnswering(options);
    return child;
  };
  const end = () => {
    clearTimeout(idle);
    child?.process.kill('SIGKILL');
    child = undefined;
  };
  const rest = () => {
    clearTimeout(idle);
    idle = setTimeout(end, options.idleMs).unref();
  };
  const runNow = async (request: SqlStatement, signal: AbortSignal | undefined, take: TakeRows | undefined) => {
    if (signal?.aborted) throw cancelled(signal);
    lastId += 1;
    const asked: SqlRequest = { ...request, id: lastId, ...(take !== undefined && { streamed: true }) };
    try {
      return await exchange(start(), asked, { signal, timeoutMs: options.timeoutMs, end, take });
    } finally {
      rest();
    }
  };

  return {
    warm() {
      if (child?.process.connected) return;
      start();
      rest();
    },
    run(request, signal, take) {
      // One statement at a time: a second process would double the memory, and most statements take milliseconds.
      const mine = turn.then(() => runNow(request, signal, take));
      turn = mine.catch(() => undefined);
      return mine;
    },
    close: end,
  };
}

interface Answering {
  process: ChildProcess;
  /** Whether it has started: if not, the statement is not the reason for its end. */
  isReady: boolean;
}

function forkAnswering({ program, file, maxMemoryBytes, timeoutMs }: SqlProcessOptions): Answering {
  const settings: SqlProcessSettings = { file, maxMemoryBytes, maxStatementMs: timeoutMs + graceMs };
  const options: ForkOptions & { windowsHide: boolean } = {
    // Not the flags of this process, such as a debugger's port; older Nodes need a flag for TypeScript.
    execArgv: program.endsWith('.ts') ? ['--experimental-strip-types'] : [],
    // Nothing of this process's environment, which may hold the keys. Windows adds what each process needs by itself.
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // A host without a console would let Windows open one for it.
    windowsHide: true,
  };
  const child = fork(program, [JSON.stringify(settings)], options);
  // The server may end while this process waits for a statement.
  child.unref();
  child.channel?.unref();
  // `exchange` reports it, where an answer is awaited.
  child.on('error', () => undefined);
  const answering: Answering = { process: child, isReady: false };
  child.once('message', () => {
    answering.isReady = true;
  });
  return answering;
}

interface Exchange {
  signal: AbortSignal | undefined;
  timeoutMs: number;
  end(): void;
  take: TakeRows | undefined;
}

function exchange(
  answering: Answering,
  request: SqlRequest,
  { signal, timeoutMs, end, take }: Exchange,
): Promise<SqlAnswer> {
  const { process: child } = answering;
  return new Promise((resolve, reject) => {
    const rows: Cell[][] = [];
    let isSettled = false;
    const settle = (work: () => void) => {
      isSettled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      child.off('message', onMessage).off('exit', onExit);
      child.channel?.unref();
      work();
    };
    const stop = (error: unknown) =>
      settle(() => {
        end();
        reject(error);
      });
    const limit = (ms: number) => setTimeout(() => stop(timedOut(timeoutMs)), ms);
    // On a busy machine the start takes long; the statement's time begins after it.
    let timer = limit(answering.isReady ? timeoutMs : startMs);
    const onAbort = () => stop(cancelled(signal));
    const onExit = () => stop(endedItself(answering));
    const handOn = async (batch: Cell[][], taking: TakeRows) => {
      clearTimeout(timer);
      try {
        await taking(batch);
      } catch (error) {
        return stop(error);
      }
      if (isSettled || !child.connected) return;
      timer = limit(timeoutMs);
      child.send('taken');
    };
    const onMessage = (message: SqlMessage) => {
      if (message.kind === 'ready') {
        clearTimeout(timer);
        timer = limit(timeoutMs);
      }
      if (message.id !== request.id) return;
      if (message.kind === 'rows' && take !== undefined) void handOn(message.rows, take);
      else if (message.kind === 'rows') rows.push(...message.rows);
      else if (message.kind === 'error') settle(() => reject(refusedBySqlite(message.message)));
      else if (message.kind === 'end') {
        const { columns, complete, tables } = message;
        settle(() => resolve({ columns, rows, complete, tables }));
      }
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    child.on('message', onMessage).once('exit', onExit);
    child.channel?.ref();
    child.send(request, (error) => {
      if (error) stop(endedItself(answering));
    });
  });
}

/** `details.sqlite` marks it as SQLite's own message, which `explainSqlError` then replaces. */
function refusedBySqlite(sqlite: string): GatewayError {
  return new GatewayError('invalid_sql', `SQLite refuses the SQL: ${sqlite}.`, { details: { field: 'sql', sqlite } });
}

function timedOut(timeoutMs: number): GatewayError {
  return new GatewayError('timed_out', `The SQL ran longer than ${timeoutMs / 1000} s and was stopped.`, {
    hint: 'Join on ids, put WHERE before joins, and leave out joins without a condition.',
  });
}

function cancelled(signal: AbortSignal | undefined): GatewayError {
  return new GatewayError('cancelled', 'The SQL was stopped because the call was cancelled.', {
    cause: signal?.reason,
  });
}

function endedItself({ isReady, process: { signalCode } }: Answering): GatewayError {
  // Nothing here sends these while an answer is awaited: a person did, or the system, which was short of memory.
  if (signalCode === 'SIGKILL' || signalCode === 'SIGTERM') {
    return new GatewayError('storage_failed', `The process that answers SQL was killed from outside (${signalCode}).`, {
      hint: 'Try again. If it is killed each time, the computer is short of memory, or another program stops it.',
    });
  }
  if (!isReady) {
    return new GatewayError('storage_failed', 'The process that answers SQL could not be started.', {
      hint: 'Try again; if it persists, install the program again: a file of it may be missing or blocked.',
    });
  }
  return new GatewayError('invalid_sql', 'The SQL needed too much memory and was stopped.', {
    hint: 'Make fewer rows and shorter texts: group, filter, or leave out recursion without an end.',
  });
}
