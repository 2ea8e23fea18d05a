import { GatewayError } from '../../core/errors.ts';
import { exportQueries, type ReadImport, readImportFile, type SavedQuery } from '../../memory/index.ts';
import { describeCandidates, findSavedQuery, runSavedQuery } from '../calls/run-saved-query.ts';
import { findProblem } from '../calls/saved-query.ts';
import { type CommandRun, everyRow, mostRows, runForTerminal } from './command-run.ts';
import type { ToolContext } from './tool.ts';

export interface ImportReport extends Pick<ReadImport, 'refused'> {
  added: readonly SavedQuery[];
  joined: number;
}

/** Values for a saved query, and whether a change that it prepares is sent. */
export interface SavedQueryCall {
  query: string;
  given: Readonly<Record<string, unknown>>;
  confirm: boolean;
}

/** What the command line does with Fast Memory. */
export interface MemoryCommands {
  list(term?: string): Promise<{ saved: SavedQuery[]; builtIn: SavedQuery[]; waiting: SavedQuery[] }>;
  /** Why a query cannot run with the catalog of today. */
  problemOf(query: SavedQuery): Promise<string | undefined>;
  /** Reads all its rows, however many; unlike the tool it waits for them. */
  run(call: SavedQueryCall, signal: AbortSignal): Promise<CommandRun>;
  /** The text of an exchange file, and how many queries it holds. */
  export(): Promise<{ text: string; count: number }>;
  import(file: string): Promise<ImportReport>;
  accept(id?: number): Promise<SavedQuery[]>;
  /** Deleted queries by id, or all of them; a hidden built-in one by name. */
  restore(what?: string): Promise<SavedQuery[]>;
}

export function createMemoryCommands(context: ToolContext): MemoryCommands {
  return {
    async list(term) {
      const memory = await context.memory();
      return { saved: memory.list(term), builtIn: memory.builtIn(term), waiting: memory.waiting() };
    },
    async problemOf(query) {
      return findProblem(query, await context.catalog(), { zone: await context.zone(), now: context.now() });
    },
    run: (call, signal) => run({ ...context, calledAs: 'memory run' }, call, signal),
    async export() {
      const queries = (await context.memory()).list();
      return { text: exportQueries(queries), count: queries.length };
    },
    async import(file) {
      const { queries, refused } = await readImportFile(file);
      return { ...(await context.memory()).import(queries), refused };
    },
    accept: async (id) => (await context.memory()).accept(id),
    async restore(what) {
      const memory = await context.memory();
      if (what === undefined) return memory.restore();
      return /^\d+$/.test(what) ? memory.restore(Number(what)) : [memory.setHidden(what, false)];
    },
  };
}

async function run(
  context: ToolContext,
  { query: text, given, confirm }: SavedQueryCall,
  signal: AbortSignal,
): Promise<CommandRun> {
  const found = await findSavedQuery(context, text);
  if (found.kind === 'several') {
    const candidates = (await describeCandidates(context, found.queries)).map(
      ({ query, description }) => `${query} (${description})`,
    );
    throw new GatewayError('unknown_query', `${JSON.stringify(text)} may be several saved queries.`, {
      details: { field: 'query', candidates },
      hint: `Name one: ${candidates.join(', ')}.`,
    });
  }
  const { query } = found;
  const sql = query.sql ?? everyRow;
  const { fields } = query.params ?? {};
  return runForTerminal(
    { context, sql, fields: fields === undefined ? undefined : String(fields), confirm, signal },
    () => runSavedQuery(context, query, { given, whole: { maxRecords: mostRows, sql } }, signal),
  );
}
