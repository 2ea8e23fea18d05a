import type { Database } from '../../core/storage.ts';
import type { NewResultTable, ResultTable, ResultWriter } from '../result-store.ts';
import { type Answer, endRows, writeRows } from './answer.ts';
import { findVictim, type StoreLimits, usedBytes } from './room.ts';
import type { TableShape } from './stored-table.ts';
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
