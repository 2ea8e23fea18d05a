import type { Database } from '../../core/storage.ts';
import type { NewResultTable, ResultTable } from '../result-store.ts';
import { createStoredTable, type StoredTable } from './stored-table.ts';

/** One answer on its way into the file, or there. */
export interface Answer {
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

export interface AnswerParts {
  database(): Promise<Database>;
  /** Drops others until these rows fit; false where they never will. */
  makeRoom(database: Database, answer: Answer, rows: number): boolean;
}

/** Writes rows; what goes wrong makes the answer partial, and is said by whoever asks it. */
export async function* writeRows(
  answer: Answer,
  records: readonly unknown[],
  parts: AnswerParts,
): AsyncGenerator<void> {
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
export async function* endRows(answer: Answer, parts: AnswerParts): AsyncGenerator<void> {
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
