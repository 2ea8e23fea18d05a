import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayError } from '../../core/errors.ts';
import { removeIfPossible } from '../../core/files.ts';
import {
  type Database,
  findStorageFailure,
  openDatabase,
  retryWhileBusy,
  withStorageErrors,
} from '../../core/storage.ts';
import type { QueryOptions, QueryResult, ResultStore, StoredRows } from '../result-store.ts';
import { checkSql, describeStatement, explainSqlError, findWholeTable, notStored, type SqlToken } from './check-sql.ts';
import { recordColumn } from './columns.ts';
import { createSqlProcess, type SqlProcess, type TakeRows } from './sql-process.ts';
import {
  createStoredAnswers,
  createWriteQueue,
  type StoredAnswers,
  type StoreLimits,
  storeLimits,
} from './stored-answers.ts';
import { createSpool, readNumberedRows } from './stored-rows.ts';

export interface ResultStoreOptions {
  /** Folder of the files of all servers of this user, one file for each server. */
  folder: string;
  now(): Date;
  /** From 0 up to 1. */
  random(): number;
  /** Told why a temporary folder is used in place of `folder`. */
  onSpare?(failure: GatewayError): void;
  /** Program of the process that answers SQL. */
  sqlProgram: string;
  /** Name of the zone for `local`, `today` and days. */
  timeZone(): Promise<string>;
  limits?: Partial<StoreLimits>;
  /** Longest time of one statement. */
  timeoutMs?: number;
  /** Most memory of the process that answers SQL. */
  maxMemoryBytes?: number;
}

/** Storing waits this long after a pause, so that the reply with the rows is sent first. */
const graceMs = 20;
const idleMs = 600_000;
/** Size of the rows of one statement; an export asks for more. */
const maxQueryBytes = 8_000_000;

/** A store of tables. The first rows, or the first statement, open its file. */
export async function openResultStore(options: ResultStoreOptions): Promise<ResultStore> {
  const queue = createWriteQueue(graceMs);
  let opening: Promise<PrivateFile> | undefined;
  let sql: SqlProcess | undefined;
  let isClosed = false;
  const open = async () => {
    if (isClosed) throw new GatewayError('storage_failed', 'The stored answers are deleted: the server is ending.');
    opening ??= openAnyFile(options);
    // Tried again next time: the folder may be writable then.
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  };
  const answers = createStoredAnswers({
    database: async () => (await open()).database,
    queue,
    nameOf: createTableNames(options.random),
    now: options.now,
    limits: { ...storeLimits, ...options.limits },
  });
  const openSql = async () => {
    const { path } = await open();
    sql ??= createSqlProcess({
      program: options.sqlProgram,
      file: path,
      timeoutMs: options.timeoutMs ?? 5_000,
      maxMemoryBytes: options.maxMemoryBytes ?? 700_000_000,
      idleMs,
    });
    return sql;
  };
  const run = async (
    text: string,
    { maxRows, maxBytes, signal, it }: QueryOptions & { maxBytes: number },
    tokens: readonly SqlToken[],
    take?: TakeRows,
  ): Promise<QueryResult> => {
    const child = await openSql();
    child.warm();
    await queue.settled();
    const aliases = it === undefined ? {} : aliasesOf(it, answers);
    const around = { shapes: answers.shapes(), aliases, gone: answers.gone, answers: answers.list(), tokens };
    try {
      const timeZone = await options.timeZone();
      const nowMs = options.now().getTime();
      const limits = { maxRows, maxBytes, ...(hidesRecord(tokens) && { hidden: recordColumn }) };
      const { tables, ...found } = await child.run({ sql: text, ...limits, aliases, timeZone, nowMs }, signal, take);
      return { ...found, tables: answers.use(tables), notes: describeStatement(around, timeZone) };
    } catch (error) {
      throw error instanceof GatewayError ? explainSqlError(error, around) : error;
    }
  };
  const query = async (text: string, { maxBytes = maxQueryBytes, ...more }: QueryOptions) =>
    run(text, { ...more, maxBytes }, checkSql(text));
  let spools = 0;
  const rows = async (text: string, given: Omit<QueryOptions, 'maxBytes'>): Promise<StoredRows> => {
    const tokens = checkSql(text);
    const named = findWholeTable(tokens);
    const name = named?.toLowerCase() === 'it' ? (given.it ?? named) : named;
    if (name !== undefined) await queue.settled();
    const held = name === undefined ? undefined : answers.hold(name);
    const { database } = await open();
    const { signal, maxRows } = given;
    if (name !== undefined && held !== undefined) {
      const { names, rows: all, release } = held;
      const source = { ...all, upTo: Math.min(all.upTo, maxRows) };
      return {
        columns: names,
        rows: source.upTo,
        complete: source.upTo === all.upTo,
        tables: answers.use([name.toLowerCase()]),
        notes: [],
        areSame: (one, other) => all.columns[one]?.name === all.columns[other]?.name,
        release,
        batches: () => untilCancelled(readNumberedRows(database, source), signal),
      };
    }
    spools += 1;
    const spool = createSpool(database, `rows of statement ${spools}`);
    try {
      const limits = { ...given, maxBytes: Number.MAX_SAFE_INTEGER };
      const { rows: _, ...found } = await run(text, limits, tokens, spool.write);
      const source = spool.rows();
      const batches = () => untilCancelled(readNumberedRows(database, source), signal);
      const { areSame, drop: release } = spool;
      return { ...found, rows: source.upTo, areSame, release, batches };
    } catch (error) {
      spool.drop();
      throw error;
    }
  };
  return {
    begin: answers.begin,
    opened: async () => void (await open().catch(() => undefined)),
    tables: answers.list,
    takeNotices: answers.takeNotices,
    query,
    rows,
    async close() {
      if (isClosed) return;
      isClosed = true;
      sql?.close();
      await queue.stop();
      (await opening?.catch(() => undefined))?.close();
    },
  };
}

