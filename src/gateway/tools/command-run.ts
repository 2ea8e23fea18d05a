import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import { hideColumns } from '../../results/hide-columns.ts';
import type { ResultTable } from '../../results/result-store.ts';
import { leadingMembers, type Table } from '../../results/table.ts';
import type { CallOutput } from './call-output.ts';
import type { ToolContext } from './tool.ts';
import { confirmedOutput } from './write-output.ts';

/** What a call on the command line came to; each has an exit status of its own. */
export type RunState = 'complete' | 'partial' | 'sent' | 'not-sent';

/** A call as a person or a script gets it: all its rows, and nothing cut for a model. */
export interface CommandRun {
  state: RunState;
  /** COMPLETE, PARTIAL, SENT or NOT SENT first. */
  outcome: string;
  notes: readonly string[];
  /** Of a list: all rows that were read, or the answer of the statement over them. */
  table?: Table;
  /** What else was answered: a record, a change and its id. */
  more: Record<string, unknown>;
  next?: string;
}

/** As many as the store holds and a file takes. */
export const mostRows = 200_000;
const maxBytes = 100_000_000;

/** The statement of a call that has none. */
export const everyRow = 'select * from it';

interface RunParts {
  context: ToolContext;
  /** The statement that the call was made with. */
  sql: string;
  /** Columns to put first, as `fields` named them. */
  fields?: string | undefined;
  /** Sends the change that the call prepared. */
  confirm: boolean;
  signal: AbortSignal;
}

/**
 * Makes a call by the tools' own way, and takes what it kept as a table for its answer.
 * @throws GatewayError `cancelled` where the signal ended it: half of an answer is none
 */
export async function runForTerminal(parts: RunParts, call: () => Promise<CallOutput>): Promise<CommandRun> {
  const { context, confirm, signal } = parts;
  const store = await context.results();
  const before = new Set(store.tables().map(({ name }) => name));
  const output = await call().catch((error: unknown) => {
    throw error instanceof GatewayError && error.code === 'cancelled' ? stopped(error) : error;
  });
  // What was sent is said whatever came after.
  if (signal.aborted && !('change' in output)) throw stopped();
  const table = store.tables().find(({ name }) => !before.has(name));
  if (table !== undefined) return tableRun(parts, table, output);
  const { change_id: changeId } = output;
  const isPrepared = stateOf(output.outcome) === 'not-sent';
  if (!confirm || !isPrepared || changeId === undefined) return plainRun(output, changeId);
  return confirmForTerminal(context, changeId, signal);
}

/** Sends a prepared change; one of many records to its end. */
export async function confirmForTerminal(
  context: ToolContext,
  changeId: string,
  signal: AbortSignal,
): Promise<CommandRun> {
  return plainRun(await confirmWhole(context, changeId, signal), changeId);
}

function stopped(cause?: unknown): GatewayError {
  return new GatewayError('cancelled', 'Stopped before the answer was complete: nothing was written.', { cause });
}

async function tableRun(parts: RunParts, begun: ResultTable, { notes = [] }: CallOutput): Promise<CommandRun> {
  const { context, sql, fields, signal } = parts;
  const store = await context.results();
  const found = await store.query(sql, { maxRows: mostRows, maxBytes, it: begun.name, signal });
  // Asked again: only now all rows that were queued are stored and counted.
  const stored = store.tables().find(({ name }) => name === begun.name) ?? begun;
  const isWhole = stored.state === 'complete' && found.complete;
  const all = `${stored.rows.toLocaleString('en')} ${stored.rows === 1 ? 'row' : 'rows'}`;
  const asked = sql === everyRow ? '' : ` The statement answered ${found.rows.length.toLocaleString('en')}.`;
  const of = stored.total === undefined ? 'more' : stored.total.toLocaleString('en');
  const read =
    stored.state === 'complete' ? `${all}.` : `${stored.rows.toLocaleString('en')} of ${of} rows; ${reasonOf(stored)}.`;
  const cut = found.complete ? '' : ` Only the first ${found.rows.length.toLocaleString('en')} are given.`;
  return {
    state: isWhole ? 'complete' : 'partial',
    outcome: `${isWhole ? 'COMPLETE' : 'PARTIAL'}: ${read}${asked}${cut}`,
    notes,
    table: sql === everyRow ? orderColumns(hideColumns(found, sql), fields) : hideColumns(found, sql),
    more: {},
  };
}

