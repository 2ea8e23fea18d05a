import { weightAtOnce } from '../../core/async.ts';
import { weightOf } from '../../core/budget.ts';
import type { Database } from '../../core/storage.ts';
import type { NewResultTable, ResultTable, ResultWriter } from '../result-store.ts';
import type { NumberedRows } from './stored-rows.ts';
import { createStoredTable, type StoredTable, type TableShape } from './stored-table.ts';

/** The answers of this process: lists them, writes their rows into the file, and drops some when room is needed. */
export interface StoredAnswers {
  begin(given: NewResultTable): ResultWriter;
  list(): readonly ResultTable[];
  shapes(): readonly TableShape[];
  /** The tables of one answer by its name. */
  shapesOf(name: string): readonly TableShape[];
  /** The answers with these tables; marks them as used now. */
  use(tables: readonly string[]): ResultTable[];
  /** The rows of one answer where they are stored; undefined where it has none. It is not dropped until it is released. */
  hold(name: string): HeldAnswer | undefined;
  /** Why tables were dropped, by name in lower case. */
  gone: ReadonlyMap<string, string>;
  /** What was dropped or left out since the last call of this. */
  takeNotices(): readonly string[];
}

export interface HeldAnswer {
  names: readonly string[];
  rows: NumberedRows;
  release(): void;
}

export interface StoreLimits {
  maxRows: number;
  maxBytes: number;
  maxAnswers: number;
}

/**
 * Enough rows for a year of a provider's tickets. The number of answers is limited too, because the process that answers
 * SQL reads the names of all tables whenever there is a new one.
 */
export const storeLimits: StoreLimits = { maxRows: 200_000, maxBytes: 500_000_000, maxAnswers: 300 };

export interface StoredAnswersParts {
  database(): Promise<Database>;
  queue: WriteQueue;
  nameOf(noun: string): string;
  now(): Date;
  limits: StoreLimits;
}

/** A process may run for weeks: reasons for older tables are forgotten, and these are unknown tables then. */
const maxGone = 1_000;
const maxNotices = 50;

export function createStoredAnswers(parts: StoredAnswersParts): StoredAnswers {
  const answers = new Map<string, Answer>();
  const gone = new Map<string, string>();
  let notices: string[] = [];
  const now = () => parts.now().getTime();

  const notify = (notice: string) => {
    notices = [...notices, notice].slice(-maxNotices);
  };
  const drop = ({ table, stored, lastUsed }: Answer) => {
    stored?.drop();
    answers.delete(table.name);
    const hours = Math.floor((now() - lastUsed) / 3_600_000);
    const why = `it was dropped to make room, unused for ${hours >= 1 ? `${hours} h` : 'less than an hour'}`;
    gone.set(table.name, why);
    for (const oldest of gone.keys()) if (gone.size > maxGone) gone.delete(oldest);
    notify(`${table.name} (${table.request.slice(0, 100)}) is no longer stored: ${why}.`);
  };
  /** Drops other answers until these rows fit; false where they cannot. */
  const makeRoom = (database: Database, answer: Answer, rows: number): boolean => {
    const { maxRows, maxBytes, maxAnswers } = parts.limits;
    for (;;) {
      const total = [...answers.values()].reduce((sum, { table }) => sum + table.rows, rows);
      const fits = total <= maxRows && usedBytes(database) <= maxBytes;
      if (fits && answers.size <= maxAnswers) return true;
      const victim = findVictim([...answers.values()].filter((other) => other !== answer && isFree(other)));
      if (victim === undefined) return fits;
      drop(victim);
    }
  };
  const writing = { database: parts.database, makeRoom };
  const end = async function* (answer: Answer) {
    yield* endRows(answer, writing);
    const omitted = answer.stored?.omitted() ?? [];
    if (omitted.length > 0) {
      const some = omitted.slice(0, 3).join(', ');
      notify(`${answer.table.name}: ${omitted.length} members (${some}, …) have no column; _record holds them.`);
    }
  };

  return {
    gone,
    begin(given) {
      const name = parts.nameOf(given.noun);
      const storedAt = `${new Date(now()).toISOString().slice(0, 19)}Z`;
      const table: ResultTable = { name, request: given.request, storedAt, rows: 0, state: 'reading' };
      const fresh = { stored: undefined, isFull: false, isSettled: false, holders: 0 };
      const answer: Answer = { table, given, lastUsed: now(), ...fresh };
      answers.set(name, answer);
      return createWriter(answer, {
        write: (records) => parts.queue.add(() => writeRows(answer, records, writing)),
        end: () => void parts.queue.add(() => end(answer)),
      });
    },
    list: () => [...answers.values()].map(({ table }) => ({ ...table })),
    shapes: () => [...answers.values()].flatMap(shapesIn),
    shapesOf(name) {
      const wanted = name.toLowerCase();
      const found = [...answers.values()].find(({ table }) => table.name === wanted);
      return found === undefined ? [] : shapesIn(found);
    },
    use(tables) {
      const used = [...answers.values()].filter(({ stored }) => tables.some((name) => stored?.holds(name)));
      for (const answer of used) answer.lastUsed = now();
      return used.map(({ table }) => ({ ...table }));
    },
    hold(name) {
      const answer = answers.get(name.toLowerCase());
      if (answer?.stored === undefined) return undefined;
      answer.holders += 1;
      answer.lastUsed = now();
      const release = () => {
        answer.holders -= 1;
      };
      return { ...answer.stored.source(), release };
    },
    takeNotices() {
      const taken = notices;
      notices = [];
      return taken;
    },
  };
}

/** None where not even the first rows could be written: then the file has no table of it. */
const shapesIn = ({ stored, isFull, table }: Answer) => (isFull && table.rows === 0 ? [] : (stored?.shape() ?? []));

