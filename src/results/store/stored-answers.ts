import type { Database } from '../../core/storage.ts';
import type { NewResultTable, ResultTable, ResultWriter } from '../result-store.ts';
import { createStoredTable, type StoredTable, type TableShape } from './stored-table.ts';
import type { WriteQueue } from './write-queue.ts';

/** The answers of this process: which there are, how rows get into the file, which go when room is needed. */
export interface StoredAnswers {
  begin(given: NewResultTable): ResultWriter;
  list(): readonly ResultTable[];
  shapes(): readonly TableShape[];
  /** Tables of one answer by any of their names. */
  shapesOf(name: string): readonly TableShape[];
  /** The answers that hold these tables, now in use. */
  use(tables: readonly string[]): ResultTable[];
  /** Why tables are gone, by name in small letters. */
  gone: ReadonlyMap<string, string>;
  /** What was dropped or left out since this was last asked. */
  takeNotices(): readonly string[];
}

export interface StoredAnswersParts {
  database(): Promise<Database>;
  queue: WriteQueue;
  nameOf(noun: string): string;
  now(): Date;
  limits: StoreLimits;
}

/** A process may run for weeks: who asks for a table that went a thousand tables ago is told that there is none. */
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
  /** Drops others until these rows fit; false where they never will. */
  const makeRoom = (database: Database, answer: Answer, rows: number): boolean => {
    const { maxRows, maxBytes, maxAnswers } = parts.limits;
    for (;;) {
      const total = [...answers.values()].reduce((sum, { table }) => sum + table.rows, rows);
      const fits = total <= maxRows && usedBytes(database) <= maxBytes;
      if (fits && answers.size <= maxAnswers) return true;
      const victim = findVictim([...answers.values()].filter((other) => other !== answer && other.isSettled));
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
      const answer: Answer = { table, given, stored: undefined, lastUsed: now(), isFull: false, isSettled: false };
      answers.set(name, answer);
      return createWriter(answer, {
        write: (records) => parts.queue.add(() => writeRows(answer, records, writing)),
        end: () => parts.queue.add(() => end(answer)),
      });
    },
    list: () => [...answers.values()].map(({ table }) => ({ ...table })),
    shapes: () => [...answers.values()].flatMap(({ stored }) => stored?.shape() ?? []),
    shapesOf(name) {
      const wanted = name.toLowerCase();
      const found = [...answers.values()].find(({ table }) => table.name === wanted);
      return found?.stored?.shape() ?? [];
    },
    use(tables) {
      const used = [...answers.values()].filter(({ stored }) => tables.some((name) => stored?.holds(name)));
      for (const answer of used) answer.lastUsed = now();
      return used.map(({ table }) => ({ ...table }));
    },
    takeNotices() {
      const taken = notices;
      notices = [];
      return taken;
    },
  };
}

function createWriter(
  answer: Answer,
  { write, end }: { write(records: readonly unknown[]): void; end(): void },
): ResultWriter {
  const { table } = answer;
  let isEnded = false;
  return {
    table,
    append(records) {
      if (!isEnded && records.length > 0) write(records);
    },
    finish({ state, reason, total }) {
      if (isEnded) return;
      isEnded = true;
      if (total !== undefined) table.total = total;
      // Rows that did not fit make it partial, whatever the reading says.
      if (!answer.isFull) table.state = state;
      if (reason !== undefined) table.reason ??= reason;
      end();
    },
  };
}

/** One answer on its way into the file, or there. */
interface Answer {
  table: ResultTable;
  given: NewResultTable;
  stored: StoredTable | undefined;
  lastUsed: number;
  /** Takes no more rows: there is no room, or the file failed. */
  isFull: boolean;
  /** All its rows are written: only then may it be dropped for another. */
  isSettled: boolean;
}

/** Some milliseconds of writing, after which other work of the process goes first. */
const chunkRows = 100;

interface AnswerParts {
  database(): Promise<Database>;
  /** Drops others until these rows fit; false where they never will. */
  makeRoom(database: Database, answer: Answer, rows: number): boolean;
}

/** Writes rows; what goes wrong makes the answer partial, and is said by whoever asks it. */
async function* writeRows(answer: Answer, records: readonly unknown[], parts: AnswerParts): AsyncGenerator<void> {
  const { table, given } = answer;
  try {
    const database = await parts.database();
    answer.stored ??= createStoredTable(database, table.name, given);
    // An empty answer takes room too.
    if (records.length === 0) parts.makeRoom(database, answer, 0);
    for (let from = 0; from < records.length && !answer.isFull; from += chunkRows) {
      const chunk = records.slice(from, from + chunkRows);
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

/** Makes the table also where no rows came. */
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

export interface StoreLimits {
  maxRows: number;
  maxBytes: number;
  maxAnswers: number;
}

/**
 * Rows enough for a year of a provider's tickets; more is a question for reports. The process that answers SQL reads
 * the names of all tables whenever there is a new one, so small answers are not kept for ever either.
 */
export const storeLimits: StoreLimits = { maxRows: 200_000, maxBytes: 500_000_000, maxAnswers: 300 };

/** The one unused for longest, so that what was idle for a day goes before what is worked with. */
function findVictim<T extends { lastUsed: number }>(tables: readonly T[]): T | undefined {
  return tables.reduce<T | undefined>(
    (oldest, table) => (oldest === undefined || table.lastUsed < oldest.lastUsed ? table : oldest),
    undefined,
  );
}

/** Bytes in use: pages of dropped tables stay in the file and are used again. */
function usedBytes(database: Database): number {
  const read = (pragma: string) => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  return (read('page_count') - read('freelist_count')) * read('page_size');
}
