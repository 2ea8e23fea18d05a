import { GatewayError } from '../../core/errors.ts';
import type { QueryOptions, QueryResult, ResultStore } from '../result-store.ts';
import { checkSql } from './check-sql.ts';
import { explainSqlError } from './explain-sql-error.ts';
import { openPrivateFile, type PrivateFile } from './private-file.ts';
import { createSqlProcess, type SqlProcess } from './sql-process.ts';
import { createStoredAnswers, type StoreLimits, storeLimits } from './stored-answers.ts';
import { createWriteQueue } from './write-queue.ts';

export interface ResultStoreOptions {
  /** Where the files of all servers of this user lie, one for each. */
  folder: string;
  now(): Date;
  /** From 0 up to 1. */
  random(): number;
  /** Program of the process that answers SQL. */
  sqlProgram: string;
  /** Name of the zone in which `local` and days are meant. */
  timeZone(): Promise<string>;
  limits?: Partial<StoreLimits>;
  /** Longest that a statement may run. */
  timeoutMs?: number;
  /** Most memory of the process that answers SQL. */
  maxMemoryBytes?: number;
}

/** Storing waits this long after a pause: the reply that carries the rows goes first. */
const graceMs = 20;
const idleMs = 600_000;
/** Rows of one statement; an export asks for more. */
const maxQueryBytes = 8_000_000;

/** Opens no file: the first rows, or the first statement, do. */
export async function openResultStore(options: ResultStoreOptions): Promise<ResultStore> {
  const queue = createWriteQueue(graceMs);
  let opening: Promise<PrivateFile> | undefined;
  let sql: SqlProcess | undefined;
  let isClosed = false;
  const open = async () => {
    if (isClosed) throw new GatewayError('storage_failed', 'The stored answers are gone: the server is ending.');
    opening ??= openPrivateFile(options.folder, options.random);
    // A folder that is full or locked may be neither the next time.
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
  const query = async (
    text: string,
    { maxRows, maxBytes = maxQueryBytes, signal, it }: QueryOptions,
  ): Promise<QueryResult> => {
    const tokens = checkSql(text);
    const child = await openSql();
    child.warm();
    await queue.settled();
    const around = { shapes: answers.shapes(), gone: answers.gone, tokens };
    const aliases = it === undefined ? {} : aliasesOf(it, answers.shapesOf(it));
    try {
      const request = { sql: text, maxRows, maxBytes, aliases, timeZone: await options.timeZone() };
      const { tables, ...found } = await child.run(request, signal);
      return { ...found, tables: answers.use(tables) };
    } catch (error) {
      throw error instanceof GatewayError ? explainSqlError(error, around) : error;
    }
  };
  return {
    begin: answers.begin,
    tables: answers.list,
    takeNotices: answers.takeNotices,
    query,
    async close() {
      if (isClosed) return;
      isClosed = true;
      sql?.close();
      await queue.stop();
      (await opening?.catch(() => undefined))?.close();
    },
  };
}

/** `it` for the records, `it_notes` for the table of their notes. */
function aliasesOf(it: string, shapes: readonly { name: string }[]): Record<string, string> {
  if (shapes.length === 0) {
    throw new GatewayError('invalid_sql', `There is no table ${it} that “it” could stand for.`, {
      hint: 'Name a table in FROM; replies that stored one say its name.',
    });
  }
  return Object.fromEntries(shapes.map(({ name }) => [`it${name.slice(it.length)}`, name]));
}

/**
 * Names for tables, none given twice. The number starts anywhere, so that a name from another conversation, or from
 * before a restart, is unlikely to be a table of today.
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
    // Names that begin with these belong to SQLite.
    const isFree = /^[a-z]/.test(word) && !/^(sqlite|pragma)(_|$)/.test(word);
    const name = `${isFree ? word : 'rows'}_${next}`;
    next += 1;
    return name;
  };
}