/** Pages that may wait for the file; a page of whole records takes some megabytes, and more while it is parsed. */
const maxWaiting = 1;

function createWriter(
  answer: Answer,
  { write, end }: { write(records: readonly unknown[]): Promise<void>; end(): void },
): ResultWriter {
  const { table } = answer;
  let isEnded = false;
  const waiting: Promise<void>[] = [];
  return {
    table,
    append(records) {
      if (!isEnded && records.length > 0) waiting.push(write(records));
    },
    async caughtUp() {
      while (waiting.length > maxWaiting) await waiting.shift();
    },
    finish({ state, reason, total }) {
      if (isEnded) return;
      isEnded = true;
      if (total !== undefined) table.total = total;
      // Rows that did not fit make it partial, even if the list was read to its end.
      if (!answer.isFull) table.state = state;
      if (reason !== undefined) table.reason ??= reason;
      end();
    },
  };
}

/** One answer that is being written, or is stored. */
interface Answer {
  table: ResultTable;
  given: NewResultTable;
  stored: StoredTable | undefined;
  lastUsed: number;
  /** Rows are no longer written: there is no room, or the file failed. */
  isFull: boolean;
  /** All its rows are written: only then may it be dropped for another. */
  isSettled: boolean;
  /** Who reads its rows now. */
  holders: number;
}

const isFree = ({ isSettled, holders }: Answer) => isSettled && holders === 0;

/** Rows written in one go, which takes some milliseconds; then other work of the process runs. */
const chunkRows = 100;

/** How many rows from there on are written in one go, at least one: to the next hundred, or less where they weigh much. */
function chunkAt(records: readonly unknown[], from: number): number {
  let weight = 0;
  let rows = 0;
  while (rows < chunkRows - (from % chunkRows) && from + rows < records.length) {
    weight += weightOf(records[from + rows], weightAtOnce);
    if (weight > weightAtOnce && rows > 0) break;
    rows += 1;
  }
  return rows;
}

interface AnswerParts {
  database(): Promise<Database>;
  /** Drops other answers until these rows fit; false where they cannot. */
  makeRoom(database: Database, answer: Answer, rows: number): boolean;
}

/** Writes rows; an error makes the answer partial, with the error as the reason. */
async function* writeRows(answer: Answer, records: readonly unknown[], parts: AnswerParts): AsyncGenerator<void> {
  const { table, given } = answer;
  try {
    const database = await parts.database();
    answer.stored ??= createStoredTable(database, table.name, given);
    // An empty answer counts too.
    if (records.length === 0) parts.makeRoom(database, answer, 0);
    for (let from = 0; from < records.length && !answer.isFull; ) {
      const chunk = records.slice(from, from + chunkAt(records, from));
      from += chunk.length;
      answer.isFull = !parts.makeRoom(database, answer, chunk.length);
      if (answer.isFull) setPartial(table, `only ${table.rows} rows fit beside what else is stored and in use`);
      else answer.stored.write(chunk);
      table.rows = answer.stored.rows();
      yield;
    }
  } catch (error) {
    fail(answer, error);
  }
}

/** Creates the table also where there were no rows. */
async function* endRows(answer: Answer, parts: AnswerParts): AsyncGenerator<void> {
  yield* writeRows(answer, [], parts);
  try {
    if (!answer.isFull) answer.stored?.complete();
  } catch (error) {
    fail(answer, error);
  }
  answer.isSettled = true;
}

function fail(answer: Answer, error: unknown): void {
  answer.isFull = true;
  setPartial(answer.table, `rows could not be stored: ${error instanceof Error ? error.message : String(error)}`);
}

function setPartial(table: ResultTable, reason: string): void {
  table.state = 'partial';
  table.reason = reason;
}

/** The least recently used. */
function findVictim<T extends { lastUsed: number }>(tables: readonly T[]): T | undefined {
  return tables.reduce<T | undefined>(
    (oldest, table) => (oldest === undefined || table.lastUsed < oldest.lastUsed ? table : oldest),
    undefined,
  );
}

/** Bytes in use: pages of dropped tables stay in the file, and SQLite uses them again. */
function usedBytes(database: Database): number {
  const read = (pragma: string) => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  return (read('page_count') - read('freelist_count')) * read('page_size');
}

/** Runs writes one after the other, between the other work of the process. */
interface WriteQueue {
  /** The work yields where other work may run. It must not throw. Resolves when it is done or discarded. */
  add(work: () => AsyncGenerator<void>): Promise<void>;
  /** Resolves when everything added so far is written. */
  settled(): Promise<void>;
  /** Discards what is not written yet, and ignores what is added later; resolves when nothing runs. */
  stop(): Promise<void>;
}

/** @param graceMs how long the first write after a pause waits, so that the reply with the rows is sent first */
export function createWriteQueue(graceMs: number): WriteQueue {
  let tail: Promise<void> = Promise.resolve();
  let pending = 0;
  let isStopped = false;
  let waiting = 0;
  let hurry = () => {};

  const pause = () =>
    new Promise<void>((resolve) => {
      if (waiting > 0 || isStopped) return resolve();
      const timer = setTimeout(resolve, graceMs);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (work: () => AsyncGenerator<void>) => {
    for await (const _ of work()) {
      if (isStopped) break;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };

  return {
    async add(work) {
      if (isStopped) return;
      const before = pending === 0 ? tail.then(pause) : tail;
      pending += 1;
      tail = before.then(async () => {
        if (!isStopped) await run(work);
        pending -= 1;
      });
      await tail;
    },
    async settled() {
      waiting += 1;
      hurry();
      await tail;
      waiting -= 1;
    },
    async stop() {
      isStopped = true;
      hurry();
      await tail;
    },
  };
}