const reasonOf = ({ reason = 'not all were read' }: ResultTable) => reason.replace(/\.$/, '');

/**
 * In the order of `fields`, which SQL names with `_` for `/`, and no others: some are read along, such as the id by
 * which pages are walked. Without it what people look for stands first.
 */
function orderColumns({ columns, rows }: Table, fields: string | undefined): Table {
  const asked = (fields?.split(',') ?? leadingMembers).map((name) => name.trim().replaceAll('/', '_').toLowerCase());
  const rank = (name: string) => {
    const lower = name.toLowerCase();
    const at = asked.findIndex((one) => lower === one || (fields !== undefined && lower.startsWith(`${one}_`)));
    return at < 0 ? asked.length : at;
  };
  const order = columns
    .map((name, at) => ({ at, rank: rank(name) }))
    .filter((column) => fields === undefined || column.rank < asked.length)
    .sort((one, other) => one.rank - other.rank || one.at - other.at);
  return {
    columns: order.map(({ at }) => columns[at] ?? ''),
    rows: rows.map((row) => order.map(({ at }) => row[at] ?? null)),
  };
}

/** Sends a change; one of many records to its end, where a tool would answer after 40 s. */
async function confirmWhole(context: ToolContext, changeId: string, signal: AbortSignal): Promise<CallOutput> {
  const changes = await context.changes();
  for (;;) {
    const confirmed = await changes.confirm(changeId, signal);
    const isRunning = confirmed.kind === 'many' && confirmed.state === 'running' && !signal.aborted;
    if (!isRunning) return confirmedOutput(context, confirmed);
    const { counts, results } = confirmed;
    const done = results.length - counts.waiting;
    context.progress(done, results.length, `${done} records sent`);
  }
}

function plainRun(output: CallOutput, changeId: string | undefined): CommandRun {
  const { outcome, notes = [], next, change_id, image: _, expires_at: __, ...more } = output;
  const state = stateOf(outcome);
  const advice = state === 'not-sent' ? 'The same with --confirm sends it.' : inWordsOfCommands(next, changeId);
  return {
    state,
    outcome,
    notes,
    more: { ...more, ...(change_id === undefined ? {} : { change_id }) },
    ...(advice === undefined ? {} : { next: advice }),
  };
}

/** What the advice for a model says after a change, in words of the command line. */
function inWordsOfCommands(next: string | undefined, changeId: string | undefined): string | undefined {
  if (changeId === undefined || next === undefined) return next;
  if (next.startsWith('To take it back')) return `To take it back: changes undo ${changeId}`;
  if (!next.includes('part_of')) return next;
  return `What became of each record: call GET /gateway/changes --param part_of=${changeId}`;
}

function stateOf(outcome: string): RunState {
  if (outcome.startsWith('NOT SENT')) return 'not-sent';
  if (/^PARTIAL|NOT ALL OF IT/.test(outcome)) return 'partial';
  return outcome.startsWith('SENT') ? 'sent' : 'complete';
}

/** A change as a person reads it before it is sent. */
export function renderChange({ change, differences, change_id, record, link }: Record<string, unknown>): string[] {
  const sentence = isRecord(change) ? change.sentence : undefined;
  const rows = Array.isArray(differences) ? differences.filter(isRecord) : [];
  const show = (value: unknown) => (value === undefined ? '(empty)' : JSON.stringify(value));
  return [
    ...(typeof sentence === 'string' ? [sentence] : []),
    ...rows.map(({ member, before, after }) => `  ${String(member)}: ${show(before)} -> ${show(after)}`),
    ...(typeof change_id === 'string' ? [`change id ${change_id}`] : []),
    ...(isRecord(record) && record.id !== undefined ? [`record id ${String(record.id)}`] : []),
    ...(typeof link === 'string' ? [link] : []),
  ];
}
