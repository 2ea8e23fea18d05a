import type { Database } from '../../storage/database.ts';
import type { NewResultTable, ResultTable, ResultWriter } from '../result-store.ts';
import { findVictim, type StoreLimits, usedBytes } from './room.ts';
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

interface Answer {
  table: ResultTable;
  given: NewResultTable;
  stored: StoredTable | undefined;
  lastUsed: number;
  isFull: boolean;
}

/** Some milliseconds of writing, after which other work of the process goes first. */
const chunkRows = 100;

export function createStoredAnswers(parts: StoredAnswersParts): StoredAnswers {
  const answers = new Map<string, Answer>();
  const gone = new Map<string, string>();
  let notices: string[] = [];
  const now = () => parts.now().getTime();

  const drop = ({ table, stored, lastUsed }: Answer) => {
    stored?.drop();
    answers.delete(table.name);
    const hours = Math.floor((now() - lastUsed) / 3_600_000);
    const why = `it was dropped to make room, unused for ${hours >= 1 ? `${hours} h` : 'less than an hour'}`;
    gone.set(table.name, why);
    notices.push(`${table.name} (${table.request.slice(0, 100)}) is no longer stored: ${why}.`);
  };
  /** Drops others until these rows fit; false where they never will. */
  const makeRoom = (database: Database, answer: Answer, rows: number): boolean => {
    const { maxRows, maxBytes } = parts.limits;
    for (;;) {
      const total = [...answers.values()].reduce((sum, { table }) => sum + table.rows, rows);
      if (total <= maxRows && usedBytes(database) <= maxBytes) return true;
      const others = [...answers.values()].filter((other) => other !== answer && other.table.state !== 'reading');
      const victim = findVictim(others);
      if (victim === undefined) return false;
      drop(victim);
    }
  };
  const write = async function* (answer: Answer, records: readonly unknown[]) {
    const { table, given } = answer;
    try {
      const database = await parts.database();
      answer.stored ??= createStoredTable(database, table.name, given);
      for (let from = 0; from < records.length && !answer.isFull; from += chunkRows) {
        const chunk = records.slice(from, from + chunkRows);
        answer.isFull = !makeRoom(database, answer, chunk.length);
        if (answer.isFull) setPartial(table, `only ${table.rows} rows fit beside what else is stored and in use`);
        else answer.stored.write(chunk);
        table.rows = answer.stored.rows();
        yield;
      }
    } catch (error) {
      answer.isFull = true;
      setPartial(table, `rows could not be stored: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const end = async function* (answer: Answer) {
    yield* write(answer, []);
    if (answer.isFull) return;
    try {
      answer.stored?.complete();
    } catch (error) {
      setPartial(
        answer.table,
        `the table could not be made: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    const omitted = answer.stored?.omitted() ?? [];
    if (omitted.length > 0) {
      const some = omitted.slice(0, 3).join(', ');
      notices.push(`${answer.table.name}: ${omitted.length} members (${some}, …) have no column; _record holds them.`);
    }
  };

  return {
    gone,
    begin(given) {
      const name = parts.nameOf(given.noun);
      const storedAt = `${new Date(now()).toISOString().slice(0, 19)}Z`;
      const table: ResultTable = { name, request: given.request, storedAt, rows: 0, state: 'reading' };
      const answer: Answer = { table, given, stored: undefined, lastUsed: now(), isFull: false };
      answers.set(name, answer);
      let isEnded = false;
      return {
        table,
        append(records) {
          if (!isEnded && records.length > 0) parts.queue.add(() => write(answer, records));
        },
        finish({ state, reason, total }) {
          if (isEnded) return;
          isEnded = true;
          if (total !== undefined) table.total = total;
          // Rows that did not fit make it partial, whatever the reading says.
          if (!answer.isFull) table.state = state;
          if (reason !== undefined) table.reason ??= reason;
          parts.queue.add(() => end(answer));
        },
      };
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

function setPartial(table: ResultTable, reason: string): void {
  table.state = 'partial';
  table.reason = reason;
}