/** `*` stands for the columns that people read; a record as JSON is ten times as large. */
const hidesRecord = (tokens: readonly SqlToken[]) =>
  tokens.some(({ kind, text }) => kind === 'sign' && text === '*') &&
  !tokens.some(({ text }) => text.toLowerCase() === recordColumn);

async function* untilCancelled<Batch>(batches: AsyncIterable<Batch>, signal: AbortSignal | undefined) {
  for await (const batch of batches) {
    if (signal?.aborted) throw new GatewayError('cancelled', 'The call was cancelled.', { cause: signal.reason });
    yield batch;
  }
}

/** `it` for the records, `it_notes` for the table of their notes. */
function aliasesOf(it: string, answers: StoredAnswers): Record<string, string> {
  const shapes = answers.shapesOf(it);
  if (shapes.length === 0) {
    const answer = answers.list().find(({ name }) => name === it);
    if (answer !== undefined) throw notStored(answer);
    throw new GatewayError('invalid_sql', `There is no table ${it}, which “it” refers to.`, {
      hint: 'Name a table in FROM; each reply to a list names its table.',
    });
  }
  return Object.fromEntries(shapes.map(({ name }) => [`it${name.slice(it.length)}`, name]));
}

/**
 * Unique names for tables. The first number is random, so that a name from another conversation, or from before a
 * restart, is unlikely to name another table.
 */
function createTableNames(random: () => number): (noun: string) => string {
  let next = 100 + Math.floor(random() * 800);
  return (noun) => {
    const word = noun
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 40);
    // SQLite reserves names that begin with these.
    const isFree = /^[a-z]/.test(word) && !/^(sqlite|pragma)(_|$)/.test(word);
    const name = `${isFree ? word : 'rows'}_${next}`;
    next += 1;
    return name;
  };
}

interface PrivateFile {
  path: string;
  database: Database;
  /** Closes and deletes. */
  close(): void;
}

const suffixes = ['.db', '.db-wal', '.db-shm', '.db-journal'] as const;
const lockSuffix = '.lock';
/** A killed process leaves SQLite's journal of the lock file, which is deleted first: else SQLite would apply it. */
const lockSuffixes = ['.lock-journal', lockSuffix] as const;

/**
 * Opens a new file for this process, and deletes those that dead processes left. Each file has a second one beside it,
 * which its process keeps locked: the system releases the lock of a process that dies, however it dies.
 * @throws GatewayError `storage_failed`
 */
async function openPrivateFile(folder: string, random: () => number): Promise<PrivateFile> {
  withStorageErrors(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  // One process at a time: a file that is not locked yet would look like one of a dead process.
  const guard = await openDatabase(join(folder, 'opening'));
  try {
    guard.exec('PRAGMA busy_timeout = 0');
    await retryWhileBusy(folder, () => guard.exec('BEGIN EXCLUSIVE'));
    await removeLeftOvers(folder);
    return await makeFile(folder, random);
  } finally {
    guard.close();
  }
}

/** In the folder, or where that cannot be used in a temporary one of this process: reading needs no data folder. */
async function openAnyFile({ folder, random, onSpare }: ResultStoreOptions): Promise<PrivateFile> {
  try {
    return await openPrivateFile(folder, random);
  } catch (error) {
    const failure = error instanceof GatewayError ? error : findStorageFailure(error);
    if (failure?.code !== 'storage_failed' || onSpare === undefined) throw error;
    const spare = withStorageErrors(tmpdir(), () => mkdtempSync(join(tmpdir(), 'cwm-api-gateway-mcp-')));
    const file = await openPrivateFile(spare, random);
    onSpare(failure);
    return { ...file, close: () => [file.close(), removeIfPossible(spare)] };
  }
}

async function makeFile(folder: string, random: () => number): Promise<PrivateFile> {
  const stem = join(folder, freeStem(readdirSync(folder), random));
  const lock = await openDatabase(stem + lockSuffix);
  lock.exec('BEGIN EXCLUSIVE');
  const path = `${stem}.db`;
  const database = await openDatabase(path, { wal: true });
  // The file is deleted with the process, so no write has to reach the disk.
  database.exec('PRAGMA synchronous = OFF; PRAGMA journal_size_limit = 4000000');
  return {
    path,
    database,
    close() {
      database.close();
      // The lock file last: until then no other process deletes the files.
      removeFiles(stem, suffixes);
      lock.close();
      removeFiles(stem, lockSuffixes);
    },
  };
}

function freeStem(taken: readonly string[], random: () => number): string {
  for (;;) {
    const stem = `answers-${Math.floor(random() * 36 ** 8)
      .toString(36)
      .padStart(8, '0')}`;
    if (!taken.some((name) => name.startsWith(stem))) return stem;
  }
}

async function removeLeftOvers(folder: string): Promise<void> {
  const stems = new Set(readdirSync(folder).flatMap((name) => /^answers-[0-9a-z]{8}(?=\.)/.exec(name)?.[0] ?? []));
  for (const stem of stems) await removeIfDead(join(folder, stem));
}

async function removeIfDead(stem: string): Promise<void> {
  const lock = await openDatabase(stem + lockSuffix);
  try {
    lock.exec('PRAGMA busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    return;
  }
  removeFiles(stem, suffixes);
  lock.close();
  removeFiles(stem, lockSuffixes);
}

function removeFiles(stem: string, of: readonly string[]): void {
  for (const suffix of of) remove(stem + suffix);
}

/** Windows refuses while a process that is ending still has the file open; the next process tries again. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true, maxRetries: 3, retryDelay: 20 });
  } catch {
    // Left for the next process.
  }
}
